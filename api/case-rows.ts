import type { CaseRow } from '#contracts/cases.ts'
import { addDays, daysBetween, plainDate, type PlainDate } from '#contracts/dates.ts'
import type { Reader } from '#db/connect.ts'
import type { ListedCase } from '#db/read/case-lists.ts'
import { readCalendar, type DayKind } from '#db/read/time.ts'
import { stageOf } from '#rules/cases/stage-tables.ts'

type Calendar = (day: PlainDate) => DayKind

/** Rows as people read them: labels, the deadline that counts, and the days left to it in its own unit. One calendar read for all. */
export async function presentRows(db: Reader, rows: readonly ListedCase[], today: PlainDate, myId: string): Promise<CaseRow[]> {
  const due = rows.map(countingDeadline)
  const dates = due.flatMap((one) => (one ? [one.dueOn] : []))
  const first = dates.reduce((least, date) => (date < least ? date : least), today)
  const last = dates.reduce((most, date) => (date > most ? date : most), today)
  const calendar = await readCalendar(db, first, last)
  return rows.map((row, index) => presentRow(row, due[index], today, myId, calendar))
}

interface Deadline {
  readonly dueOn: PlainDate
  readonly whose: NonNullable<CaseRow['dueWhose']>
  readonly unit: 'CALENDAR' | 'WORKING'
}

/**
 * The day that counts is the record's: lists sort and filter by it. Here it only gets a name and the unit in which its time is counted: the
 * applicant's time and the law's have their own, the posts' is in working days.
 */
function countingDeadline(row: ListedCase): Deadline | undefined {
  if (!row.open) return undefined
  const statutory = row.clock_state === 'RUNNING' ? row.clock_due_on : null
  const dueOn = row.task_counts_on ?? statutory
  if (!dueOn) return undefined
  if (row.task_due_whose === 'APPLICANT') return { dueOn, whose: 'APPLICANT', unit: 'CALENDAR' }
  return dueOn === statutory ? { dueOn, whose: 'DECISION', unit: row.clock_unit ?? 'CALENDAR' } : { dueOn, whose: 'POST', unit: 'WORKING' }
}

function presentRow(row: ListedCase, due: Deadline | undefined, today: PlainDate, myId: string, calendar: Calendar): CaseRow {
  return {
    id: row.case_id,
    kind: row.kind,
    caseNumber: row.case_number,
    applicant: row.applicant_masked,
    amountFen: row.amount_fen === null ? null : String(row.amount_fen),
    stage: row.stage,
    stageLabel: stageOf(row.kind, row.stage).label,
    stageVersion: row.stage_version,
    post: row.post,
    orgName: row.org_name,
    arrivedAt: row.arrived_at,
    dueOn: due ? plainDate(due.dueOn) : null,
    daysLeft: due ? daysLeft(due, today, calendar) : null,
    daysUnit: due ? due.unit : null,
    dueWhose: due ? due.whose : null,
    paused: row.clock_state === 'PAUSED',
    claimedBy: row.claimed_name,
    claimedAt: row.claimed_at,
    claimedByMe: row.claimed_by === myId,
    previousOpinion: row.previous_opinion,
    open: row.open,
  }
}

/** Days from today to the deadline, today not counted; negative when it is over. Null where the calendar is unknown: never guessed. */
function daysLeft({ dueOn, unit }: Deadline, today: PlainDate, calendar: Calendar): number | null {
  const days = daysBetween(today, dueOn)
  if (unit === 'CALENDAR') return days
  let working = 0
  const [from, to, sign] = days >= 0 ? [today, dueOn, 1] : [dueOn, today, -1]
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) {
    const kind = calendar(day)
    if (kind === 'UNKNOWN') return null
    if (kind === 'WORKDAY') working++
  }
  return sign * working
}

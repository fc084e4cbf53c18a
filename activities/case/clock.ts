import { addDays, type PlainDate } from '#contracts/dates.ts'
import type { Tx } from '#db/connect.ts'
import { readCalendar } from '#db/read/time.ts'
import { armDeadline, cancelDeadlines, type LockedCase } from '#db/write/cases.ts'
import { clockSpans } from '#db/write/clock.ts'
import { raiseIncident } from '#db/write/incidents.ts'
import { dueDate, type DueDate } from '#rules/deadline/due-date.ts'

/** Days before the statutory end at which the branch is told. */
const SOON_DAYS = 2

/**
 * Counts the statutory due date from the spans and writes it down.
 * @returns null while the clock stands, or when it hangs on a year that is not loaded: nothing is guessed, and the case becomes an incident
 */
export async function dueOnOf(tx: Tx, kase: LockedCase): Promise<PlainDate | null> {
  const spans = await clockSpans(tx, kase.case_id)
  const startedOn = spans[0]?.fromOn
  if (!startedOn || kase.clock_days_allowed === null || kase.clock_unit === null) return null
  const paused = spans.filter((span) => span.state === 'PAUSED').map((span) => ({ from: span.fromOn, to: span.toOn }))
  const standing = spans.at(-1)
  const horizon = addDays(standing?.fromOn ?? startedOn, kase.clock_days_allowed * 3 + 60)
  const calendar = await readCalendar(tx, startedOn, horizon)
  const dueOn = await knownOrIncident(tx, kase, dueDate({ startedOn, daysAllowed: kase.clock_days_allowed, unit: kase.clock_unit, paused, calendar }))
  await tx.updateTable('case_file').set({ due_on: dueOn }).where('case_id', '=', kase.case_id).execute()
  return dueOn
}

/** The working day by which a step begun on `from` should be done; null, and an incident, when it hangs on a year that is not loaded. */
export async function stepDueOn(tx: Tx, kase: LockedCase, from: PlainDate, days: number): Promise<PlainDate | null> {
  const calendar = await readCalendar(tx, from, addDays(from, days * 3 + 20))
  return knownOrIncident(tx, kase, dueDate({ startedOn: from, daysAllowed: days, unit: 'WORKING', paused: [], calendar }))
}

/** The kind of trouble that a case is in while a year is missing; it is over when the case has been counted again. */
export const CALENDAR_UNKNOWN = 'CALENDAR_UNKNOWN'

async function knownOrIncident(tx: Tx, kase: LockedCase, due: DueDate): Promise<PlainDate | null> {
  if (due.known) return due.dueOn
  if ('year' in due) {
    await raiseIncident(tx, {
      kind: CALENDAR_UNKNOWN,
      caseId: kase.case_id,
      orgId: kase.org_id,
      accessGroupId: kase.access_group_id,
      reference: kase.case_id,
      detail: `${due.year}年的工作日历尚未载入，本案的期限无法计算，未设提醒`,
    })
  }
  return null
}

/** Arms the reminders of the statutory clock for a due date. */
export async function armDecisionDeadlines(tx: Tx, caseId: string, dueOn: PlainDate): Promise<void> {
  await armDeadline(tx, caseId, { code: 'DECISION_SOON', stage: null, dueOn: addDays(dueOn, -SOON_DAYS) })
  await armDeadline(tx, caseId, { code: 'DECISION_OVERDUE', stage: null, dueOn: addDays(dueOn, 1) })
}

export const disarmDecisionDeadlines = (tx: Tx, caseId: string, now: string): Promise<void> =>
  cancelDeadlines(tx, caseId, { codes: ['DECISION_SOON', 'DECISION_OVERDUE'] }, now)

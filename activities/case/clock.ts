import type { CaseKind } from '#contracts/cases.ts'
import { addDays, type PlainDate } from '#contracts/dates.ts'
import type { Tx } from '#db/connect.ts'
import { readNotice, type StandingNotice } from '#db/read/notice.ts'
import { readCalendar } from '#db/read/time.ts'
import { armDeadline, cancelDeadlines, recordEvent, type LockedCase } from '#db/write/cases.ts'
import { clockSpans } from '#db/write/clock.ts'
import { openTaskDates, setTaskDue } from '#db/write/deadlines.ts'
import { raiseIncident } from '#db/write/incidents.ts'
import { stageOf } from '#rules/cases/stage-tables.ts'
import { dueDate, type DueDate } from '#rules/deadline/due-date.ts'
import { readPolicy } from '../policy.ts'

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
  const dueOn = await knownOrIncident(
    tx,
    kase,
    dueDate({ startedOn, daysAllowed: kase.clock_days_allowed, unit: kase.clock_unit, paused, calendar }),
  )
  await tx.updateTable('case_file').set({ due_on: dueOn }).where('case_id', '=', kase.case_id).execute()
  return dueOn
}

/** The working day by which a step begun on `from` should be done; null, and an incident, when it hangs on a year that is not loaded. */
async function stepDueOn(tx: Tx, kase: LockedCase, from: PlainDate, days: number): Promise<PlainDate | null> {
  const calendar = await readCalendar(tx, from, addDays(from, days * 3 + 20))
  return knownOrIncident(tx, kase, dueDate({ startedOn: from, daysAllowed: days, unit: 'WORKING', paused: [], calendar }))
}

/** By when the present step should be done, and whose time ends then. */
export interface StepDue {
  readonly whose: 'POST' | 'APPLICANT'
  readonly dueOn: PlainDate | null
}

/** Once the notice is in the applicant's hands the officers' time is over and the applicant's runs; until then it is the post's, from `from`. */
export async function presentStep(tx: Tx, kase: LockedCase, from: PlainDate): Promise<StepDue> {
  const { clock, daysAllowed } = stageOf(kase.kind as CaseKind, kase.stage)
  const notice = clock === 'APPLICANT' ? await readNotice(tx, kase.case_id) : undefined
  if (notice?.deliveredOn) return { whose: 'APPLICANT', dueOn: await answerDueOn(tx, kase, notice) }
  return { whose: 'POST', dueOn: daysAllowed === undefined ? null : await stepDueOn(tx, kase, from, daysAllowed) }
}

/**
 * 补正期限届满日: so many days from the delivery as the policy of the day of the notice gives, which is what the notice says; an end on a rest
 * day moves to the next working day, when the counter is open again. Null where no period is set.
 */
async function answerDueOn(tx: Tx, kase: LockedCase, { issuedOn, deliveredOn }: StandingNotice): Promise<PlainDate | null> {
  const { answerDays } = (await readPolicy(tx, kase.reporting_entity, issuedOn)).values
  if (!deliveredOn || !answerDays) return null
  const calendar = await readCalendar(tx, deliveredOn, addDays(deliveredOn, answerDays.value + 20))
  return knownOrIncident(
    tx,
    kase,
    dueDate({ startedOn: deliveredOn, daysAllowed: answerDays.value, unit: 'CALENDAR', paused: [], calendar }),
  )
}

/** Arms the reminder that goes with the present step: the post's own, which escalates, or the one that calls the clerk when no answer came. */
export async function armStep(tx: Tx, kase: LockedCase, { whose, dueOn }: StepDue): Promise<void> {
  const code = whose === 'APPLICANT' ? 'ANSWER_DUE' : 'STAGE_OVERDUE'
  if (dueOn) await armDeadline(tx, kase.case_id, { code, stage: kase.stage, dueOn: addDays(dueOn, 1) })
}

/**
 * The days of the stage that a case was opened in. The desk opens it, which counts no days; the first look of the case's workflow gives them,
 * from the day of the application. While a year is missing they are missing too, and the recount that follows its loading gives them.
 */
export async function countFirstStage(tx: Tx, kase: LockedCase): Promise<void> {
  if (kase.stage_version !== FIRST_VERSION || !kase.open) return
  const [task] = await openTaskDates(tx, kase.case_id)
  if (!task || task.due_on !== null) return
  const step = await presentStep(tx, kase, task.arrived_on)
  if (step.dueOn === null) return
  await setTaskDue(tx, kase.case_id, step.dueOn)
  await armStep(tx, kase, step)
  await recordEvent(tx, kase, 'DEADLINE')
}

/** The version of a case in which nothing has been decided yet. */
const FIRST_VERSION = 1

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

/** Takes the reminders of the statutory clock back: it pauses, or has stopped. */
export const disarmDecisionDeadlines = (tx: Tx, caseId: string, now: string): Promise<void> =>
  cancelDeadlines(tx, caseId, { codes: ['DECISION_SOON', 'DECISION_OVERDUE'] }, now)

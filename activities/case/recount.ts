import type { CaseKind } from '#contracts/cases.ts'
import type { PlainDate } from '#contracts/dates.ts'
import type { Db, Tx } from '#db/connect.ts'
import { transact } from '#db/fault.ts'
import { businessTime } from '#db/read/time.ts'
import { auditCase } from '#db/write/audit.ts'
import { cancelDeadlines, lockCase, recordEvent, type LockedCase } from '#db/write/cases.ts'
import { noteDeadline, openTaskDates, setTaskDue } from '#db/write/deadlines.ts'
import { closeIncidents, raiseIncident } from '#db/write/incidents.ts'
import { markSent, postpone, takeRecount, type Recount } from '#db/write/outbox.ts'
import { stageOf } from '#rules/cases/stage-tables.ts'
import { armDecisionDeadlines, armStep, CALENDAR_UNKNOWN, disarmDecisionDeadlines, dueOnOf, presentStep } from './clock.ts'

/**
 * Counts again the deadlines of every case that a change of the calendar may touch; each case in a transaction of its own, so nobody waits
 * long for one. Any number of processes may run it. Nothing is decided and no stage version changes: the due dates are rows beside.
 * @returns how many cases it looked at
 */
export async function recountCases(db: Db): Promise<number> {
  let counted = 0
  while (await recountNext(db)) counted += 1
  return counted
}

async function recountNext(db: Db): Promise<boolean> {
  let item: Recount | undefined
  try {
    return await transact(db, 'recount', async (tx) => {
      item = await takeRecount(tx)
      if (!item) return false
      await recount(tx, item)
      await markSent(tx, item.outbox_id)
      return true
    })
  } catch (error) {
    if (!item) throw error
    const failed = item
    await db.transaction().execute((tx) => putOff(tx, failed, error instanceof Error ? error.name : 'unknown'))
    return true
  }
}

/** What could not be counted is tried again later; in the end it is somebody's to look at. */
async function putOff(tx: Tx, item: Recount, why: string): Promise<void> {
  const kase = await lockCase(tx, item.case_id ?? '')
  if (!(await postpone(tx, item, why)) || !kase) return
  const reference = String(item.outbox_id)
  await raiseIncident(tx, {
    kind: 'OUTBOX_PARKED',
    caseId: kase.case_id,
    orgId: kase.org_id,
    reference,
    detail: '工作日历调整后，期限多次未能重算',
  })
}

/** One date that is other than it was. */
interface Shift {
  readonly what: string
  readonly from: PlainDate | null
  readonly to: PlainDate | null
}

async function recount(tx: Tx, item: Recount): Promise<void> {
  const kase = await lockCase(tx, item.case_id ?? '')
  if (!kase?.open) return
  const { now, today } = await businessTime(tx)
  await closeIncidents(tx, CALENDAR_UNKNOWN, kase.case_id)
  const shifts = [...(await recountClock(tx, kase, now)), ...(await recountStep(tx, kase, now))]
  if (shifts.length === 0) return
  const { staffId, reason } = item.payload
  await noteDeadline(tx, kase, staffId, `工作日历调整（${reason}）：${shifts.map(words).join('；')}`)
  await recordEvent(tx, kase, 'DEADLINE')
  await auditCase(tx, kase, `staff/${staffId}`, 'deadline/recount', { shifts, reason, on: today })
}

const words = ({ what, from, to }: Shift): string => `${what}由${from ?? '未知'}改为${to ?? '未知'}`

/** The statutory clock, while it runs; one that stands is counted when it goes on. */
async function recountClock(tx: Tx, kase: LockedCase, now: string): Promise<Shift[]> {
  if (kase.clock_state !== 'RUNNING') return []
  const dueOn = await dueOnOf(tx, kase)
  if (dueOn === kase.due_on) return []
  await disarmDecisionDeadlines(tx, kase.case_id, now)
  if (dueOn) await armDecisionDeadlines(tx, kase.case_id, dueOn)
  return [{ what: '审批期限', from: kase.due_on, to: dueOn }]
}

/** The days that the present step should take, and its reminder. */
async function recountStep(tx: Tx, kase: LockedCase, now: string): Promise<Shift[]> {
  const { daysAllowed, label } = stageOf(kase.kind as CaseKind, kase.stage)
  const [task] = await openTaskDates(tx, kase.case_id)
  if (!task || daysAllowed === undefined) return []
  const step = await presentStep(tx, kase, task.arrived_on)
  if (step.dueOn === task.due_on) return []
  await setTaskDue(tx, kase.case_id, step.dueOn)
  await cancelDeadlines(tx, kase.case_id, { stage: kase.stage }, now)
  await armStep(tx, kase, step)
  return [{ what: step.whose === 'APPLICANT' ? '申请人补正期限' : `“${label}”办理时限`, from: task.due_on, to: step.dueOn }]
}

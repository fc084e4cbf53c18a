import type { Insertable } from 'kysely'
import { addDays, type PlainDate } from '#contracts/dates.ts'
import { dueDate } from '#rules/deadline/due-date.ts'
import type { ClockSpanTable, DeadlineTable } from '../tables.ts'
import type { Random } from './random.ts'
import { common, decidedOn, type SeededCase } from './seeded-case.ts'

export interface Clock {
  readonly state: 'NOT_STARTED' | 'RUNNING' | 'PAUSED' | 'STOPPED'
  readonly acceptedOn: PlainDate | null
  readonly dueOn: PlainDate | null
  readonly spans: Insertable<ClockSpanTable>[]
}

/** The statutory clock: runs from acceptance, stands from the delivery of the notice, ends with the decision on the application. */
export function clockOf(kase: SeededCase): Clock {
  const acceptedOn = decidedOn(kase, 'accept')
  if (acceptedOn === null) return { state: 'NOT_STARTED', acceptedOn, dueOn: null, spans: [] }
  const { decisionDaysMax, decisionDaysUnit } = kase.snapshot.values
  const budget = { startedOn: acceptedOn, daysAllowed: decisionDaysMax.value, unit: decisionDaysUnit.value, calendar: kase.calendar }
  const due = dueDate({ ...budget, paused: [] })
  const stoppedOn = decidedOn(kase, 'approve') ?? decidedOn(kase, 'approve-specially')
  const pausedOn = decidedOn(kase, 'deliver')
  const span = (seq: number, state: 'RUNNING' | 'PAUSED', from_on: PlainDate, to_on: PlainDate | null, reason: string) => ({
    ...common(kase),
    seq,
    state,
    from_on,
    to_on,
    reason,
  })
  return {
    state: stoppedOn ? 'STOPPED' : pausedOn ? 'PAUSED' : 'RUNNING',
    acceptedOn,
    dueOn: due.known && !pausedOn ? due.dueOn : null,
    spans: [
      span(1, 'RUNNING', acceptedOn, stoppedOn ?? pausedOn, '受理'),
      ...(pausedOn ? [span(2, 'PAUSED', pausedOn, null, '一次性告知书送达（当面送达）')] : []),
    ],
  }
}

/** A deadline fires on the day after the last one. */
export function deadlineRows(kase: SeededCase, clock: Clock, random: Random): Insertable<DeadlineTable>[] {
  const { caseId, walked } = kase
  const arm = (code: string, dueOn: PlainDate, stage: string | null = null) => ({
    deadline_id: random.uuid(),
    case_id: caseId,
    code,
    stage,
    due_on: dueOn,
    settled_at: null,
    settled_on: null,
  })
  const approvedOn = decidedOn(kase, 'approve')
  const deliveredOn = decidedOn(kase, 'deliver')
  return [
    ...(walked.stageDueOn ? [arm('STAGE_OVERDUE', addDays(walked.stageDueOn, 1), walked.stage)] : []),
    ...(clock.state === 'RUNNING' && clock.dueOn
      ? [arm('DECISION_SOON', addDays(clock.dueOn, -2)), arm('DECISION_OVERDUE', addDays(clock.dueOn, 1))]
      : []),
    ...(deliveredOn ? [arm('ANSWER_DUE', addDays(deliveredOn, ANSWER_DAYS + 1))] : []),
    ...(approvedOn && walked.stage === 'APPROVED'
      ? [arm('APPROVAL_EXPIRED', addDays(approvedOn, kase.snapshot.values.approvalValidDays.value + 1))]
      : []),
  ]
}
const ANSWER_DAYS = 30

import type { Insertable } from 'kysely'
import { addDays, type PlainDate } from '#contracts/dates.ts'
import { dueDate } from '#rules/deadline/due-date.ts'
import { loanStages, type LoanStage } from '#rules/loan/stages.ts'
import type { ClockSpanTable, DeadlineTable } from '../tables.ts'
import type { Random } from './random.ts'
import { common, decidedOn, type SeededCase } from './seeded-case.ts'

export interface Clock {
  readonly state: 'NOT_STARTED' | 'RUNNING' | 'PAUSED' | 'STOPPED'
  readonly acceptedOn: PlainDate | null
  readonly dueOn: PlainDate | null
  readonly spans: Insertable<ClockSpanTable>[]
}

/**
 * The statutory clock: runs from acceptance, stands from the delivery of the notice until it is answered, ends with the decision on the
 * application.
 */
export function clockOf(kase: SeededCase): Clock {
  const acceptedOn = decidedOn(kase, 'accept')
  if (acceptedOn === null) return { state: 'NOT_STARTED', acceptedOn, dueOn: null, spans: [] }
  const turns = [...turnsOf(kase, acceptedOn)]
  const stoppedOn = kase.walked.decisions.find((one) => acceptedOn <= one.decided_on && stopsClock(one.to_stage))?.decided_on ?? null
  const spans = turns.map(({ state, on, reason }, index) => ({
    ...common(kase),
    seq: index + 1,
    state,
    from_on: on,
    to_on: turns[index + 1]?.on ?? stoppedOn,
    reason,
  }))
  const { decisionDaysMax, decisionDaysUnit } = kase.snapshot.values
  const paused = spans.filter(({ state }) => state === 'PAUSED').map(({ from_on: from, to_on: to }) => ({ from, to }))
  const budget = { startedOn: acceptedOn, daysAllowed: decisionDaysMax.value, unit: decisionDaysUnit.value, calendar: kase.calendar }
  const due = dueDate({ ...budget, paused })
  const standing = turns.at(-1)?.state ?? 'RUNNING'
  return { state: stoppedOn ? 'STOPPED' : standing, acceptedOn, dueOn: due.known && standing === 'RUNNING' ? due.dueOn : null, spans }
}

/** When the clock began to run or to stand, in order. */
function* turnsOf({ walked }: SeededCase, acceptedOn: PlainDate) {
  yield { state: 'RUNNING', on: acceptedOn, reason: '受理' } as const
  for (const { action, decided_on: on } of walked.decisions) {
    if (action === 'deliver' && on >= acceptedOn) yield { state: 'PAUSED', on, reason: '一次性告知书送达（当面送达）' } as const
    if (action === 'receive') yield { state: 'RUNNING', on, reason: '收到补正材料' } as const
  }
}

const stopsClock = (stage: string): boolean => loanStages[stage as LoanStage].clock === 'NONE'

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
  return [
    ...(walked.stageDueOn
      ? [arm(walked.dueWhose === 'APPLICANT' ? 'ANSWER_DUE' : 'STAGE_OVERDUE', addDays(walked.stageDueOn, 1), walked.stage)]
      : []),
    ...(clock.state === 'RUNNING' && clock.dueOn
      ? [arm('DECISION_SOON', addDays(clock.dueOn, -2)), arm('DECISION_OVERDUE', addDays(clock.dueOn, 1))]
      : []),
    ...(approvedOn && walked.stage === 'APPROVED'
      ? [arm('APPROVAL_EXPIRED', addDays(approvedOn, kase.snapshot.values.approvalValidDays.value + 1))]
      : []),
  ]
}

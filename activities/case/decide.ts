import { decisionInput, type CaseKind, type DecisionAnswer, type DecisionInput, type StoredAnswer } from '#contracts/cases.ts'
import type { Refusal } from '#contracts/problem.ts'
import type { Db, Tx } from '#db/connect.ts'
import { transact } from '#db/fault.ts'
import { readActor } from '#db/read/actor.ts'
import { businessTime, type BusinessTime } from '#db/read/time.ts'
import { caseState, isFourEyesViolation, joinStepGroup, lockCase, openTasks, type LockedCase } from '#db/write/cases.ts'
import { answerCommand, lockCommand } from '#db/write/commands.ts'
import { auditRefusal, refuseCaseCommand } from '#db/write/refusals.ts'
import {
  awaitedOf,
  awaitedTask,
  mayAct,
  missingNeeds,
  personsOf,
  SECOND_GROUP,
  stepGroupOf,
  type AwaitedPost,
} from '#rules/cases/may-act.ts'
import { refusalOf } from '#rules/cases/obstacle.ts'
import { stageOf } from '#rules/cases/stage-tables.ts'
import { Bug } from '../bug.ts'
import type { Parts } from '../parts.ts'
import { kinds } from './kinds.ts'
import { moveCase } from './move.ts'
import { recallDecision } from './recall.ts'

interface LockedCommand {
  readonly commandId: string
  readonly actorId: string
  readonly expectedVersion: number
  readonly steppedUp: boolean
  readonly body: DecisionInput
}

/**
 * The transaction that decides. Everything is judged again under the case's lock, whatever validator and screen have said before:
 * version, post, organisation, four eyes, recusal, limits, the record. Then decision, stage, tasks, clock, audit and answer become
 * true together. Idempotent by command id: a second call returns the first answer.
 */
export async function decideCase(db: Db, parts: Parts, caseId: string, commandId: string): Promise<DecisionAnswer> {
  try {
    return await transact(db, 'decide', (tx) => decideIn(tx, parts, caseId, commandId))
  } catch (error) {
    if (!isFourEyesViolation(error)) throw error
    return refuseSecondGroup(db, caseId, commandId)
  }
}

async function decideIn(tx: Tx, parts: Parts, caseId: string, commandId: string): Promise<DecisionAnswer> {
  // Asked in one breath and answered in this order: whatever follows the lock of the case is read behind it.
  const [kase, row, time, tasks] = await Promise.all([
    lockCase(tx, caseId),
    lockCommand(tx, commandId),
    businessTime(tx),
    openTasks(tx, caseId),
  ])
  if (!kase) throw new Bug('no such case')
  if (!row || row.case_id !== caseId) throw new Bug('the command is not of this case')
  if (row.state !== 'RECEIVED') return { answer: row.answer as StoredAnswer, state: caseState(kase) }

  const command: LockedCommand = {
    commandId,
    actorId: row.actor_id,
    expectedVersion: row.expected_version ?? -1,
    steppedUp: row.stepped_up,
    body: decisionInput.parse(row.body),
  }
  const outcome = await judge(tx, parts, { kase, time, awaited: awaitedOf(tasks) }, command)
  if ('refused' in outcome) await auditRefusal(tx, kase, { ...command, action: command.body.action }, outcome.refused)
  const after = 'moved' in outcome ? outcome.moved : kase
  const answer: StoredAnswer =
    'refused' in outcome
      ? { refused: outcome.refused }
      : { done: { commandId, state: 'DONE', caseId, stage: after.stage, stageVersion: after.stage_version } }
  await answerCommand(tx, commandId, answer)
  return { answer, state: caseState(after) }
}

/** The database has refused what the rule let pass. Nothing of the decision stands; the officer is told why, as after any other refusal. */
const refuseSecondGroup = (db: Db, caseId: string, commandId: string): Promise<DecisionAnswer> =>
  transact(db, 'decide-refused', async (tx) => {
    const kase = await lockCase(tx, caseId)
    if (!kase) throw new Bug('no such case')
    return { answer: await refuseCaseCommand(tx, commandId, refusalOf([SECOND_GROUP])), state: caseState(kase) }
  })

/** The case under its lock, and what was read behind it. */
interface Locked {
  readonly kase: LockedCase
  readonly time: BusinessTime
  readonly awaited: readonly AwaitedPost[]
}

type Outcome = { readonly moved: LockedCase } | { readonly refused: Refusal }

async function judge(tx: Tx, parts: Parts, { kase, time, awaited }: Locked, command: LockedCommand): Promise<Outcome> {
  if (command.expectedVersion !== kase.stage_version) return { refused: await staleRefusal(tx, kase) }
  const actor = await readActor(tx, command.actorId, kase.case_id, time.today)
  if (command.body.action === 'recall') return recallDecision(tx, kase, actor, command, time)

  const stage = stageOf(kase.kind as CaseKind, kase.stage)
  const action = stage.actions[command.body.action]
  if (!action) return { refused: { code: 'CONFLICT', detail: `“${stage.label}”环节没有这个动作` } }
  const obstacles = mayAct(stage, actor, awaited)
  if (obstacles.length > 0) return { refused: refusalOf(obstacles) }
  const missing = missingNeeds(action, { ...command.body, steppedUp: command.steppedUp })
  if (missing.some((one) => one.pointer === '#/oneTimeCode')) return { refused: { code: 'STEP_UP_NEEDED' } }
  if (missing.length > 0) return { refused: { code: 'INVALID_INPUT', errors: missing } }

  const found = awaitedTask(actor, awaited)
  if (!found) throw new Bug('a person who may act has a task to act on')
  const persons = personsOf(actor, found.held)
  const { body, actorId } = command
  const judged = { kase, action: body.action, body, actorId, persons, post: found.held.post, time }
  const kind = kinds[kase.kind as CaseKind]
  const against = await kind.obstacles(tx, judged, parts)
  if (against.length > 0) return { refused: refusalOf(against) }

  const group = stepGroupOf(stage, found.held.post)
  if (!(await joinStepGroup(tx, kase.case_id, persons, group, time.now))) {
    return { refused: refusalOf([SECOND_GROUP]) }
  }
  await kind.effects(tx, judged, parts)
  const { kase: moved } = await moveCase(
    tx,
    kase,
    {
      commandId: command.commandId,
      action: command.body.action,
      toStage: command.body.to ?? action.to[0],
      actorId: command.actorId,
      onBehalfOf: found.held.delegatedBy ?? null,
      post: found.held.post,
      stepGroup: group,
      opinion: command.body.opinion,
      reasonCode: command.body.reasonCode ?? null,
      terms: command.body.terms ? { amountFen: String(command.body.terms.amountFen), months: command.body.terms.months } : null,
      fields: { ...command.body.fields, ...inWords(command.body) },
    },
    time,
  )
  return { moved }
}

/** Reasons beyond the first, and that of a second notice, as they stand in the record of the decision. */
const inWords = ({ furtherReasonCodes, secondNoticeReason }: DecisionInput): Record<string, string> => ({
  ...(furtherReasonCodes.length > 0 ? { furtherReasonCodes: furtherReasonCodes.join() } : {}),
  ...(secondNoticeReason ? { secondNoticeReason } : {}),
})

/** The loser of a race is told who won, what they did and when. */
async function staleRefusal(tx: Tx, kase: LockedCase): Promise<Refusal> {
  const last = await tx
    .selectFrom('decision')
    .leftJoin('staff', 'staff.staff_id', 'decision.actor_id')
    .select(['staff.name', 'decision.action', 'decision.stage', 'decision.decided_at'])
    .where('decision.case_id', '=', kase.case_id)
    .orderBy('decision.seq', 'desc')
    .executeTakeFirst()
  const stage = last ? stageOf(kase.kind as CaseKind, last.stage) : undefined
  const act = last && stage ? (stage.actions[last.action]?.label ?? stage.label) : ''
  return {
    code: 'STALE',
    detail: last ? `${last.name ?? '系统'}已办理“${act}”` : '案件已变动',
    ...(last ? { decidedBy: last.name ?? '系统', decidedAt: last.decided_at } : {}),
  }
}

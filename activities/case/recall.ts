import type { CaseKind, DecisionInput } from '#contracts/cases.ts'
import type { Refusal } from '#contracts/problem.ts'
import type { StepGroup } from '#contracts/stages.ts'
import type { Tx } from '#db/connect.ts'
import type { ActorInCase } from '#db/read/actor.ts'
import { readLastDecision } from '#db/read/decisions.ts'
import type { BusinessTime } from '#db/read/time.ts'
import type { LockedCase } from '#db/write/cases.ts'
import { dropWants } from '#db/write/wants.ts'
import { mayRecall } from '#rules/cases/may-recall.ts'
import { refusalOf } from '#rules/cases/obstacle.ts'
import { stageOf } from '#rules/cases/stage-tables.ts'
import { moveCase } from './move.ts'

/** Takes one's own last decision back while nobody has acted on it (撤回). Both stay on record; the case returns to where it was. */
export async function recallDecision(
  tx: Tx,
  kase: LockedCase,
  actor: ActorInCase,
  command: { commandId: string; body: DecisionInput },
  time: BusinessTime,
): Promise<{ moved: LockedCase } | { refused: Refusal }> {
  const last = await readLastDecision(tx, kase.case_id)
  const table = (stage: string) => stageOf(kase.kind as CaseKind, stage)
  const obstacles = mayRecall(last, { stage: kase.stage, staffId: actor.staffId }, table)
  if (!last || obstacles.length > 0) return { refused: refusalOf(obstacles) }
  const moved = await moveCase(
    tx,
    kase,
    {
      commandId: command.commandId,
      action: 'recall',
      toStage: last.stage,
      actorId: actor.staffId,
      onBehalfOf: null,
      post: null,
      stepGroup: last.stepGroup as StepGroup,
      opinion: command.body.opinion,
      reasonCode: null,
      terms: null,
      fields: {},
    },
    time,
  )
  await dropWants(tx, kase.case_id, { by: last.actorId, at: last.decidedAt })
  await tx.updateTable('decision').set({ recalled_by: moved.decisionId }).where('decision_id', '=', last.decisionId).execute()
  return { moved: moved.kase }
}

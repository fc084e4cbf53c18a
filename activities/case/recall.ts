import type { CaseKind, DecisionInput } from '#contracts/cases.ts'
import type { Refusal } from '#contracts/problem.ts'
import type { StepGroup } from '#contracts/stages.ts'
import type { Tx } from '#db/connect.ts'
import type { ActorInCase } from '#db/read/actor.ts'
import { readLastDecision } from '#db/read/decisions.ts'
import type { BusinessTime } from '#db/read/time.ts'
import type { LockedCase } from '#db/write/cases.ts'
import { mayRecall } from '#rules/cases/may-recall.ts'
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
  if (!last || obstacles.length > 0) return { refused: { code: 'CONFLICT', detail: obstacles.map((one) => one.text).join('；') } }
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
  await dropWants(tx, kase.case_id, last)
  await tx.updateTable('decision').set({ recalled_by: moved.decisionId }).where('decision_id', '=', last.decisionId).execute()
  return { moved: moved.kase }
}

/** What a decision wanted of the applicant goes with it, as long as no notice has named it; the command keeps the words. */
const dropWants = (tx: Tx, caseId: string, last: { readonly actorId: string | null; readonly decidedAt: string }): Promise<unknown> =>
  tx
    .deleteFrom('want')
    .where('case_id', '=', caseId)
    .where('asked_by', '=', last.actorId)
    .where('asked_at', '=', last.decidedAt)
    .where('notice_no', 'is', null)
    .execute()

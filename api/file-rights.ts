import type { CaseKind } from '#contracts/cases.ts'
import type { Post } from '#contracts/posts.ts'
import type { Stage } from '#contracts/stages.ts'
import { readActor } from '#db/read/actor.ts'
import { openTasks } from '#db/write/cases.ts'
import { mayCheckDocument, mayNote, mayUpload } from '#rules/cases/may-file.ts'
import type { Obstacle } from '#rules/cases/obstacle.ts'
import { stageOf, stageTables } from '#rules/cases/stage-tables.ts'
import type { DeskCall } from './mount.ts'
import { RefusalError, refuse } from './problems.ts'

interface Standing {
  readonly case_id: string
  readonly kind: string
  readonly stage: string
}

/** @throws RefusalError unless the caller may add a document to the case as it stands */
export async function guardUpload(call: DeskCall, kase: Standing & { open: boolean }): Promise<void> {
  if (!kase.open) throw refuse('CONFLICT', '案件已办结，不能再上传材料')
  const { stage, actor, awaited } = await standingOf(call, kase)
  refuseAll(mayUpload(stage, actor, awaited))
}

/** @throws RefusalError unless the caller may say what this document is worth */
export async function guardCheck(call: DeskCall, kase: Standing, uploadedBy: string): Promise<void> {
  const { stage, actor, awaited } = await standingOf(call, kase)
  refuseAll(mayCheckDocument(stage, actor, awaited, uploadedBy))
}

/** @throws RefusalError unless the caller may leave a note on the case */
export async function guardNote(call: DeskCall, kase: Standing): Promise<void> {
  const { actor } = await standingOf(call, kase)
  refuseAll(mayNote(Object.values<Stage>(stageTables[kase.kind as CaseKind]), actor))
}

/** As it is now, in the transaction that writes: a case that moves on meanwhile is refused by the next to look. */
async function standingOf(call: DeskCall, { case_id: caseId, kind, stage }: Standing) {
  return {
    stage: stageOf(kind as CaseKind, stage),
    actor: await readActor(call.tx, call.me.staffId, caseId, call.me.businessDate),
    awaited: (await openTasks(call.tx, caseId)).map((task) => ({
      post: task.post as Post,
      orgId: task.org_id,
      ...(task.claimed_by ? { claimedBy: { staffId: task.claimed_by, name: task.claimed_name ?? '' } } : {}),
    })),
  }
}

function refuseAll(against: readonly Obstacle[]): void {
  const [first] = against
  if (first) throw new RefusalError({ code: first.code, detail: against.map(({ text }) => text).join('；') })
}

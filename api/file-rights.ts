import type { CaseKind } from '#contracts/cases.ts'
import type { Stage } from '#contracts/stages.ts'
import type { Db, Tx } from '#db/connect.ts'
import { readActor } from '#db/read/actor.ts'
import { openTasks } from '#db/write/cases.ts'
import { awaitedOf, awaitedTask, personsOf } from '#rules/cases/may-act.ts'
import { mayAmend, mayCheckDocument, mayClaim, mayCopy, mayNote, mayUpload } from '#rules/cases/may-file.ts'
import { refusalOf, type Obstacle } from '#rules/cases/obstacle.ts'
import { stageOf, stageTables } from '#rules/cases/stage-tables.ts'
import type { Call, DeskCall } from './mount.ts'
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

/**
 * The caller, and whom they stand in for: whoever corrects the form belongs to the step that hands it in.
 * @throws RefusalError unless the caller may correct what was applied for
 */
export async function guardAmend(call: DeskCall, kase: Standing): Promise<{ persons: string[]; onBehalfOf: string | null }> {
  const { stage, actor, awaited } = await standingOf(call, kase)
  refuseAll(mayAmend(stage, actor, awaited))
  const held = awaitedTask(actor, awaited)?.held
  return { persons: personsOf(actor, held), onBehalfOf: held?.delegatedBy ?? null }
}

/** May the caller correct what was applied for? Most readers come where nobody may: of them nothing more is asked. */
export async function canAmend(call: Call, kase: Standing): Promise<boolean> {
  if (!stageOf(kase.kind as CaseKind, kase.stage).amendable) return false
  const { stage, actor, awaited } = await standingOf({ me: call.me, tx: call.parts.desk }, kase)
  return mayAmend(stage, actor, awaited).length === 0
}

/** @throws RefusalError unless the caller may say what this document is worth */
export async function guardCheck(call: DeskCall, kase: Standing, uploadedBy: string): Promise<void> {
  const { stage, actor, awaited } = await standingOf(call, kase)
  refuseAll(mayCheckDocument(stage, actor, awaited, uploadedBy))
}

/** @throws RefusalError unless the caller may leave a note on the case */
export async function guardNote(call: DeskCall, kase: Standing): Promise<void> {
  const { actor } = await standingOf(call, kase)
  refuseAll(mayNote(stagesOf(kase), actor))
}

/** @throws RefusalError when the caller must stay away from the case, which they then bring to nobody's notice */
export async function guardCopy(call: DeskCall, kase: Standing): Promise<void> {
  const { actor } = await standingOf(call, kase)
  refuseAll(mayCopy(stagesOf(kase), actor))
}

/** @throws RefusalError when the caller could not decide what they claim */
export async function guardClaim(call: DeskCall, kase: Standing): Promise<void> {
  const { stage, actor, awaited } = await standingOf(call, kase)
  refuseAll(mayClaim(stage, actor, awaited))
}

const stagesOf = ({ kind }: Standing): readonly Stage[] => Object.values<Stage>(stageTables[kind as CaseKind])

/** As it is now, and in a command in the transaction that writes: a case that moves on meanwhile is refused by the next to look. */
async function standingOf(call: { readonly me: Call['me']; readonly tx: Db | Tx }, { case_id: caseId, kind, stage }: Standing) {
  return {
    stage: stageOf(kind as CaseKind, stage),
    actor: await readActor(call.tx, call.me.staffId, caseId, call.me.businessDate),
    awaited: awaitedOf(await openTasks(call.tx, caseId)),
  }
}

/** @throws RefusalError when anything stands against it, with every reason */
export function refuseAll(against: readonly Obstacle[]): void {
  if (against.length > 0) throw new RefusalError(refusalOf(against))
}

import type { Post } from '#contracts/posts.ts'
import type { Stage } from '#contracts/stages.ts'
import { awaitedTask, mayAct, mustStayAway, personsOf, type Actor, type AwaitedPost } from './may-act.ts'
import { obstacle, type Obstacle } from './obstacle.ts'

/**
 * May this person add a document to the file now? Whoever acts in the stage, and nobody else: materials come in where they are asked for,
 * and who must stay away, has acted in another step, or holds no post in it, adds nothing.
 */
export const mayUpload = (stage: Stage, actor: Actor, awaited: readonly AwaitedPost[]): readonly Obstacle[] => mayAct(stage, actor, awaited)

/**
 * May this person correct what was applied for? Whoever acts in a stage that allows it, and nobody else: the form says where the money goes, so
 * who must stay away, or will release or pay it, does not write it.
 */
export const mayAmend = (stage: Stage, actor: Actor, awaited: readonly AwaitedPost[]): readonly Obstacle[] =>
  stage.amendable ? mayAct(stage, actor, awaited) : [obstacle('CONFLICT', '本环节不能更正申请内容')]

/** Posts that compare documents with their originals, each in its own stage. */
const CHECKERS: readonly Post[] = ['INTAKE', 'PRELIMINARY_REVIEWER', 'REVIEWER']

/**
 * May this person say what a document is worth? The post whose stage it is. At the counter the clerk who copies is the one who holds the
 * original; in review nobody confirms what they have put into the file themselves.
 */
export function mayCheckDocument(
  stage: Stage,
  actor: Actor,
  awaited: readonly AwaitedPost[],
  uploadedBy: string | null,
): readonly Obstacle[] {
  const against = mayAct(stage, actor, awaited)
  if (against.length > 0) return against
  if (!stage.posts.some((post) => CHECKERS.includes(post))) return [obstacle('CONFLICT', `“${stage.label}”环节不核对申请材料`)]
  const own = uploadedBy !== null && personsOf(actor, awaitedTask(actor, awaited)?.held).includes(uploadedBy)
  return stage.group !== 'DESK' && own ? [obstacle('FOUR_EYES', '本人或被代理人上传的材料须由他人核对')] : []
}

/**
 * May this person take the case's task (认领)? Not who could not decide it and would only keep it from others. Whether it is their post's, and
 * who has it already, is asked of the task.
 */
export const mayClaim = (stage: Stage, actor: Actor, awaited: readonly AwaitedPost[]): readonly Obstacle[] =>
  mayAct(stage, actor, awaited).filter(({ code }) => code === 'FOUR_EYES' || code === 'RECUSAL')

/** May this person bring the case to a colleague's notice (抄送)? Whoever sees it and need not stay away. */
export const mayCopy = (stages: readonly Stage[], actor: Actor): readonly Obstacle[] =>
  mayNote(stages, actor).filter(({ code }) => code === 'RECUSAL')

/**
 * May this person note something on the case? Whoever holds a post that acts in it at some stage and need not stay away; that it is theirs to
 * see at all is asked before. Those who only look on (稽核、管理员) leave the file as it is.
 */
export function mayNote(stages: readonly Stage[], actor: Actor): readonly Obstacle[] {
  const acting = new Set(stages.flatMap((stage) => stage.posts))
  const held = actor.posts.filter(({ post }) => acting.has(post))
  if (held.length === 0) return [obstacle('FORBIDDEN', '您的岗位不办理此类案件，不能在案卷中留言'), ...mustStayAway(actor, undefined)]
  // One post in which nothing bars them is enough.
  const against = held.map((post) => mustStayAway(actor, post))
  return against.find((obstacles) => obstacles.length === 0) ?? against[0] ?? []
}

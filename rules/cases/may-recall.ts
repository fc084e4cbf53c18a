import type { Stage } from '#contracts/stages.ts'
import { obstacle, type Obstacle } from './obstacle.ts'

/** The last thing decided on a case. */
export interface LastDecision {
  readonly decisionId: string
  readonly actorId: string | null
  readonly stage: string
  readonly toStage: string
  readonly action: string
  readonly stepGroup: string | null
  /** What was applied for has been corrected since, and that is not handed in yet: taken back, the case would stand on it unseen. */
  readonly corrected: boolean
}

/** May this person take the last decision back (撤回)? Only their own, only while it is the last word, never what outsiders were told. */
export function mayRecall(
  last: LastDecision | undefined,
  here: { stage: string; staffId: string },
  stageOf: (stage: string) => Stage,
): Obstacle[] {
  if (!last || last.actorId === null) return [obstacle('CONFLICT', '没有可撤回的决定')]
  const from = stageOf(last.stage)
  const to = stageOf(last.toStage)
  const action = from.actions[last.action]
  const obstacles: Obstacle[] = []
  if (last.actorId !== here.staffId) obstacles.push(obstacle('CONFLICT', '最近一次决定不是您作出的'))
  if (last.action === 'recall') obstacles.push(obstacle('CONFLICT', '该决定已经撤回'))
  if (to.machine || to.terminal || last.toStage !== here.stage) obstacles.push(obstacle('CONFLICT', '后续环节已经办理，不能撤回'))
  if (last.corrected) obstacles.push(obstacle('CONFLICT', '申请内容已经更正、尚未重新提交，不能撤回'))
  if (action?.irrevocable) obstacles.push(obstacle('CONFLICT', '已对外告知或已登记，不能撤回'))
  return obstacles
}

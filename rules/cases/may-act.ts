import type { Post } from '#contracts/posts.ts'
import { POSTS } from '#contracts/posts.ts'
import { fieldsNeeded, type Stage, type StageAction, type StepGroup } from '#contracts/stages.ts'
import { obstacle, type Obstacle } from './obstacle.ts'

/** A post and the organisation it is held in; `delegatedBy` when it is exercised for another (代理). */
export interface HeldPost {
  readonly post: Post
  readonly orgId: string
  readonly delegatedBy?: string
}

/** What four eyes and recusal go by in one case. */
export interface Standing {
  /** The step group already held in the case. */
  readonly groupHeld?: StepGroup
  /** How the person is related to a party of the case, or their employer is one; absent when they are not. */
  readonly relation?: string
}

/** What is known of the person who wants to act on one case. */
export interface Actor extends Standing {
  readonly staffId: string
  readonly active: boolean
  readonly posts: readonly HeldPost[]
  /** Everybody whose post they may exercise (代理), by staff id: whoever is acted for counts as if they acted themselves. */
  readonly principals: ReadonlyMap<string, Standing>
}

/** An open task: who is awaited, and who has taken it. */
export interface AwaitedPost {
  readonly post: Post
  readonly orgId: string
  readonly claimedBy?: { readonly staffId: string; readonly name: string }
}

/** The open tasks of a case as the rule sees them. */
export const awaitedOf = (tasks: readonly OpenTask[]): AwaitedPost[] =>
  tasks.map((task) => ({
    post: task.post as Post,
    orgId: task.org_id,
    ...(task.claimed_by ? { claimedBy: { staffId: task.claimed_by, name: task.claimed_name ?? '' } } : {}),
  }))

interface OpenTask {
  readonly post: string
  readonly org_id: string
  readonly claimed_by: string | null
  readonly claimed_name: string | null
}

const GROUP_LABELS: Record<StepGroup, string> = {
  DESK: '受理、签约、权证',
  PRELIMINARY: '初审',
  REVIEW: '复审',
  APPROVAL: '审批',
  PAYMENT_MAKER: '放款申请',
  PAYMENT_CHECKER: '划款复核',
  BANK_CHECK: '银行会签',
  GUARANTOR_CHECK: '担保会签',
  PROPOSE: '提出',
  CONFIRM: '确认',
}

/** The step group of an act: the stage's own, or by the post where several must sign (会签). @throws RangeError for a post that has none in it */
export function stepGroupOf(stage: Stage, post: Post): StepGroup {
  const group = stage.group ?? stage.groups?.[post]
  if (!group) throw new RangeError(`${post} has no step group in “${stage.label}”`)
  return group
}

/**
 * The awaited task this person may take, by a post of their own or a delegated one; their own post comes first. Of several whom they stand in
 * for it is one who has not been in the case and need not stay away, so that nobody's bar keeps from acting for somebody else.
 */
export function awaitedTask(actor: Actor, awaited: readonly AwaitedPost[]): { task: AwaitedPost; held: HeldPost } | undefined {
  for (const held of lightestFirst(actor)) {
    const task = awaited.find((one) => one.post === held.post && one.orgId === held.orgId)
    if (task) return { task, held }
  }
  return undefined
}

/** The posts somebody may act by, in the order in which they would: one's own before another's, and the least burdened of these. */
export const lightestFirst = (actor: Actor): HeldPost[] =>
  [...actor.posts].sort((a, b) => burden(actor, a) - burden(actor, b) || whose(a).localeCompare(whose(b)))

/** What somebody whose post is exercised brings into the case with them; nothing, where it is one's own. */
function burden({ principals }: Actor, { delegatedBy }: HeldPost): number {
  if (delegatedBy === undefined) return 0
  const principal = principals.get(delegatedBy)
  if (principal?.relation !== undefined) return 3
  return principal?.groupHeld === undefined ? 1 : 2
}

const whose = ({ delegatedBy }: HeldPost): string => delegatedBy ?? ''

/**
 * May this person act on this stage at all? All reasons against are returned; none means yes.
 * Four eyes, recusal and posts hold for every kind of case; what a particular action needs is asked elsewhere.
 */
export function mayAct(stage: Stage, actor: Actor, awaited: readonly AwaitedPost[]): Obstacle[] {
  if (stage.terminal) return [obstacle('CONFLICT', '案件已办结')]
  if (stage.machine) return [obstacle('CONFLICT', `系统正在${stage.label}，请稍候`)]
  const obstacles: Obstacle[] = []
  if (!actor.active) obstacles.push(obstacle('FORBIDDEN', '您的账号已停用'))
  const found = awaitedTask(actor, awaited)
  if (!found) {
    obstacles.push(obstacle('FORBIDDEN', `本环节由${stage.posts.map((post) => POSTS[post]).join('、')}办理`))
  } else {
    const group = stepGroupOf(stage, found.held.post)
    for (const [who, { groupHeld }] of counted(actor, found.held)) {
      if (groupHeld && groupHeld !== group) {
        obstacles.push(obstacle('FOUR_EYES', `本案${who}已办理${GROUP_LABELS[groupHeld]}，不得再办理${GROUP_LABELS[group]}`))
      }
    }
    const claimedBy = found.task.claimedBy
    if (claimedBy && claimedBy.staffId !== actor.staffId)
      obstacles.push(obstacle('CONFLICT', `${claimedBy.name}正在办理，可说明理由后接手`))
  }
  return [...obstacles, ...mustStayAway(actor, found?.held)]
}

/** 回避. Whoever acts for somebody who must stay away must stay away as well, or a delegation would be a way around. */
export function mustStayAway(actor: Actor, held: HeldPost | undefined): Obstacle[] {
  return counted(actor, held).flatMap(([who, { relation }]) => (relation ? [recusal(who, relation)] : []))
}

/** @param who as the officer is addressed @param relation in words */
export const recusal = (who: string, relation: string): Obstacle =>
  obstacle('RECUSAL', `${who}与本案当事人存在利害关系（${relation}），应当回避`)

/** What the record itself answers to whoever holds another step group of the case by now. */
export const SECOND_GROUP = obstacle('FOUR_EYES', '您或被代理人已办理过本案的其他环节')

/** Everybody in whose name an act under this post would be: the person, and whom they stand in for. */
export function personsOf(actor: Actor, held: HeldPost | undefined): string[] {
  return [actor.staffId, ...(held?.delegatedBy === undefined ? [] : [held.delegatedBy])]
}

function counted(actor: Actor, held: HeldPost | undefined): [who: string, standing: Standing][] {
  const principal = held?.delegatedBy === undefined ? undefined : actor.principals.get(held.delegatedBy)
  return [['您', actor], ...(principal ? [['您所代理的人', principal] satisfies [string, Standing]] : [])]
}

/** What the decider brought along, as far as the stage table asks for it. */
export interface Brought {
  readonly to?: string | undefined
  readonly opinion: string
  readonly reasonCode?: string | undefined
  readonly wants: readonly unknown[]
  readonly terms?: unknown
  readonly fields: Readonly<Record<string, string>>
  readonly steppedUp: boolean
}

/** Did the decider bring what the action needs? Pointers are those of the request body. */
export function missingNeeds(action: StageAction, brought: Brought): { pointer: string; code: string; detail: string }[] {
  const missing: { pointer: string; code: string; detail: string }[] = []
  const lack = (pointer: string, detail: string) => void missing.push({ pointer, code: 'REQUIRED', detail })
  if (brought.to ? !action.to.includes(brought.to) : action.to.length > 1) lack('#/to', '请指明去向环节')
  for (const need of action.needs ?? []) {
    if (need === 'opinion' && brought.opinion.trim().length < 2) lack('#/opinion', '请填写意见')
    if (need === 'reason' && !brought.reasonCode) lack('#/reasonCode', '请选择理由')
    if (need === 'wants' && brought.wants.length === 0) lack('#/wants', '请列出需补正的材料')
    if (need === 'terms' && !brought.terms) lack('#/terms', '请填写金额与期限')
    if (need === 'step-up' && !brought.steppedUp) lack('#/oneTimeCode', '请输入动态口令')
    for (const { name, label, optional } of fieldsNeeded([need])) if (!optional && !brought.fields[name]) lack(`#/fields/${name}`, `请填写${label}`)
  }
  return missing
}

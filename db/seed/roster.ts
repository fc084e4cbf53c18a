import type { Post } from '#contracts/posts.ts'
import type { StepGroup } from '#contracts/stages.ts'
import { POST_LEVEL } from '#rules/cases/post-level.ts'
import { CENTRES, type Branch } from './orgs.ts'
import type { Officer } from './staff.ts'

/** Where a case is at home, and who is assigned to it. */
export interface Setting {
  readonly branch: Branch
  readonly bankOrgId: string
  readonly guarantorOrgId: string | null
  /** Identity numbers of the parties' relatives and of the parties themselves: their holders stay away (回避). */
  readonly barred: ReadonlySet<string>
}

/** Which organisation a post acts at in a case; undefined where the case has none (no guarantor). */
export function orgOfPost(post: Post, setting: Pick<Setting, 'branch' | 'bankOrgId' | 'guarantorOrgId'>): string | undefined {
  const level = POST_LEVEL[post]
  if (level === 'BRANCH') return setting.branch.orgId
  if (level === 'CENTRE') return CENTRES[setting.branch.entity]
  return (level === 'BANK' ? setting.bankOrgId : level === 'GUARANTOR' ? setting.guarantorOrgId : null) ?? undefined
}

/**
 * Finds who acts: a holder of the post at the right organisation who is not barred and holds no other step group in the case. Whoever
 * already holds the group comes first, as in life; otherwise work goes round by `turn`.
 * @throws Error when nobody may: the city's roster is then short of a person
 */
export function whoActs(
  officers: readonly Officer[],
  post: Post,
  group: StepGroup,
  setting: Setting,
  held: ReadonlyMap<string, StepGroup>,
  turn: number,
): Officer {
  const orgId = orgOfPost(post, setting)
  const able = officers.filter(
    (one) =>
      one.orgId === orgId && one.posts.includes(post) && !setting.barred.has(one.idNumber) && (held.get(one.staffId) ?? group) === group,
  )
  const found = able.find((one) => held.has(one.staffId)) ?? able[turn % Math.max(1, able.length)]
  if (!found) throw new Error(`nobody at ${orgId} may act as ${post}`)
  return found
}

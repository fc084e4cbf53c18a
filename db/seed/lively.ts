import { plainDate } from '#contracts/dates.ts'
import type { Post } from '#contracts/posts.ts'
import { CENTRES } from './orgs.ts'
import type { Random } from './random.ts'
import type { Officer } from './staff.ts'
import type { Delegation } from './walk.ts'

/**
 * From so many open cases on, the city is an office at work: colleagues have claimed, urged, copied and stood in for one another. A smaller
 * one is for tests, which want cases that nobody has touched.
 */
export const LIVELY_FROM = 40

/** One of the approvers is away for two weeks, and the risk officer approves in their name. */
export function delegationOf(officers: readonly Officer[], random: Random): Delegation {
  const post: Post = 'APPROVER'
  const at = (wanted: Post): Officer => {
    const found = officers.find((one) => one.orgId === CENTRES.xinxiang && one.posts.includes(wanted))
    if (!found) throw new Error(`the centre has no ${wanted}`)
    return found
  }
  return {
    delegationId: random.uuid(),
    from: at(post),
    to: at('RISK'),
    post,
    fromOn: plainDate('2025-10-27'),
    toOn: plainDate('2025-11-07'),
  }
}

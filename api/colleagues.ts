import { SECOND_FACTOR_POSTS, type Post } from '#contracts/posts.ts'
import { isOrgOf, readColleagues, type Colleague } from '#db/read/colleagues.ts'
import type { DeskCall } from './mount.ts'
import { refuse, RefusalError } from './problems.ts'

const unknown = (pointers: readonly string[], detail: string): RefusalError =>
  new RefusalError({ code: 'INVALID_INPUT', errors: pointers.map((pointer) => ({ pointer, code: 'UNKNOWN_REFERENCE', detail })) })

/**
 * The people a command names, all of them of the caller's own reporting entity.
 * @throws RefusalError INVALID_INPUT with the pointers of those who are not, in the same words for nobody and for somebody elsewhere
 */
export async function namedColleagues(
  call: DeskCall,
  named: readonly { readonly staffId: string; readonly pointer: string }[],
): Promise<Colleague[]> {
  const found = await readColleagues(
    call.tx,
    named.map(({ staffId }) => staffId),
    call.me.reportingEntity,
  )
  const strangers = named.filter(({ staffId }) => !found.some((one) => one.staffId === staffId))
  if (strangers.length > 0)
    throw unknown(
      strangers.map(({ pointer }) => pointer),
      '没有此人',
    )
  return found
}

/** @throws RefusalError INVALID_INPUT when the organisation is not one of the caller's own reporting entity */
export async function guardNamedOrg(call: DeskCall, orgId: string, pointer: string): Promise<void> {
  if (!(await isOrgOf(call.tx, orgId, call.me.reportingEntity))) throw unknown([pointer], '没有此机构')
}

/**
 * A post that moves money or rights needs one-time codes: given to somebody without them, it would lock that person out instead.
 * @throws RefusalError RULES_REFUSE
 */
export function guardOneTimeCodes(colleague: Colleague | undefined, post: Post): void {
  if (!SECOND_FACTOR_POSTS.includes(post) || colleague?.hasOneTimeCodes) return
  throw refuse('RULES_REFUSE', '此岗位须使用动态口令，对方尚未登记动态口令器')
}

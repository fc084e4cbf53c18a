import type { Post } from '#contracts/posts.ts'
import { readPostsToCome } from '#db/read/actor.ts'
import { isOrgOf, readColleagues, type Colleague } from '#db/read/colleagues.ts'
import { incompatiblePosts } from '#rules/cases/incompatible-posts.ts'
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
 * A post that clashes with one its new holder has or stands in for, for whatever organisation (不相容岗位).
 * @throws RefusalError RULES_REFUSE with every clash
 */
export async function guardIncompatible(call: DeskCall, staffId: string, added: Post): Promise<void> {
  const held = await readPostsToCome(call.tx, staffId, call.me.businessDate)
  const clashes = incompatiblePosts([...held, added])
  if (clashes.length > 0) throw refuse('RULES_REFUSE', clashes.map(({ text }) => text).join('；'))
}

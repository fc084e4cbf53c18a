import type { Post } from '#contracts/posts.ts'
import type { StaffChangeWord } from '#contracts/staff-change.ts'
import { incompatiblePosts } from '../cases/incompatible-posts.ts'
import { obstacle, type Obstacle } from '../cases/obstacle.ts'

/** What is proposed, and how its person stands today. */
export interface StaffChangeRecord {
  readonly change: StaffChangeWord
  /** Null for somebody who joins. */
  readonly staffId: string | null
  readonly post: Post | null
  readonly postsHeld: readonly Post[]
  readonly hasOneTimeCode: boolean
  /** Whether the person has an identity of the provider in question, and whether the proposed one is somebody's. */
  readonly isBound: boolean
  readonly isIdentityTaken: boolean
  /** Whether the number of somebody who joins is somebody's already. */
  readonly isNumberTaken: boolean
  /** Whether an identity number is proposed; who joins without one could never be recused. */
  readonly hasIdNumber: boolean
  /** Whether the identity number, proposed or the person's own, is that of somebody else who is here. */
  readonly isIdNumberTaken: boolean
  /** Whether the proposed number is declared as that of a relative of the person already. */
  readonly isRelative: boolean
}

/** Says so without saying whose: they may be of another house. */
export const ID_NUMBER_TAKEN = '该身份证号码已登记在另一名在册人员名下，一人不得有两个工号'
export const RELATIVE_KNOWN = '该身份证号码已登记为此人的近亲属'
export const RELATIVE_UNKNOWN = '该身份证号码没有登记为此人的近亲属'

/**
 * May this person put the change in force? What has come about since the proposal counts; every reason is returned.
 * @param persons who would confirm, and whom they act for
 */
export function mayConfirm(record: StaffChangeRecord, persons: readonly string[]): Obstacle[] {
  // Two other people: nobody is the second signature under a change of their own rights, nor has it given by a delegate.
  const concerned = record.staffId === null ? -1 : persons.indexOf(record.staffId)
  const own = concerned < 0 ? [] : [obstacle('RECUSAL', `变更涉及${concerned === 0 ? '您本人' : '您所代理的人'}，应当回避`)]
  return [...own, ...hindrances(record)]
}

function hindrances(record: StaffChangeRecord): Obstacle[] {
  const { change, post, postsHeld, hasOneTimeCode, isBound, isIdentityTaken, isNumberTaken, hasIdNumber, isIdNumberTaken, isRelative } =
    record
  const unless = (holds: boolean, text: string): Obstacle[] => (holds ? [] : [obstacle('RULES_REFUSE', text)])
  switch (change) {
    case 'JOIN':
      return [
        ...unless(!isNumberTaken, '工号已有人使用'),
        ...unless(hasIdNumber, '入职人员未登记身份证号码，请驳回后重新提出'),
        ...unless(!isIdNumberTaken, ID_NUMBER_TAKEN),
        ...(post ? incompatiblePosts([post]) : []),
      ]
    case 'SET_PARTICULARS':
    case 'UNLOCK':
      return unless(!isIdNumberTaken, ID_NUMBER_TAKEN)
    case 'ADD_RELATIVE':
      return unless(!isRelative, RELATIVE_KNOWN)
    case 'END_RELATIVE':
      return unless(isRelative, RELATIVE_UNKNOWN)
    case 'GRANT_POST':
      return post ? incompatiblePosts([...postsHeld, post]) : []
    case 'RESET_CODE':
      return unless(hasOneTimeCode, '该人员未启用动态口令，无须重置')
    case 'BIND_IDENTITY':
      return [...unless(!isBound, '该人员已绑定统一身份账号，须先解除'), ...unless(!isIdentityTaken, '该统一身份账号已绑定其他人员')]
    case 'UNBIND_IDENTITY':
      return unless(isBound, '该人员没有绑定统一身份账号')
    case 'REVOKE_POST':
    case 'LOCK':
    case 'LEAVE':
    case 'RESET_PASSWORD':
      return []
  }
}

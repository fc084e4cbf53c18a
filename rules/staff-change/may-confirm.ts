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
}

/** May this person put the change in force? What has come about since the proposal counts; every reason is returned. */
export function mayConfirm(record: StaffChangeRecord, confirmerId: string): Obstacle[] {
  // Two other people: nobody is the second signature under a change of their own rights.
  const own = record.staffId === confirmerId ? [obstacle('RECUSAL', '变更涉及您本人，应当回避')] : []
  return [...own, ...hindrances(record)]
}

function hindrances(record: StaffChangeRecord): Obstacle[] {
  const { change, post, postsHeld, hasOneTimeCode, isBound, isIdentityTaken, isNumberTaken } = record
  const unless = (holds: boolean, text: string): Obstacle[] => (holds ? [] : [obstacle('RULES_REFUSE', text)])
  switch (change) {
    case 'JOIN':
      return [...unless(!isNumberTaken, '工号已有人使用'), ...(post ? incompatiblePosts([post]) : [])]
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
    case 'UNLOCK':
    case 'LEAVE':
    case 'RESET_PASSWORD':
      return []
  }
}

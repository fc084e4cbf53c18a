import { POSTS, type Post } from '#contracts/posts.ts'
import { obstacle, type Obstacle } from './obstacle.ts'

/** Groups of posts of which a person may hold one only, over all organisations (不相容岗位). */
const EXCLUSIVE: readonly (readonly Post[])[] = [
  ['INTAKE', 'PRELIMINARY_REVIEWER', 'REVIEWER', 'APPROVER'],
  ['CONTRACTING', 'APPROVER'],
  ['COLLATERAL', 'DISBURSEMENT'],
  ['APPROVER', 'DISBURSEMENT', 'CASHIER'],
  ['DIRECTOR', 'DISBURSEMENT'],
  ['DIRECTOR', 'CASHIER'],
  ['CASHIER', 'ACCOUNTANT', 'ACCOUNTING_REVIEWER'],
  ['TREASURY', 'CASHIER'],
  ['JUDICIAL_OFFICER', 'JUDICIAL_REVIEWER'],
  ['POLICY_ADMIN', 'POLICY_APPROVER'],
  ['SYS_ADMIN', 'SEC_ADMIN', 'LOG_ADMIN'],
  ['BANK_MAKER', 'BANK_CHECKER'],
  ['GUARANTOR_MAKER', 'GUARANTOR_CHECKER'],
]

/** Posts that exclude every business post: administration is not business, and an auditor operates nothing. */
const ALONE: readonly Post[] = ['SYS_ADMIN', 'SEC_ADMIN', 'LOG_ADMIN', 'INTERNAL_AUDIT']

/** May one person hold these posts together? Every clash is returned. */
export function incompatiblePosts(posts: readonly Post[]): Obstacle[] {
  const held = [...new Set(posts)]
  const clashes = EXCLUSIVE.map((group) => held.filter((post) => group.includes(post))).filter((clash) => clash.length > 1)
  const alone = held.filter((post) => ALONE.includes(post) && held.some((other) => other !== post && !ALONE.includes(other)))
  return [
    ...clashes.map((clash) => obstacle('RULES_REFUSE', `岗位互不相容：${clash.map((post) => POSTS[post]).join('、')}`)),
    ...alone.map((post) => obstacle('RULES_REFUSE', `${POSTS[post]}不得兼任业务岗位`)),
  ]
}

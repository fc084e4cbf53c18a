import type { Post } from '#contracts/posts.ts'

/**
 * Whom the house tells when a step takes longer than it should (督办), by the post whose step it is: the level above, in the branch or at the
 * centre. Of a bank or a guarantor the branch is told, which waits for them. A director has nobody above, and is reminded.
 */
export const SUPERIORS = {
  INTAKE: ['REVIEWER'],
  PRELIMINARY_REVIEWER: ['REVIEWER'],
  REVIEWER: ['APPROVER'],
  APPROVER: ['DEPUTY_DIRECTOR'],
  DEPUTY_DIRECTOR: ['DIRECTOR'],
  DIRECTOR: ['DIRECTOR'],
  CONTRACTING: ['REVIEWER'],
  COLLATERAL: ['REVIEWER'],
  DISBURSEMENT: ['DEPUTY_DIRECTOR'],
  CASHIER: ['DEPUTY_DIRECTOR'],
  ACCOUNTANT: ['ACCOUNTING_REVIEWER'],
  ACCOUNTING_REVIEWER: ['DEPUTY_DIRECTOR'],
  TREASURY: ['DEPUTY_DIRECTOR'],
  POST_LOAN: ['REVIEWER'],
  CONTRIBUTION: ['REVIEWER'],
  RISK: ['DEPUTY_DIRECTOR'],
  JUDICIAL_OFFICER: ['JUDICIAL_REVIEWER'],
  JUDICIAL_REVIEWER: ['DEPUTY_DIRECTOR'],
  POLICY_ADMIN: ['POLICY_APPROVER'],
  POLICY_APPROVER: ['DEPUTY_DIRECTOR'],
  STATISTICS: ['DEPUTY_DIRECTOR'],
  INTERNAL_AUDIT: ['DIRECTOR'],
  SYS_ADMIN: ['DEPUTY_DIRECTOR'],
  SEC_ADMIN: ['DEPUTY_DIRECTOR'],
  LOG_ADMIN: ['DIRECTOR'],
  BANK_MAKER: ['REVIEWER'],
  BANK_CHECKER: ['REVIEWER'],
  GUARANTOR_MAKER: ['REVIEWER'],
  GUARANTOR_CHECKER: ['REVIEWER'],
  COURT_OFFICER: ['JUDICIAL_REVIEWER'],
} as const satisfies Record<Post, readonly Post[]>

/** Everybody above the posts that a step waits for, each once. */
export const superiorsOf = (posts: readonly Post[]): Post[] => [...new Set(posts.flatMap((post): readonly Post[] => SUPERIORS[post]))]

import { z } from 'zod'

/** Posts (岗位): what a person is trusted with in an organisation. A person may hold several that do not exclude one another. */
export const POSTS = {
  INTAKE: '受理岗',
  PRELIMINARY_REVIEWER: '初审岗',
  REVIEWER: '复审岗',
  APPROVER: '审批岗',
  DEPUTY_DIRECTOR: '分管领导',
  DIRECTOR: '主任（特审）',
  CONTRACTING: '签约岗',
  COLLATERAL: '权证岗',
  DISBURSEMENT: '放款岗',
  CASHIER: '资金结算岗',
  ACCOUNTANT: '会计岗',
  ACCOUNTING_REVIEWER: '会计复核岗',
  TREASURY: '资金管理岗',
  POST_LOAN: '贷后管理岗',
  CONTRIBUTION: '归集岗',
  RISK: '风险管理岗',
  JUDICIAL_OFFICER: '司法协助岗',
  JUDICIAL_REVIEWER: '司法复核岗',
  POLICY_ADMIN: '政策参数岗',
  POLICY_APPROVER: '参数复核岗',
  STATISTICS: '统计岗',
  INTERNAL_AUDIT: '稽核岗',
  SYS_ADMIN: '系统管理员',
  SEC_ADMIN: '安全管理员',
  LOG_ADMIN: '审计管理员',
  BANK_MAKER: '银行经办',
  BANK_CHECKER: '银行复核',
  GUARANTOR_MAKER: '担保经办',
  GUARANTOR_CHECKER: '担保复核',
  COURT_OFFICER: '法院执行人员',
} as const

export type Post = keyof typeof POSTS
export const postCode = z.enum(Object.keys(POSTS) as [Post, ...Post[]]).meta({ id: 'Post', description: '岗位' })

/** Kinds of organisation. Each is a tenant: it sees its own cases and those assigned to it. */
export const ORG_KINDS = {
  CENTRE: '中心',
  BRANCH: '管理部',
  BANK: '受委托银行',
  GUARANTOR: '担保机构',
  COURT: '人民法院',
} as const

export type OrgKind = keyof typeof ORG_KINDS

/** Posts whose acts move money or rights: a one-time code at log-in, and again (step-up) for the act itself. */
export const SECOND_FACTOR_POSTS: readonly Post[] = ['DISBURSEMENT', 'CASHIER', 'TREASURY', 'ACCOUNTING_REVIEWER', 'POLICY_APPROVER', 'SYS_ADMIN', 'SEC_ADMIN']

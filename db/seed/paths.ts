import type { Post } from '#contracts/posts.ts'
import type { LoanStage } from '#rules/loan/stages.ts'

/** One decision on the way of a case: by the post that acts, or by the machine where none is named. */
export interface Move {
  readonly stage: LoanStage
  readonly action: string
  readonly to: LoanStage
  readonly post?: Post
  /** Working days since the move before. */
  readonly after: number
  readonly opinion?: string
}

const move = (stage: LoanStage, action: string, to: LoanStage, post: Post | undefined, after: number, opinion?: string): Move => ({
  stage,
  action,
  to,
  after,
  ...(post ? { post } : {}),
  ...(opinion ? { opinion } : {}),
})

const ACCEPT = [
  move('SUBMITTED', 'accept', 'ACCEPTED', 'INTAKE', 0, '材料齐全，予以受理'),
  move('ACCEPTED', 'open-file', 'DATA_CHECK', undefined, 0, '受理登记，时限起算'),
]
const CHECKED = move('DATA_CHECK', 'check-data', 'PRELIM_REVIEW', undefined, 0, '规则结论：可以准予')
const PRELIMINARY = move('PRELIM_REVIEW', 'pass', 'REVIEW', 'PRELIMINARY_REVIEWER', 1, '经核对，事实清楚，材料与联网数据一致')
const REVIEWED = move('REVIEW', 'pass', 'APPROVAL', 'REVIEWER', 1, '同意初审意见，拟按规则结论的额度和期限准予')
const APPROVED = move('APPROVAL', 'approve', 'APPROVED', 'APPROVER', 1, '同意')
const SIGNED = move('APPROVED', 'sign', 'SIGNED', 'CONTRACTING', 2, '已面签借款合同和抵押合同')
const COUNTERSIGNED = [
  move('SIGNED', 'confirm', 'SECURITY_PENDING', 'BANK_CHECKER', 1, '还款卡、收款账户核验无误'),
  move('SIGNED', 'confirm', 'SECURITY_PENDING', 'GUARANTOR_CHECKER', 0, '同意承担保证责任'),
]
const SECURED = move('SECURITY_PENDING', 'secure', 'SECURED', 'COLLATERAL', 3, '已取得不动产登记证明')
const REQUESTED = move('SECURED', 'request-release', 'RELEASE_CHECK', 'DISBURSEMENT', 1, '申请放款')
const RECHECKED = move('RELEASE_CHECK', 'check-release', 'RELEASE_REQUESTED', undefined, 0, '复核无碍')
const PAID = move('RELEASE_REQUESTED', 'pay', 'PAYING', 'CASHIER', 1, '复核无误，划款')

/** The same way, with another word of the rules on it. */
function refusedByRules(moves: readonly Move[]): Move[] {
  return moves.map((one) => (one === CHECKED ? { ...one, opinion: '规则结论：不符合条件，请审核' } : one))
}

/** The applicant has the one notice in hand, and the clock stands. */
export const DELIVERED: Move = move('SUPPLEMENT_PENDING', 'deliver', 'SUPPLEMENT_PENDING', 'INTAKE', 1)

const toPreliminary = [...ACCEPT, CHECKED]
const toReview = [...toPreliminary, PRELIMINARY]
const toApproval = [...toReview, REVIEWED]
const toSigned = [...toApproval, APPROVED, SIGNED]
const toSecured = [...toSigned, ...COUNTERSIGNED, SECURED]
const toPaying = [...toSecured, REQUESTED, RECHECKED, PAID]

/** How a case comes to each stage in which somebody is awaited, and to the end. Stages of the machine are only passed through. */
export const PATHS = {
  SUBMITTED: [],
  CORRECTION_REQUESTED: [move('SUBMITTED', 'request-correction', 'CORRECTION_REQUESTED', 'INTAKE', 0, '购房发票缺失，请补齐后再受理')],
  MANUAL_CHECK: [...ACCEPT, move('DATA_CHECK', 'check-data', 'MANUAL_CHECK', undefined, 0, '有数据须人工核验')],
  RETURNED: [
    ...toPreliminary,
    move('PRELIM_REVIEW', 'return', 'RETURNED', 'PRELIMINARY_REVIEWER', 1, '收款账户户名与备案合同不一致，请更正'),
  ],
  PRELIM_REVIEW: toPreliminary,
  REVIEW: toReview,
  SUPPLEMENT_PENDING: [...toReview, move('REVIEW', 'supplement', 'SUPPLEMENT_PENDING', 'REVIEWER', 1, '收入证明未注明任职起始时间')],
  APPROVAL: toApproval,
  SPECIAL_APPROVAL: [
    ...refusedByRules(toApproval),
    move('APPROVAL', 'escalate', 'SPECIAL_APPROVAL', 'APPROVER', 1, '连续缴存仅差一个月，家庭确有困难，提请特审'),
  ],
  APPROVED: [...toApproval, APPROVED],
  SIGNED: toSigned,
  SECURITY_PENDING: [...toSigned, ...COUNTERSIGNED],
  SECURED: toSecured,
  QUEUED: [...toSecured, move('SECURED', 'queue', 'QUEUED', 'DISBURSEMENT', 1, '本月资金计划已满，转入轮候')],
  RELEASE_HELD: [
    ...toSecured,
    REQUESTED,
    move('RELEASE_CHECK', 'check-release', 'RELEASE_HELD', undefined, 0, '借款人被列入失信被执行人名单'),
  ],
  RELEASE_REQUESTED: [...toSecured, REQUESTED, RECHECKED],
  PAY_UNKNOWN: [...toPaying, move('PAYING', 'settle', 'PAY_UNKNOWN', undefined, 0, '划款结果不明，只可查询，不得重发')],
  PAY_FAILED: [...toPaying, move('PAYING', 'settle', 'PAY_FAILED', undefined, 0, '银行退回：REJECTED_BY_PAYEE_BANK')],
  DISBURSED: [...toPaying, move('PAYING', 'settle', 'DISBURSED', undefined, 0, '银行划款成功')],
} satisfies Partial<Record<LoanStage, readonly Move[]>>

export type Destination = keyof typeof PATHS
/** Every stage in which a person is awaited. */
export const OPEN_STAGES = (Object.keys(PATHS) as Destination[]).filter((stage) => stage !== 'DISBURSED')

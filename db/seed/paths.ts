import type { Post } from '#contracts/posts.ts'
import type { LoanStage } from '#rules/loan/stages.ts'
import type { ReasonCode } from '#rules/reason-codes.ts'
import { LATE_REFERENCE } from './findings.ts'

/** One decision on the way of a case: by the post that acts, or by the machine where none is named. */
export interface Move {
  readonly stage: LoanStage
  readonly action: string
  readonly to: LoanStage
  readonly post?: Post
  /** Working days since the move before. */
  readonly after: number
  /** The very words, where the story wants them; otherwise whoever acts says something of their own. */
  readonly opinion?: string
  readonly reasonCode?: ReasonCode
  /** Decided by whoever stands in for the holder of the post (代理). */
  readonly delegated?: true
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
  move('SUBMITTED', 'accept', 'ACCEPTED', 'INTAKE', 0),
  move('ACCEPTED', 'open-file', 'DATA_CHECK', undefined, 0, '受理登记，时限起算'),
]
const CHECKED = move('DATA_CHECK', 'check-data', 'PRELIM_REVIEW', undefined, 0, '规则结论：可以准予')
const FOR_HAND = move('DATA_CHECK', 'check-data', 'MANUAL_CHECK', undefined, 0, '有数据须人工核验')
const PRELIMINARY = move('PRELIM_REVIEW', 'pass', 'REVIEW', 'PRELIMINARY_REVIEWER', 1)
const REVIEWED = move('REVIEW', 'pass', 'APPROVAL', 'REVIEWER', 1)
const HIGHER = move('APPROVAL', 'submit-higher', 'SENIOR_APPROVAL', 'APPROVER', 1)
const APPROVED = move('APPROVAL', 'approve', 'APPROVED', 'APPROVER', 1)
const SIGNED = [
  move('APPROVED', 'sign', 'SIGNING_CHECK', 'CONTRACTING', 2),
  move('SIGNING_CHECK', 'check-signing', 'SIGNED', undefined, 0, '受委托银行核验：还款卡、委托扣款协议和收款账户均无误'),
]
const COUNTERSIGNED = [
  move('SIGNED', 'confirm', 'SECURITY_PENDING', 'BANK_CHECKER', 1),
  move('SIGNED', 'confirm', 'SECURITY_PENDING', 'GUARANTOR_CHECKER', 0),
]
const ENTERED = move('SECURITY_PENDING', 'secure', 'MORTGAGE_CHECK', 'COLLATERAL', 3)
const SECURED = [ENTERED, move('MORTGAGE_CHECK', 'check-mortgage', 'SECURED', undefined, 0, '登记机构答复与登记证明、合同一致')]
const REQUESTED = move('SECURED', 'request-release', 'RELEASE_CHECK', 'DISBURSEMENT', 1)
const RECHECKED = move('RELEASE_CHECK', 'check-release', 'RELEASE_REQUESTED', undefined, 0, '复核无碍')
const PAID = move('RELEASE_REQUESTED', 'pay', 'PAYING', 'CASHIER', 1)
const REFUSED_BY_BANK = move('PAYING', 'settle', 'PAY_FAILED', undefined, 0, '银行退回：收款银行拒收')
const RETURNED = move('PRELIM_REVIEW', 'return', 'RETURNED', 'PRELIMINARY_REVIEWER', 1)
const SUPPLEMENT = move('REVIEW', 'supplement', 'SUPPLEMENT_PENDING', 'REVIEWER', 1)

/** The applicant has the one notice in hand, and the clock stands. */
export const DELIVERED: Move = move('SUPPLEMENT_PENDING', 'deliver', 'SUPPLEMENT_PENDING', 'INTAKE', 1)

/** The same way, on which the rules say no and everybody who reads it knows. */
function refusedByRules(moves: readonly Move[]): Move[] {
  const words = new Map([
    [CHECKED, '规则结论：不符合条件，请审核'],
    [PRELIMINARY, '连续缴存月数不足，其余事实清楚，报复审核定'],
    [REVIEWED, '同意初审意见，连续缴存月数不符合规定，请审批核定'],
  ])
  return moves.map((one) => {
    const opinion = words.get(one)
    return opinion === undefined ? one : { ...one, opinion }
  })
}

const toPreliminary = [...ACCEPT, CHECKED]
const toReview = [...toPreliminary, PRELIMINARY]
const toApproval = [...toReview, REVIEWED]
const toApproved = [...toApproval, APPROVED]
const toSigned = [...toApproved, ...SIGNED]
const toSecured = [...toSigned, ...COUNTERSIGNED, ...SECURED]
const toVoid = [...toSecured, move('SECURED', 'propose-void', 'VOID_REQUESTED', 'DISBURSEMENT', 4)]
const toVoidSenior = [...toVoid, move('VOID_REQUESTED', 'submit-higher', 'VOID_SENIOR', 'APPROVER', 1)]
const toPaying = [...toSecured, REQUESTED, RECHECKED, PAID]

/** How a case comes to each stage in which somebody is awaited, and to the end. Stages of the machine are only passed through. */
export const PATHS = {
  SUBMITTED: [],
  CORRECTION_REQUESTED: [
    move('SUBMITTED', 'request-correction', 'CORRECTION_REQUESTED', 'INTAKE', 0),
    move('CORRECTION_REQUESTED', 'deliver', 'CORRECTION_REQUESTED', 'INTAKE', 0),
  ],
  MANUAL_CHECK: [...ACCEPT, FOR_HAND],
  RETURNED: [...toPreliminary, RETURNED],
  PRELIM_REVIEW: toPreliminary,
  REVIEW: toReview,
  SUPPLEMENT_PENDING: [...toReview, SUPPLEMENT],
  APPROVAL: toApproval,
  SPECIAL_APPROVAL: [...refusedByRules(toApproval), move('APPROVAL', 'escalate', 'SPECIAL_APPROVAL', 'APPROVER', 1)],
  APPROVED: toApproved,
  SIGNED: toSigned,
  SECURITY_PENDING: [...toSigned, ...COUNTERSIGNED],
  SECURED: toSecured,
  QUEUED: [...toSecured, move('SECURED', 'queue', 'QUEUED', 'DISBURSEMENT', 1)],
  RELEASE_HELD: [
    ...toSecured,
    REQUESTED,
    move('RELEASE_CHECK', 'check-release', 'RELEASE_HELD', undefined, 0, '借款人被列入失信被执行人名单'),
  ],
  RELEASE_REQUESTED: [...toSecured, REQUESTED, RECHECKED],
  PAY_UNKNOWN: [...toPaying, move('PAYING', 'settle', 'PAY_UNKNOWN', undefined, 0, '划款结果不明，只可查询，不得重发')],
  PAY_FAILED: [...toPaying, REFUSED_BY_BANK],
  // What comes last is the rarest: a small city has it last.
  SENIOR_APPROVAL: [...toApproval, HIGHER],
  MORTGAGE_DOUBTED: [
    ...toSigned,
    ...COUNTERSIGNED,
    ENTERED,
    move('MORTGAGE_CHECK', 'check-mortgage', 'MORTGAGE_DOUBTED', undefined, 0, '不动产登记机构：多次请求未获应答，须人工核验'),
  ],
  SENIOR_RELEASE: [
    ...toApproval,
    HIGHER,
    move('SENIOR_APPROVAL', 'approve', 'APPROVED', 'DEPUTY_DIRECTOR', 1),
    ...SIGNED,
    ...COUNTERSIGNED,
    ...SECURED,
    REQUESTED,
    move('RELEASE_CHECK', 'check-release', 'RELEASE_HELD', undefined, 0, '征信报告、失信被执行人名单：多次请求未获应答，须人工核验'),
    move('RELEASE_HELD', 'submit-higher-release', 'SENIOR_RELEASE', 'APPROVER', 1),
  ],
  VOID_REQUESTED: toVoid,
  VOID_SENIOR: toVoidSenior,
  VOID_SPECIAL: [...toVoidSenior, move('VOID_SENIOR', 'submit-higher', 'VOID_SPECIAL', 'DEPUTY_DIRECTOR', 1)],
  PAY_DISPUTED: [
    ...toPaying,
    REFUSED_BY_BANK,
    move(
      'PAY_FAILED',
      'dispute',
      'PAY_DISPUTED',
      undefined,
      1,
      `风险管理岗认定银行确已付款（银行流水 ${LATE_REFERENCE}）：已调取银行对账单核对，收款账户确已入账`,
    ),
  ],
  DISBURSED: [...toPaying, move('PAYING', 'settle', 'DISBURSED', undefined, 0, '银行划款成功')],
  NOT_ACCEPTED: [{ ...move('SUBMITTED', 'not-accept', 'NOT_ACCEPTED', 'INTAKE', 0), reasonCode: 'NOT_OWN_OCCUPIED' }],
  REFUSED: [...refusedByRules(toApproval), { ...move('APPROVAL', 'refuse', 'REFUSED', 'APPROVER', 1), reasonCode: 'CONTRIBUTION_SHORT' }],
  LAPSED: [...toReview, SUPPLEMENT, DELIVERED, move('SUPPLEMENT_PENDING', 'lapse', 'LAPSED', 'INTAKE', 25)],
  WITHDRAWN: [...toPreliminary, RETURNED, move('RETURNED', 'withdraw-application', 'WITHDRAWN', 'INTAKE', 2)],
  EXPIRED: [...toApproved, move('APPROVED', 'expire', 'EXPIRED', 'CONTRACTING', 66)],
  SECURITY_FAILED: [...toSigned, ...COUNTERSIGNED, move('SECURITY_PENDING', 'fail', 'SECURITY_FAILED', 'COLLATERAL', 6)],
  VOID: [...toVoid, move('VOID_REQUESTED', 'void', 'VOID', 'APPROVER', 1)],
} satisfies Partial<Record<LoanStage, readonly Move[]>>

/** Other ways to the same place: back and forth, as it happens in an office. */
export const DETOURS = {
  /** Returned to the counter, corrected, checked again. */
  CORRECTED: [...toPreliminary, RETURNED, move('RETURNED', 'resubmit', 'DATA_CHECK', 'INTAKE', 1), CHECKED],
  /** The reviewer has sent it back to the first reading. */
  SENT_BACK: [...toReview, move('REVIEW', 'return', 'PRELIM_REVIEW', 'REVIEWER', 1)],
  /** The notice has been answered, and the reviewer has it again. */
  SUPPLEMENTED: [
    ...toReview,
    SUPPLEMENT,
    DELIVERED,
    move('SUPPLEMENT_PENDING', 'receive', 'DATA_CHECK', 'INTAKE', 3),
    { ...CHECKED, to: 'REVIEW' },
  ],
  /** Approved in the name of somebody who was away. */
  STOOD_IN: [...toApproval, { ...APPROVED, delegated: true }],
} satisfies Record<string, readonly Move[]>

export type Destination = keyof typeof PATHS
const ENDS = ['DISBURSED', 'NOT_ACCEPTED', 'REFUSED', 'LAPSED', 'WITHDRAWN', 'EXPIRED', 'SECURITY_FAILED', 'VOID'] as const
/** Every stage in which a person is awaited. */
export const OPEN_STAGES = (Object.keys(PATHS) as Destination[]).filter((stage) => !(ENDS as readonly string[]).includes(stage))
/** Where an application ends that does not end in a loan. */
export const EXITS = ENDS.filter((stage) => stage !== 'DISBURSED')

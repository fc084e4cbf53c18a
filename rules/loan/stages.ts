import type { Post } from '#contracts/posts.ts'
import type { Stage, StageAction, StageTable } from '#contracts/stages.ts'

export const LOAN_STAGES = [
  'SUBMITTED', 'CORRECTION_REQUESTED', 'NOT_ACCEPTED', 'ACCEPTED', 'DATA_CHECK', 'MANUAL_CHECK', 'RETURNED', 'SUPPLEMENT_PENDING',
  'PRELIM_REVIEW', 'REVIEW', 'APPROVAL', 'SENIOR_APPROVAL', 'SPECIAL_APPROVAL', 'APPROVED', 'REFUSED', 'EXPIRED', 'SIGNING_CHECK', 'SIGNED', 'SECURITY_PENDING',
  'MORTGAGE_FILING', 'MORTGAGE_CHECK', 'MORTGAGE_DOUBTED',
  'SECURITY_FAILED', 'SECURED', 'QUEUED', 'RELEASE_CHECK', 'RELEASE_HELD', 'SENIOR_RELEASE', 'RELEASE_REQUESTED', 'PAYING', 'PAY_FAILED', 'PAY_UNKNOWN',
  'PAY_DISPUTED', 'DISBURSED', 'VOID_REQUESTED', 'VOID_SENIOR', 'VOID_SPECIAL', 'VOID', 'WITHDRAWN', 'LAPSED',
] as const
export type LoanStage = (typeof LOAN_STAGES)[number]

/** Whoever stands before a granted loan that must not be paid asks for its end; it comes back to them when it is not ended. */
const VOID_ASKED_IN = ['APPROVED', 'SIGNED', 'SECURITY_PENDING', 'SECURED', 'QUEUED', 'RELEASE_HELD', 'PAY_FAILED'] as const

const voiding = (post: Post, higher: Record<string, StageAction<LoanStage>> = {}): Omit<Stage<LoanStage>, 'label'> => ({
  order: 13, posts: [post], group: 'APPROVAL', clock: 'NONE', daysAllowed: 3,
  actions: {
    void: { label: '核准作废', to: ['VOID'], irrevocable: true, needs: ['opinion'], tone: 'end', onlyWhen: '由准予的同级或上级核准，且不是提请人' },
    ...higher,
    return: { label: '不予作废，退回', to: VOID_ASKED_IN, needs: ['opinion'], tone: 'back', onlyWhen: '退回提请作废的环节' },
  },
})

/**
 * Stages of a housing loan from submission to money paid out (住房公积金个人住房贷款). The three levels of review and the separation of
 * money follow the published practice of several centres; repayment begins where this table ends.
 */
export const loanStages: StageTable<LoanStage> = {
  SUBMITTED: {
    label: '待受理', order: 1, posts: ['INTAKE'], group: 'DESK', clock: 'NONE', daysAllowed: 1, amendable: true,
    actions: {
      accept: { label: '受理', to: ['ACCEPTED'], tone: 'forward', onlyWhen: '申请材料齐全，并已逐项核对' },
      'request-correction': { label: '要求补正', to: ['CORRECTION_REQUESTED'], irrevocable: true, needs: ['wants'], tone: 'back' },
      'not-accept': { label: '不予受理', to: ['NOT_ACCEPTED'], needs: ['reason', 'opinion'], tone: 'end' },
    },
  },
  // The officers' days are those for handing over the notice: all of it at once, on the spot or within five days of the application, as
  // for a licence (《行政许可法》第三十二条). What follows is the applicant's time, which the policy gives.
  CORRECTION_REQUESTED: {
    label: '受理前补正', order: 1, posts: ['INTAKE'], group: 'DESK', clock: 'APPLICANT', daysAllowed: 2, amendable: true,
    actions: {
      deliver: { label: '登记告知书送达', to: ['CORRECTION_REQUESTED'], irrevocable: true, needs: ['delivery'], tone: 'side', onlyWhen: '尚未登记送达' },
      resubmit: { label: '补正后重新提交', to: ['SUBMITTED'], tone: 'forward' },
      lapse: { label: '逾期未补正，终止', to: ['LAPSED'], needs: ['opinion'], tone: 'end', onlyWhen: '补正期限届满后' },
      'withdraw-application': { label: '申请人撤回申请', to: ['WITHDRAWN'], needs: ['opinion'], tone: 'end' },
    },
  },
  ACCEPTED: { label: '已受理', order: 2, posts: [], clock: 'CENTRE', machine: true, actions: {} },
  DATA_CHECK: { label: '联网核验', order: 3, posts: [], clock: 'CENTRE', machine: true, actions: {} },
  MANUAL_CHECK: {
    label: '人工核验', order: 3, posts: ['PRELIMINARY_REVIEWER'], group: 'PRELIMINARY', clock: 'CENTRE', daysAllowed: 2,
    actions: {
      'check-again': { label: '重新联网核验', to: ['DATA_CHECK'], tone: 'forward' },
      // What was found out stands on record; whoever finds that it was wrong answers again.
      confirm: { label: '登记核验结果', to: ['PRELIM_REVIEW'], irrevocable: true, needs: ['answers', 'opinion'], tone: 'forward' },
      return: { label: '退回', to: ['RETURNED'], needs: ['opinion'], tone: 'back' },
    },
  },
  RETURNED: {
    label: '退回受理岗', order: 2, posts: ['INTAKE'], group: 'DESK', clock: 'CENTRE', daysAllowed: 1, amendable: true,
    actions: {
      resubmit: { label: '更正后重新提交', to: ['DATA_CHECK'], tone: 'forward' },
      'withdraw-application': { label: '申请人撤回申请', to: ['WITHDRAWN'], needs: ['opinion'], tone: 'end' },
    },
  },
  PRELIM_REVIEW: {
    label: '初审', order: 4, posts: ['PRELIMINARY_REVIEWER'], group: 'PRELIMINARY', clock: 'CENTRE', daysAllowed: 3,
    actions: {
      pass: { label: '初审通过', to: ['REVIEW'], tone: 'forward' },
      'propose-refusal': { label: '拟不予贷款', to: ['REVIEW'], needs: ['reason', 'opinion'], tone: 'side' },
      return: { label: '退回', to: ['RETURNED'], needs: ['opinion'], tone: 'back' },
      'check-again': { label: '重新联网核验', to: ['DATA_CHECK'], tone: 'side' },
      'check-by-hand': { label: '转人工核验', to: ['MANUAL_CHECK'], tone: 'side', onlyWhen: '有数据未能联网取得' },
    },
  },
  REVIEW: {
    label: '复审', order: 5, posts: ['REVIEWER'], group: 'REVIEW', clock: 'CENTRE', daysAllowed: 3,
    actions: {
      pass: { label: '复审通过', to: ['APPROVAL'], needs: ['terms'], tone: 'forward', onlyWhen: '没有待补正的材料' },
      'propose-refusal': { label: '拟不予贷款', to: ['APPROVAL'], needs: ['reason', 'opinion'], tone: 'side', onlyWhen: '没有待补正的材料' },
      supplement: { label: '发出一次性告知', to: ['SUPPLEMENT_PENDING'], irrevocable: true, tone: 'back', onlyWhen: '有需要补正的材料' },
      return: { label: '退回', to: ['PRELIM_REVIEW', 'RETURNED'], needs: ['opinion'], tone: 'back' },
    },
  },
  // The centre's clock runs on until the notice is handed over, which these days are for; then it stands, and the applicant's time runs.
  SUPPLEMENT_PENDING: {
    label: '补正中', order: 5, posts: ['INTAKE'], group: 'DESK', clock: 'APPLICANT', daysAllowed: 3, amendable: true,
    actions: {
      deliver: { label: '登记告知书送达', to: ['SUPPLEMENT_PENDING'], irrevocable: true, needs: ['delivery'], tone: 'side', onlyWhen: '尚未登记送达' },
      receive: { label: '已收到补正材料', to: ['DATA_CHECK'], needs: ['opinion'], tone: 'forward', onlyWhen: '告知书已送达' },
      lapse: { label: '逾期未补正，终止', to: ['LAPSED'], needs: ['opinion'], tone: 'end', onlyWhen: '补正期限届满后' },
      'withdraw-application': { label: '申请人撤回申请', to: ['WITHDRAWN'], needs: ['opinion'], tone: 'end' },
    },
  },
  APPROVAL: {
    label: '审批', order: 6, posts: ['APPROVER'], group: 'APPROVAL', clock: 'CENTRE', daysAllowed: 3,
    actions: {
      approve: { label: '准予贷款', to: ['APPROVED'], irrevocable: true, needs: ['terms'], tone: 'forward', onlyWhen: '规则结论为准予' },
      refuse: { label: '不准予贷款', to: ['REFUSED'], needs: ['reason', 'opinion'], tone: 'end' },
      return: { label: '退回', to: ['REVIEW', 'PRELIM_REVIEW', 'RETURNED'], needs: ['opinion'], tone: 'back' },
      'submit-higher': { label: '报分管领导审批', to: ['SENIOR_APPROVAL'], tone: 'side', onlyWhen: '超出本岗审批权限' },
      escalate: { label: '提请特审', to: ['SPECIAL_APPROVAL'], needs: ['opinion'], tone: 'side' },
    },
  },
  SENIOR_APPROVAL: {
    label: '分管领导审批', order: 6, posts: ['DEPUTY_DIRECTOR'], group: 'APPROVAL', clock: 'CENTRE', daysAllowed: 2,
    actions: {
      approve: { label: '准予贷款', to: ['APPROVED'], irrevocable: true, needs: ['terms'], tone: 'forward', onlyWhen: '规则结论为准予' },
      refuse: { label: '不准予贷款', to: ['REFUSED'], needs: ['reason', 'opinion'], tone: 'end' },
      return: { label: '退回', to: ['APPROVAL', 'REVIEW'], needs: ['opinion'], tone: 'back' },
      escalate: { label: '提请特审', to: ['SPECIAL_APPROVAL'], needs: ['opinion'], tone: 'side' },
    },
  },
  SPECIAL_APPROVAL: {
    label: '特审', order: 6, posts: ['DIRECTOR'], group: 'APPROVAL', clock: 'CENTRE', daysAllowed: 2,
    actions: {
      'approve-specially': {
        label: '特审准予', to: ['APPROVED'], irrevocable: true, needs: ['terms', 'opinion', 'reason'], tone: 'forward',
        onlyWhen: '没有法律禁止突破的理由',
      },
      refuse: { label: '不准予贷款', to: ['REFUSED'], needs: ['reason', 'opinion'], tone: 'end' },
      return: { label: '退回', to: ['APPROVAL', 'REVIEW'], needs: ['opinion'], tone: 'back' },
    },
  },
  APPROVED: {
    label: '准予贷款', order: 7, posts: ['CONTRACTING'], group: 'DESK', clock: 'NONE', daysAllowed: 30,
    actions: {
      sign: { label: '已面签合同', to: ['SIGNING_CHECK'], irrevocable: true, needs: ['contract'], tone: 'forward', onlyWhen: '审批有效期内' },
      'propose-void': { label: '提请作废', to: ['VOID_REQUESTED'], needs: ['opinion'], tone: 'side' },
      expire: { label: '确认审批失效', to: ['EXPIRED'], needs: ['opinion'], tone: 'end', onlyWhen: '审批有效期届满后' },
      'withdraw-application': { label: '申请人撤回申请', to: ['WITHDRAWN'], needs: ['opinion'], tone: 'end' },
    },
  },
  SIGNING_CHECK: { label: '签约核验', order: 8, posts: [], clock: 'NONE', machine: true, actions: {} },
  SIGNED: {
    label: '银行与担保会签', order: 8, posts: ['BANK_CHECKER', 'GUARANTOR_CHECKER'], clock: 'NONE', daysAllowed: 3,
    groups: { BANK_CHECKER: 'BANK_CHECK', GUARANTOR_CHECKER: 'GUARANTOR_CHECK' },
    actions: {
      confirm: { label: '确认', to: ['SECURITY_PENDING'], irrevocable: true, tone: 'forward', onlyWhen: '签约核验没有不符' },
      'check-again': { label: '重新核验', to: ['SIGNING_CHECK'], tone: 'side' },
      object: { label: '提出异议', to: ['APPROVED'], needs: ['opinion'], tone: 'back' },
      'propose-void': { label: '提请作废', to: ['VOID_REQUESTED'], needs: ['opinion'], tone: 'side' },
    },
  },
  SECURITY_PENDING: {
    label: '抵押担保落实', order: 9, posts: ['COLLATERAL'], group: 'DESK', clock: 'NONE', daysAllowed: 10,
    actions: {
      secure: { label: '担保已落实', to: ['MORTGAGE_CHECK'], irrevocable: true, needs: ['mortgage'], tone: 'forward' },
      register: { label: '网上申请抵押登记', to: ['MORTGAGE_FILING'], irrevocable: true, tone: 'side' },
      fail: { label: '担保无法落实', to: ['SECURITY_FAILED'], needs: ['opinion'], tone: 'end' },
      'propose-void': { label: '提请作废', to: ['VOID_REQUESTED'], needs: ['opinion'], tone: 'side' },
    },
  },
  MORTGAGE_FILING: { label: '抵押登记申请', order: 9, posts: [], clock: 'NONE', machine: true, actions: {} },
  MORTGAGE_CHECK: { label: '抵押登记核验', order: 9, posts: [], clock: 'NONE', machine: true, actions: {} },
  MORTGAGE_DOUBTED: {
    label: '抵押登记人工核验', order: 9, posts: ['REVIEWER'], group: 'REVIEW', clock: 'NONE', daysAllowed: 2,
    actions: {
      'check-again': { label: '重新查询登记机构', to: ['MORTGAGE_CHECK'], tone: 'forward' },
      confirm: { label: '人工核验登记属实', to: ['SECURED'], needs: ['opinion'], tone: 'forward', onlyWhen: '仅因登记机构未能答复' },
      return: { label: '退回权证岗', to: ['SECURITY_PENDING'], needs: ['opinion'], tone: 'back' },
    },
  },
  SECURED: {
    label: '担保已落实', order: 10, posts: ['DISBURSEMENT'], group: 'PAYMENT_MAKER', clock: 'NONE', daysAllowed: 3,
    actions: {
      'request-release': { label: '申请放款', to: ['RELEASE_CHECK'], tone: 'forward' },
      queue: { label: '转入轮候', to: ['QUEUED'], needs: ['opinion'], tone: 'side' },
      'propose-void': { label: '提请作废', to: ['VOID_REQUESTED'], needs: ['opinion'], tone: 'side' },
    },
  },
  QUEUED: {
    label: '轮候放款', order: 10, posts: ['TREASURY'], group: 'PAYMENT_MAKER', clock: 'NONE',
    actions: {
      admit: { label: '安排放款', to: ['RELEASE_CHECK'], tone: 'forward', onlyWhen: '按批准日期轮到本案，且专户资金足够' },
      'propose-void': { label: '提请作废', to: ['VOID_REQUESTED'], needs: ['opinion'], tone: 'side' },
    },
  },
  RELEASE_CHECK: { label: '放款前复核', order: 11, posts: [], clock: 'NONE', machine: true, actions: {} },
  RELEASE_HELD: {
    label: '放款暂停', order: 11, posts: ['APPROVER'], group: 'APPROVAL', clock: 'NONE', daysAllowed: 3,
    actions: {
      'check-again': { label: '重新复核', to: ['RELEASE_CHECK'], tone: 'forward' },
      'confirm-release': { label: '登记核验结果，继续放款', to: ['RELEASE_REQUESTED'], needs: ['answers', 'opinion'], tone: 'forward', onlyWhen: '仅有数据未能联网取得' },
      'submit-higher-release': { label: '报分管领导核实', to: ['SENIOR_RELEASE'], tone: 'side', onlyWhen: '仅有数据未能联网取得' },
      // Approved on what is true now, not on what was: the sources are asked again, and the approver has a verdict of the day.
      reapprove: { label: '重新核验并审批', to: ['DATA_CHECK'], needs: ['opinion'], tone: 'back' },
      'propose-void': { label: '提请作废', to: ['VOID_REQUESTED'], needs: ['opinion'], tone: 'side' },
    },
  },
  // What no source answers is confirmed by the level whose limit holds the amount.
  SENIOR_RELEASE: {
    label: '放款暂停（分管领导）', order: 11, posts: ['DEPUTY_DIRECTOR'], group: 'APPROVAL', clock: 'NONE', daysAllowed: 2,
    actions: {
      'check-again': { label: '重新复核', to: ['RELEASE_CHECK'], tone: 'forward' },
      'confirm-release': { label: '登记核验结果，继续放款', to: ['RELEASE_REQUESTED'], needs: ['answers', 'opinion'], tone: 'forward', onlyWhen: '仅有数据未能联网取得' },
      return: { label: '退回', to: ['RELEASE_HELD'], needs: ['opinion'], tone: 'back' },
    },
  },
  RELEASE_REQUESTED: {
    label: '待划款', order: 12, posts: ['CASHIER'], group: 'PAYMENT_CHECKER', clock: 'NONE', daysAllowed: 1,
    actions: {
      pay: { label: '复核并划款', to: ['PAYING'], needs: ['step-up'], tone: 'forward', onlyWhen: '放款前复核作于当日' },
      'check-again': { label: '重新复核', to: ['RELEASE_CHECK'], tone: 'side' },
      return: { label: '退回', to: ['SECURED'], needs: ['opinion'], tone: 'back' },
    },
  },
  PAYING: { label: '划款中', order: 13, posts: [], clock: 'NONE', machine: true, actions: {} },
  PAY_UNKNOWN: {
    label: '划款结果不明', order: 13, posts: ['CASHIER'], group: 'PAYMENT_CHECKER', clock: 'NONE', daysAllowed: 1,
    actions: {
      'query-again': { label: '再次查询银行', to: ['PAYING'], tone: 'forward' },
      'attach-day-file': { label: '以银行日终文件核定', to: ['PAYING'], needs: ['opinion'], tone: 'forward' },
    },
  },
  PAY_FAILED: {
    label: '划款失败', order: 13, posts: ['DISBURSEMENT'], group: 'PAYMENT_MAKER', clock: 'NONE', daysAllowed: 1,
    actions: {
      'request-release': { label: '重新申请放款', to: ['RELEASE_CHECK'], needs: ['opinion'], tone: 'forward' },
      'propose-void': { label: '提请作废', to: ['VOID_REQUESTED'], needs: ['opinion'], tone: 'side' },
    },
  },
  // What a bank says against a settled payment, and one person has found true, a second one confirms or does not. From a loan that was paid
  // out nothing else leads here. Whatever is decided stays decided: a denial that could be taken back would leave nothing to decide upon.
  PAY_DISPUTED: {
    label: '划款结果待确认', order: 13, posts: ['CASHIER'], group: 'PAYMENT_CHECKER', clock: 'NONE', daysAllowed: 1,
    actions: {
      'confirm-paid': {
        label: '确认银行已付款，补记放款', to: ['PAYING'], irrevocable: true, needs: ['step-up', 'opinion'], tone: 'forward',
        onlyWhen: '认定的是银行确已付款，且不是认定人',
      },
      'deny-paid': { label: '驳回认定，维持划款失败', to: ['PAY_FAILED'], irrevocable: true, needs: ['opinion'], tone: 'back', onlyWhen: '认定的是银行确已付款，且不是认定人' },
      'confirm-returned': {
        label: '确认款项已退回，红字冲销', to: ['PAY_FAILED'], irrevocable: true, needs: ['step-up', 'opinion'], tone: 'end',
        onlyWhen: '认定的是款项确已退回，且不是认定人',
      },
      'deny-returned': { label: '驳回认定，维持已放款', to: ['DISBURSED'], irrevocable: true, needs: ['opinion'], tone: 'back', onlyWhen: '认定的是款项确已退回，且不是认定人' },
    },
  },
  // 作废: what one level has granted, only that level undoes, and never whoever asked for it.
  VOID_REQUESTED: { label: '作废核准', ...voiding('APPROVER', { 'submit-higher': { label: '报分管领导核准', to: ['VOID_SENIOR'], tone: 'side' } }) },
  VOID_SENIOR: {
    label: '作废核准（分管领导）', ...voiding('DEPUTY_DIRECTOR', { 'submit-higher': { label: '报主任核准', to: ['VOID_SPECIAL'], tone: 'side' } }),
  },
  VOID_SPECIAL: { label: '作废核准（主任）', ...voiding('DIRECTOR') },
  DISBURSED: { label: '已放款', order: 14, posts: [], clock: 'NONE', terminal: true, aim: true, actions: {} },
  NOT_ACCEPTED: { label: '不予受理', order: 2, posts: [], clock: 'NONE', terminal: true, actions: {} },
  REFUSED: { label: '不准予贷款', order: 7, posts: [], clock: 'NONE', terminal: true, actions: {} },
  EXPIRED: { label: '审批失效', order: 8, posts: [], clock: 'NONE', terminal: true, actions: {} },
  SECURITY_FAILED: { label: '担保未落实', order: 10, posts: [], clock: 'NONE', terminal: true, actions: {} },
  VOID: { label: '已作废', order: 14, posts: [], clock: 'NONE', terminal: true, actions: {} },
  WITHDRAWN: { label: '申请已撤回', order: 8, posts: [], clock: 'NONE', terminal: true, actions: {} },
  LAPSED: { label: '逾期未补正终止', order: 6, posts: [], clock: 'NONE', terminal: true, actions: {} },
}

/** What a counter asks to see for a housing loan, in the order of its checklist (申请材料). */
export const LOAN_MATERIALS = [
  { code: 'IDENTITY', label: '身份证明', required: true },
  { code: 'MARRIAGE', label: '婚姻状况证明', required: true },
  { code: 'CONTRACT', label: '购房合同（网签备案）', required: true },
  { code: 'DOWN_PAYMENT', label: '首付款凭证', required: true },
  { code: 'INCOME', label: '收入证明', required: true },
  { code: 'CREDIT_AUTHORISATION', label: '征信查询授权书', required: true },
  { code: 'REPAYMENT_CARD', label: '还款卡复印件', required: true },
  { code: 'OTHER', label: '其他材料', required: false },
] as const

export type LoanMaterial = (typeof LOAN_MATERIALS)[number]['code']

const LABELS: ReadonlyMap<string, string> = new Map(LOAN_MATERIALS.map(({ code, label }) => [code, label]))

/** What people read for a material; a code that is on no checklist stays as it is. */
export const materialLabel = (code: string): string => LABELS.get(code) ?? code

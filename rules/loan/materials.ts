import { obstacle, type Obstacle } from '../cases/obstacle.ts'

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

/** Whether the loan's checklist has this material. */
export const isLoanMaterial = (code: string): code is LoanMaterial => LABELS.has(code)

/** A document as far as the checklist asks: what it was handed in as, and what whoever compared it with the original has found. */
export interface FiledMaterial {
  readonly material: string
  readonly checkState: 'UNCHECKED' | 'VERIFIED' | 'MISSING' | 'MISMATCH'
}

/**
 * 申请材料齐全、符合法定形式. To accept is to certify it, so each material that is required has been handed in and found good, and none of
 * it waits to be looked at. What was found wanting does no harm once a better one lies beside it. All that is lacking is named at once.
 */
export function materialsComplete(filed: readonly FiledMaterial[]): readonly Obstacle[] {
  const required = LOAN_MATERIALS.filter((one) => one.required)
  const of = (code: string) => filed.filter(({ material }) => material === code).map(({ checkState }) => checkState)
  const named = (what: string, lacking: (states: readonly FiledMaterial['checkState'][]) => boolean): Obstacle[] => {
    const labels = required.filter(({ code }) => lacking(of(code))).map(({ label }) => label)
    return labels.length === 0 ? [] : [obstacle('RULES_REFUSE', `${what}：${labels.join('、')}`)]
  }
  return [
    ...named('申请材料未提交', (states) => states.length === 0),
    ...named('申请材料尚未核对', (states) => states.includes('UNCHECKED')),
    ...named(
      '申请材料核对为缺或者不符',
      (states) => states.length > 0 && !states.some((state) => state === 'VERIFIED' || state === 'UNCHECKED'),
    ),
  ]
}

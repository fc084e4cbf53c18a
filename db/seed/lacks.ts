import type { LoanMaterial } from '#rules/loan/materials.ts'
import type { Random } from './random.ts'

/** What is wrong with a material: it is not there, pages of it are not there, or it says something else than the rest. */
export interface Lack {
  readonly material: LoanMaterial
  readonly state: 'ABSENT' | 'MISSING' | 'MISMATCH'
  readonly reason: string
}

/** What a notice asks for: two things at a time, as one hand would have found them. */
const NOTICES: readonly (readonly Lack[])[] = [
  [
    { material: 'INCOME', state: 'MISMATCH', reason: '未注明任职起始时间，无法核对缴存与任职是否一致' },
    { material: 'DOWN_PAYMENT', state: 'ABSENT', reason: '未提交购房首付款发票，只有收据，不能作为首付款凭证' },
  ],
  [
    { material: 'MARRIAGE', state: 'MISSING', reason: '缺配偶签名页' },
    { material: 'INCOME', state: 'MISMATCH', reason: '所载月收入与缴存基数相差较大，请单位书面说明' },
  ],
  [
    { material: 'MARRIAGE', state: 'MISSING', reason: '结婚证缺登记机关盖章页，无法核对登记日期' },
    { material: 'DOWN_PAYMENT', state: 'MISMATCH', reason: '发票金额与申请表所填首付款不一致' },
  ],
  [
    { material: 'REPAYMENT_CARD', state: 'MISMATCH', reason: '还款卡户名与借款人姓名不一致，须提供借款人本人的一类户' },
    { material: 'IDENTITY', state: 'MISSING', reason: '身份证复印件缺反面，无法核对有效期' },
  ],
]

/** What a reviewer sends a case back for. */
const RETURNS: readonly Lack[] = [
  { material: 'CONTRACT', state: 'MISMATCH', reason: '收款账户户名与备案合同不一致，请与开发企业核对后更正' },
  { material: 'CONTRACT', state: 'MISMATCH', reason: '申请表所填建筑面积与备案合同不符，请更正申请表' },
  { material: 'DOWN_PAYMENT', state: 'MISMATCH', reason: '首付款凭证的付款人不是借款人或其配偶，请核实资金来源' },
  { material: 'REPAYMENT_CARD', state: 'MISMATCH', reason: '还款卡开户行与受委托银行不一致，请更换或者更正' },
]

export interface Lacks {
  readonly notice: readonly Lack[]
  readonly returned: Lack
}

/** What would be found wanting in this case, if its way leads there. */
export const drawLacks = (random: Random): Lacks => ({ notice: random.pick(NOTICES), returned: random.pick(RETURNS) })

import type { ResultOf } from '#contracts/machine/message.ts'
import type { signingCheck } from '#contracts/machine/bank.ts'

type Signing = Pick<ResultOf<typeof signingCheck>, 'repaymentCard' | 'debitAgreement' | 'receivingAccount'>

/** What an account is found to be, in an officer's words; null where it is in order. */
const CARD: Readonly<Record<Signing['repaymentCard'], string | null>> = {
  ACTIVE: null,
  DORMANT: '长期不动户，首期扣款将失败',
  CLOSED: '已销户或被冻结',
  NAME_MISMATCH: '户名与卡号不符',
  NOT_FOUND: '卡号不存在',
}
const RECEIVING: Readonly<Record<Signing['receivingAccount'], string | null>> = {
  VALID: null,
  FROZEN: '被冻结',
  CLOSED: '已销户',
  NAME_MISMATCH: '户名与账号不符',
  NOT_FOUND: '账号不存在',
}

/** 签约核验. Can the loan be paid where the contract says, and collected from the card it names? Everything that stands against it. */
export function signingInOrder({ repaymentCard, debitAgreement, receivingAccount }: Signing): { readonly text: string }[] {
  const said = (what: string, words: string | null): { text: string }[] => (words === null ? [] : [{ text: `${what}：${words}` }])
  return [
    ...said('收款账户', RECEIVING[receivingAccount]),
    ...said('还款卡', CARD[repaymentCard]),
    ...said('委托扣款协议', debitAgreement === 'SIGNED' ? null : '尚未签订'),
  ]
}

import type { CaseState } from '#contracts/cases.ts'
import { readCase } from '#db/read/open-cases.ts'
import { businessTime } from '#db/read/time.ts'
import { caseState } from '#db/write/cases.ts'
import { keepSource } from '#db/write/loan.ts'
import { signingInOrder } from '#rules/loan/signing-in-order.ts'
import { moveCase } from '../case/move.ts'
import type { Parts } from '../parts.ts'
import { byMachine, inStage } from './in-stage.ts'
import { askOutside } from './outside.ts'
import { contractTerms, wordOf } from './security.ts'

/**
 * 签约核验: the entrusted bank looks at the repayment card, the debit agreement and the account that will receive the money. What it finds is
 * before those who countersign; it decides nothing, but what is not in order cannot be confirmed.
 */
export async function checkSigning(parts: Parts, caseId: string): Promise<CaseState> {
  const kase = await readCase(parts.db, caseId)
  if (kase.stage !== 'SIGNING_CHECK') return caseState(kase)
  const { today } = await businessTime(parts.db)
  const { application, contractNumber, borrower } = await contractTerms(parts, kase)
  const { repaymentCard, home } = application
  const { accountNumber: accountNo, ownerName, bankName } = home.receivingAccount
  const told = await askOutside(parts.ports, { businessDate: today, authorisationRef: caseId }).signing({
    contractNo: contractNumber,
    borrower,
    repaymentCardNo: repaymentCard.number,
    repaymentCardOwner: repaymentCard.ownerName,
    receivingAccount: { accountNo, ownerName, bankName },
  })
  const against = told.state === 'KNOWN' ? signingInOrder(told.value) : []
  const reply = wordOf(caseId, 'BANK_SIGNING', told, against, '还款卡、委托扣款协议和收款账户均无误')

  return inStage(parts, 'check-signing', caseId, ['SIGNING_CHECK'], async (tx, locked, time) => {
    if (locked.stage_version !== kase.stage_version) return locked
    await keepSource(tx, locked, reply)
    return (await moveCase(tx, locked, byMachine('check-signing', 'SIGNED', `受委托银行核验：${reply.content.summary}`), time)).kase
  })
}

import type { PlainDate } from '#contracts/dates.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { Reason } from '#contracts/verdict.ts'
import { reason } from '../reason-codes.ts'
import { known } from './rule.ts'

/**
 * 阶段性保证核验. Does the guarantee company stand for this contract, today still? A loan without a company is not asked about; a company that
 * does not answer is another rule's matter.
 */
export function suretyStands(surety: LoanFacts['surety'], today: PlainDate): readonly Reason[] {
  const told = surety && known(surety)
  if (!told) return []
  if (!told.committed) return [reason('GUARANTEE_DOUBTED', { answer: '未出具保证承诺' })]
  return told.validUntil !== null && told.validUntil < today
    ? [reason('GUARANTEE_DOUBTED', { answer: `承诺已于${told.validUntil}到期` })]
    : []
}

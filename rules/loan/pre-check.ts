import type { LoanAssessment } from '#contracts/loan-assessment.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { Reason } from '#contracts/verdict.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { effectOf, reason } from '../reason-codes.ts'
import { assessLoan } from './assess.ts'

export const CREDIT_BUREAU = '人民银行征信'

/** Why the bureau is not asked while the counter is still filling in the form: nobody has signed yet, and each question leaves a trace there. */
export const ASKED_AFTER_ACCEPTANCE = '受理后凭征信查询授权书查询'

/**
 * 预审. The same rules as the case itself. That the bureau is not asked before acceptance is no silence that a person would have to look into:
 * it stands as a note beside an outcome that is given without it.
 */
export function preCheckLoan(facts: LoanFacts, policy: PolicySnapshot): LoanAssessment {
  const found = assessLoan(facts, policy)
  const reasons = found.reasons.filter((one) => !isBureauLater(one))
  if (reasons.length === found.reasons.length) return found
  const outcome = reasons.some((one) => effectOf(one) === 'REFUSE') ? 'refused' : reasons.length > 0 ? 'manual' : 'approved'
  return { ...found, outcome, reasons, notes: [...found.notes, reason('CREDIT_ASKED_LATER', { source: CREDIT_BUREAU })] }
}

const isBureauLater = ({ code, figures }: Reason): boolean =>
  code === 'SOURCE_UNAVAILABLE' && figures['source'] === CREDIT_BUREAU && figures['cause'] === ASKED_AFTER_ACCEPTANCE

import { floorToStep, formatYuan, minFen, type Fen } from '#contracts/money.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { against, obstacle, type Obstacle } from '../cases/obstacle.ts'
import type { ReasonCode } from '../reason-codes.ts'
import { assessLoan } from './assess.ts'
import { loanCeilings } from './ceilings.ts'
import { homeOrder } from './home-order.ts'
import { loanRate } from './rate.ts'
import { loanTerm } from './term.ts'

/** What may be granted at most, by whomever. */
export interface Grantable {
  /** For the term that was asked about: a shorter one has higher instalments, which the household must bear, and perhaps another rate. */
  readonly amountFen: Fen
  /** The longest term there is. */
  readonly months: number
  /** Whether a loan below the smallest may be granted: that is a refusal which special approval lifts. */
  readonly belowMinimum: boolean
  /** The labels of the ceilings that bind. */
  readonly limits: string
}

/** The ceiling that says the same as a refusal: lifting the one would be nothing without the other. Every other ceiling binds. */
const CEILING_OF: Partial<Record<ReasonCode, string>> = { INCOME_INSUFFICIENT: 'REPAYMENT_CAPACITY' }

/**
 * 可贷金额与期限的上限. The ceilings are the committee's and the law's: they bind approver, deputy director and special approval alike,
 * whatever the verdict. A refusal that special approval may lift gives way together with the one ceiling that repeats it; the longest term
 * and the maximum of the loan never do.
 * @param wantedMonths the term that would be granted; the longest there is, when absent
 * @returns undefined while it is open how many homes there are: no ceiling can be told then, and nothing granted
 */
export function grantable(facts: LoanFacts, policy: PolicySnapshot, wantedMonths?: number): Grantable | undefined {
  const { order } = homeOrder(facts, policy)
  if (!order) return undefined
  const codes = new Set(assessLoan(facts, policy).reasons.map(({ code }) => code))
  const { applied } = facts
  const term = loanTerm(facts, policy)
  const longest = codes.has('NO_TERM_LEFT') ? Math.min(applied.months, policy.values.termMonthsMax.value) : term.months
  const months = Math.min(wantedMonths ?? longest, longest)
  const lifted = Object.entries(CEILING_OF).flatMap(([code, ceiling]) => (codes.has(code) ? [ceiling] : []))
  const { ceilings } = loanCeilings(facts, policy, { order, months, ratePercent: loanRate(policy, order, months).value })
  const binding = ceilings.filter(({ code }) => !lifted.includes(code))
  const lowest = binding.map(({ limitFen }) => limitFen).reduce((least, next) => minFen(least, next))
  const inWords = (code: string, label: string) =>
    code === 'REPAYMENT_CAPACITY' && months < longest ? `${label}，按${months}个月计` : label
  const limits = binding.flatMap(({ code, limitFen, label }) => (limitFen === lowest ? [inWords(code, label)] : [])).join('、')
  const amountFen = floorToStep(lowest, policy.values.amountStepFen.value)
  return { amountFen, months: longest, belowMinimum: codes.has('AMOUNT_BELOW_MINIMUM'), limits }
}

/** Do the terms stay within what may be granted, in whole steps (整千元) and no smaller than the smallest loan? */
export function withinTerms(
  terms: { readonly amountFen: bigint; readonly months: number },
  facts: LoanFacts,
  policy: PolicySnapshot,
): Obstacle[] {
  const most = grantable(facts, policy, terms.months)
  if (!most) return [obstacle('RULES_REFUSE', '购房地住房套数尚未查明或者已达上限，不能确定可贷的金额与期限')]
  const { amountFenMin, amountStepFen } = policy.values
  const { amountFen, months } = terms
  return [
    ...against(amountFen <= 0n, '金额须大于零'),
    ...against(amountFen > most.amountFen, `金额超过规则结论允许的上限${formatYuan(most.amountFen)}元（${most.limits}）`),
    ...against(amountFen % amountStepFen.value !== 0n, `金额须为${formatYuan(amountStepFen.value)}元的整数倍`),
    ...against(
      amountFen > 0n && amountFen < amountFenMin.value && !most.belowMinimum,
      `金额低于最低贷款额${formatYuan(amountFenMin.value)}元`,
    ),
    ...against(months > most.months, `期限超过规则结论允许的${most.months}个月`),
  ]
}

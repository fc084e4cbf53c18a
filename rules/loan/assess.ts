import { ZERO_FEN } from '#contracts/money.ts'
import type { LoanAssessment } from '#contracts/loan-assessment.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { Reason } from '#contracts/verdict.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { effectOf, reason } from '../reason-codes.ts'
import { ableToContract, ableToContractOfLoan1 } from './able-to-contract.ts'
import { verifiedByHand } from './by-hand.ts'
import { incomeCoversDebts } from './capacity.ts'
import { loanCeilings, type LoanCeilings } from './ceilings.ts'
import { creditworthy } from './creditworthy.ts'
import { contributionNotes, enoughContributions } from './enough-contributions.ts'
import { everySourceAnswered } from './every-source-answered.ts'
import { familyAsRegistered } from './family-as-registered.ts'
import { freeOfBansAndHolds, freeOfBansAndHoldsOfLoan1 } from './free-of-bans-and-holds.ts'
import { homeMayBeFinanced, paidWhereItBelongs } from './home-may-be-financed.ts'
import { homeOrder, homeOrderOfLoan1 } from './home-order.ts'
import { contractIsFiled, downPaymentReached, priceCounted } from './price.ts'
import { loanRate } from './rate.ts'
import type { LoanRule } from './rule.ts'
import { loanTerm, type LoanTerm } from './term.ts'

/** Every version that has ever judged a case: `loan-1` until what officers find out by hand became facts, `loan-2` since. */
export type LoanRuleVersion = 'loan-1' | 'loan-2'

/** Named in every recorded verdict. A rule whose meaning changes gets a new version beside this one. */
export const LOAN_RULE_VERSION: LoanRuleVersion = 'loan-2'

/** The questions that need no terms. Each is one file; the order is that of the letter. */
const QUESTIONS: readonly LoanRule[] = [
  ableToContract,
  enoughContributions,
  creditworthy,
  freeOfBansAndHolds,
  homeMayBeFinanced,
  contractIsFiled,
  paidWhereItBelongs,
  incomeCoversDebts,
  contributionNotes,
  everySourceAnswered,
]

/** Those that meant something else when `loan-1` judged. */
const IN_LOAN_1: ReadonlyMap<LoanRule, LoanRule> = new Map([
  [ableToContract, ableToContractOfLoan1],
  [freeOfBansAndHolds, freeOfBansAndHoldsOfLoan1],
])
const QUESTIONS_OF_LOAN_1 = QUESTIONS.map((question) => IN_LOAN_1.get(question) ?? question)

interface Rules {
  readonly questions: readonly LoanRule[]
  readonly homeOrder: typeof homeOrder
}

/** What a version judges by. What is not told apart here means the same in all of them, or cannot be met in the facts of the older ones. */
const RULES: Readonly<Record<LoanRuleVersion, Rules>> = {
  'loan-1': { questions: QUESTIONS_OF_LOAN_1, homeOrder: homeOrderOfLoan1 },
  'loan-2': { questions: [...QUESTIONS, familyAsRegistered, verifiedByHand], homeOrder },
}

/**
 * 住房公积金个人住房贷款审核. Whether, how much, how long and at which rate, by the policy of the snapshot's day (that of acceptance; the
 * rate is an estimate until release). Refused when one reason refuses; else manual when one question is open; else approved, perhaps for
 * less than was asked. Never automatic: officers decide, this is what they decide on.
 */
export function assessLoan(facts: LoanFacts, policy: PolicySnapshot, version: LoanRuleVersion = LOAN_RULE_VERSION): LoanAssessment {
  const rules = RULES[version]
  const { order, reasons: ofHomes } = rules.homeOrder(facts, policy)
  const term = loanTerm(facts, policy)
  const ratePercent = order && loanRate(policy, order, term.months).value
  const limits = order && ratePercent ? loanCeilings(facts, policy, { order, months: term.months, ratePercent }) : undefined
  const found = [
    ...rules.questions.flatMap((question) => question(facts, policy)),
    ...ofHomes,
    ...ofTerm(facts, term),
    ...(order ? downPaymentReached(facts, policy, order) : []),
    ...(limits ? ofAmount(facts, policy, limits) : []),
  ]
  const reasons = found.filter((one) => effectOf(one) !== 'NOTE')
  const outcome = outcomeOf(reasons)
  return {
    outcome,
    amountFen: outcome === 'refused' ? ZERO_FEN : (limits?.amountFen ?? ZERO_FEN),
    months: outcome === 'refused' ? 0 : term.months,
    ratePercent,
    homeOrder: order,
    ceilings: limits?.ceilings ?? [],
    reasons,
    notes: found.filter((one) => effectOf(one) === 'NOTE'),
    automaticAllowed: false,
  }
}

/** A known refusal stands whatever an open question would have answered. */
const outcomeOf = (reasons: readonly Reason[]): LoanAssessment['outcome'] => {
  if (reasons.some((one) => effectOf(one) === 'REFUSE')) return 'refused'
  return reasons.length > 0 ? 'manual' : 'approved'
}

function ofTerm({ applied }: LoanFacts, { months, limit }: LoanTerm): readonly Reason[] {
  if (months < 1) return [reason('NO_TERM_LEFT', { limit: limit.label }, ...limit.basis)]
  return months < applied.months
    ? [reason('TERM_LIMITED', { appliedMonths: applied.months, months, limit: limit.label }, ...limit.basis)]
    : []
}

function ofAmount(facts: LoanFacts, { values }: PolicySnapshot, { amountFen, limits, open }: LoanCeilings): readonly Reason[] {
  const { applied, home } = facts
  const minimumFen = values.amountFenMin.value
  const paidFen = home.downPaymentPaidFen
  const priceFen = priceCounted(facts)
  return [
    ...open,
    ...(amountFen < minimumFen ? [reason('AMOUNT_BELOW_MINIMUM', { amountFen, minimumFen, limits }, values.amountFenMin)] : []),
    ...(amountFen >= minimumFen && amountFen < applied.amountFen
      ? [reason('AMOUNT_LIMITED', { appliedFen: applied.amountFen, amountFen, limits })]
      : []),
    ...(paidFen + amountFen > priceFen ? [reason('PAID_OVER_PRICE', { paidFen, amountFen, priceFen })] : []),
  ]
}

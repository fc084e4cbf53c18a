import { MARITAL_STATUSES, HOME_ORDERS } from '#contracts/loan.ts'
import { minFen, type Fen } from '#contracts/money.ts'
import type { Ceiling, HomeOrder } from '#contracts/loan-assessment.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { Reason } from '#contracts/verdict.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { isReasonCode, reason, type ReasonCode } from '../reason-codes.ts'
import { assessLoan } from './assess.ts'
import { mortgageStands } from './mortgage-stands.ts'
import { loanRate } from './rate.ts'
import { known } from './rule.ts'
import { loanTerm } from './term.ts'

/** What an officer approved. */
export interface ApprovedTerms {
  readonly amountFen: Fen
  readonly months: number
  readonly ratePercent: string
  readonly homeOrder: HomeOrder
  /** The facts as they stood at approval. */
  readonly facts: LoanFacts
  /** Refusals that a special approval (特审) lifted: they do not come back at release. */
  readonly lifted: readonly string[]
}

/**
 * What a difference does: `VOID` ends the case, `REAPPROVE` sends it back to the approver, `PAUSE` waits until it is gone,
 * `CONTINUE` lets the money go, with new figures.
 */
export type Consequence = 'VOID' | 'REAPPROVE' | 'PAUSE' | 'CONTINUE'

export interface Difference {
  readonly reason: Reason
  readonly consequence: Consequence
}

export interface Recheck {
  /** The gravest consequence of all. */
  readonly consequence: Consequence
  readonly release: boolean
  readonly differences: readonly Difference[]
  /** Of the day of release: the schedule is made with it. */
  readonly ratePercent: string
}

/** Whatever is not named here goes back to the approver. */
const CONSEQUENCES: Partial<Record<ReasonCode, Consequence>> = {
  PERSON_DECEASED: 'VOID',
  ACCOUNT_RESTRICTED: 'PAUSE',
  CONTRIBUTION_NOT_NORMAL: 'PAUSE',
  CONTRIBUTION_SHORT: 'PAUSE',
  PROJECT_SUSPENDED: 'PAUSE',
  HOME_SEIZED: 'PAUSE',
  MORTGAGE_NOT_REGISTERED: 'PAUSE',
  MORTGAGE_CANCELLED: 'PAUSE',
  MORTGAGE_OTHER_HOME: 'PAUSE',
  MORTGAGE_OTHER_HOLDER: 'PAUSE',
  MORTGAGE_AMOUNT_DIFFERS: 'PAUSE',
  RECEIVING_ACCOUNT_WRONG: 'PAUSE',
  SOURCE_UNAVAILABLE: 'PAUSE',
  HOUSING_DEPARTMENT_NOT_ASKED: 'PAUSE',
  RATE_CHANGED: 'CONTINUE',
}

/**
 * 放款前复核. The same rules once more on fresh facts, under the policy that ruled the case, with the rate of the day of release.
 * @param contractFixesRate when the signed contract prints the rate, a new one needs a new signature and the release waits.
 */
export function recheckRelease(
  approved: ApprovedTerms,
  fresh: LoanFacts,
  { ruling, release, contractFixesRate }: { ruling: PolicySnapshot; release: PolicySnapshot; contractFixesRate: boolean },
): Recheck {
  const terms = { ...fresh.applied, amountFen: approved.amountFen, months: approved.months }
  const now = assessLoan({ ...fresh, applied: terms }, ruling)
  const ratePercent = loanRate(release, approved.homeOrder, approved.months).value
  const found = [
    ...now.reasons.filter(({ code }) => !approved.lifted.includes(code)),
    ...mortgageStands(fresh.mortgage, approved.amountFen),
    ...familyChanged(approved.facts, fresh),
    ...(now.homeOrder !== null && now.homeOrder !== approved.homeOrder
      ? [reason('HOME_ORDER_CHANGED', { before: HOME_ORDERS[approved.homeOrder], after: HOME_ORDERS[now.homeOrder] })]
      : []),
    ...ceilingsLowered(approved, assessLoan(approved.facts, ruling).ceilings, now.ceilings),
    ...termLowered(approved, loanTerm({ ...fresh, applied: terms }, ruling).months),
    ...(Number(ratePercent) === Number(approved.ratePercent)
      ? []
      : [reason('RATE_CHANGED', { before: approved.ratePercent, after: ratePercent })]),
  ]
  const differences = found.map((one): Difference => ({ reason: one, consequence: consequenceOf(one, contractFixesRate) }))
  const consequence = GRAVITY.find((grave) => differences.some((difference) => difference.consequence === grave)) ?? 'CONTINUE'
  return { consequence, release: consequence === 'CONTINUE', differences, ratePercent }
}

const GRAVITY: readonly Consequence[] = ['VOID', 'REAPPROVE', 'PAUSE', 'CONTINUE']

const consequenceOf = (one: Reason, contractFixesRate: boolean): Consequence => {
  if (one.code === 'RATE_CHANGED' && contractFixesRate) return 'PAUSE'
  return (isReasonCode(one.code) ? CONSEQUENCES[one.code] : undefined) ?? 'REAPPROVE'
}

/** Family is fixed at acceptance and verified again: who owes, and how many homes count, hang on it. */
function familyChanged(before: LoanFacts, fresh: LoanFacts): readonly Reason[] {
  const [then, now] = [known(before.family)?.maritalStatus, known(fresh.family)?.maritalStatus]
  if (!then || !now || then === now) return []
  return [reason('FAMILY_CHANGED', { before: MARITAL_STATUSES[then], after: MARITAL_STATUSES[now] })]
}

/** Withdrawals for the home, a lower filed price, new debts since the approval. What was granted above a ceiling stays granted. */
function ceilingsLowered({ amountFen: approvedFen }: ApprovedTerms, then: readonly Ceiling[], now: readonly Ceiling[]): readonly Reason[] {
  const limitThen = (code: string): bigint => then.find((one) => one.code === code)?.limitFen ?? approvedFen
  const lowered = now.filter(({ code, limitFen }) => limitFen < approvedFen && limitFen < limitThen(code))
  if (lowered.length === 0) return []
  const amountFen = lowered.map(({ limitFen }) => limitFen).reduce((least, next) => minFen(least, next))
  return [reason('CEILING_LOWERED', { approvedFen, amountFen, limits: lowered.map(({ label }) => label).join('、') })]
}

/** The ruling policy's day counts, so a birthday since then takes nothing away; a corrected birth date may. */
const termLowered = ({ months: approvedMonths }: ApprovedTerms, months: number): readonly Reason[] =>
  months < approvedMonths && months > 0 ? [reason('TERM_LOWERED', { approvedMonths, months })] : []

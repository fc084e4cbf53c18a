import { MARITAL_STATUSES, HOME_ORDERS } from '#contracts/loan.ts'
import { minFen, type Fen } from '#contracts/money.ts'
import type { Ceiling, HomeOrder } from '#contracts/loan-assessment.ts'
import type { LoanFacts, PersonFacts } from '#contracts/loan-facts.ts'
import type { Reason } from '#contracts/verdict.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { isReasonCode, mayBeLifted, reason, type ReasonCode } from '../reason-codes.ts'
import { assessLoan, type LoanRuleVersion } from './assess.ts'
import { marriageInWords } from './family-as-registered.ts'
import { homeIsClear, mortgageStands } from './mortgage-stands.ts'
import { loanRate } from './rate.ts'
import { known } from './rule.ts'
import { suretyStands } from './surety-stands.ts'
import { loanTerm } from './term.ts'

/** What an officer approved. */
export interface ApprovedTerms {
  readonly amountFen: Fen
  readonly months: number
  readonly ratePercent: string
  readonly homeOrder: HomeOrder
  /** The facts as they stood at approval. */
  readonly facts: LoanFacts
  /** Refusals that a special approval (特审) lifted: they do not come back at release, unless they have become graver. */
  readonly lifted: readonly LiftedReason[]
}

export interface LiftedReason {
  readonly code: string
  /** As they were when it was lifted. Absent in what `loan-1` judged, which lifted whatever the figures. */
  readonly figures?: Readonly<Record<string, unknown>>
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
  HOME_STILL_MORTGAGED: 'PAUSE',
  GUARANTEE_DOUBTED: 'PAUSE',
  RECEIVING_ACCOUNT_WRONG: 'PAUSE',
  SOURCE_UNAVAILABLE: 'PAUSE',
  HOUSING_DEPARTMENT_NOT_ASKED: 'PAUSE',
  RATE_CHANGED: 'CONTINUE',
  CONTRACT_RATE_DIFFERS: 'PAUSE',
}

/**
 * 放款前复核. The same rules once more on fresh facts, under the policy that ruled the case, with the rate of the day of release.
 * Where the signed contract prints a rate (`contractRatePercent`), another one needs a new signature and the release waits.
 */
export function recheckRelease(approved: ApprovedTerms, fresh: LoanFacts, { ruling, release, version }: RecheckPolicies): Recheck {
  const terms = { ...fresh.applied, amountFen: approved.amountFen, months: approved.months }
  const now = assessLoan({ ...asWorkedOut(approved.facts, fresh), applied: terms }, ruling, version)
  const ratePercent = loanRate(release, approved.homeOrder, approved.months).value
  const found = [
    // Whether the marriage is still what it was is asked below: what the register had against the form has been settled by hand.
    ...now.reasons.filter((one) => one.code !== 'FAMILY_CONTRADICTED' && !approved.lifted.some((lifted) => covers(lifted, one))),
    ...mortgageStands(fresh.mortgage, approved.amountFen),
    ...homeIsClear(fresh.home),
    ...suretyStands(fresh.surety, release.date),
    ...familyChanged(approved.facts, fresh),
    ...(now.homeOrder !== null && now.homeOrder !== approved.homeOrder
      ? [reason('HOME_ORDER_CHANGED', { before: HOME_ORDERS[approved.homeOrder], after: HOME_ORDERS[now.homeOrder] })]
      : []),
    ...ceilingsLowered(approved, assessLoan(approved.facts, ruling, version).ceilings, now.ceilings),
    ...termLowered(approved, loanTerm({ ...fresh, applied: terms }, ruling).months),
    ...(Number(ratePercent) === Number(approved.ratePercent)
      ? []
      : [reason('RATE_CHANGED', { before: approved.ratePercent, after: ratePercent })]),
    ...(fresh.contractRatePercent === undefined || Number(fresh.contractRatePercent) === Number(ratePercent)
      ? []
      : [reason('CONTRACT_RATE_DIFFERS', { printed: fresh.contractRatePercent, after: ratePercent })]),
  ]
  const differences = found.map((one): Difference => ({ reason: one, consequence: consequenceOf(one) }))
  const consequence = GRAVITY.find((grave) => differences.some((difference) => difference.consequence === grave)) ?? 'CONTINUE'
  return { consequence, release: consequence === 'CONTINUE', differences, ratePercent }
}

/** A coefficient that somebody has worked out by hand stands until the money is paid: no source would tell it. */
function asWorkedOut(then: LoanFacts, fresh: LoanFacts): LoanFacts {
  const kept = ({ balanceCoefficientPercent }: PersonFacts) => (balanceCoefficientPercent ? { balanceCoefficientPercent } : {})
  return {
    ...fresh,
    borrower: { ...fresh.borrower, ...kept(then.borrower) },
    spouse: fresh.spouse && { ...fresh.spouse, ...(then.spouse ? kept(then.spouse) : {}) },
  }
}

/** Of the reasons on record those that a special approval lifts, with their figures: an open question is not lifted, and law gives way to nobody. */
export const liftable = (
  reasons: readonly { readonly code: string; readonly figures: Readonly<Record<string, unknown>> }[],
): LiftedReason[] => reasons.filter(({ code }) => mayBeLifted(code)).map(({ code, figures }) => ({ code, figures }))

/** What a check before release leaves on record. */
export const releaseResult = (
  { amountFen, months, homeOrder }: Pick<ApprovedTerms, 'amountFen' | 'months' | 'homeOrder'>,
  { release, ratePercent, differences }: Recheck,
) => {
  const reasons = differences.map((difference) => difference.reason)
  return {
    outcome: release ? ('approved' as const) : ('refused' as const),
    amountFen,
    months,
    ratePercent,
    homeOrder,
    ceilings: [],
    reasons: release ? [] : reasons,
    notes: release ? reasons : [],
  }
}

interface RecheckPolicies {
  readonly ruling: PolicySnapshot
  readonly release: PolicySnapshot
  /** The version of the rules that judges; the present one when absent. */
  readonly version?: LoanRuleVersion
}

/** Figures that grow worse upwards, and downwards. Those of the approved amount itself are asked as ceilings; any other must be the same. */
const WORSE_WHEN_HIGHER = ['overdueFen', 'overdueMonths', 'overdueTimes', 'neededFen', 'otherDebtFen']
const WORSE_WHEN_LOWER = ['months', 'paidFen', 'incomeFen']
const OF_THE_AMOUNT = ['amountFen', 'limits', 'priceFen']

/** Whether a lifted refusal is still the one that was lifted: of the same person, and no graver. */
function covers(lifted: LiftedReason, { code, figures }: Reason): boolean {
  const then = lifted.figures
  if (lifted.code !== code || !then) return lifted.code === code
  return Object.entries(figures).every(([name, now]) => {
    if (OF_THE_AMOUNT.includes(name)) return true
    const [before, after] = [String(then[name]), String(now)]
    if (WORSE_WHEN_HIGHER.includes(name)) return BigInt(after) <= BigInt(before)
    if (WORSE_WHEN_LOWER.includes(name)) return BigInt(after) >= BigInt(before)
    return after === before
  })
}

const GRAVITY: readonly Consequence[] = ['VOID', 'REAPPROVE', 'PAUSE', 'CONTINUE']

const consequenceOf = (one: Reason): Consequence => (isReasonCode(one.code) ? CONSEQUENCES[one.code] : undefined) ?? 'REAPPROVE'

/** Family is fixed at acceptance and verified again: who owes, and how many homes count, hang on it. */
function familyChanged(before: LoanFacts, fresh: LoanFacts): readonly Reason[] {
  const [then, now] = [known(before.family), known(fresh.family)]
  if (!then || !now) return []
  const [was, is] = [marriagesOf(then), marriagesOf(now)]
  const [first, last] = [was[0], is[0]]
  if (first && last) {
    if (was.some((one) => is.some((other) => one.state === other.state && one.spouseDeclared === other.spouseDeclared))) return []
    return [reason('FAMILY_CHANGED', { before: marriageInWords(first), after: marriageInWords(last) })]
  }
  if (then.maritalStatus === now.maritalStatus) return []
  return [reason('FAMILY_CHANGED', { before: MARITAL_STATUSES[then.maritalStatus], after: MARITAL_STATUSES[now.maritalStatus] })]
}

type Family = Extract<LoanFacts['family'], { state: 'KNOWN' }>['value']

/** What the register has said, and what a certificate has: either may be all there is, so the marriage stands while one of them still agrees. */
const marriagesOf = ({ registered, onPaper }: Family) => [registered, onPaper].filter((one) => one !== undefined)

/** Withdrawals for the home, a lower filed price, new debts since the approval. What special approval granted above one stays granted while it has not sunk. */
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

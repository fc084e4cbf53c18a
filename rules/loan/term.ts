import { addMonths, monthOf, monthsBetween, partsOf, type PlainDate } from '#contracts/dates.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { PolicySnapshot, PolicyValue } from '#policy/policy-at.ts'
import type { RetirementLadder } from '#policy/value-types.ts'

export interface TermLimit {
  readonly label: string
  readonly months: number
  readonly basis: readonly PolicyValue<unknown>[]
}

export interface LoanTerm {
  readonly months: number
  /** The limit that set it. */
  readonly limit: TermLimit
}

/** 贷款期限: the least of what is asked, the longest term, the borrower's age and, for a resale home, the age of the building. */
export function loanTerm(facts: LoanFacts, policy: PolicySnapshot): LoanTerm {
  const { termMonthsMax } = policy.values
  const asked: TermLimit = { label: '申请期限', months: facts.applied.months, basis: [] }
  const limits = [
    { label: '最长贷款期限', months: termMonthsMax.value, basis: [termMonthsMax] },
    ageLimit(facts, policy),
    ...buildingLimit(facts, policy),
  ]
  const limit = limits.reduce((least, next) => (next.months < least.months ? next : least), asked)
  return { months: Math.max(0, limit.months), limit }
}

/** Whole months until so long after statutory retirement. The borrower's own age counts, not the younger spouse's. */
function ageLimit({ borrower }: LoanFacts, { date, values }: PolicySnapshot): TermLimit {
  const { retirementAges, ageBeyondRetirementMonthsMax } = values
  const retiresAt = retirementAgeMonths(borrower.bornOn, retirementAges.value[borrower.retirementCategory])
  const lastDay = addMonths(borrower.bornOn, retiresAt + ageBeyondRetirementMonthsMax.value)
  return { label: '借款人年龄', months: wholeMonths(date, lastDay), basis: [retirementAges, ageBeyondRetirementMonthsMax] }
}

/** Statutory retirement in months of age: one more for every step of birth months since the reform begins, up to its end. */
export function retirementAgeMonths(bornOn: PlainDate, { ageMonths, slide }: RetirementLadder): number {
  const since = slide ? monthsBetween(slide.bornFrom, monthOf(bornOn)) : -1
  return slide && since >= 0 ? Math.min(slide.ageMonthsMax, ageMonths + Math.floor(since / slide.monthsPerStep) + 1) : ageMonths
}

/** Age of the building and term together stay within a limit, where the city publishes one. */
function buildingLimit({ home }: LoanFacts, { date, values }: PolicySnapshot): readonly TermLimit[] {
  const limit = values.resaleBuildingAndTermYearsMax
  if (!limit || home.kind !== 'RESALE' || home.builtYear === null) return []
  return [{ label: '房龄', months: (limit.value - (partsOf(date).year - home.builtYear)) * 12, basis: [limit] }]
}

function wholeMonths(from: PlainDate, to: PlainDate): number {
  const months = monthsBetween(monthOf(from), monthOf(to))
  return addMonths(from, months) <= to ? months : months - 1
}

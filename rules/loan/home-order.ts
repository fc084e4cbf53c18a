import type { HomeOrder } from '#contracts/loan-assessment.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { Reason } from '#contracts/verdict.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { reason } from '../reason-codes.ts'
import { known } from './rule.ts'

export interface HomeCount {
  /** Null while a source is silent, or when the household may not have another. */
  readonly order: HomeOrder | null
  readonly reasons: readonly Reason[]
}

/**
 * 住房套数与贷款次数认定（认本地房、认全国贷）. Homes are counted in the place of purchase, for borrower, spouse and minor children; none
 * makes a first home, one a second. Which registers count is each entity's own rule, as is whether earlier fund loans do.
 */
export function homeOrder(facts: LoanFacts, policy: PolicySnapshot): HomeCount {
  const { homes, open } = homesCounted(facts, policy)
  const reasons = [...open, ...tooManyHomes(homes, policy), ...tooManyLoans(facts, policy)]
  const order = homes === 0 ? 'first' : homes === 1 && policy.values.homesInPlaceMax.value >= 1 ? 'second' : null
  return { order, reasons }
}

/** With two registers the higher count holds: each may miss a home that the other has, and their lists cannot be matched here. */
function homesCounted(facts: LoanFacts, { values }: PolicySnapshot): { homes: number | undefined; open: readonly Reason[] } {
  const registry = known(facts.homesInPlace)
  switch (values.homeCounting.value) {
    case 'REGISTRY':
      return { homes: registry, open: [] }
    case 'REGISTRY_AND_HOUSING_DEPARTMENT': {
      const department = known(facts.homesByHousingDepartment)
      if (department === null) return { homes: undefined, open: [reason('HOUSING_DEPARTMENT_NOT_ASKED', {}, values.homeCounting)] }
      const both = registry !== undefined && department !== undefined
      return { homes: both ? Math.max(registry, department) : undefined, open: [] }
    }
  }
}

const tooManyHomes = (homes: number | undefined, { values }: PolicySnapshot): readonly Reason[] =>
  homes !== undefined && homes > values.homesInPlaceMax.value ? [reason('HOME_THIRD', { homes }, values.homesInPlaceMax)] : []

function tooManyLoans(facts: LoanFacts, { values }: PolicySnapshot): readonly Reason[] {
  const loans = known(facts.fundLoans)
  if (!loans) return []
  const { loansUsedMax, loansOutstandingMax } = values
  return [
    ...(loansUsedMax && loans.used > loansUsedMax.value ? [reason('LOANS_USED_UP', { loansUsed: loans.used }, loansUsedMax)] : []),
    ...(loans.outstanding > loansOutstandingMax.value
      ? [reason('LOAN_OUTSTANDING', { loansOutstanding: loans.outstanding }, loansOutstandingMax)]
      : []),
  ]
}

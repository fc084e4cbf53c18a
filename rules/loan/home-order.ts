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
export const homeOrder = (facts: LoanFacts, policy: PolicySnapshot): HomeCount => orderOf(homesFound(facts, policy), facts, policy)

/** As `loan-1` had it: while one of two registers was silent, what the other one had found counted for nothing. */
export const homeOrderOfLoan1 = (facts: LoanFacts, policy: PolicySnapshot): HomeCount => {
  const found = homesFound(facts, policy)
  return orderOf(found.complete ? found : { ...found, homes: undefined }, facts, policy)
}

interface HomesFound {
  /** The highest count of those that answered; undefined when none did. */
  readonly homes: number | undefined
  /** Every register that counts has answered: there are not more. */
  readonly complete: boolean
  readonly open: readonly Reason[]
}

function orderOf({ homes, complete, open }: HomesFound, facts: LoanFacts, policy: PolicySnapshot): HomeCount {
  const reasons = [...open, ...tooManyHomes(homes, policy), ...tooManyLoans(facts, policy)]
  const counted = complete ? homes : undefined
  const order = counted === 0 ? 'first' : counted === 1 && policy.values.homesInPlaceMax.value >= 1 ? 'second' : null
  return { order, reasons }
}

/**
 * With two registers the higher count holds: each may miss a home that the other has, and their lists cannot be matched here. What one of
 * them has found is too many whatever the other would have said.
 */
function homesFound(facts: LoanFacts, { values }: PolicySnapshot): HomesFound {
  const registry = known(facts.homesInPlace)
  switch (values.homeCounting.value) {
    case 'REGISTRY':
      return { homes: registry, complete: registry !== undefined, open: [] }
    case 'REGISTRY_AND_HOUSING_DEPARTMENT': {
      const department = known(facts.homesByHousingDepartment)
      const open = department === null ? [reason('HOUSING_DEPARTMENT_NOT_ASKED', {}, values.homeCounting)] : []
      const counts = [registry, department].filter((count) => typeof count === 'number')
      return { homes: counts.length === 0 ? undefined : Math.max(...counts), complete: counts.length === 2, open }
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

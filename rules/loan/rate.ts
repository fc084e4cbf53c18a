import type { HomeOrder } from '#contracts/loan-assessment.ts'
import type { PolicySnapshot, PolicyValue } from '#policy/policy-at.ts'

/** 贷款利率 of a contract term (five years belong to the lower bucket) and home order. The policy of the day of release decides. */
export function loanRate({ values }: PolicySnapshot, order: HomeOrder, months: number): PolicyValue<string> {
  const short = months <= values.rateShortMonthsMax.value
  if (order === 'first') return short ? values.rateFirstShortPercent : values.rateFirstLongPercent
  return short ? values.rateSecondShortPercent : values.rateSecondLongPercent
}

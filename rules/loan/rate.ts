import type { HomeOrder } from '#contracts/loan-assessment.ts'
import type { PolicySnapshot, PolicyValue } from '#policy/policy-at.ts'

/**
 * 缩期后的利率. Does a loan that is shortened below five years move to the lower bucket? Cities differ; `KEEP` stays with the contract's own term.
 * @param monthsAfter the whole term after shortening, from the day of release
 */
export function rateAfterShortening(
  policy: PolicySnapshot,
  order: HomeOrder,
  { contractMonths, monthsAfter }: { contractMonths: number; monthsAfter: number },
): PolicyValue<string> {
  return loanRate(policy, order, policy.values.bucketOnShorten.value === 'RECLASSIFY' ? monthsAfter : contractMonths)
}

/** 贷款利率 of a contract term (five years belong to the lower bucket) and home order. The policy of the day of release decides. */
export function loanRate({ values }: PolicySnapshot, order: HomeOrder, months: number): PolicyValue<string> {
  const short = months <= values.rateShortMonthsMax.value
  if (order === 'first') return short ? values.rateFirstShortPercent : values.rateFirstLongPercent
  return short ? values.rateSecondShortPercent : values.rateSecondLongPercent
}

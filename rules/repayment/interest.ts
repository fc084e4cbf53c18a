import { divideHalfUp, fen, type Fen } from '#contracts/money.ts'

/** Interest of whole months: balance × rate ÷ 12 × months, half up to the fen. The month has 30 days and the year 360. */
export const monthsInterest = (balanceFen: Fen, ratePercent: string, months: number): Fen =>
  daysInterest(balanceFen, ratePercent, months * 30)

/** Interest of so many days: balance × rate ÷ 360 × days, half up to the fen. */
export function daysInterest(balanceFen: Fen, ratePercent: string, days: number): Fen {
  return interestOf(balanceFen, [{ ratePercent, days }])
}

/** Interest of a period in which the rate changed: the parts are added exactly and rounded once. */
export function interestOf(balanceFen: Fen, spans: readonly { readonly ratePercent: string; readonly days: number }[]): Fen {
  const rateDays = spans.reduce((sum, span) => sum + rateUnits(span.ratePercent) * BigInt(span.days), 0n)
  return fen(divideHalfUp(balanceFen * rateDays, 360n * 100n * UNITS_PER_PERCENT))
}

/** A rate keeps at most four decimals of a percent, so it is a whole number of ten-thousandths. */
const UNITS_PER_PERCENT = 10_000n

/** `"2.6"` → 26000. @throws RangeError for anything but plain decimal text with at most four decimals. */
export function rateUnits(ratePercent: string): bigint {
  const match = /^(\d{1,3})(?:\.(\d{1,4}))?$/.exec(ratePercent)
  if (!match) throw new RangeError(`not a rate: ${ratePercent}`)
  return BigInt(match[1] ?? '') * UNITS_PER_PERCENT + BigInt((match[2] ?? '').padEnd(4, '0'))
}

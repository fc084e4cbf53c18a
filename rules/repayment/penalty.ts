import { divideHalfUp, fen, type Fen } from '#contracts/money.ts'
import { rateUnits } from './interest.ts'

export interface OverdueInstalment {
  readonly principalFen: Fen
  readonly interestFen: Fen
  readonly ratePercent: string
  /** From the due date to the day before payment. */
  readonly days: number
}

export interface PenaltyTerms {
  readonly penaltyBase: 'PRINCIPAL_ONLY' | 'PRINCIPAL_AND_INTEREST'
  /** 150: half as much again as the contract rate, in its place and not on top of it. */
  readonly penaltyPercentOfRate: number
}

/** Penalty interest (罚息) of one overdue instalment: base × rate × share ÷ 360 × days, half up to the fen. */
export function penaltyInterest(overdue: OverdueInstalment, terms: PenaltyTerms): Fen {
  const baseFen = overdue.principalFen + (terms.penaltyBase === 'PRINCIPAL_AND_INTEREST' ? overdue.interestFen : 0n)
  const dividend = baseFen * rateUnits(overdue.ratePercent) * BigInt(terms.penaltyPercentOfRate) * BigInt(overdue.days)
  return fen(divideHalfUp(dividend, 360n * 100n * 100n * 10_000n))
}

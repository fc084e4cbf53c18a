import { Decimal } from 'decimal.js'
import { fen, type Fen } from '#contracts/money.ts'

export type RepaymentMethod = 'EQUAL_INSTALMENT' | 'EQUAL_PRINCIPAL'

/** Powers of (1 + i) need more than money does; 50 digits are far beyond a fen. A private copy: no global setting. */
const Exact = Decimal.clone({ precision: 50, rounding: Decimal.ROUND_HALF_UP })
const exact = (amount: bigint): Decimal => new Exact(amount.toString())
const toFenHalfUp = (amount: Decimal): Fen => fen(BigInt(amount.toFixed(0, Decimal.ROUND_HALF_UP)))
const toFenDown = (amount: Decimal): Fen => fen(BigInt(amount.toFixed(0, Decimal.ROUND_DOWN)))
const monthlyRate = (ratePercent: string): Decimal => new Exact(ratePercent).div(1200)

/** Equal instalment (等额本息月还款额): P·i·(1+i)^n ÷ ((1+i)^n − 1), half up to the fen; P ÷ n where the rate is zero. */
export function equalInstalment(principalFen: Fen, ratePercent: string, months: number): Fen {
  return toFenHalfUp(exact(principalFen).mul(instalmentShare(ratePercent, months)))
}

/** The first instalment, the dearest one: what a household must be able to bear. */
export function firstInstalment(method: RepaymentMethod, principalFen: Fen, ratePercent: string, months: number): Fen {
  return toFenHalfUp(exact(principalFen).mul(firstShare(method, ratePercent, months)))
}

/** The largest principal whose first instalment does not exceed an amount, down to the fen (还款能力对应的贷款额). */
export function principalFor(method: RepaymentMethod, instalmentFen: Fen, ratePercent: string, months: number): Fen {
  return toFenDown(exact(instalmentFen).div(firstShare(method, ratePercent, months)))
}

const firstShare = (method: RepaymentMethod, ratePercent: string, months: number): Decimal =>
  method === 'EQUAL_INSTALMENT' ? instalmentShare(ratePercent, months) : new Exact(1).div(months).add(monthlyRate(ratePercent))

/** The instalment per fen of principal. */
function instalmentShare(ratePercent: string, months: number): Decimal {
  const rate = monthlyRate(ratePercent)
  if (rate.isZero()) return new Exact(1).div(months)
  const growth = rate.add(1).pow(months)
  return rate.mul(growth).div(growth.sub(1))
}

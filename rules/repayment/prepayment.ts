import { divideHalfUp, fen, subtractFen, type Fen } from '#contracts/money.ts'
import { daysInterest } from './interest.ts'
import { equalInstalment, type RepaymentMethod } from './instalment.ts'

/** A loan after its last paid instalment. `monthlyFen` is the instalment, or the monthly principal of an equal-principal loan. */
export interface RunningLoan {
  readonly balanceFen: Fen
  readonly ratePercent: string
  readonly monthsLeft: number
  readonly method: RepaymentMethod
  readonly monthlyFen: Fen
}

/** Interest on the prepaid part from the last due date to the day of prepayment (《民法典》第六百七十七条: by the actual period). */
export const prepaymentInterest = (prepaidFen: Fen, ratePercent: string, daysSinceDue: number): Fen =>
  daysInterest(prepaidFen, ratePercent, daysSinceDue)

/** Reduce (减额): the months stay, the instalment is computed anew on what is left. */
export function reduceInstalment(loan: RunningLoan, prepaidFen: Fen): RunningLoan {
  const balanceFen = remaining(loan, prepaidFen)
  return { ...loan, balanceFen, monthlyFen: monthlyOver({ ...loan, balanceFen }, loan.monthsLeft) }
}

/**
 * Shorten (缩期): the fewest months whose instalment does not exceed today's. `RECOMPUTE` then spreads the balance evenly over them,
 * `KEEP` goes on with today's instalment and lets the last one be smaller.
 */
export function shortenTerm(loan: RunningLoan, prepaidFen: Fen, shortenedInstalment: 'RECOMPUTE' | 'KEEP'): RunningLoan {
  const balanceFen = remaining(loan, prepaidFen)
  const monthsLeft = fewestMonths({ ...loan, balanceFen })
  const monthlyFen = shortenedInstalment === 'KEEP' ? loan.monthlyFen : monthlyOver({ ...loan, balanceFen }, monthsLeft)
  return { ...loan, balanceFen, monthsLeft, monthlyFen }
}

/** @throws RangeError unless something is prepaid and something left: settling in full is another act. */
function remaining(loan: RunningLoan, prepaidFen: Fen): Fen {
  if (prepaidFen <= 0n || prepaidFen >= loan.balanceFen) throw new RangeError('a partial prepayment lies between zero and the balance')
  return subtractFen(loan.balanceFen, prepaidFen)
}

const monthlyOver = ({ balanceFen, ratePercent, method }: RunningLoan, months: number): Fen =>
  method === 'EQUAL_INSTALMENT' ? equalInstalment(balanceFen, ratePercent, months) : fen(divideHalfUp(balanceFen, BigInt(months)))

/** The instalment falls as months rise, so halving the range finds the border; the months left always suffice. */
function fewestMonths(loan: RunningLoan): number {
  let [tooFew, enough] = [0, loan.monthsLeft]
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2)
    if (monthlyOver(loan, middle) <= loan.monthlyFen) enough = middle
    else tooFew = middle
  }
  return enough
}

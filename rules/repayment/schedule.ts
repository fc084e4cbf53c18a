import { addFen, divideHalfUp, fen, minFen, subtractFen, ZERO_FEN, type Fen } from '#contracts/money.ts'
import { monthsInterest } from './interest.ts'
import { equalInstalment, type RepaymentMethod } from './instalment.ts'

export interface Instalment {
  readonly no: number
  readonly amountFen: Fen
  readonly principalFen: Fen
  readonly interestFen: Fen
  /** Balance after this instalment. */
  readonly closingFen: Fen
}

export interface ScheduleTerms {
  readonly principalFen: Fen
  /** Yearly, decimal text in percent. */
  readonly ratePercent: string
  readonly months: number
  readonly method: RepaymentMethod
}

/**
 * The plan of a loan in full months at one rate (还款计划). Each interest amount is rounded half up, the instalment (or the monthly
 * principal) as well, and the last instalment takes what is left.
 */
export function repaymentSchedule(terms: ScheduleTerms): readonly Instalment[] {
  const pace = paceOf(terms)
  const instalments: Instalment[] = []
  let balanceFen = terms.principalFen
  for (let no = 1; no <= terms.months; no += 1) {
    const instalment = nextInstalment({
      no,
      balanceFen,
      interestFen: monthsInterest(balanceFen, terms.ratePercent, 1),
      pace,
      last: no === terms.months,
    })
    instalments.push(instalment)
    balanceFen = instalment.closingFen
  }
  return instalments
}

/** What stays the same from month to month: the instalment, or the principal within it. */
export type Pace = { readonly instalmentFen: Fen } | { readonly principalFen: Fen }

/** What is paid alike each month, rounded half up to the fen; the last instalment takes up the difference. */
export const paceOf = ({ principalFen, ratePercent, months, method }: ScheduleTerms): Pace =>
  method === 'EQUAL_INSTALMENT'
    ? { instalmentFen: equalInstalment(principalFen, ratePercent, months) }
    : { principalFen: fen(divideHalfUp(principalFen, BigInt(months))) }

/** One step of any plan. Principal is never negative and never more than what is owed. */
export function nextInstalment(step: { no: number; balanceFen: Fen; interestFen: Fen; pace: Pace; last: boolean }): Instalment {
  const { no, balanceFen, interestFen, pace, last } = step
  const planned = 'instalmentFen' in pace ? subtractFen(pace.instalmentFen, interestFen) : pace.principalFen
  const principalFen = last ? balanceFen : minFen(planned < 0n ? ZERO_FEN : planned, balanceFen)
  return { no, amountFen: addFen(principalFen, interestFen), principalFen, interestFen, closingFen: subtractFen(balanceFen, principalFen) }
}

/** One-off repayment at the end (一次性还本付息), for loans of a year or less. @throws RangeError beyond twelve months. */
export function oneOffRepayment(principalFen: Fen, ratePercent: string, months: number): Instalment {
  if (months < 1 || months > 12) throw new RangeError('one-off repayment is for loans of a year or less')
  const interestFen = monthsInterest(principalFen, ratePercent, months)
  return { no: 1, amountFen: addFen(principalFen, interestFen), principalFen, interestFen, closingFen: ZERO_FEN }
}

/** Interest over the whole plan, in fen. */
export const totalInterest = (instalments: readonly Instalment[]): Fen => addFen(...instalments.map((one) => one.interestFen))
/** Everything that is paid over the whole plan, in fen. */
export const totalAmount = (instalments: readonly Instalment[]): Fen => addFen(...instalments.map((one) => one.amountFen))

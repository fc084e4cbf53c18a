import { addMonths, dateOf, daysBetween, partsOf, type PlainDate } from '#contracts/dates.ts'
import { addFen, type Fen } from '#contracts/money.ts'
import { daysInterest, interestOf, monthsInterest } from './interest.ts'
import type { RepaymentMethod } from './instalment.ts'
import { nextInstalment, paceOf, type Instalment, type Pace } from './schedule.ts'

/** A rate from its day on, as published; an existing loan takes it up on the next 1 January. */
export interface DatedRate {
  readonly effectiveOn: PlainDate
  readonly ratePercent: string
}

export interface LoanTerms {
  readonly principalFen: Fen
  readonly months: number
  readonly method: RepaymentMethod
  readonly releasedOn: PlainDate
  /** Day of the month, 1 to 31; a month without it takes its last day. */
  readonly repaymentDay: number
  /** Rates of the loan's own bucket and home order; one must be in force on the day of release. */
  readonly rates: readonly DatedRate[]
  readonly firstPeriod: 'ACTUAL_DAYS' | 'FULL_MONTH'
  readonly repricingSplit: 'WHOLE_PERIOD' | 'SPLIT_AT_JAN1'
}

export interface DatedInstalment extends Instalment {
  /** Nominal: whether a rest day moves it is for the calendar of that year to say. */
  readonly dueOn: PlainDate
  /** The rate from which the instalment is computed. */
  readonly ratePercent: string
}

/**
 * The plan of a released loan with its due dates, one a month from the month after release. Loans of more than a year take a new rate on
 * the 1 January after it was published, over the remaining months; loans of a year or less keep theirs to the end.
 */
export function datedSchedule(terms: LoanTerms): readonly DatedInstalment[] {
  const instalments: DatedInstalment[] = []
  let balanceFen = terms.principalFen
  let ratePercent = rateInYear(terms, partsOf(terms.releasedOn).year)
  let pace: Pace = paceOf({ ...terms, ratePercent })
  for (let no = 1; no <= terms.months; no += 1) {
    const dueOn = addMonths(terms.releasedOn, no, terms.repaymentDay)
    const earlier = ratePercent
    ratePercent = rateInYear(terms, partsOf(dueOn).year)
    if (ratePercent !== earlier) pace = paceOf({ ...terms, principalFen: balanceFen, ratePercent, months: terms.months - no + 1 })
    const interestFen =
      ratePercent === earlier ? monthsInterest(balanceFen, ratePercent, 1) : januaryInterest(balanceFen, dueOn, earlier, ratePercent, terms)
    const instalment = nextInstalment({ no, balanceFen, interestFen, pace, last: no === terms.months })
    instalments.push({ ...(no === 1 ? withBrokenPeriod(instalment, dueOn, earlier, terms) : instalment), dueOn, ratePercent })
    balanceFen = instalment.closingFen
  }
  return instalments
}

/** The rate that a loan pays in a calendar year: that of its release in the first, afterwards that in force on 1 January. */
function rateInYear({ rates, releasedOn, months }: LoanTerms, year: number): string {
  const keeps = months <= 12 || year === partsOf(releasedOn).year
  const day = keeps ? releasedOn : dateOf({ year, month: 1, day: 1 })
  const begun = rates.filter((rate) => rate.effectiveOn <= day).toSorted((a, b) => (a.effectiveOn < b.effectiveOn ? -1 : 1))
  const latest = begun.at(-1)
  if (!latest) throw new RangeError(`no rate in force on ${day}`)
  return latest.ratePercent
}

/** The period that ends in January, in days of a 30/360 year: those before 1 January at the old rate, if the contract splits it. */
function januaryInterest(balanceFen: Fen, dueOn: PlainDate, earlier: string, later: string, { repricingSplit }: LoanTerms): Fen {
  if (repricingSplit === 'WHOLE_PERIOD') return monthsInterest(balanceFen, later, 1)
  const daysInJanuary = Math.min(partsOf(dueOn).day, 30) - 1
  return interestOf(balanceFen, [
    { ratePercent: earlier, days: 30 - daysInJanuary },
    { ratePercent: later, days: daysInJanuary },
  ])
}

/**
 * A first period that is not a whole month is charged by actual days. Its principal stays that of the full month, so that every later
 * instalment is the same whatever the day of release.
 */
function withBrokenPeriod(instalment: Instalment, dueOn: PlainDate, ratePercent: string, terms: LoanTerms): Instalment {
  const wholeMonth = dueOn === addMonths(terms.releasedOn, 1)
  if (terms.firstPeriod === 'FULL_MONTH' || wholeMonth) return instalment
  const interestFen = daysInterest(terms.principalFen, ratePercent, daysBetween(terms.releasedOn, dueOn))
  return { ...instalment, interestFen, amountFen: addFen(instalment.principalFen, interestFen) }
}

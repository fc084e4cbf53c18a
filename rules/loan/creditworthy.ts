import { reason } from '../reason-codes.ts'
import { known, partiesOf, type LoanRule } from './rule.ts'

/** 信用状况. Nobody who will owe is in arrears now, has been for long or often, or is on the list of dishonest debtors. */
export const creditworthy: LoanRule = (facts, { values: { overdueRunMonthsMax, overdueTimesMax } }) =>
  partiesOf(facts).flatMap(({ who, person }) => {
    const credit = known(person.credit)
    const [runMax, timesMax] = [overdueRunMonthsMax.value, overdueTimesMax.value]
    return [
      ...(known(person.dishonestDebtor) ? [reason('DISHONEST_DEBTOR', { who })] : []),
      ...(credit && credit.overdueNowFen > 0n ? [reason('CREDIT_OVERDUE_NOW', { who, overdueFen: credit.overdueNowFen })] : []),
      ...(credit && credit.overdueRunMonths > runMax
        ? [reason('CREDIT_OVERDUE_RUN', { who, overdueMonths: credit.overdueRunMonths, overdueMonthsMax: runMax }, overdueRunMonthsMax)]
        : []),
      ...(credit && credit.overdueTimes24Months > timesMax
        ? [reason('CREDIT_OVERDUE_TIMES', { who, overdueTimes: credit.overdueTimes24Months, overdueTimesMax: timesMax }, overdueTimesMax)]
        : []),
    ]
  })

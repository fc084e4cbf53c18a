import { z } from 'zod'
import { plainDateText } from '../dates.ts'
import { fenText } from '../money.ts'
import { documentNumberText, head, operation, personRef, shortText } from './message.ts'

const count = z.number().int().min(0).max(10_000)

export const creditRecord = z.object({
  reportNo: z.string().min(4).max(60),
  /** Months in arrears, loans and cards together, in the 24 and 60 months before the report. */
  overdueMonthsIn24: count,
  overdueMonthsIn60: count,
  /** The longest run of months in arrears in the last 60. */
  longestOverdueMonths: count,
  currentOverdueFen: fenText,
  openLoans: count,
  openHousingLoans: count,
  outstandingFen: fenText,
  monthlyRepaymentFen: fenText,
  guaranteedFen: fenText,
})

export const dishonestRecord = z.discriminatedUnion('listed', [
  z.object({ listed: z.literal(true), court: shortText, orderNo: shortText, listedOn: plainDateText }),
  z.object({ listed: z.literal(false) }),
])

/** Credit report and list of dishonest debtors (征信报告、失信被执行人). `NO_RECORD`: the bureau's word that it keeps no file. */
export const creditReport = operation({
  counterpart: 'credit',
  path: '/reports',
  request: z.strictObject({ ...head, person: personRef }),
  result: z.object({
    subject: documentNumberText,
    credit: z.discriminatedUnion('state', [
      z.object({ state: z.literal('FOUND'), report: creditRecord }),
      z.object({ state: z.literal('NO_RECORD') }),
    ]),
    dishonestDebtor: dishonestRecord,
  }),
  concerns: (asked, told) => told.subject === asked.person.idNumber,
})

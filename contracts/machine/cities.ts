import { z } from 'zod'
import { plainDateText } from '../dates.ts'
import { fenText, positiveFenText } from '../money.ts'
import { documentNumberText, head, operation, personRef, shortText } from './message.ts'

export const fundLoanRecord = z.object({
  centre: shortText,
  contractNo: shortText,
  role: z.enum(['BORROWER', 'CO_BORROWER']),
  grantedOn: plainDateText,
  amountFen: positiveFenText,
  balanceFen: fenText,
  /** Null while the loan runs. A settled loan still counts as a loan once used. */
  settledOn: plainDateText.nullable(),
  overdueInstalments: z.number().int().min(0).max(360),
})

/**
 * Fund loans of a person in all cities (异地及全国贷款记录). The exchange asks every centre; those that did not answer are named,
 * and a history with a silent centre is not complete: no rule may read it as "no further loans".
 */
export const nationwideLoans = operation({
  counterpart: 'cities',
  path: '/loans',
  request: z.strictObject({ ...head, person: personRef }),
  result: z.object({ subject: documentNumberText, loans: z.array(fundLoanRecord).max(200), silentCentres: z.array(shortText).max(500) }),
  concerns: (asked, told) => told.subject === asked.person.idNumber,
})

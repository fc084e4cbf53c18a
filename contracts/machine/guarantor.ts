import { z } from 'zod'
import { plainDateText } from '../dates.ts'
import { positiveFenText } from '../money.ts'
import { documentNumberText, head, operation, personRef, shortText } from './message.ts'

/** Whether the guarantee company stands for this contract (担保确认), asked when the contract is signed. Idempotent by contract. */
export const confirmGuarantee = operation({
  counterpart: 'guarantor',
  path: '/commitments',
  request: z.strictObject({
    ...head,
    institutionId: shortText,
    contractNo: shortText,
    borrower: personRef,
    amountFen: positiveFenText,
  }),
  result: z.discriminatedUnion('state', [
    z.object({
      state: z.literal('COMMITTED'),
      contractNo: shortText,
      subject: documentNumberText,
      amountFen: positiveFenText,
      commitmentNo: shortText,
      validUntil: plainDateText,
    }),
    z.object({
      state: z.literal('DECLINED'),
      contractNo: shortText,
      subject: documentNumberText,
      reason: z.enum(['INSTITUTION_UNKNOWN', 'LIMIT_EXHAUSTED', 'BORROWER_DECLINED']),
    }),
  ]),
  concerns: (asked, told) =>
    told.contractNo === asked.contractNo &&
    told.subject === asked.borrower.idNumber &&
    (told.state === 'DECLINED' || told.amountFen === asked.amountFen),
})

import { z } from 'zod'
import { plainDateText, type PlainDate } from './dates.ts'
import type { Fen } from './money.ts'

/** What a bank says against a settled payment: that it has paid after all, or that the money has come back (退汇). */
export const BANK_CLAIMS = { PAID: '银行确已付款', RETURNED: '款项确已退回' } as const
export type BankClaim = keyof typeof BANK_CLAIMS

export const bankClaim = z.enum(Object.keys(BANK_CLAIMS) as [BankClaim, ...BankClaim[]])

/** What somebody has found (认定): awaited until a second person has confirmed or denied it. */
export const FINDING_STATES = { FOUND: '待确认', CONFIRMED: '已确认', DENIED: '已驳回' } as const
export type FindingState = keyof typeof FINDING_STATES

/** A payment of which the bank speaks otherwise than the record, with everything that decides whether the record may follow. */
export interface ClaimedPayment {
  readonly claim: BankClaim
  readonly paymentNo: number
  readonly amountFen: Fen
  readonly state: 'CREATED' | 'SENT' | 'ACCEPTED' | 'UNKNOWN' | 'SUCCEEDED' | 'FAILED'
  readonly orderedOn: PlainDate
  /** The bank's own day of its success. */
  readonly bookedOn: PlainDate | null
  /** Its voucher has been reversed before. */
  readonly reversed: boolean
  /** Other payments of the case that have not failed. */
  readonly others: readonly { readonly paymentNo: number; readonly settled: boolean }[]
  /** Where the case stands. */
  readonly stage: string
  readonly approvedFen: Fen | null
  /** The loan as it stands on the books; null where none does. */
  readonly loan: { readonly principalFen: Fen; readonly balanceFen: Fen; readonly state: string } | null
}

/** A finding as incidents page and case show it. */
export const findingView = z
  .strictObject({
    claim: bankClaim,
    bankReference: z.string(),
    bankDay: plainDateText,
    reason: z.string(),
    by: z.string().describe('认定人'),
    at: z.string(),
    state: z.enum(Object.keys(FINDING_STATES) as [FindingState, ...FindingState[]]),
    decided: z
      .strictObject({ by: z.string().nullable().describe('确认人；因情况已变而由系统终止的为空'), at: z.string(), remark: z.string() })
      .nullable(),
  })
  .meta({ id: 'PaymentFinding' })
export type FindingView = z.output<typeof findingView>

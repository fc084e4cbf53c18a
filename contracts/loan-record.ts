import type { PlainDate } from './dates.ts'
import type { Fen } from './money.ts'

/** What the record of a loan case says that opens or closes an action. */
export interface LoanRecord {
  readonly today: PlainDate
  readonly openWants: number
  readonly noticesSent: number
  readonly noticeDelivered: boolean
  /** Last day for the applicant's answer, while one is awaited. */
  readonly answerDueOn?: PlainDate
  readonly verdict?: { readonly outcome: 'approved' | 'refused' | 'manual'; readonly reasonCodes: readonly string[] }
  /** A preliminary reviewer has confirmed by hand what no source could answer. */
  readonly manuallyConfirmed: boolean
  /** What held the release is only that a source did not answer; nothing known speaks against it. */
  readonly heldForSilenceOnly: boolean
  readonly approvalValidTo?: PlainDate
  readonly amountFenMax?: Fen
  readonly monthsMax?: number
}

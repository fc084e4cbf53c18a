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
  /** The registry has not answered about the mortgage certificate; nothing known speaks against it. */
  readonly mortgageUnanswered: boolean
  readonly approvalValidTo?: PlainDate
  readonly amountFenMax?: Fen
  readonly monthsMax?: number
}

/** Where a case stands among those that are to be paid from the same account (轮候). Sums and a place: nothing of whose the others are. */
export interface QueueStanding {
  /** Among those that wait, by day of approval; the first is one. */
  readonly place: number
  readonly amountFen: Fen
  /** On the account and set aside for nobody. */
  readonly freeFen: Fen
  /** Asked for by others and not yet set aside: it goes with the cashier's next decision. */
  readonly askedFen: Fen
}

import type { PlainDate } from './dates.ts'
import type { ClaimedPayment } from './findings.ts'
import type { Fen } from './money.ts'
import type { Post } from './posts.ts'

/** Reasons that are questions: nobody knows yet, and nobody can lift what nobody knows. */
export const OPEN_QUESTIONS = ['SOURCE_UNAVAILABLE', 'FAMILY_CONTRADICTED', 'HOUSING_DEPARTMENT_NOT_ASKED', 'COEFFICIENT_NOT_PUBLISHED']

/** What the record of a loan case says that opens or closes an action. */
export interface LoanRecord {
  readonly today: PlainDate
  readonly openWants: number
  readonly noticesSent: number
  readonly noticeDelivered: boolean
  /** What has been handed in, each document with what was found when it was compared with the original. */
  readonly filed: readonly { readonly material: string; readonly checkState: 'UNCHECKED' | 'VERIFIED' | 'MISSING' | 'MISMATCH' }[]
  /** Last day for the applicant's answer, while one is awaited. */
  readonly answerDueOn?: PlainDate
  readonly verdict?: {
    readonly outcome: 'approved' | 'refused' | 'manual'
    readonly reasonCodes: readonly string[]
    /** What neither a source nor a person has answered, by its name. */
    readonly open: readonly string[]
    /** What an officer has found out in place of a silent source. */
    readonly byHand: readonly string[]
  }
  /** The day of the last check before release. */
  readonly releaseCheckedOn?: PlainDate
  /** What held the release is only that a source did not answer; nothing known speaks against it. */
  readonly heldForSilenceOnly: boolean
  /** The registry has not answered about the mortgage certificate; nothing known speaks against it. */
  readonly mortgageUnanswered: boolean
  /** What the bank has said of a payment of this case is against the record, and nobody has settled it; or nobody has looked at it yet. */
  readonly bankDoubt?: 'CONTRADICTED' | 'UNJUDGED'
  /** What somebody has found of a payment that the bank speaks against, while it awaits a second person. */
  readonly finding?: { readonly foundBy: readonly string[]; readonly payment: ClaimedPayment }
  readonly approvalValidTo?: PlainDate
  /** The level that granted the loan, while the grant stands. */
  readonly grantedBy?: Post
  /** Who last asked that the loan be ended, for whom, and in which stage. */
  readonly voidAsked?: { readonly by: readonly string[]; readonly from: string }
  /** What the entrusted bank and the guarantor said when the contract was signed. */
  readonly signing?: { readonly outcome: 'MATCHED' | 'MISMATCHED' | 'UNAVAILABLE'; readonly summary: string }
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

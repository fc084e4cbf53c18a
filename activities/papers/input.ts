import type { PlainDate } from '#contracts/dates.ts'
import type { Fen } from '#contracts/money.ts'

/**
 * Everything a paper prints, given by the caller: a paper looks nothing up and works nothing out. Plain data only, so that the input can be
 * recorded, hashed and printed again years later. Texts are in the reader's language and already masked where the reader must not see all.
 */
export type PaperInput = AcceptanceReceipt | NonAcceptanceNotice | SupplementNotice | ApprovalNotice | RefusalNotice | RepaymentPlan

export type PaperKind = PaperInput['kind']

/** What every paper carries, whatever it says. */
export interface PaperHead {
  /** The centre in full, 新乡市住房公积金管理中心: heading and signature. */
  readonly centreName: string
  /** 文号, 新公积金贷准〔2025〕12号: from the paper sequence of its kind and year. */
  readonly paperNumber: string
  /** 案号. */
  readonly caseNumber: string
  readonly addressee: string
  /** What was asked for, as it stands in a sentence: 住房公积金个人住房贷款. */
  readonly matter: string
  /** 落款日期, a business date. Also the date written into the file. */
  readonly issuedOn: PlainDate
  /** Provisions in full, 《住房公积金管理条例》第二十六条. Never empty. */
  readonly legalBasis: readonly string[]
  readonly parameters: PaperParameters
  readonly contact: { readonly office: string; readonly address: string; readonly phone: string }
  /** Who gets a copy; the number of copies is its length. */
  readonly copiesTo: readonly string[]
}

/** The parameter snapshot that ruled the case. `assumed` names the values in it that no document publishes, with the reason for each. */
export interface PaperParameters {
  readonly asOf: PlainDate
  readonly snapshotId: string
  readonly assumed: readonly string[]
}

/** One reason of a verdict as a letter prints it: the finding, its provision, the figures that were compared. */
export interface PaperReason {
  readonly text: string
  readonly article: string
  readonly figures: readonly { readonly label: string; readonly value: string }[]
}

/** 救济途径. Names and limits come from parameters: they differ by city and have changed with the law. */
export interface Remedy {
  /** Where the reasons are explained on request. */
  readonly explainedBy: string
  readonly reviewBody: string
  readonly reviewDays: number
  readonly court: string
  readonly courtMonths: number
  readonly legalBasis: string
}

export interface AcceptanceReceipt extends PaperHead {
  readonly kind: 'ACCEPTANCE_RECEIPT'
  readonly appliedOn: PlainDate
  readonly acceptedOn: PlainDate
  /** 10个工作日, with its unit. */
  readonly timeLimit: string
  /** Null while it hangs on a year whose calendar is not loaded: no day is guessed. */
  readonly decideBy: PlainDate | null
  readonly materials: readonly { readonly name: string; readonly form: string; readonly count: number }[]
  readonly receivedBy: string
}

export interface NonAcceptanceNotice extends PaperHead {
  readonly kind: 'NON_ACCEPTANCE'
  readonly appliedOn: PlainDate
  readonly reasons: readonly PaperReason[]
  readonly remedy: Remedy
}

export interface SupplementNotice extends PaperHead {
  readonly kind: 'SUPPLEMENT'
  readonly appliedOn: PlainDate
  /** Null before acceptance: nothing has been accepted yet, and no time for deciding runs. */
  readonly acceptedOn: PlainDate | null
  readonly wants: readonly { readonly item: string; readonly reason: string }[]
  /** The applicant's time from delivery, in calendar days; null where no period is set. The day itself hangs on the delivery. */
  readonly answerDays: number | null
  /** Why a second notice was needed at all; absent on the first, which should be the only one. */
  readonly secondNoticeReason?: string
}

export interface ApprovalNotice extends PaperHead {
  readonly kind: 'APPROVAL'
  readonly acceptedOn: PlainDate
  /** Borrower first; identity numbers masked. */
  readonly borrowers: readonly { readonly name: string; readonly idNumberMasked: string; readonly role: string }[]
  readonly property: string
  readonly amountFen: Fen
  readonly termMonths: number
  readonly annualRatePercent: string
  readonly repaymentMethod: string
  readonly firstInstalmentFen: Fen
  readonly security: string
  /** What must be done before the money is paid out. */
  readonly conditions: readonly string[]
  readonly validUntil: PlainDate
}

export interface RefusalNotice extends PaperHead {
  readonly kind: 'REFUSAL'
  readonly acceptedOn: PlainDate
  readonly askedFen: Fen
  readonly askedTermMonths: number
  readonly reasons: readonly PaperReason[]
  readonly remedy: Remedy
}

export interface RepaymentPlan extends PaperHead {
  readonly kind: 'REPAYMENT_PLAN'
  readonly contractNumber: string
  readonly borrower: string
  readonly principalFen: Fen
  readonly annualRatePercent: string
  readonly repaymentMethod: string
  readonly disbursedOn: PlainDate
  readonly repaymentAccountMasked: string
  readonly instalments: readonly Instalment[]
}

export interface Instalment {
  readonly period: number
  readonly dueOn: PlainDate
  readonly principalFen: Fen
  readonly interestFen: Fen
  readonly balanceFen: Fen
}

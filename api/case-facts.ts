import type { CaseView, VerdictView } from '#contracts/api/cases.ts'
import type { FindingView } from '#contracts/findings.ts'
import { maskHolder } from '#contracts/masking.ts'
import type { RecordedReason, RecordedResult } from '#contracts/recorded-verdict.ts'
import type * as pages from '#db/read/case-page.ts'
import type { FindingRow } from '#db/read/findings.ts'
import type { Obstacle } from '#rules/cases/obstacle.ts'
import { effectOf } from '#rules/reason-codes.ts'

type Rows<K extends keyof typeof pages> = Awaited<ReturnType<(typeof pages)[K]>>

const SOURCE_LABELS: Record<string, string> = {
  REGISTRY_HOMES: '不动产登记·家庭住房',
  HOUSING: '住房保障部门·家庭住房',
  REGISTRY_FILING: '不动产登记·网签备案',
  REGISTRY_SEIZURE: '不动产登记·查封与抵押',
  REGISTRY_MORTGAGE: '不动产登记·抵押登记证明',
  BANK_SIGNING: '受委托银行·签约核验',
  GUARANTEE: '担保公司·保证承诺',
  IDENTITY: '公安·身份核验',
  CREDIT: '人民银行征信',
  CIVIL: '民政与公安·婚姻与身份',
  CITIES: '全国公积金贷款记录',
}

const PERSON_WORDS: readonly (readonly [RegExp, (no: string) => string])[] = [
  [/_SPOUSE$/, () => '（配偶）'],
  [/_CO_BORROWER_(\d)$/, (no) => `（共同借款人${no}）`],
]

/** What was asked, and about whom where that is not the borrower. */
function sourceLabel(source: string): string {
  for (const [ending, words] of PERSON_WORDS) {
    const match = ending.exec(source)
    if (match) return `${SOURCE_LABELS[source.slice(0, match.index)] ?? source}${words(match[1] ?? '')}`
  }
  return SOURCE_LABELS[source] ?? source
}

const OUTCOME_WORDS = { MATCHED: '一致', MISMATCHED: '不一致', UNAVAILABLE: '未能取得，须人工核验' } as const

/** What the sources have said, in an officer's words; an answer found by hand stands among them, called that. */
export const presentSources = (rows: Rows<'readSources'>): CaseView['sources'] =>
  rows.map((row) => ({
    source: row.source,
    label: row.source.startsWith('HAND/') ? '人工核验' : sourceLabel(row.source),
    outcome: row.outcome,
    summary: summaryOf(row.content) ?? OUTCOME_WORDS[row.outcome],
    fetchedAt: row.fetched_at,
    authorisation: row.authorisation,
  }))

const summaryOf = (content: unknown): string | undefined =>
  typeof content === 'object' && content !== null && 'summary' in content && typeof content.summary === 'string'
    ? content.summary
    : undefined

type Result = Omit<VerdictView, 'kind' | 'snapshotId' | 'ruleVersion' | 'hash' | 'madeAt'>

/** A finding of the rules, recorded or only just made: screen, paper and replay print the same object. */
export function presentResult({ outcome, amountFen, months, ratePercent, homeOrder, ceilings, reasons, notes }: RecordedResult): Result {
  const found = { outcome, amountFen, months, ratePercent, homeOrder, ceilings: [...ceilings] }
  return { ...found, reasons: withEffects(reasons), notes: withEffects(notes) }
}

/** What a reason does to a case is the word of its code, not of the record. */
const withEffects = (reasons: readonly RecordedReason[]): Result['reasons'] => reasons.map((one) => ({ ...one, effect: effectOf(one) }))

/** What the rules found, each time they were asked. */
export const presentVerdicts = (rows: Rows<'readVerdicts'>): VerdictView[] =>
  rows.map((row) => ({
    ...presentResult(row.content.result),
    kind: row.kind,
    snapshotId: row.snapshot_id,
    ruleVersion: row.rule_version,
    hash: row.hash,
    madeAt: row.made_at,
  }))

/** What was handed in, each with why the caller may not compare it with the original, if they may not. */
export const presentDocuments = (
  rows: Rows<'readDocuments'>,
  against: (uploadedBy: string) => readonly Obstacle[],
): CaseView['documents'] =>
  rows.map((row) => ({
    documentId: row.document_id,
    material: row.material,
    name: row.name,
    mediaType: row.media_type,
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
    uploadedBy: row.uploader_name,
    uploadedAt: row.uploaded_at,
    checkState: row.check_state,
    checkRemark: row.check_remark,
    canCheck: openTo(against(row.uploaded_by)),
  }))

/** An act as the screen shows it: open, or closed with every reason. */
export const openTo = (against: readonly Obstacle[]) => ({
  allowed: against.length === 0,
  obstacles: against.map(({ code, text }) => ({ code, text })),
})

const PAPER_LABELS: Record<string, string> = {
  ACCEPTANCE_RECEIPT: '受理回执',
  NON_ACCEPTANCE: '不予受理通知书',
  SUPPLEMENT: '一次性告知书',
  APPROVAL: '准予贷款通知书',
  REFUSAL: '不准予贷款通知书',
  REPAYMENT_PLAN: '还款计划',
}

/** Papers by the names that are printed on them. */
export const presentPapers = (rows: Rows<'readPapers'>): CaseView['papers'] =>
  rows.map((row) => ({
    paperId: row.paper_id,
    kind: row.kind,
    label: PAPER_LABELS[row.kind] ?? row.kind,
    paperNumber: row.paper_number,
    issuedOn: row.issued_on,
    deliveredOn: row.delivered_on,
    sha256: row.sha256,
  }))

/** A payment as any list of payments shows it: whom, how much, how far it has come. */
export const presentPayment = (row: Rows<'readPayments'>[number]) => ({
  amountFen: String(row.amount_fen),
  payeeName: maskHolder(row.payee_name),
  payeeBank: row.payee_bank,
  payeeAccount: lastFour(row.payee_account_last4),
  state: row.state,
  bankReference: row.bank_reference,
  failure: row.failure,
  createdAt: row.created_at,
  settledAt: row.settled_at,
})

/** What was found of a payment, by whom, and who has confirmed it. */
export const presentFinding = (row: FindingRow): FindingView => ({
  claim: row.claim,
  bankReference: row.bank_reference,
  bankDay: row.bank_day,
  reason: row.reason,
  by: row.finder_name,
  at: row.found_at,
  state: row.state,
  decided: row.decided_at === null ? null : { by: row.decider_name, at: row.decided_at, remark: row.remark ?? '' },
})

/** Payments with everything that was heard of each; of the receiving account, the last four digits. */
export const presentPayments = (
  rows: Rows<'readPayments'>,
  events: Rows<'readPaymentEvents'>,
  findings: readonly FindingRow[],
): CaseView['payments'] =>
  rows.map((row) => ({
    ...presentPayment(row),
    paymentId: row.payment_id,
    paymentNo: row.payment_no,
    events: events
      .filter((event) => event.payment_id === row.payment_id)
      .map(({ state, source, detail, at }) => ({ state, source, detail, at })),
    findings: findings.filter((finding) => finding.payment_id === row.payment_id).map(presentFinding),
  }))

/** Of an account only the end is kept readable, and only that is shown. */
const lastFour = (last4: string): string => `**** ${last4}`

/** Postings gathered into vouchers, debit and credit apart as in a book. */
export function presentVouchers(rows: Rows<'readPostings'>): CaseView['vouchers'] {
  const vouchers = new Map<string, CaseView['vouchers'][number]>()
  for (const row of rows) {
    const voucher = vouchers.get(row.voucher_number) ?? {
      voucherNumber: row.voucher_number,
      bookedOn: row.booked_on,
      summary: row.summary,
      postings: [],
    }
    vouchers.set(row.voucher_number, voucher)
    voucher.postings.push({
      ledgerCode: row.ledger_code,
      ledgerName: row.ledger_name,
      subName: row.sub_name,
      debitFen: row.amount_fen > 0n ? String(row.amount_fen) : '0',
      creditFen: row.amount_fen < 0n ? String(-row.amount_fen) : '0',
    })
  }
  return [...vouchers.values()]
}

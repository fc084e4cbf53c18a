import type { PlainDate } from '#contracts/dates.ts'
import type { BankClaim } from '#contracts/findings.ts'
import { storedNotice, type PaymentStatus } from '#contracts/machine/bank.ts'
import { fen, formatYuan, type Fen } from '#contracts/money.ts'
import type { Db, Tx } from '#db/connect.ts'
import { fault, transact } from '#db/fault.ts'
import { businessTime } from '#db/read/time.ts'
import { raiseIncident } from '#db/write/incidents.ts'
import { callRelay } from '#db/write/outbox.ts'
import { noteNotice, takeNotice } from '#db/write/notices.ts'
import { learnPayment, lockPayment, type PaymentNews } from '#db/write/payments.ts'
import { claimOf, judgeBankWord, type RecordedPayment } from '#rules/loan/bank-word.ts'
import type { Parts } from '../parts.ts'
import { isBug, kindOfBug } from '../whose-fault.ts'

/** The bank's serial is the payment's own id: one number for ever, and a second sending under another is impossible by construction. */
export const serialOf = (paymentId: string): string => paymentId.toUpperCase()

export interface Standing {
  readonly settled: boolean
}

/** Whether a payment has ended. Nothing that is heard later changes it. */
export const isSettled = (state: string): boolean => state === 'SUCCEEDED' || state === 'FAILED'

export type BankWord =
  | { readonly state: 'ACCEPTED' }
  | { readonly state: 'SUCCEEDED'; readonly bankReference: string; readonly bookedOn: PlainDate }
  | { readonly state: 'FAILED'; readonly failure: string }
  | { readonly state: 'UNKNOWN'; readonly because: string }

const newsOf = (word: BankWord, source: string): PaymentNews => {
  if (word.state === 'SUCCEEDED')
    return {
      state: 'SUCCEEDED',
      source,
      detail: `银行流水 ${word.bankReference}，${word.bookedOn}入账`,
      bankReference: word.bankReference,
      bookedOn: word.bookedOn,
    }
  if (word.state === 'FAILED') return { state: 'FAILED', source, detail: word.failure, failure: word.failure }
  return { state: word.state, source, detail: word.state === 'UNKNOWN' ? word.because : '银行已受理，等待结果' }
}

/** Takes a word of the bank, from whichever way it came. What contradicts a settled payment flips nothing and stands on the incidents page. */
export const learn = (parts: Parts, paymentId: string, source: string, word: BankWord): Promise<Standing> =>
  transact(parts.db, 'payment-learnt', (tx) => learnIn(tx, paymentId, source, word))

/** The same in a transaction that does more. */
export async function learnIn(tx: Tx, paymentId: string, source: string, word: BankWord): Promise<Standing> {
  await takeWord(tx, paymentId, source, word)
  const payment = await lockPayment(tx, paymentId)
  return { settled: isSettled(payment.state) }
}

/** What is believed changes the payment; what is not stands on the incidents page, and the payment stays as it was. */
async function takeWord(
  tx: Tx,
  paymentId: string,
  source: string,
  word: BankWord,
  said?: { readonly amountFen: bigint; readonly reference: string },
): Promise<Taken> {
  const payment = await lockPayment(tx, paymentId)
  const { today } = await businessTime(tx)
  const doubted = doubtAbout(word, fen(said?.amountFen ?? payment.amount_fen), onRecord(payment), today)
  if (!doubted) {
    await learnPayment(tx, paymentId, newsOf(word, source))
    return 'TAKEN'
  }
  const { case_id: caseId, org_id: orgId } = payment
  await raiseIncident(tx, {
    kind: 'PAYMENT_CONTRADICTED',
    caseId,
    orgId,
    reference: said?.reference ?? paymentId,
    detail: `${SOURCES[source] ?? source}：${doubted.text}`,
    ...(doubted.claim ? { claim: { paymentId, claim: doubted.claim } } : {}),
  })
  return 'DOUBTED'
}

/** Why a word is not believed. That the bank has accepted ends nothing, so only its amount can be wrong. */
function doubtAbout(word: BankWord, amountFen: Fen, payment: RecordedPayment, today: PlainDate): Doubt | undefined {
  if (word.state === 'UNKNOWN') return undefined
  if (word.state === 'ACCEPTED')
    return amountFen === payment.amountFen ? undefined : { text: `银行称受理的金额${formatYuan(amountFen)}元与本笔划款不符` }
  const { outcome, text } = judgeBankWord({ ...word, amountFen }, payment, today)
  if (outcome === 'SETTLES' || outcome === 'AGREES') return undefined
  return outcome === 'CONTRADICTS' ? { text, claim: claimOf(word) } : { text }
}

interface Doubt {
  readonly text: string
  /** What is said against how the payment ended; absent where it is something else that cannot be believed. */
  readonly claim?: BankClaim
}

const onRecord = (payment: {
  amount_fen: bigint
  state: RecordedPayment['state']
  failure: string | null
  ordered_on: PlainDate
}): RecordedPayment => ({
  amountFen: fen(payment.amount_fen),
  state: payment.state,
  failure: payment.failure,
  orderedOn: payment.ordered_on,
})

const SOURCES: Readonly<Record<string, string>> = {
  submit: '银行对发送的答复',
  query: '银行对查询的答复',
  'day-file': '银行日终文件',
  notice: '银行通知',
}

/** Judged in one go; what comes while they are judged is the next one's. */
const NOTICES_MAX = 50

/**
 * Judges the notices that the bank has sent of its own accord, each as what it is: accepted, succeeded or failed. Whose case it is, whether it
 * is open, where it stands and whether the payment is its last: nothing of that matters, because money moves without asking. A word of another
 * amount, of an impossible day or against a settled state is an incident. Any number of workers may do this beside one another.
 * @returns how many were judged
 */
export async function judgeNotices(db: Db): Promise<number> {
  let judged = 0
  while (judged < NOTICES_MAX && (await judgeNext(db))) judged += 1
  return judged
}

async function judgeNext(db: Db): Promise<boolean> {
  let notice: Notice | undefined
  try {
    await db.transaction().execute(async (tx) => {
      notice = await takeNotice(tx)
      if (!notice) return
      await keepJudgement(tx, notice, await judge(tx, notice))
      await fault('notice-judged.before-commit')
    })
  } catch (error) {
    if (!notice || !isBug(error)) throw error
    await setAside(db, notice, `银行通知未能认定（${kindOfBug(error)}）`)
  }
  if (notice) await fault('notice-judged.after-commit')
  return notice !== undefined
}

/** One that cannot be judged must not keep the others from it. */
const setAside = (db: Db, { message_id: messageId }: Notice, why: string): Promise<void> =>
  transact(db, 'notice-set-aside', async (tx) => {
    const notice = await takeNotice(tx, messageId)
    if (notice) await keepJudgement(tx, notice, await doubt(tx, notice, why))
  })

type Notice = NonNullable<Awaited<ReturnType<typeof takeNotice>>>
type Taken = 'TAKEN' | 'DOUBTED'

async function judge(tx: Tx, notice: Notice): Promise<Taken> {
  // Stored by an older version of the intake, it can no longer be read: somebody must look, and nothing follows from it.
  const kept = storedNotice.safeParse(notice.body)
  if (!kept.success) return doubt(tx, notice, '银行通知无法辨认，不予认定')
  const { payment: told } = kept.data
  return takeWord(tx, notice.reference, 'notice', wordOf(told), { amountFen: told.amountFen, reference: notice.message_id })
}

async function keepJudgement(tx: Tx, { message_id: messageId }: Notice, taken: Taken): Promise<void> {
  await noteNotice(tx, messageId, taken === 'TAKEN' ? 'APPLIED' : 'CONTRADICTORY')
  // What has been learnt may be what a case waits for.
  await callRelay(tx)
}

async function doubt(tx: Tx, { reference, message_id: messageId }: Notice, detail: string): Promise<Taken> {
  const { case_id: caseId, org_id: orgId } = await lockPayment(tx, reference)
  await raiseIncident(tx, { kind: 'PAYMENT_CONTRADICTED', caseId, orgId, reference: messageId, detail })
  return 'DOUBTED'
}

/** What a bank can say of a payment, as the contract tags it: a fourth word would not compile. */
function wordOf(told: PaymentStatus): BankWord {
  switch (told.state) {
    case 'ACCEPTED':
      return { state: 'ACCEPTED' }
    case 'SUCCEEDED':
      return { state: 'SUCCEEDED', bankReference: told.bankReference, bookedOn: told.bookedOn }
    case 'FAILED':
      return { state: 'FAILED', failure: told.failure }
  }
}

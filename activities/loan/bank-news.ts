import { transact } from '#db/fault.ts'
import { readLastPayment } from '#db/read/loan.ts'
import { businessTime } from '#db/read/time.ts'
import { raiseIncident } from '#db/write/incidents.ts'
import { learnPayment, type PaymentNews } from '#db/write/payments.ts'
import { downloadDayFile } from '../ports/bank.ts'
import { PortFault } from '../ports/fault.ts'
import type { Parts } from '../parts.ts'

/** The bank's serial is the payment's own id: one number for ever, and a second sending under another is impossible by construction. */
export const serialOf = (paymentId: string): string => paymentId.toUpperCase()

export interface Standing {
  readonly settled: boolean
}

export const isSettled = (state: string): boolean => state === 'SUCCEEDED' || state === 'FAILED'

type BankWord =
  | { readonly state: 'ACCEPTED' }
  | { readonly state: 'SUCCEEDED'; readonly bankReference: string }
  | { readonly state: 'FAILED'; readonly failure: string }
  | { readonly state: 'UNKNOWN'; readonly because: string }

const newsOf = (word: BankWord, source: string): PaymentNews => {
  if (word.state === 'SUCCEEDED')
    return { state: 'SUCCEEDED', source, detail: `银行流水 ${word.bankReference}`, bankReference: word.bankReference }
  if (word.state === 'FAILED') return { state: 'FAILED', source, detail: word.failure, failure: word.failure }
  return { state: word.state, source, detail: word.state === 'UNKNOWN' ? word.because : '银行已受理，等待结果' }
}

/** Takes a word of the bank, from whichever way it came. What contradicts a settled payment flips nothing and stands on the incidents page. */
export async function learn(parts: Parts, paymentId: string, source: string, word: BankWord): Promise<Standing> {
  return transact(parts.db, 'payment-learnt', async (tx) => {
    const outcome = await learnPayment(tx, paymentId, newsOf(word, source))
    const payment = await tx.selectFrom('payment').selectAll().where('payment_id', '=', paymentId).executeTakeFirstOrThrow()
    if (outcome === 'CONTRADICTS') {
      await raiseIncident(tx, {
        kind: 'PAYMENT_CONTRADICTED',
        caseId: payment.case_id,
        orgId: payment.org_id,
        reference: paymentId,
        detail: `已为${payment.state}的划款，银行又称${word.state}（${source}）`,
      })
    }
    return { settled: isSettled(payment.state) }
  })
}

interface NoticeBody {
  readonly state?: string
  readonly amountFen?: string
  readonly bankReference?: string
  readonly failure?: string
}

/** Applies stored notices of the bank about this case's payments; one of another amount or against a settled state is an incident. */
export async function takeNotices(parts: Parts, caseId: string): Promise<void> {
  const payment = await readLastPayment(parts.db, caseId)
  if (!payment) return
  await transact(parts.db, 'take-notices', async (tx) => {
    const notices = await tx
      .selectFrom('machine_message')
      .selectAll()
      .where('reference', '=', payment.payment_id)
      .where('state', '=', 'RECEIVED')
      .orderBy('received_at')
      .forUpdate()
      .execute()
    for (const notice of notices) {
      const body = notice.body as NoticeBody
      const right = BigInt(body.amountFen ?? '-1') === payment.amount_fen
      const word: BankWord =
        body.state === 'SUCCEEDED'
          ? { state: 'SUCCEEDED', bankReference: body.bankReference ?? '' }
          : { state: 'FAILED', failure: body.failure ?? 'REJECTED_BY_PAYEE_BANK' }
      const outcome = right ? await learnPayment(tx, payment.payment_id, newsOf(word, 'notice')) : 'CONTRADICTS'
      if (outcome === 'CONTRADICTS') {
        await raiseIncident(tx, {
          kind: 'PAYMENT_CONTRADICTED',
          caseId,
          orgId: payment.org_id,
          reference: notice.message_id,
          detail: '银行通知与划款记录不符',
        })
      }
      await tx
        .updateTable('machine_message')
        .set({ state: outcome === 'CONTRADICTS' ? 'CONTRADICTORY' : 'APPLIED' })
        .where('message_id', '=', notice.message_id)
        .execute()
    }
  })
}

/** Settles by the bank's day file, when the cashier's last act was to ask for it. */
export async function takeDayFile(parts: Parts, caseId: string): Promise<void> {
  const payment = await readLastPayment(parts.db, caseId)
  if (!payment || isSettled(payment.state)) return
  const last = await parts.db
    .selectFrom('decision')
    .select(['action'])
    .where('case_id', '=', caseId)
    .where('actor_id', 'is not', null)
    .orderBy('seq', 'desc')
    .executeTakeFirst()
  if (last?.action !== 'attach-day-file') return
  const { today } = await businessTime(parts.db)
  try {
    const { file, sha256 } = await downloadDayFile(parts.ports.bank, today)
    const line = file.lines.find((one) => one.serial === serialOf(payment.payment_id))
    if (!line || line.amountFen !== payment.amount_fen) return
    const word: BankWord =
      line.state === 'SUCCEEDED'
        ? { state: 'SUCCEEDED', bankReference: `${line.bankReference}（文件 ${sha256.slice(0, 12)}）` }
        : { state: 'FAILED', failure: line.failure }
    await learn(parts, payment.payment_id, 'day-file', word)
  } catch (error) {
    if (!(error instanceof PortFault)) throw error
  }
}

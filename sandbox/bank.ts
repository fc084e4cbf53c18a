import type { Express } from 'express'
import type { Pool, PoolClient } from 'pg'
import * as bank from '#contracts/machine/bank.ts'
import { dayFileText, parseDayFile, type DayFile } from '#contracts/machine/day-file.ts'
import { wireText, type QuestionOf, type ResultOf } from '#contracts/machine/message.ts'
import type { Behaviour, DayFileFlaw } from '#contracts/machine/sandbox.ts'
import { queueNotice } from './notices.ts'
import { accountOf } from './records.ts'
import { Refused, serve, serveFile, type World } from './serve.ts'
import { inTransaction } from './transaction.ts'

/** The settlement bank: pays a serial at most once, remembers it for ever, and tells what it did by answer, notice and day file. */
export function mountBank(app: Express, world: World): void {
  serve(app, world, bank.submitPayment, (order, behaviour) => submit(world, order, behaviour))
  serve(app, world, bank.queryPayment, (question) => query(world, question))
  serve(app, world, bank.signingCheck, (question) => checkSigning(world.pool, question))
  serveFile(app, world, 'bank', '/day-files', (date, behaviour) =>
    dayFile(world.pool, date, behaviour?.kind === 'day-file' ? behaviour.flaw : undefined),
  )
}

/** Where a payment goes: what is true at once, what the reply says, and what may become true later. */
interface Course {
  readonly state: bank.PaymentStatus['state']
  readonly failure: bank.FailureCode | null
  readonly told: bank.PaymentStatus['state']
  readonly notices: number
  readonly later?: Later
}

interface Later {
  readonly state: 'SUCCEEDED' | 'FAILED'
  readonly failure: bank.FailureCode | null
  /** Answers of the first state that queries still get; null waits for a release. */
  readonly afterQueries: number | null
  readonly notices: number
}

interface PaymentRow {
  readonly serial: string
  readonly terms: string
  readonly amount_fen: string
  readonly payer_account: string
  readonly payee_account: string
  readonly booked_on: string
  readonly state: bank.PaymentStatus['state']
  readonly failure: string | null
  readonly later_state: 'SUCCEEDED' | 'FAILED' | null
  readonly later_failure: string | null
  readonly later_after_queries: number | null
  readonly later_notices: number
  readonly queries: number
}

async function submit(world: World, order: bank.PaymentOrder, behaviour: Behaviour | undefined): Promise<bank.PaymentStatus | Refused> {
  const course = courseOf(behaviour, await payeeFlaw(world.pool, order))
  const outcome = await inTransaction(world.pool, async (client) => {
    if (!(await insertPayment(client, order, course))) {
      const known = await lockPayment(client, order.serial)
      return known?.terms === termsOf(order) ? statusOf(known) : new Refused('KEY_REUSED')
    }
    const row = await lockPayment(client, order.serial)
    if (!row) throw new Error('payment vanished')
    await settle(client, row, course.notices)
    return statusOf({ ...row, state: course.told })
  })
  if (behaviour?.kind === 'early-notice') await world.notices.deliverNow(order.serial)
  else world.notices.wake()
  return outcome
}

async function query(world: World, question: QuestionOf<typeof bank.queryPayment>): Promise<ResultOf<typeof bank.queryPayment>> {
  const status = await inTransaction(world.pool, async (client) => {
    const row = await lockPayment(client, question.serial)
    if (!row) return undefined
    await client.query('UPDATE sandbox.payment SET queries = queries + 1 WHERE serial = $1', [row.serial])
    const due = row.later_after_queries !== null && row.queries >= row.later_after_queries
    return statusOf(due ? await advance(client, row, question.businessDate) : row)
  })
  world.notices.wake()
  return status ?? { state: 'NOT_FOUND', serial: question.serial }
}

/** Brings a late or contradictory payment to its end; false when there is none of that serial waiting. */
export async function releasePayment(world: World, serial: string, bookedOn: string | undefined): Promise<boolean> {
  const released = await inTransaction(world.pool, async (client) => {
    const row = await lockPayment(client, serial)
    if (!row?.later_state) return false
    await advance(client, row, bookedOn ?? row.booked_on)
    return true
  })
  world.notices.wake()
  return released
}

/** An account nobody loaded belongs to a bank of which only the arrival of money is known: it receives. A loaded one can fail. */
async function payeeFlaw(pool: Pool, order: bank.PaymentOrder): Promise<bank.FailureCode | undefined> {
  const payee = await accountOf(pool, order.payee.accountNo)
  if (payee?.state === 'CLOSED') return 'ACCOUNT_CLOSED'
  if (payee?.state === 'FROZEN') return 'ACCOUNT_FROZEN'
  return payee && payee.ownerName !== order.payee.ownerName ? 'NAME_MISMATCH' : undefined
}

function courseOf(behaviour: Behaviour | undefined, flaw: bank.FailureCode | undefined): Course {
  const failed = (failure: bank.FailureCode, notices: number, told: Course['told'] = 'FAILED'): Course => ({
    state: 'FAILED',
    failure,
    told,
    notices,
  })
  const normal = (notices: number): Course =>
    flaw ? failed(flaw, notices) : { state: 'SUCCEEDED', failure: null, told: 'SUCCEEDED', notices }
  switch (behaviour?.kind) {
    case 'failure':
      return failed(behaviour.failure, behaviour.notices)
    case 'accepted-then-failed':
      return failed(behaviour.failure, behaviour.notices, 'ACCEPTED')
    case 'contradictory':
      return {
        ...failed(behaviour.failure, 1),
        later: { state: 'SUCCEEDED', failure: null, afterQueries: behaviour.queries ?? 1, notices: 1 },
      }
    case 'sent-back':
      return { ...normal(1), later: { state: 'FAILED', failure: behaviour.failure, afterQueries: null, notices: 1 } }
    case 'late': {
      const failure = behaviour.outcome === 'FAILED' ? 'REJECTED_BY_PAYEE_BANK' : null
      const later: Later = { state: behaviour.outcome, failure, afterQueries: behaviour.queries ?? null, notices: behaviour.notices }
      return { state: 'ACCEPTED', failure: null, told: 'ACCEPTED', notices: 0, later }
    }
    case 'twice':
      return normal(2)
    case 'answer-lost':
      return normal(behaviour.notices)
    default:
      return normal(1)
  }
}

/** Everything but the head: the same order may be handed over again under another request id and on another day. */
const termsOf = (order: bank.PaymentOrder): string =>
  wireText([order.serial, order.businessType, order.settlement, order.amountFen, order.currency, order.payer, order.payee, order.summary])

async function insertPayment(client: PoolClient, order: bank.PaymentOrder, course: Course): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO sandbox.payment (serial, terms, business_type, amount_fen, payer_account, payee_account, booked_on, state, failure,
                                  later_state, later_failure, later_after_queries, later_notices)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (serial) DO NOTHING`,
    [
      order.serial,
      termsOf(order),
      order.businessType,
      order.amountFen.toString(),
      order.payer.accountNo,
      order.payee.accountNo,
      order.businessDate,
      course.state,
      course.failure,
      course.later?.state ?? null,
      course.later?.failure ?? null,
      course.later?.afterQueries ?? null,
      course.later?.notices ?? 0,
    ],
  )
  return rowCount === 1
}

async function lockPayment(client: PoolClient, serial: string): Promise<PaymentRow | undefined> {
  const { rows } = await client.query<PaymentRow>('SELECT * FROM sandbox.payment WHERE serial = $1 FOR UPDATE', [serial])
  return rows[0]
}

/** Moves a waiting payment to its later state, on the day it happens. */
async function advance(client: PoolClient, row: PaymentRow, bookedOn: string): Promise<PaymentRow> {
  if (!row.later_state) return row
  const next: PaymentRow = { ...row, state: row.later_state, failure: row.later_failure, later_state: null, booked_on: bookedOn }
  await client.query(
    `UPDATE sandbox.payment SET state = $2, failure = $3, booked_on = $4, later_state = NULL, later_after_queries = NULL WHERE serial = $1`,
    [next.serial, next.state, next.failure, next.booked_on],
  )
  await settle(client, next, row.later_notices)
  return next
}

/** Books a success in the bank's own ledger and puts the notices in line. An accepted payment has nothing to settle. */
async function settle(client: PoolClient, row: PaymentRow, notices: number): Promise<void> {
  if (row.state === 'ACCEPTED') return
  if (row.state === 'SUCCEEDED') {
    await client.query(
      'INSERT INTO sandbox.bank_entry (serial, amount_fen, debit_account, credit_account, booked_on) VALUES ($1, $2, $3, $4, $5)',
      [row.serial, row.amount_fen, row.payer_account, row.payee_account, row.booked_on],
    )
  }
  await queueNotice(client, statusOf(row), row.booked_on, notices)
}

/** The bank's word about a payment, in the shape of the contract. */
function statusOf(row: PaymentRow): bank.PaymentStatus {
  const { serial, state, failure } = row
  const detail = { bankReference: `B-${serial}`, bookedOn: row.booked_on, failure }
  return bank.paymentStatus.parse({ state, serial, amountFen: row.amount_fen, currency: 'CNY', ...detail })
}

/** All payments booked or failed on a day, by serial; undefined for what is no date. A day without payments has an empty file. */
async function dayFile(pool: Pool, date: string, flaw: DayFileFlaw | undefined): Promise<string | undefined> {
  const empty = parseDayFile(`H|BANK-DAY-FILE|1|${date}\nT|0|0\n`)
  if (!empty) return undefined
  const { rows } = await pool.query<PaymentRow>(
    `SELECT * FROM sandbox.payment WHERE booked_on = $1 AND state <> 'ACCEPTED' ORDER BY serial`,
    [date],
  )
  const booked = flaw === 'OTHER_AMOUNT' ? rows.map((row) => ({ ...row, amount_fen: String(BigInt(row.amount_fen) + 1n) })) : rows
  const lines = booked.map(statusOf).filter(isFinal)
  return dayFileText(empty.date, flaw ? lines.flatMap((line) => flawed(line, flaw)) : lines)
}

function flawed(line: DayFile['lines'][number], flaw: DayFileFlaw): DayFile['lines'][number][] {
  const other = { serial: line.serial, amountFen: line.amountFen, ...(line.state === 'FAILED' ? PAID : FAILED) }
  switch (flaw) {
    case 'OTHER_AMOUNT':
      return [line]
    case 'OTHER_RESULT':
      return [other]
    case 'UNKNOWN_KEY':
      return [{ ...line, serial: `GHOST-${line.serial.slice(0, 8)}` }]
    case 'TWICE':
      return [line, other]
    case 'MISSING':
      return []
  }
}
const PAID = { state: 'SUCCEEDED', bankReference: 'B-FLAW' } as const
const FAILED = { state: 'FAILED', failure: 'REJECTED_BY_PAYEE_BANK' } as const

const isFinal = (status: bank.PaymentStatus): status is Exclude<bank.PaymentStatus, { state: 'ACCEPTED' }> & DayFile['lines'][number] =>
  status.state !== 'ACCEPTED'

async function checkSigning(pool: Pool, question: QuestionOf<typeof bank.signingCheck>): Promise<ResultOf<typeof bank.signingCheck>> {
  const card = await accountOf(pool, question.repaymentCardNo)
  const receiving = await accountOf(pool, question.receivingAccount.accountNo)
  const cardState = !card ? 'NOT_FOUND' : card.ownerName !== question.repaymentCardOwner ? 'NAME_MISMATCH' : cardStates[card.state]
  const otherName = receiving && receiving.ownerName !== question.receivingAccount.ownerName
  return {
    contractNo: question.contractNo,
    subject: question.borrower.idNumber,
    repaymentCard: cardState,
    debitAgreement: card?.debitAgreement ? 'SIGNED' : 'MISSING',
    receivingAccount: !receiving ? 'NOT_FOUND' : otherName ? 'NAME_MISMATCH' : receivingStates[receiving.state],
  }
}

const cardStates = { ACTIVE: 'ACTIVE', DORMANT: 'DORMANT', FROZEN: 'CLOSED', CLOSED: 'CLOSED' } as const
/** Money can arrive on a dormant account. */
const receivingStates = { ACTIVE: 'VALID', DORMANT: 'VALID', FROZEN: 'FROZEN', CLOSED: 'CLOSED' } as const

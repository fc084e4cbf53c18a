import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import { fen, type Fen } from '#contracts/money.ts'
import type { Tx } from '../connect.ts'
import { nextVoucherNumber } from './numbers.ts'

/** One line of a voucher. `subAccount` says whose: a bank account, a loan, a unit. */
export interface VoucherLine {
  readonly ledgerCode: string
  readonly subAccount: string
  readonly debitFen?: Fen
  readonly creditFen?: Fen
}

export interface NewVoucher {
  readonly orgId: string
  readonly entity: string
  readonly bookedOn: PlainDate
  readonly kind: string
  readonly caseId: string | null
  readonly summary: string
  /** Null for an automatic voucher: it has no maker. */
  readonly madeBy: string | null
  /** What happened, by a key of its own: the same event is never booked twice. */
  readonly sourceKey: string
  readonly lines: readonly VoucherLine[]
  /** The voucher that this one takes back (红字冲销). */
  readonly reverses?: string
}

/**
 * Books a voucher and moves the balances with it. The database refuses at commit what does not sum to zero.
 * @returns its id, or undefined when the event was booked already
 */
export async function postVoucher(tx: Tx, voucher: NewVoucher): Promise<string | undefined> {
  const year = Number(voucher.bookedOn.slice(0, 4))
  const inserted = await tx
    .insertInto('voucher')
    .values({
      voucher_id: randomUUID(),
      voucher_number: await nextVoucherNumber(tx, voucher.entity, year),
      org_id: voucher.orgId,
      reporting_entity: voucher.entity,
      booked_on: voucher.bookedOn,
      kind: voucher.kind,
      case_id: voucher.caseId,
      reverses: voucher.reverses ?? null,
      summary: voucher.summary,
      made_by: voucher.madeBy,
      source_key: voucher.sourceKey,
    })
    .onConflict((conflict) => conflict.column('source_key').doNothing())
    .returning('voucher_id')
    .executeTakeFirst()
  if (!inserted) return undefined
  const postings = voucher.lines.map((line, index) => ({
    voucher_id: inserted.voucher_id,
    line: index + 1,
    org_id: voucher.orgId,
    ledger_code: line.ledgerCode,
    sub_account: line.subAccount,
    amount_fen: (line.debitFen ?? 0n) - (line.creditFen ?? 0n),
  }))
  await tx.insertInto('posting').values(postings).execute()
  // In one order for everybody, so that two vouchers never wait for each other crosswise.
  for (const posting of postings.toSorted((a, b) =>
    `${a.ledger_code}/${a.sub_account}`.localeCompare(`${b.ledger_code}/${b.sub_account}`, 'en'),
  )) {
    await tx
      .insertInto('ledger_balance')
      .values({
        ledger_code: posting.ledger_code,
        sub_account: posting.sub_account,
        reporting_entity: voucher.entity,
        amount_fen: posting.amount_fen,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['ledger_code', 'sub_account'])
          .doUpdateSet({ amount_fen: sql<bigint>`ledger_balance.amount_fen + excluded.amount_fen` }),
      )
      .execute()
  }
  return inserted.voucher_id
}

/**
 * 红字冲销. Takes a voucher back by its opposite, once; nothing of what was booked is touched.
 * @returns the new voucher's id, or undefined when there is nothing of this source, or it was taken back already
 */
export async function reverseVoucher(
  tx: Tx,
  sourceKey: string,
  { kind, bookedOn, summary }: Pick<NewVoucher, 'kind' | 'bookedOn' | 'summary'>,
): Promise<string | undefined> {
  const booked = await tx.selectFrom('voucher').selectAll().where('source_key', '=', sourceKey).executeTakeFirst()
  if (!booked) return undefined
  const postings = await tx.selectFrom('posting').selectAll().where('voucher_id', '=', booked.voucher_id).orderBy('line').execute()
  return postVoucher(tx, {
    orgId: booked.org_id,
    entity: booked.reporting_entity,
    bookedOn,
    kind,
    caseId: booked.case_id,
    summary: `红字冲销 ${booked.voucher_number}：${summary}`,
    madeBy: null,
    sourceKey: `reversal/${booked.voucher_id}`,
    reverses: booked.voucher_id,
    lines: postings.map(({ ledger_code: ledgerCode, sub_account: subAccount, amount_fen: amount }) => ({
      ledgerCode,
      subAccount,
      ...(amount < 0n ? { debitFen: fen(-amount) } : { creditFen: fen(amount) }),
    })),
  })
}

/** What an account holds that nobody has set aside, under its row lock: what is read here stays true to the end of the transaction. */
export async function freeBalance(tx: Tx, ledgerCode: string, subAccount: string): Promise<bigint> {
  const row = await tx
    .selectFrom('ledger_balance')
    .select(['amount_fen', 'reserved_fen'])
    .where('ledger_code', '=', ledgerCode)
    .where('sub_account', '=', subAccount)
    .forUpdate()
    .executeTakeFirst()
  return row ? row.amount_fen - row.reserved_fen : 0n
}

/**
 * Sets money aside on an account under its row lock. What is set aside counts as gone for everybody else.
 * @returns false when the free balance does not hold it
 */
export async function reserve(
  tx: Tx,
  on: { ledgerCode: string; subAccount: string; amountFen: bigint; paymentId: string },
): Promise<boolean> {
  if ((await freeBalance(tx, on.ledgerCode, on.subAccount)) < on.amountFen) return false
  await setAside(tx, on.ledgerCode, on.subAccount, on.amountFen)
  await tx
    .insertInto('reservation')
    .values({ payment_id: on.paymentId, ledger_code: on.ledgerCode, sub_account: on.subAccount, amount_fen: on.amountFen, state: 'HELD' })
    .execute()
  return true
}

/**
 * Sets money aside again for a payment that was thought to have failed, on the account from which it was ordered.
 * @returns false when the free balance does not hold it, or what was set aside was never given back
 */
export async function reserveAgain(tx: Tx, paymentId: string): Promise<boolean> {
  const given = await tx
    .selectFrom('reservation')
    .select(['ledger_code', 'sub_account', 'amount_fen'])
    .where('payment_id', '=', paymentId)
    .where('state', '=', 'RELEASED')
    .forUpdate()
    .executeTakeFirst()
  if (!given || (await freeBalance(tx, given.ledger_code, given.sub_account)) < given.amount_fen) return false
  await setAside(tx, given.ledger_code, given.sub_account, given.amount_fen)
  await tx.updateTable('reservation').set({ state: 'HELD' }).where('payment_id', '=', paymentId).execute()
  return true
}

const setAside = (tx: Tx, ledgerCode: string, subAccount: string, amountFen: bigint): Promise<unknown> =>
  tx
    .updateTable('ledger_balance')
    .set((eb) => ({ reserved_fen: eb('reserved_fen', '+', amountFen) }))
    .where('ledger_code', '=', ledgerCode)
    .where('sub_account', '=', subAccount)
    .execute()

/** What was posted and has come back is set aside for nobody: the reversed voucher has put it into the balance. */
export async function giveBackPosted(tx: Tx, paymentId: string): Promise<void> {
  await tx.updateTable('reservation').set({ state: 'RELEASED' }).where('payment_id', '=', paymentId).where('state', '=', 'POSTED').execute()
}

/** Ends a reservation, once: posted with the voucher, or released when the money stays. */
export async function endReservation(tx: Tx, paymentId: string, state: 'POSTED' | 'RELEASED'): Promise<void> {
  const ended = await tx
    .updateTable('reservation')
    .set({ state })
    .where('payment_id', '=', paymentId)
    .where('state', '=', 'HELD')
    .returning(['ledger_code', 'sub_account', 'amount_fen'])
    .executeTakeFirst()
  if (!ended) return
  await tx
    .updateTable('ledger_balance')
    .set({ reserved_fen: sql<bigint>`reserved_fen - ${ended.amount_fen}` })
    .where('ledger_code', '=', ended.ledger_code)
    .where('sub_account', '=', ended.sub_account)
    .execute()
}

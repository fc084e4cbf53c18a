import { sql } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import type { Tx } from '../connect.ts'
import type { PaymentState } from '../tables.ts'

/** From which state a payment may go where. What has succeeded or failed stays so; whoever says otherwise later is an incident. */
const WAYS: Record<PaymentState, readonly PaymentState[]> = {
  CREATED: ['SENT', 'FAILED'],
  SENT: ['ACCEPTED', 'SUCCEEDED', 'FAILED', 'UNKNOWN'],
  ACCEPTED: ['SUCCEEDED', 'FAILED', 'UNKNOWN'],
  UNKNOWN: ['ACCEPTED', 'SUCCEEDED', 'FAILED'],
  SUCCEEDED: [],
  FAILED: [],
}

export interface PaymentNews {
  readonly state: PaymentState
  /** Who says so: `submit`, `query`, `notice`, `day-file`; `finding` where two people have found it true. */
  readonly source: string
  readonly detail: string
  readonly bankReference?: string
  readonly failure?: string
  /** The day on which the bank booked it. */
  readonly bookedOn?: PlainDate
}

/** A payment under its row lock, with the day of its order. */
export const lockPayment = (tx: Tx, paymentId: string) =>
  tx
    .selectFrom('payment')
    .selectAll()
    .select(sql<PlainDate>`(created_at at time zone 'Asia/Shanghai')::date`.as('ordered_on'))
    .where('payment_id', '=', paymentId)
    .forUpdate()
    .executeTakeFirstOrThrow()

/**
 * Takes what was learnt about a payment. The row lock makes one news follow another.
 * @returns `TAKEN`, `KNOWN` when it says nothing new, `CONTRADICTS` when a settled payment is said to have ended otherwise
 */
export async function learnPayment(tx: Tx, paymentId: string, news: PaymentNews): Promise<'TAKEN' | 'KNOWN' | 'CONTRADICTS'> {
  const payment = await tx
    .selectFrom('payment')
    .select(['state', 'org_id', 'access_group_id'])
    .where('payment_id', '=', paymentId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (payment.state === news.state) return 'KNOWN'
  const settled = news.state === 'SUCCEEDED' || news.state === 'FAILED'
  if (!WAYS[payment.state].includes(news.state)) {
    const contradicts = settled && (payment.state === 'SUCCEEDED' || payment.state === 'FAILED')
    return contradicts ? 'CONTRADICTS' : 'KNOWN'
  }
  await tx
    .updateTable('payment')
    .set({
      state: news.state,
      ...(news.state === 'SENT' ? { sent_at: sql<string>`now()` } : {}),
      ...(settled ? { settled_at: sql<string>`business_now()`, settled_by: news.source } : {}),
      ...(news.bankReference ? { bank_reference: news.bankReference } : {}),
      ...(news.failure ? { failure: news.failure } : {}),
      ...(news.bookedOn ? { booked_on: news.bookedOn } : {}),
    })
    .where('payment_id', '=', paymentId)
    .execute()
  await notePayment(tx, { paymentId, orgId: payment.org_id, accessGroupId: payment.access_group_id }, news)
  return 'TAKEN'
}

/**
 * What two people have found true of a settled payment stands against what was learnt of it before. Whatever it followed upon stays in its
 * history.
 */
export async function overrulePayment(tx: Tx, paymentId: string, news: PaymentNews & { state: 'SUCCEEDED' | 'FAILED' }): Promise<void> {
  const from = news.state === 'SUCCEEDED' ? 'FAILED' : 'SUCCEEDED'
  const payment = await tx
    .updateTable('payment')
    .set({
      state: news.state,
      settled_at: sql<string>`business_now()`,
      settled_by: news.source,
      failure: news.failure ?? null,
      ...(news.bankReference ? { bank_reference: news.bankReference } : {}),
      ...(news.bookedOn ? { booked_on: news.bookedOn } : {}),
    })
    .where('payment_id', '=', paymentId)
    .where('state', '=', from)
    .returning(['org_id', 'access_group_id'])
    .executeTakeFirstOrThrow()
  await notePayment(tx, { paymentId, orgId: payment.org_id, accessGroupId: payment.access_group_id }, news)
}

/** The payment's own history; every word that came about it, whether it changed anything or not. */
export async function notePayment(
  tx: Tx,
  of: { paymentId: string; orgId: string; accessGroupId: string },
  news: PaymentNews,
): Promise<void> {
  await tx
    .insertInto('payment_event')
    .values((eb) => ({
      payment_id: of.paymentId,
      seq: eb
        .selectFrom('payment_event')
        .select(sql<number>`coalesce(max(seq), 0) + 1`.as('next'))
        .where('payment_id', '=', of.paymentId),
      org_id: of.orgId,
      access_group_id: of.accessGroupId,
      state: news.state,
      source: news.source,
      detail: news.detail,
      at: sql<string>`business_now()`,
    }))
    .execute()
}

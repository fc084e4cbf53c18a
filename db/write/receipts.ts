import { sql } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import type { Tx } from '../connect.ts'

/** The longest pause between two questions for the same receipt. */
const PAUSE_SECONDS_MAX = 3_600

/** Longer than the gateway ever takes to answer. Whoever claims a message and dies leaves it to the next after this. */
const LEASE_SECONDS = 30

/** Claims messages whose receipt is due to be asked for: for a while nobody else's, without a lock. */
export async function claimAwaited(tx: Tx, limit: number) {
  const awaited = await tx
    .selectFrom('outbox')
    .innerJoin('case_file', 'case_file.case_id', 'outbox.case_id')
    .select([
      'outbox_id',
      'outbox.payload',
      'outbox.receipt_asks',
      'case_file.case_id',
      'case_file.org_id',
      'case_file.access_group_id',
      'case_file.stage_version',
    ])
    .where('outbox.delivery', '=', 'PENDING')
    .where('outbox.receipt_next_at', '<=', sql<string>`now()`)
    .orderBy('outbox.receipt_next_at')
    .limit(limit)
    .forUpdate('outbox')
    .skipLocked()
    .execute()
  const ids = awaited.map((row) => row.outbox_id)
  const leased = sql<string>`now() + make_interval(secs => ${LEASE_SECONDS})`
  if (ids.length > 0) await tx.updateTable('outbox').set({ receipt_next_at: leased }).where('outbox_id', 'in', ids).execute()
  return awaited
}

/** No receipt yet: asked for again later, twice as late each time. */
export async function awaitReceipt(tx: Tx, item: { outbox_id: bigint; receipt_asks: number }): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({
      receipt_asks: item.receipt_asks + 1,
      receipt_next_at: sql<string>`now() + make_interval(secs => ${Math.min(2 ** item.receipt_asks, PAUSE_SECONDS_MAX)})`,
    })
    .where('outbox_id', '=', item.outbox_id)
    .where('delivery', '=', 'PENDING')
    .execute()
}

/** Keeps what became of a message: the business day it arrived on, or why it never will. */
export async function keepReceipt(tx: Tx, outboxId: bigint, receipt: { deliveredOn: PlainDate } | { failure: string }): Promise<void> {
  const delivered = 'deliveredOn' in receipt
  await tx
    .updateTable('outbox')
    .set({
      delivery: delivered ? 'DELIVERED' : 'UNDELIVERABLE',
      delivered_on: delivered ? receipt.deliveredOn : null,
      delivery_failure: delivered ? null : receipt.failure,
      receipt_next_at: null,
    })
    .where('outbox_id', '=', outboxId)
    .where('delivery', '=', 'PENDING')
    .execute()
}

/** The last message of a template that a case has sent; its receipt as far as there is one. */
export const lastMessage = (tx: Tx, caseId: string, template: string) =>
  tx
    .selectFrom('outbox')
    .select(['state', 'delivery', 'delivered_on', 'delivery_failure'])
    .where('case_id', '=', caseId)
    .where('kind', '=', 'MESSAGE')
    .where(sql`payload ->> 'template'`, '=', template)
    .orderBy('outbox_id', 'desc')
    .limit(1)
    .executeTakeFirst()

/** Puts a remark where the next officer of the stage reads the last opinion. */
export async function remarkOnTask(tx: Tx, caseId: string, stage: string, remark: string): Promise<void> {
  await tx
    .updateTable('task')
    .set({ previous_opinion: remark })
    .where('case_id', '=', caseId)
    .where('stage', '=', stage)
    .where('state', '=', 'OPEN')
    .execute()
}

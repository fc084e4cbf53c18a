import { sql } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import type { Tx } from '../connect.ts'

/** The longest pause between two questions for the same receipt. */
const PAUSE_SECONDS_MAX = 3_600

/** Messages whose receipt is due to be asked for, locked by this transaction; what another relay holds is skipped. */
export const takeAwaited = (tx: Tx, limit: number) =>
  tx
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

/** No receipt yet: asked for again later, twice as late each time. */
export async function awaitReceipt(tx: Tx, item: { outbox_id: bigint; receipt_asks: number }): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({
      receipt_asks: item.receipt_asks + 1,
      receipt_next_at: sql<string>`now() + make_interval(secs => ${Math.min(2 ** item.receipt_asks, PAUSE_SECONDS_MAX)})`,
    })
    .where('outbox_id', '=', item.outbox_id)
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

import type { Tx } from '../connect.ts'

/**
 * The notice of the bank that has waited longest to be judged, or the one named, locked by this transaction; what another worker judges is
 * skipped.
 */
export const takeNotice = (tx: Tx, messageId?: string) =>
  tx
    .selectFrom('machine_message')
    .select(['message_id', 'reference', 'body'])
    .where('state', '=', 'RECEIVED')
    .$if(messageId !== undefined, (query) => query.where('message_id', '=', messageId ?? ''))
    .orderBy('received_at')
    .orderBy('message_id')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()

/** Keeps what came of a notice. It is judged once. */
export async function noteNotice(tx: Tx, messageId: string, state: 'APPLIED' | 'CONTRADICTORY'): Promise<void> {
  await tx.updateTable('machine_message').set({ state }).where('message_id', '=', messageId).execute()
}

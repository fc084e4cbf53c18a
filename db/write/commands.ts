import { sql } from 'kysely'
import type { StoredAnswer } from '#contracts/cases.ts'
import type { Db, Tx } from '../connect.ts'

export interface NewCommand {
  readonly commandId: string
  readonly actorId: string
  readonly key: string
  readonly bodyHash: string
  readonly caseId: string | null
  readonly action: string
  readonly expectedVersion: number | null
  readonly body: Record<string, unknown>
  readonly steppedUp: boolean
}

export type Receipt =
  | { readonly kind: 'NEW'; readonly commandId: string }
  | { readonly kind: 'ANSWERED'; readonly commandId: string; readonly answer: StoredAnswer }
  | { readonly kind: 'RUNNING'; readonly commandId: string }
  | { readonly kind: 'OTHER_BODY' }

/**
 * Writes the receipt before anything else happens. The table is the de-duplication: same key and same body is the same command,
 * same key and another body is refused, whoever comes second reads what the first one got.
 */
export async function receiveCommand(db: Db | Tx, command: NewCommand): Promise<Receipt> {
  const inserted = await db
    .insertInto('command')
    .values({
      command_id: command.commandId,
      actor_id: command.actorId,
      idempotency_key: command.key,
      body_hash: command.bodyHash,
      case_id: command.caseId,
      action: command.action,
      expected_version: command.expectedVersion,
      body: JSON.stringify(command.body),
      stepped_up: command.steppedUp,
      answered_at: null,
    })
    .onConflict((conflict) => conflict.columns(['actor_id', 'idempotency_key']).doNothing())
    .returning('command_id')
    .executeTakeFirst()
  if (inserted) return { kind: 'NEW', commandId: inserted.command_id }
  const earlier = await db
    .selectFrom('command')
    .select(['command_id', 'body_hash', 'state', 'answer'])
    .where('actor_id', '=', command.actorId)
    .where('idempotency_key', '=', command.key)
    .executeTakeFirstOrThrow()
  if (earlier.body_hash !== command.bodyHash) return { kind: 'OTHER_BODY' }
  if (earlier.state === 'RECEIVED') return { kind: 'RUNNING', commandId: earlier.command_id }
  return { kind: 'ANSWERED', commandId: earlier.command_id, answer: earlier.answer as StoredAnswer }
}

export const readCommand = (db: Db | Tx, commandId: string) =>
  db.selectFrom('command').selectAll().where('command_id', '=', commandId).executeTakeFirst()

export const lockCommand = (tx: Tx, commandId: string) =>
  tx.selectFrom('command').selectAll().where('command_id', '=', commandId).forUpdate().executeTakeFirst()

/** Writes the answer, once. A command that has one keeps it. */
export async function answerCommand(db: Db | Tx, commandId: string, answer: StoredAnswer): Promise<void> {
  await db
    .updateTable('command')
    .set({ state: 'done' in answer ? 'DONE' : 'REFUSED', answer: JSON.stringify(answer), answered_at: sql<string>`now()` })
    .where('command_id', '=', commandId)
    .where('state', '=', 'RECEIVED')
    .execute()
}

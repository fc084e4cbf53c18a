import { sql } from 'kysely'
import type { CaseKind, StoredAnswer } from '#contracts/cases.ts'
import type { Db, Tx } from '../connect.ts'
import { KEPT } from '../kept-plans.ts'

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
    .modifyEnd(KEPT)
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

/** What is asked of a command that was received. */
const COMMAND = [
  'command_id',
  'actor_id',
  'idempotency_key',
  'body_hash',
  'case_id',
  'action',
  'expected_version',
  'body',
  'stepped_up',
  'state',
  'answer',
] as const

/** A command with its answer, if it has one. Whoever shows it to somebody checks that it is theirs. */
export const readCommand = (db: Db | Tx, commandId: string) =>
  db.selectFrom('command').select(COMMAND).where('command_id', '=', commandId).modifyEnd(KEPT).executeTakeFirst()

/** The same under its row lock, taken after the lock of its case. */
export const lockCommand = (tx: Tx, commandId: string) =>
  tx.selectFrom('command').select(COMMAND).where('command_id', '=', commandId).forUpdate().modifyEnd(KEPT).executeTakeFirst()

/** The one-time code that came with a command was right, and is spent with it. */
export async function noteSteppedUp(tx: Tx, commandId: string): Promise<void> {
  await tx.updateTable('command').set({ stepped_up: true }).where('command_id', '=', commandId).execute()
}

/** Writes the answer, once. A command that has one keeps it. */
export async function answerCommand(db: Db | Tx, commandId: string, answer: StoredAnswer): Promise<void> {
  await db
    .updateTable('command')
    .set({ state: 'done' in answer ? 'DONE' : 'REFUSED', answer: JSON.stringify(answer), answered_at: sql<string>`now()` })
    .where('command_id', '=', commandId)
    .where('state', '=', 'RECEIVED')
    .modifyEnd(KEPT)
    .execute()
}

/** The API itself waits for an answer for ten seconds. Where it has to start the case it waits once more; carried twice is decided once. */
const UNANSWERED_SECONDS = 12
/** From one time that a command is carried to the next; longer than one takes. */
const CARRIED_SECONDS = 30

/**
 * Decisions that were received and have no answer, the longest neglected first; each is nobody else's until it is due again. What a desk does
 * is answered in the transaction that receives it, and never stands here.
 */
export async function takeUncarried(
  tx: Tx,
  limit: number,
): Promise<{ readonly commandId: string; readonly caseId: string; readonly kind: CaseKind; readonly expectedVersion: number }[]> {
  const { rows } = await sql<Awaited<ReturnType<typeof takeUncarried>>[number]>`
    with due as (
      select command_id from command
      where state = 'RECEIVED' and case_id is not null and received_at < now() - make_interval(secs => ${UNANSWERED_SECONDS})
        and (carried_at is null or carried_at < now() - make_interval(secs => ${CARRIED_SECONDS}))
      order by coalesce(carried_at, received_at), command_id limit ${limit} for update skip locked)
    update command k set carried_at = now() from due, case_file c
    where k.command_id = due.command_id and c.case_id = k.case_id
    returning k.command_id as "commandId", k.case_id as "caseId", c.kind, coalesce(k.expected_version, -1) as "expectedVersion"`.execute(tx)
  return rows
}

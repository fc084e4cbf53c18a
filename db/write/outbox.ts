import { sql } from 'kysely'
import type { CaseKind } from '#contracts/cases.ts'
import type { Db, Tx } from '../connect.ts'

/** How often a row is tried before it is parked and shown on the incidents page; others are not held up by it. */
const ATTEMPTS_MAX = 8

export interface WaitingStart {
  readonly outbox_id: bigint
  readonly case_id: string | null
  readonly kind: string
  readonly org_id: string
  readonly attempts: number
}

/** Starts that wait, locked by this transaction; what another relay holds is skipped. */
export const takeStarts = (tx: Tx, limit: number): Promise<WaitingStart[]> =>
  tx
    .selectFrom('outbox')
    .innerJoin('case_file', 'case_file.case_id', 'outbox.case_id')
    .select(['outbox_id', 'outbox.case_id', 'case_file.kind', 'case_file.org_id', 'attempts'])
    .where('outbox.kind', '=', 'START_CASE')
    .where('state', '=', 'WAITING')
    .where('next_at', '<=', sql<string>`now()`)
    .orderBy('next_at')
    .limit(limit)
    .forUpdate('outbox')
    .skipLocked()
    .execute()

/** Messages that wait, each with where it goes; what another relay holds is skipped. */
export const takeMessages = (tx: Tx, limit: number) =>
  tx
    .selectFrom('outbox')
    .innerJoin('case_file', 'case_file.case_id', 'outbox.case_id')
    .innerJoin('case_party', (join) => join.onRef('case_party.case_id', '=', 'outbox.case_id').on('case_party.role', '=', 'BORROWER'))
    .select([
      'outbox_id',
      'outbox.case_id',
      'outbox.payload',
      'outbox.attempts',
      'case_file.case_number',
      'case_file.org_id',
      'case_party.phone_enc',
    ])
    .where('outbox.kind', '=', 'MESSAGE')
    .where('outbox.state', '=', 'WAITING')
    .where('next_at', '<=', sql<string>`now()`)
    .orderBy('next_at')
    .limit(limit)
    .forUpdate('outbox')
    .skipLocked()
    .execute()

/** What a case is to be counted again for: who changed the calendar, and why. */
export interface Recount {
  readonly outbox_id: bigint
  readonly case_id: string | null
  readonly payload: { readonly staffId: string; readonly reason: string }
  readonly attempts: number
}

/** The next case whose deadlines are to be counted again, locked by this transaction; undefined when none waits. */
export async function takeRecount(tx: Tx): Promise<Recount | undefined> {
  const row = await tx
    .selectFrom('outbox')
    .select(['outbox_id', 'case_id', 'payload', 'attempts'])
    .where('kind', '=', 'RECOUNT')
    .where('state', '=', 'WAITING')
    .where('next_at', '<=', sql<string>`now()`)
    .orderBy('next_at')
    .orderBy('outbox_id')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  return row as Recount | undefined
}

/** The gateway has taken it: that is not delivered. The receipt is asked for from now on. */
export async function markTaken(tx: Tx, outboxId: bigint): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ state: 'SENT', sent_at: sql<string>`now()`, last_error: null, delivery: 'PENDING', receipt_next_at: sql<string>`now()` })
    .where('outbox_id', '=', outboxId)
    .execute()
}

export async function markSent(tx: Tx, outboxId: bigint, remark: string | null = null): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ state: 'SENT', sent_at: sql<string>`now()`, last_error: remark })
    .where('outbox_id', '=', outboxId)
    .execute()
}

/** Tries again later, twice as late each time; after the last time the row is parked. @returns whether it was parked */
export async function postpone(tx: Tx, item: { outbox_id: bigint; attempts: number }, why: string): Promise<boolean> {
  const parked = item.attempts + 1 >= ATTEMPTS_MAX
  await tx
    .updateTable('outbox')
    .set({
      attempts: item.attempts + 1,
      state: parked ? 'PARKED' : 'WAITING',
      next_at: sql<string>`now() + make_interval(secs => ${2 ** item.attempts})`,
      last_error: why,
    })
    .where('outbox_id', '=', item.outbox_id)
    .execute()
  return parked
}

/** Sets aside what can never be sent, so that it holds up nobody. */
export async function parkNow(tx: Tx, outboxId: bigint, why: string): Promise<void> {
  await tx.updateTable('outbox').set({ state: 'PARKED', last_error: why }).where('outbox_id', '=', outboxId).execute()
}

/** A parked row is tried again from the beginning, as if it were new. */
export async function waitAgain(tx: Tx, outboxId: bigint): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ state: 'WAITING', attempts: 0, next_at: sql<string>`now()` })
    .where('outbox_id', '=', outboxId)
    .where('state', '=', 'PARKED')
    .execute()
}

/**
 * Cases the engine should look at again: the record is ahead of it (a decision whose answer was lost, the last one included), something fell
 * due, or a bank has spoken. Those that still wait for their first start are the outbox's; those that are stuck wait for a person.
 */
export async function casesToWake(db: Db): Promise<{ case_id: string; kind: CaseKind; open: boolean }[]> {
  const { rows } = await sql<{ case_id: string; kind: CaseKind; open: boolean }>`
    select w.case_id, w.kind, w.open from (
      select case_id, kind, open from case_file
      where engine_version < stage_version
        and not exists (select 1 from case_event e where e.at > now() - interval '3 seconds' and e.case_id = case_file.case_id and e.kind = 'MOVED')
        and not exists (select 1 from outbox o where o.case_id = case_file.case_id and o.kind = 'START_CASE' and o.state <> 'SENT')
      union
      select c.case_id, c.kind, c.open from case_file c join deadline d using (case_id)
      where c.open and d.state = 'ARMED' and d.due_on <= business_today()
      union
      select c.case_id, c.kind, c.open from case_file c join payment p using (case_id) join machine_message m on m.reference = p.payment_id::text
      where c.open and m.state = 'RECEIVED'
    ) w where not exists (select 1 from incident i where i.case_id = w.case_id and i.kind = 'CASE_STUCK' and i.state = 'OPEN')
    limit 200`.execute(db)
  return rows
}

/** Notes that nothing in the engine need hear of the end of a case: no workflow of it runs. */
export async function noteEnd(db: Db, caseId: string): Promise<void> {
  await db
    .updateTable('case_file')
    .set((eb) => ({ engine_version: eb.ref('stage_version') }))
    .where('case_id', '=', caseId)
    .where('open', '=', false)
    .execute()
}

/** Wakes the relay when the transaction commits. */
export async function callRelay(tx: Tx): Promise<void> {
  await sql`select pg_notify('outbox', '')`.execute(tx)
}

import { sql } from 'kysely'
import type { CaseKind } from '#contracts/cases.ts'
import type { Db, Tx } from '../connect.ts'

/** How often a row is tried before it is parked and shown on the incidents page; others are not held up by it. */
const ATTEMPTS_MAX = 8

/** Longer than a round of the relay ever takes. Whoever claims a row and dies leaves it to the next after this. */
const LEASE_SECONDS = 30

export interface WaitingStart {
  readonly outbox_id: bigint
  readonly case_id: string | null
  readonly kind: string
  readonly org_id: string
}

/**
 * Claims starts that wait: for a while nobody else's, without a lock, so that the engine can be asked outside of any transaction. What another
 * relay is claiming is skipped.
 */
export async function claimStarts(tx: Tx, limit: number): Promise<WaitingStart[]> {
  const starts = await tx
    .selectFrom('outbox')
    .innerJoin('case_file', 'case_file.case_id', 'outbox.case_id')
    .select(['outbox_id', 'outbox.case_id', 'case_file.kind', 'case_file.org_id'])
    .where('outbox.kind', '=', 'START_CASE')
    .where('state', '=', 'WAITING')
    .where('next_at', '<=', sql<string>`now()`)
    .orderBy('next_at')
    .limit(limit)
    .forUpdate('outbox')
    .skipLocked()
    .execute()
  await lease(tx, starts)
  return starts
}

/** Claims messages that wait, each with where it goes, in the same way. */
export async function claimMessages(tx: Tx, limit: number) {
  const messages = await tx
    .selectFrom('outbox')
    .innerJoin('case_file', 'case_file.case_id', 'outbox.case_id')
    .innerJoin('case_party', (join) => join.onRef('case_party.case_id', '=', 'outbox.case_id').on('case_party.role', '=', 'BORROWER'))
    .select(['outbox_id', 'outbox.case_id', 'outbox.payload', 'case_file.case_number', 'case_file.org_id', 'case_party.phone_enc'])
    .where('outbox.kind', '=', 'MESSAGE')
    .where('outbox.state', '=', 'WAITING')
    .where('next_at', '<=', sql<string>`now()`)
    .orderBy('next_at')
    .limit(limit)
    .forUpdate('outbox')
    .skipLocked()
    .execute()
  await lease(tx, messages)
  return messages
}

const until = (seconds: number) => sql<string>`now() + make_interval(secs => ${seconds})`

async function lease(tx: Tx, rows: readonly { outbox_id: bigint }[]): Promise<void> {
  if (rows.length === 0) return
  await tx
    .updateTable('outbox')
    .set({ next_at: until(LEASE_SECONDS) })
    .where('outbox_id', 'in', idsOf(rows))
    .execute()
}

/** What was claimed and not come to is anybody's again. */
export async function giveBack(db: Db, rows: readonly { outbox_id: bigint }[]): Promise<void> {
  if (rows.length === 0) return
  const waiting = db
    .updateTable('outbox')
    .set({ next_at: until(0) })
    .where('outbox_id', 'in', idsOf(rows))
  await waiting.where('state', '=', 'WAITING').execute()
}

const idsOf = (rows: readonly { outbox_id: bigint }[]): bigint[] => rows.map((row) => row.outbox_id)

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
    .where('state', '=', 'WAITING')
    .execute()
}

/** Takes a row out of the queue: a start has reached the engine, or there is nothing to send. @param remark why, in the latter case */
export async function markSent(tx: Tx, outboxId: bigint, remark: string | null = null): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ state: 'SENT', sent_at: sql<string>`now()`, last_error: remark })
    .where('outbox_id', '=', outboxId)
    .execute()
}

/** Tries again later, twice as late each time; after the last time the row is parked. @returns whether it was parked now */
export async function postpone(tx: Tx, item: { outbox_id: bigint }, why: string): Promise<boolean> {
  const tried = await tx
    .updateTable('outbox')
    .set((eb) => ({
      attempts: eb('attempts', '+', 1),
      state: sql<'WAITING' | 'PARKED'>`case when attempts + 1 >= ${ATTEMPTS_MAX}::int then 'PARKED' else 'WAITING' end`,
      next_at: sql<string>`now() + make_interval(secs => 2 ^ attempts)`,
      last_error: why,
    }))
    .where('outbox_id', '=', item.outbox_id)
    // Another relay may have had it, after a lease that ran out.
    .where('state', '=', 'WAITING')
    .returning('state')
    .executeTakeFirst()
  return tried?.state === 'PARKED'
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

/** Cases to wake at a time. */
const WAKE_PAGE = 200

/**
 * Cases the engine should look at again: the record is ahead of it (a decision whose answer was lost, the last one included), something fell
 * due, or it is known how a payment ended that is not booked yet. Those that still wait for their first start are the outbox's; those that are
 * stuck wait for a person. In the order of their ids, a page after the case named: one that is woken in vain, however often, keeps no other
 * from its turn.
 */
export async function casesToWake(db: Db, after: string | null): Promise<{ case_id: string; kind: CaseKind; open: boolean }[]> {
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
      select c.case_id, c.kind, c.open from reservation r join payment p using (payment_id) join case_file c using (case_id)
      where r.state = 'HELD' and p.state in ('SUCCEEDED', 'FAILED') and c.open
    ) w where not exists (select 1 from incident i where i.case_id = w.case_id and i.kind = 'CASE_STUCK' and i.state = 'OPEN')
      and (${after}::uuid is null or w.case_id > ${after}::uuid)
    order by w.case_id limit ${WAKE_PAGE}`.execute(db)
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

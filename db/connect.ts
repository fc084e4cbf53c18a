import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import pg from 'pg'
import { keepPlans } from './kept-plans.ts'
import type { Database } from './tables.ts'

/** A connection that may write, for the roles that may. */
export type Db = Kysely<Database>
/** Proof of an open transaction: whoever locks or writes takes this. */
export type Tx = Transaction<Database>
/** A connection that cannot write, neither by type nor by role. */
export type Reader = ReadonlyKysely<Database>

/** Gives up the right to write, for good: the type has no way back but `forSql`, which only reads. */
export const readonly = (db: Db | Tx): Reader => db as never

/** What the `sql` tag executes on. It cannot tell a reading statement from a writing one; the role of a Reader's connection can. */
export const forSql = (db: Db | Tx | Reader): Db => db as never

const OID = { int8: 20, date: 1082, numeric: 1700, timestamptz: 1184 } as const

/** `2025-11-03 01:02:03.4+00` → `2025-11-03T01:02:03.4Z`; the session's zone is UTC, so nothing is computed. */
const instantOf = (text: string): string => text.replace(' ', 'T').replace(/\+00$/, 'Z')

const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format === 'binary') return pg.types.getTypeParser(oid, 'binary')
    if (oid === OID.int8) return BigInt
    if (oid === OID.date || oid === OID.numeric) return (text: string) => text
    if (oid === OID.timestamptz) return instantOf
    return pg.types.getTypeParser(oid, 'text')
  }) as typeof pg.types.getTypeParser,
}

/**
 * What serves all day keeps a connection for this long after its last use: a new one has to be let in, and to read and plan everything anew,
 * before it answers the officer who comes first after a quiet spell.
 */
export const SERVING_IDLE_MILLISECONDS = 30 * 60_000

/** An officer waits about as long for a decision. */
const WAIT_MILLISECONDS = 10_000

/**
 * A pool for one role. Dates arrive as text, eight-byte integers as bigint, decimals as text, instants as ISO text in UTC.
 * @param url connection string of the role
 * @param options `max` connections; `name` shown in pg_stat_activity; `waitMs` for a connection while all are taken or none can be had, or 0
 *   to wait for good: whoever waits is told then that the house cannot serve now
 */
export function connect(url: string, options: { max?: number; name?: string; idleMs?: number; waitMs?: number } = {}): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.name ?? 'anju',
    options: '-c timezone=UTC -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000',
    idleTimeoutMillis: options.idleMs ?? 10_000,
    connectionTimeoutMillis: options.waitMs ?? WAIT_MILLISECONDS,
    types,
    // What a transaction asks together goes out together (`./transaction.ts`).
    pipeline: true,
  })
  // A backend that dies while idle must not take the process with it; the next query gets a fresh connection.
  pool.on('error', () => undefined)
  // Nor must one that dies between two statements of a transaction: the next of them fails, and with it the transaction alone.
  pool.on('connect', (client) => client.on('error', () => undefined))
  pool.on('connect', keepPlans)
  return new PooledDb(pool)
}

/** Kysely ends a pool that it has asked for something itself; one that was only leased from would keep its process waiting for it to go idle. */
class PooledDb extends Kysely<Database> {
  readonly pool: pg.Pool

  constructor(pool: pg.Pool) {
    super({ dialect: new PostgresDialect({ pool }) })
    this.pool = pool
  }

  override async destroy(): Promise<void> {
    await super.destroy()
    if (!this.pool.ending) await this.pool.end()
  }
}

/** Where the connections of a role come from, for who must hold one. @throws Error for what `connect` has not made */
export function poolOf(db: Db): pg.Pool {
  if (!(db instanceof PooledDb)) throw new Error('not a pool of connections: perhaps a transaction')
  return db.pool
}

/** What the database, or the system on the way to it, calls an error; undefined for whatever has no code. */
export const sqlState = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined

/** Which constraint has refused; undefined where none has. */
export const constraintOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'constraint' in error && typeof error.constraint === 'string'
    ? error.constraint
    : undefined

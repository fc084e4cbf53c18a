import { Kysely, PostgresAdapter, PostgresDialect, PostgresQueryCompiler } from 'kysely'
import type pg from 'pg'
import { poolOf, readonly, sqlState, type Db, type Reader, type Tx } from './connect.ts'
import { contextStatement, type ReadContext } from './read/context.ts'
import type { Database } from './tables.ts'

/**
 * A transaction whose statements are on their way as soon as they are asked, and are answered in that order (pipelining): what needs nothing of
 * one another is asked together and takes one way there and back. Kysely's own transaction sends none before the last one is answered.
 * @throws whatever `work` throws, with everything undone; Error when the transaction had failed and `work` has not noticed
 */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  const lease = await leaseOf(db)
  try {
    // Waited for: were it refused, what came behind it would stand alone, each statement for itself.
    await lease.query('begin')
    const done = await work(lease.tx)
    const { command } = await lease.close('commit')
    if (command !== 'COMMIT') throw new Error('a statement of the transaction has failed, and nothing was kept')
    lease.release()
    return done
  } catch (error) {
    await undo(lease)
    throw error
  }
}

/**
 * A transaction that only reads, with the eyes of one person; without a context it has none. It opens, looks and ends without waiting for more
 * than what it has asked: there is nothing that could be kept or lost, and where it is not opened there is no context and there are no rows.
 */
export async function inReading<T>(db: Db, context: ReadContext | undefined, read: (db: Reader) => Promise<T>): Promise<T> {
  const lease = await leaseOf(db)
  const opening = [lease.query('start transaction read only'), ...(context ? [lease.query(...contextStatement(context))] : [])]
  try {
    const [found] = await Promise.all([read(readonly(lease.tx)), ...opening])
    lease.close('commit').catch(() => undefined)
    lease.release()
    return found
  } catch (error) {
    await undo(lease)
    throw error
  }
}

/** What PostgreSQL answers behind a statement that has failed: that the transaction has, or that a plan is not there which it has not made. */
const ECHOES: readonly (string | undefined)[] = ['25P02', '26000']

interface Lease {
  readonly tx: Tx
  query(text: string, values?: unknown[]): Promise<pg.QueryResult>
  /** The last word on `tx`: whoever still holds it can ask nothing more. */
  close(word: 'commit' | 'rollback'): Promise<pg.QueryResult>
  /** Gives the connection back; after an error it is thrown away. */
  release(error?: Error): void
}

/** A connection of the pool, for one transaction. */
async function leaseOf(db: Db): Promise<Lease> {
  const client = await poolOf(db).connect()
  let closed = false
  /** Why the transaction has failed; what was on its way behind that one fails for the same reason. */
  let cause: unknown
  const query = async (text: string, values?: unknown[]): Promise<pg.QueryResult> => {
    if (closed) throw new Error('the transaction is over')
    try {
      return await client.query(text, values)
    } catch (error) {
      if (ECHOES.includes(sqlState(error))) throw cause ?? error
      throw (cause = error)
    }
  }
  // Kysely's own client can open a cursor too, which nobody here does.
  const only = { query, release: () => undefined } as never
  const pool = { connect: () => Promise.resolve(only), end: () => Promise.resolve(), options: {} }
  return {
    tx: new Kysely<Database>({ dialect: new LeasedDialect({ pool }) }) as Tx,
    query,
    close(word) {
      closed = true
      return client.query(word)
    },
    release: (error) => client.release(error),
  }
}

/** A dialect holds nothing of a transaction but its connection: adapter and compiler are made once for all. */
class LeasedDialect extends PostgresDialect {
  private static readonly adapter = new PostgresAdapter()
  private static readonly compiler = new PostgresQueryCompiler()

  override createAdapter(): PostgresAdapter {
    return LeasedDialect.adapter
  }

  override createQueryCompiler(): PostgresQueryCompiler {
    return LeasedDialect.compiler
  }
}

/** Takes everything back; a connection that cannot even do that is not used again. */
const undo = ({ close, release }: Lease): Promise<void> =>
  close('rollback').then(
    () => release(),
    (error: Error) => release(error),
  )

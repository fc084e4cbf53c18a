import { sql } from 'kysely'
import type { Tx } from './connect.ts'

/**
 * Work within a transaction that can be taken back alone: what it has written is undone when it throws something that has an end of its own,
 * and the transaction goes on with that.
 * @param endOf what comes instead of the work that threw; undefined when nothing does, and the transaction fails as it would have
 */
export async function undoable<T, E>(tx: Tx, work: () => Promise<T>, endOf: (error: unknown) => E | undefined): Promise<T | E> {
  await sql`savepoint undoable`.execute(tx)
  try {
    const done = await work()
    await sql`release savepoint undoable`.execute(tx)
    return done
  } catch (error) {
    const end = endOf(error)
    if (end === undefined) throw error
    await sql`rollback to savepoint undoable`.execute(tx)
    return end
  }
}

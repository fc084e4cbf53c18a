import type { Db } from '#db/connect.ts'
import { giveBack } from '#db/write/outbox.ts'

/** What waits behind the last row of a round waits no longer than this for the next one. */
const ROUND_MILLISECONDS_MAX = 10_000

/**
 * Works off claimed rows, one after another, until there are none or the round has lasted long enough; what it has not come to is anybody's
 * again. A row whose work throws ends the round and stays claimed for a while, so that the others go first next time.
 * @returns how many rows were worked off
 */
export async function workOff<Row extends { outbox_id: bigint }>(
  db: Db,
  rows: readonly Row[],
  work: (row: Row) => Promise<void>,
): Promise<number> {
  const until = performance.now() + ROUND_MILLISECONDS_MAX
  let begun = 0
  try {
    for (const row of rows) {
      if (begun > 0 && performance.now() > until) break
      begun += 1
      await work(row)
    }
    return begun
  } finally {
    await giveBack(db, rows.slice(begun))
  }
}

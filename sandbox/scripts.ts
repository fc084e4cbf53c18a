import type { Pool } from 'pg'
import { behaviour as behaviourSchema, type Behaviour } from '#contracts/machine/sandbox.ts'
import type { Counterpart } from '#contracts/machine/message.ts'
import { inTransaction } from './transaction.ts'

/** A script as it is stored; `count` requests will follow it. */
export interface StoredScript {
  readonly service: Counterpart
  readonly operation?: string | undefined
  readonly match?: string | undefined
  readonly count: number
  readonly instead: boolean
  readonly behaviour: Behaviour
}

/** Keeps a script: from now on the operations it names misbehave as it says, as often as it says. */
export async function storeScript(pool: Pool, script: StoredScript): Promise<void> {
  await pool.query(
    `WITH before AS (DELETE FROM sandbox.script WHERE $6 AND service = $1 AND operation = $2)
     INSERT INTO sandbox.script (service, operation, match, behaviour, remaining) VALUES ($1, $2, $3, $4, $5)`,
    [script.service, script.operation ?? null, script.match ?? null, JSON.stringify(script.behaviour), script.count, script.instead],
  )
}

/** Forgets all scripts, used or not; of one operation alone, where one is named. */
export const clearScripts = (pool: Pool, operation?: string): Promise<unknown> =>
  pool.query('DELETE FROM sandbox.script WHERE $1::text IS NULL OR operation = $1', [operation ?? null])

/** One use of the oldest script that fits the request, or undefined. Two requests at once never share a use. */
export async function takeBehaviour(pool: Pool, service: Counterpart, operation: string, message: unknown): Promise<Behaviour | undefined> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ script_id: string; behaviour: unknown }>(
      `SELECT script_id, behaviour FROM sandbox.script
       WHERE service = $1 AND remaining > 0 AND coalesce(operation, $2) = $2 AND (match IS NULL OR match = ANY ($3::text[]))
       ORDER BY script_id FOR UPDATE`,
      [service, operation, textsIn(message)],
    )
    const first = rows[0]
    if (!first) return undefined
    await client.query('UPDATE sandbox.script SET remaining = remaining - 1 WHERE script_id = $1', [first.script_id])
    return behaviourSchema.parse(first.behaviour)
  })
}

/** Every text in a message, at any depth: what `match` may name. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn)
  return []
}

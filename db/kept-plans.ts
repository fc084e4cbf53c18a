import { sql } from 'kysely'
import type pg from 'pg'

/** The mark itself, as it stands in the text of a statement. */
export const MARK = '/* kept */'

/**
 * Stands in a statement that comes with every request, or with every decision: its connection parses it once and keeps its plan. Under
 * row-level security planning a statement costs many times what running it does. Only where two things hold. It names its columns: a plan
 * answers with those there were when it was made, and fails once a migration has added one under a process that goes on. And what a partial
 * index hangs on is written out, not a parameter: a plan for any values cannot know that this one is the index's.
 */
export const KEPT = sql.raw(MARK)

/** So many texts of a connection keep their plan, some tens of kilobytes each; a list has one text for each way it can be narrowed. */
const KEPT_MAX = 100

/**
 * Lets a connection keep the plans of what is marked. PostgreSQL itself judges, by their costs, whether a plan for any values is as good as one
 * for these (`plan_cache_mode`): where it is not, only the parsing is saved.
 */
export function keepPlans(client: pg.PoolClient): void {
  const run = client.query.bind(client)
  const names = new Map<string, string>()
  const query = (text: string, values: unknown[] = []) => {
    if (text.includes(MARK) && !names.has(text) && names.size < KEPT_MAX) names.set(text, `kept_${names.size}`)
    const name = names.get(text)
    return name === undefined ? run(text, values) : run({ name, text, values })
  }
  client.query = query as typeof client.query
}

import { CompiledQuery, Kysely, PostgresDialect, type DatabaseConnection, type QueryResult } from 'kysely'
import pg from 'pg'
import type { Db } from '#db/connect.ts'
import { MARK } from '#db/kept-plans.ts'
import type { Database } from '#db/tables.ts'

/** One node of a plan as PostgreSQL prints it in JSON. */
interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly Plans?: readonly PlanNode[]
}

export interface ExplainedPlan {
  readonly root: PlanNode
  readonly executionMs: number
  readonly sharedBlocks: number
}

/**
 * A connection on which every statement becomes an EXPLAIN (ANALYZE, BUFFERS) of itself: what is looked at is the statement that runs in
 * production, with its parameters, not a copy of it, and where its plan is kept, that for any parameters too. Whoever reads through it gets no
 * rows.
 * @returns the connection, and `taken()`: the plans since it was last called
 */
export function explainingConnection(url: string): { db: Db; taken: () => ExplainedPlan[] } {
  let plans: ExplainedPlan[] = []
  const explainAll = async (connection: DatabaseConnection): Promise<void> => {
    const run = connection.executeQuery.bind(connection)
    connection.executeQuery = async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
      if (isSetting(query.sql)) return run<R>(query)
      const told = await run<Record<string, unknown>>(CompiledQuery.raw(`explain (analyze, buffers, format json) ${query.sql}`, [...query.parameters]))
      plans.push(...told.rows.map((row) => planOf(row['QUERY PLAN'])))
      // Where a connection keeps the plan, it may be the one for any values that runs.
      if (query.sql.includes(MARK)) {
        const kept = await run<Record<string, unknown>>(CompiledQuery.raw(`explain (generic_plan, format json) ${query.sql}`))
        plans.push(...kept.rows.map((row) => planOf(row['QUERY PLAN'])))
      }
      return { rows: [] }
    }
  }
  const pool = new pg.Pool({ connectionString: url, max: 1, options: '-c timezone=UTC -c statement_timeout=30000' })
  // A connection that is ended with its database, while it is being closed, is no fault.
  pool.on('error', () => undefined)
  const taken = (): ExplainedPlan[] => {
    const since = plans
    plans = []
    return since
  }
  return { db: new Kysely<Database>({ dialect: new PostgresDialect({ pool, onCreateConnection: explainAll }) }), taken }
}

/** What opens a transaction and its context is done, not explained. */
const isSetting = (text: string): boolean => /^\s*(begin|start transaction|commit|rollback|set |select set_config)/i.test(text)

function planOf(told: unknown): ExplainedPlan {
  const [first] = told as [{ Plan: PlanNode & { 'Shared Hit Blocks'?: number; 'Shared Read Blocks'?: number }; 'Execution Time'?: number }]
  const { Plan: root, 'Execution Time': executionMs = 0 } = first
  return { root, executionMs, sharedBlocks: (root['Shared Hit Blocks'] ?? 0) + (root['Shared Read Blocks'] ?? 0) }
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

/** Tables of the plan that are read from end to end. */
export const scannedWhole = ({ root }: ExplainedPlan): string[] => [
  ...new Set(nodesOf(root).flatMap((node) => (node['Node Type'] === 'Seq Scan' && node['Relation Name'] ? [node['Relation Name']] : []))),
]

/** The plan in one line: nodes with their tables and indexes, outermost first. */
export const planLine = ({ root }: ExplainedPlan): string =>
  nodesOf(root)
    .map((node) => [node['Node Type'], node['Relation Name'], node['Index Name'] && `by ${node['Index Name']}`].filter(Boolean).join(' '))
    .join(' > ')

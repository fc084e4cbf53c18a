import type pg from 'pg'
import { connect, poolOf, type Db } from '#db/connect.ts'
import { MARK } from '#db/kept-plans.ts'

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
  const explain = (client: pg.PoolClient): void => {
    const run = client.query.bind(client) as (text: string, values?: unknown[]) => Promise<pg.QueryResult<Record<string, unknown>>>
    const query = async (asked: string, values: unknown[] = []) => {
      const text = asked.replace(MARK, '')
      if (isSetting(text)) return run(text, values)
      const told = run(`explain (analyze, buffers, format json) ${text}`, values)
      // Where a connection keeps the plan, it may be the one for any values that runs.
      const kept = asked.includes(MARK) ? run(`explain (generic_plan, format json) ${text}`) : undefined
      const [first, second] = [await told, await kept]
      plans.push(...[...first.rows, ...(second?.rows ?? [])].map((row) => planOf(row['QUERY PLAN'])))
      return { ...first, rows: [] }
    }
    client.query = query as typeof client.query
  }
  const db = connect(url, { max: 1 })
  poolOf(db).on('connect', explain)
  const taken = (): ExplainedPlan[] => {
    const since = plans
    plans = []
    return since
  }
  return { db, taken }
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

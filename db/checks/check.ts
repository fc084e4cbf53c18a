import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../connect.ts'
import type { StageRows } from './stages.ts'
import { ROWS_SHOWN, type Invariant, type Violation } from './violation.ts'

/** A payment as the bank has it. `serial` is the payment's own id in capitals. */
export interface BankPayment {
  readonly serial: string
  readonly state: 'ACCEPTED' | 'SUCCEEDED' | 'FAILED'
  readonly amountFen: bigint
}

/** What the checks compare the database with. */
export interface Given {
  readonly stages: StageRows
  /** Nothing is under way: what still has to happen by itself has happened. */
  readonly quiet: boolean
  readonly bankPayments?: readonly BankPayment[]
}

/** One question in SQL over the whole database; every row it finds is one thing that is wrong. */
export interface Check {
  readonly invariant: Invariant
  readonly what: string
  readonly query: (given: Given) => RawBuilder<unknown>
  /** When the question makes sense; always, where it is not said. */
  readonly when?: (given: Given) => boolean
}

/** @param tx one snapshot for all checks, or what is moving looks broken */
export async function runCheck(tx: Tx, check: Check, given: Given): Promise<Violation[]> {
  if (check.when && !check.when(given)) return []
  const { rows } = await sql<Record<string, unknown> & { found: number }>`
    select *, (count(*) over ())::int as found from (${check.query(given)}) as q limit ${ROWS_SHOWN}`.execute(tx)
  const [first] = rows
  if (!first) return []
  const shown = rows.map(({ found: _, ...row }) => row)
  return [{ invariant: check.invariant, what: check.what, count: first.found, rows: shown }]
}

/** The stage tables as relations, to stand behind `with`. */
export const stageTables = ({ stages: { stages, posts, ways } }: Given): RawBuilder<unknown> => sql`
  stage_row as materialized (select * from jsonb_to_recordset(${JSON.stringify(stages)}::jsonb) as r(kind text, stage text, start boolean, terminal boolean)),
  stage_post as materialized (
    select * from jsonb_to_recordset(${JSON.stringify(posts)}::jsonb) as r(kind text, stage text, post text, level text, "group" text)),
  stage_way as materialized (
    select * from jsonb_to_recordset(${JSON.stringify(ways)}::jsonb) as r(kind text, stage text, action text, "to" text, signs boolean))`

/**
 * Every decision with the stage in which the case then stood: that of the next decision, or the case's own after the last. A decision
 * that was one signature of several and left the case waiting for the others `stays`.
 */
export const moves = (given: Given): RawBuilder<unknown> => sql`
  ${stageTables(given)},
  went as materialized (
    select d.case_id, d.seq, d.stage, d.action, d.to_stage, d.post, d.step_group, d.actor_id, c.kind,
      coalesce(lead(d.stage) over (partition by d.case_id order by d.seq), c.stage) as went_to
    from decision d join case_file c using (case_id)),
  move as materialized (
    select went.*, went_to = stage and to_stage <> stage and post is not null and exists (
      select 1 from stage_way w where w.kind = went.kind and w.stage = went.stage and w.action = went.action and w.signs) as stays
    from went)`

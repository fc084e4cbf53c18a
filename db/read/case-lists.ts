import { sql, type RawBuilder } from 'kysely'
import type { CaseKind } from '#contracts/cases.ts'
import { parsePlainDate, type PlainDate } from '#contracts/dates.ts'
import type { Post } from '#contracts/posts.ts'
import { forSql, type Reader } from '../connect.ts'
import type { Instant } from '../tables.ts'
import { KEPT } from '../kept-plans.ts'
import { asksForTask, filterSql, type ListFilter, type Narrowing } from './case-filters.ts'
import { OPEN_TASK, SOURCES, type ListName, type Source, type Who } from './case-sources.ts'
import { momentCursor, momentPlace } from './moment-page.ts'

/** A row of any list of cases, as read; words and days are added by the API. */
export interface ListedCase {
  readonly case_id: string
  readonly kind: CaseKind
  readonly case_number: string
  readonly applicant_masked: string | null
  readonly amount_fen: bigint | null
  readonly stage: string
  readonly stage_version: number
  readonly open: boolean
  readonly clock_state: 'NOT_STARTED' | 'RUNNING' | 'PAUSED' | 'STOPPED'
  readonly clock_unit: 'CALENDAR' | 'WORKING' | null
  readonly clock_due_on: PlainDate | null
  /** The day that counts for its task; null where nobody is awaited, or it has none. */
  readonly task_counts_on: PlainDate | null
  readonly task_due_whose: 'POST' | 'APPLICANT' | null
  readonly org_name: string
  readonly post: Post | null
  readonly arrived_at: Instant
  readonly claimed_by: string | null
  readonly claimed_name: string | null
  readonly claimed_at: Instant | null
  readonly previous_opinion: string | null
  readonly cursor: string
}

export interface ListedPage extends SumUp {
  readonly rows: ListedCase[]
  readonly more: boolean
}

/**
 * A page of a list by keyset, with its total from the same predicate: a badge and its list cannot disagree. The page is cut first and
 * dressed afterwards: task, organisation and names are looked up for its rows only.
 * Rows the context does not show do not exist here, in totals neither.
 */
export async function listCases(db: Reader, list: ListName, who: Who, filter: ListFilter): Promise<ListedPage> {
  const source = SOURCES[list](who)
  const { at, id } = source
  const direction = source.newestFirst ? sql`desc` : sql`asc`
  const page = sql<ListedCase>`
    ${KEPT} select c.case_id, c.kind, c.case_number, c.applicant_masked, c.amount_fen, c.stage, c.stage_version, c.open, c.clock_state, c.clock_unit,
      c.due_on as clock_due_on, t.counts_on as task_counts_on, t.due_whose as task_due_whose, o.name as org_name, t.post,
      coalesce(t.arrived_at, c.stage_entered_at) as arrived_at,
      t.claimed_by, s.name as claimed_name, t.claimed_at, t.previous_opinion, ${source.newestFirst ? MOMENT_CURSOR : DAY_CURSOR} as cursor
    from (select c.*, ${at} as list_at, ${id} as list_id from ${chosen(source, filter)} ${beyond(source, filter.after)}
      order by ${at} ${direction}, ${id} ${direction} limit ${sql.lit(lengthFor(filter.limit))}) c
    ${source.ofTasks ? sql`join task t on t.task_id = c.list_id` : OPEN_TASK}
    join org o on o.org_id = c.org_id left join staff s on s.staff_id = t.claimed_by
    order by c.list_at ${direction}, c.list_id ${direction}`.execute(forSql(db))
  const [{ rows }, sums] = await Promise.all([page, sumUp(db, list, who, filter)])
  return { rows: rows.slice(0, filter.limit), more: rows.length > filter.limit, ...sums }
}

/**
 * How many rows are asked for, so that one more than the page shows whether there are more. One of few lengths: it stands in the text of a
 * statement that keeps its plan, and a hundred lengths would be a hundred plans.
 */
const lengthFor = (limit: number): number => ([25, 50, 100].find((length) => limit <= length) ?? limit) + 1

/** Totals are counted to here and no further; beyond it the list says "more than", and has no sum. */
export const TOTAL_MAX = 10_000

/** How many cases a list has under a filter, and how much money they are about. */
export interface SumUp {
  readonly total: number
  readonly totalIsExact: boolean
  /** Undefined where the total is not exact: half a sum is none. */
  readonly sumFen: bigint | undefined
}

/** The total of a list without its rows: what a badge says of it. */
export async function sumUp(db: Reader, list: ListName, who: Who, filter: Narrowing): Promise<SumUp> {
  const source = SOURCES[list](who)
  const direction = source.newestFirst ? sql`desc` : sql`asc`
  // In the order of the list: its index stops at the limit, where a scan of the whole table would begin.
  const counted = source.counted
    ? sql`${source.counted} ${besideTask(source, filter)} where true ${filterSql(filter)}`
    : sql`${chosen(source, filter)} order by ${source.at} ${direction}, ${source.id} ${direction}`
  const { rows } = await sql<{ total: number; sum: bigint }>`
    ${KEPT} select count(*)::int as total, coalesce(sum(amount_fen), 0)::bigint as sum
    from (select c.amount_fen from ${counted} limit ${sql.lit(TOTAL_MAX + 1)}) counted`.execute(forSql(db))
  const { total, sum } = rows[0] ?? { total: 0, sum: 0n }
  const totalIsExact = total <= TOTAL_MAX
  return { total: Math.min(total, TOTAL_MAX), totalIsExact, sumFen: totalIsExact ? sum : undefined }
}

const chosen = (source: Source, filter: Narrowing): RawBuilder<unknown> =>
  sql`${source.from} ${besideTask(source, filter)} where ${source.where} ${filterSql(filter)}`

const besideTask = ({ ofTasks }: Source, filter: Narrowing): RawBuilder<unknown> => (asksForTask(filter) && !ofTasks ? OPEN_TASK : sql``)

const MOMENT_CURSOR = momentCursor({ at: 'c.list_at', id: 'c.list_id' })
const DAY_CURSOR = sql`coalesce(to_char(c.list_at, 'YYYYMMDD'), '99999999') || '/' || c.list_id`
const NO_DAY = '99999999'

/** What lies behind a cursor. A text that no list has handed out has nothing behind it. */
function beyond({ at, id, newestFirst }: Source, after: string | undefined): RawBuilder<unknown> {
  if (!after) return sql``
  if (newestFirst) {
    const place = momentPlace(after)
    return place ? sql`and (${at}, ${id}) < ${place}` : sql`and false`
  }
  const [, day = '', rowId] = /^(\d{8})\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(after) ?? []
  const date = day === NO_DAY ? undefined : parsePlainDate(day.replace(/^(....)(..)(..)$/, '$1-$2-$3'))
  if (!rowId || (day !== NO_DAY && !date)) return sql`and false`
  return sql`and (coalesce(${at}, 'infinity'::date), ${id}) > (${date ?? 'infinity'}::date, ${rowId}::uuid)`
}

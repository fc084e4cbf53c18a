import { sql, type RawBuilder } from 'kysely'
import type { CaseKind } from '#contracts/cases.ts'
import { parsePlainDate, type PlainDate } from '#contracts/dates.ts'
import type { Post } from '#contracts/posts.ts'
import { forSql, type Reader } from '../connect.ts'
import type { Instant } from '../tables.ts'
import type { PostHeld } from './actor.ts'

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
  readonly task_due_on: PlainDate | null
  readonly org_name: string
  readonly post: Post | null
  readonly arrived_at: Instant
  readonly claimed_by: string | null
  readonly claimed_name: string | null
  readonly claimed_at: Instant | null
  readonly previous_opinion: string | null
  readonly cursor: string
}

export interface ListFilter {
  readonly after?: string | undefined
  readonly limit: number
  readonly kind?: string | undefined
  readonly stage?: string | undefined
  readonly q?: string | undefined
  readonly overdue?: boolean
  readonly open?: boolean | undefined
  readonly claimed?: 'mine' | 'none' | undefined
}

export interface Who {
  readonly staffId: string
  readonly posts: readonly PostHeld[]
}

export type ListName = 'todo' | 'done' | 'started' | 'copied' | 'all'

/** Totals are counted to here and no further; beyond it the list says "more than". */
const TOTAL_MAX = 10_000

/**
 * A page of a list by keyset, with its total from the same predicate: a badge and its list cannot disagree. The page is cut first and
 * dressed afterwards: task, organisation and names are looked up for its rows only.
 * Rows the context does not show do not exist here, in totals neither.
 */
export async function listCases(db: Reader, list: ListName, who: Who, filter: ListFilter): Promise<{ rows: ListedCase[]; total: number; more: boolean }> {
  const source = SOURCES[list](who)
  const { at, id } = source
  const direction = source.newestFirst ? sql`desc` : sql`asc`
  const beside = asksForTask(filter) && !source.ofTasks ? OPEN_TASK : sql``
  const chosen = sql`${source.from} ${beside} where ${source.where} ${filterSql(filter)}`
  const page = await sql<ListedCase>`
    select c.case_id, c.kind, c.case_number, c.applicant_masked, c.amount_fen, c.stage, c.stage_version, c.open, c.clock_state, c.clock_unit,
      c.due_on as clock_due_on, t.due_on as task_due_on, o.name as org_name, t.post, coalesce(t.arrived_at, c.stage_entered_at) as arrived_at,
      t.claimed_by, s.name as claimed_name, t.claimed_at, t.previous_opinion, ${source.newestFirst ? MOMENT_CURSOR : DAY_CURSOR} as cursor
    from (select c.*, ${at} as list_at, ${id} as list_id from ${chosen} ${beyond(source, filter.after)}
      order by ${at} ${direction}, ${id} ${direction} limit ${filter.limit + 1}) c
    ${source.ofTasks ? sql`join task t on t.task_id = c.list_id` : OPEN_TASK}
    join org o on o.org_id = c.org_id left join staff s on s.staff_id = t.claimed_by
    order by c.list_at ${direction}, c.list_id ${direction}`.execute(forSql(db))
  // In the order of the list: its index stops at the limit, where a scan of the whole table would begin.
  const counted = source.counted
    ? sql`${source.counted} ${beside} where true ${filterSql(filter)}`
    : sql`${chosen} order by ${at} ${direction}, ${id} ${direction}`
  const total = await sql<{ total: number }>`
    select count(*)::int as total from (select 1 from ${counted} limit ${TOTAL_MAX + 1}) counted`.execute(forSql(db))
  return { rows: page.rows.slice(0, filter.limit), total: total.rows[0]?.total ?? 0, more: page.rows.length > filter.limit }
}

interface Source {
  /** The list's cases as `c`, with what makes them its rows. */
  readonly from: RawBuilder<unknown>
  readonly where: RawBuilder<unknown>
  /** The sort columns, together unique; an index has them in this order. */
  readonly at: RawBuilder<unknown>
  readonly id: RawBuilder<unknown>
  /** Newest moment first; otherwise by day, the nearest first, those without a day last. */
  readonly newestFirst: boolean
  /** The rows are tasks `t`; elsewhere a row shows its case's own open task. */
  readonly ofTasks: boolean
  /** The same cases, once each, where they can be had without asking each row for a later one. */
  readonly counted?: RawBuilder<unknown>
}

/** A case's own open task, if there is one. */
const OPEN_TASK = sql`left join lateral (
  select * from task k where k.case_id = c.case_id and k.state = 'OPEN' order by k.post limit 1) t on true`

const SOURCES: Record<ListName, (who: Who) => Source> = {
  todo: ({ posts }) => ({
    from: sql`task t join case_file c on c.case_id = t.case_id`,
    where: sql`t.state = 'OPEN' and (t.post, t.org_id) in (${pairs(posts)})`,
    at: sql`t.due_on`,
    id: sql`t.task_id`,
    newestFirst: false,
    ofTasks: true,
  }),
  // The person's last decision in each case.
  done: ({ staffId }) => ({
    ...newest(
      sql`decision d join case_file c on c.case_id = d.case_id`,
      sql`d.actor_id = ${staffId} and not exists (select 1 from decision e where e.case_id = d.case_id and e.actor_id = d.actor_id
        and (e.decided_at, e.decision_id) > (d.decided_at, d.decision_id))`,
      sql`d.decided_at`,
      sql`d.case_id`,
    ),
    counted: sql`(select distinct case_id from decision where actor_id = ${staffId}) d join case_file c on c.case_id = d.case_id`,
  }),
  started: ({ staffId }) => newest(sql`case_file c`, sql`c.created_by = ${staffId}`, sql`c.created_at`, sql`c.case_id`),
  copied: ({ staffId }) => newest(sql`case_copy y join case_file c on c.case_id = y.case_id`, sql`y.staff_id = ${staffId}`, sql`y.at`, sql`y.case_id`),
  all: () => newest(sql`case_file c`, sql`true`, sql`c.created_at`, sql`c.case_id`),
}

const newest = (from: RawBuilder<unknown>, where: RawBuilder<unknown>, at: RawBuilder<unknown>, id: RawBuilder<unknown>): Source => ({
  from,
  where,
  at,
  id,
  newestFirst: true,
  ofTasks: false,
})

const MOMENT_CURSOR = sql`to_char(c.list_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') || '/' || c.list_id`
const DAY_CURSOR = sql`coalesce(to_char(c.list_at, 'YYYYMMDD'), '99999999') || '/' || c.list_id`
const NO_DAY = '99999999'

/** What lies behind a cursor. A text that no list has handed out has nothing behind it. */
function beyond({ at, id, newestFirst }: Source, after: string | undefined): RawBuilder<unknown> {
  if (!after) return sql``
  const [, day = '', time = '', rowId] = /^(\d{8})(\d{12})?\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(after) ?? []
  const date = day === NO_DAY ? undefined : parsePlainDate(day.replace(/^(....)(..)(..)$/, '$1-$2-$3'))
  if (!rowId || (time !== '') !== newestFirst || (day !== NO_DAY && !date)) return sql`and false`
  if (!newestFirst) return sql`and (coalesce(${at}, 'infinity'::date), ${id}) > (${date ?? 'infinity'}::date, ${rowId}::uuid)`
  const clock = time.replace(/^(..)(..)(..)(.{6})$/, '$1:$2:$3.$4')
  const isMoment = date && clock < '24' && /^..:[0-5].:[0-5]/.test(clock)
  return isMoment ? sql`and (${at}, ${id}) < (${`${date}T${clock}Z`}::timestamptz, ${rowId}::uuid)` : sql`and false`
}

const pairs = (posts: readonly PostHeld[]): RawBuilder<unknown> =>
  posts.length === 0 ? sql`select null, null where false` : sql.join(posts.map(({ post, orgId }) => sql`(${post}, ${orgId})`))

function filterSql(filter: ListFilter): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = []
  if (filter.kind) parts.push(sql`and c.kind = ${filter.kind}`)
  if (filter.stage) parts.push(sql`and c.stage = ${filter.stage}`)
  if (filter.open !== undefined) parts.push(sql`and c.open = ${filter.open}`)
  if (filter.overdue) parts.push(sql`and c.open and least(t.due_on, case when c.clock_state = 'RUNNING' then c.due_on end) < business_today()`)
  if (filter.claimed === 'mine') parts.push(sql`and t.claimed_by = context_person()`)
  if (filter.claimed === 'none') parts.push(sql`and t.claimed_by is null`)
  if (filter.q) parts.push(sql`and (${matches(filter.q)})`)
  return sql.join(parts, sql` `)
}

const asksForTask = (filter: ListFilter): boolean => Boolean(filter.overdue || filter.claimed)

/** What one box finds: a case number or its digits, the last four of an identity number, a name. Each by an index, so as sets of ids. */
function matches(q: string): RawBuilder<unknown> {
  const byParty = (condition: RawBuilder<unknown>) => sql`select p.case_id from case_party p where ${condition}`
  if (/^[0-9Xx]{4}$/.test(q)) {
    const byLast4 = byParty(sql`p.id_last4 = ${q.toUpperCase()}`)
    return /^\d+$/.test(q) ? sql`c.case_id in (${byLast4} union ${byDigits(q)})` : sql`c.case_id in (${byLast4})`
  }
  if (/^\d+$/.test(q)) return sql`c.case_id in (${byDigits(q)})`
  if (/[〔〕号]/.test(q)) return sql`c.case_number = ${q}`
  return sql`c.case_id in (${byParty(sql`p.name = ${q}`)})`
}

/** Case numbers that end with these digits and 号: read backwards they begin with them. A range, because LIKE finds no index behind row security. */
function byDigits(digits: string): RawBuilder<unknown> {
  const from = `号${[...digits].reverse().join('')}`
  // The character after 9 is a colon, and no case number has one.
  const upTo = from.slice(0, -1) + String.fromCharCode(from.charCodeAt(from.length - 1) + 1)
  return sql`select n.case_id from case_file n where n.case_number_backwards >= ${from} and n.case_number_backwards < ${upTo}`
}

export interface TaskCounts {
  readonly todo: number
  readonly overdue: number
  readonly dueToday: number
  readonly returned: number
  readonly started: number
  readonly copied: number
  readonly byStage: { kind: CaseKind; stage: string; count: number }[]
}

/** The badges, from the predicates of the lists themselves. */
export async function countTasks(db: Reader, who: Who): Promise<TaskCounts> {
  const todo = SOURCES.todo(who)
  const due = sql`least(t.due_on, case when c.clock_state = 'RUNNING' then c.due_on end)`
  const { rows } = await sql<{ kind: CaseKind; stage: string; count: number; overdue: number; due_today: number; returned: number }>`
    select c.kind, c.stage, count(*)::int as count, count(*) filter (where ${due} < business_today())::int as overdue,
      count(*) filter (where ${due} = business_today())::int as due_today,
      count(*) filter (where c.stage = 'RETURNED' or t.previous_opinion like '%·退回%')::int as returned
    from ${todo.from} where ${todo.where} group by c.kind, c.stage order by c.kind, c.stage`.execute(forSql(db))
  const one = async (list: 'started' | 'copied', more: RawBuilder<unknown>): Promise<number> => {
    const source = SOURCES[list](who)
    const counted = await sql<{ n: number }>`select count(*)::int as n from ${source.from} where ${source.where} ${more}`.execute(forSql(db))
    return counted.rows[0]?.n ?? 0
  }
  const sum = (pick: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + pick(row), 0)
  return {
    todo: sum((row) => row.count),
    overdue: sum((row) => row.overdue),
    dueToday: sum((row) => row.due_today),
    returned: sum((row) => row.returned),
    started: await one('started', sql``),
    copied: await one('copied', sql`and y.read_at is null`),
    byStage: rows.map(({ kind, stage, count }) => ({ kind, stage, count })),
  }
}

import { sql, type RawBuilder } from 'kysely'

/** What narrows a list. */
export interface Narrowing {
  readonly kind?: string | undefined
  readonly stage?: string | undefined
  readonly q?: string | undefined
  readonly due?: keyof typeof BY_DUE_DAY | undefined
  readonly returned?: boolean
  readonly open?: boolean | undefined
  readonly claimed?: 'mine' | 'none' | undefined
  /** Copied to the person, and not opened since. */
  readonly unread?: boolean
}

export interface ListFilter extends Narrowing {
  readonly after?: string | undefined
  readonly limit: number
}

/** The day that counts, as the row shows it; where nobody is awaited, it is the statutory one. */
const DUE_ON = sql`coalesce(t.counts_on, case when c.clock_state = 'RUNNING' then c.due_on end)`

/** What the workbench counts and its lists show, in the same words. They ask for `c` and its open task `t`. */
export const BY_DUE_DAY = {
  overdue: sql`(c.open and ${DUE_ON} < business_today())`,
  today: sql`(c.open and ${DUE_ON} = business_today())`,
} as const

/** The move that brought the case here was a return. An opinion is no evidence: anybody may write the word into one. */
export const RETURNED = sql`exists (select 1 from decision r
  where r.case_id = t.case_id and r.stage_version = t.stage_version - 1 and r.action = 'return')`

const UNREAD = sql`exists (select 1 from case_copy u where u.case_id = c.case_id and u.staff_id = context_person() and u.read_at is null)`

/** The conditions of a filter, each beginning with `and`. */
export function filterSql(filter: Narrowing): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = []
  if (filter.kind) parts.push(sql`and c.kind = ${filter.kind}`)
  if (filter.stage) parts.push(sql`and c.stage = ${filter.stage}`)
  // Written out: an index holds the open ones alone.
  if (filter.open !== undefined) parts.push(sql`and c.open = ${sql.lit(filter.open)}`)
  if (filter.due) parts.push(sql`and ${BY_DUE_DAY[filter.due]}`)
  if (filter.returned) parts.push(sql`and ${RETURNED}`)
  if (filter.claimed === 'mine') parts.push(sql`and t.claimed_by = context_person()`)
  if (filter.claimed === 'none') parts.push(sql`and t.claimed_by is null`)
  if (filter.unread) parts.push(sql`and ${UNREAD}`)
  if (filter.q) parts.push(sql`and (${matches(filter.q)})`)
  return sql.join(parts, sql` `)
}

/** Whether a filter asks about the open task, which not every list has at hand. */
export const asksForTask = ({ due, returned, claimed }: Narrowing): boolean => Boolean(due || returned || claimed)

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

import { sql, type RawBuilder } from 'kysely'
import { parsePlainDate } from '#contracts/dates.ts'

/** Which page of a list: what lies behind the cursor, from the beginning where there is none, and at most so many rows. */
export interface Window {
  readonly after?: string | undefined
  readonly limit: number
}

/** A page, and the cursor behind which the list goes on; null at its end. */
export interface Page<R> {
  readonly rows: readonly R[]
  readonly after: string | null
}

/** A list in the order of a moment, rows of the same moment in that of their id: columns as they are written in the statement. */
export interface ByMoment {
  readonly at: string
  readonly id: string
}

/** The place of a row in its list, as its page hands it out. */
export const momentCursor = ({ at, id }: ByMoment): RawBuilder<string> =>
  sql<string>`to_char(${sql.ref(at)} at time zone 'UTC', 'YYYYMMDDHH24MISSUS') || '/' || ${sql.ref(id)}`

/** The place in its list that a cursor names; undefined for a text that no list has handed out. */
export function momentPlace(after: string): RawBuilder<unknown> | undefined {
  const [, day = '', time = '', rowId] = /^(\d{8})(\d{12})\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(after) ?? []
  const date = parsePlainDate(day.replace(/^(....)(..)(..)$/, '$1-$2-$3'))
  const clock = time.replace(/^(..)(..)(..)(.{6})$/, '$1:$2:$3.$4')
  if (!rowId || !date || clock >= '24' || !/^..:[0-5].:[0-5]/.test(clock)) return undefined
  return sql`(${`${date}T${clock}Z`}::timestamptz, ${rowId}::uuid)`
}

/** What lies behind a cursor. A text that no list has handed out has nothing behind it. */
export function beyondMoment({ at, id }: ByMoment, direction: 'asc' | 'desc', after: string | undefined): RawBuilder<boolean> {
  if (after === undefined) return sql<boolean>`true`
  const place = momentPlace(after)
  if (!place) return sql<boolean>`false`
  const row = sql`(${sql.ref(at)}, ${sql.ref(id)})`
  return direction === 'asc' ? sql<boolean>`${row} > ${place}` : sql<boolean>`${row} < ${place}`
}

/** Cuts the page from rows of which one more was read than it holds, which shows whether there are more. */
export function cutPage<R>(read: readonly R[], limit: number, cursorOf: (row: R) => string): Page<R> {
  const rows = read.slice(0, limit)
  const last = rows.at(-1)
  return { rows, after: read.length > limit && last !== undefined ? cursorOf(last) : null }
}

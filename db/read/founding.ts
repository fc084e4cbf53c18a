import { sql } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import type { Db, Tx } from '../connect.ts'
import type { Instant } from '../tables.ts'

/** What a database is a house by. */
export interface Founded {
  readonly centres: readonly string[]
  /** A demo city, whose people are invented. */
  readonly demo: boolean
  /** When a real one was founded; a demo's first day is not on record. */
  readonly at: Instant | null
}

/** Who lives here already: a house is founded once. @returns undefined while nobody does */
export async function readFounding(db: Db | Tx): Promise<Founded | undefined> {
  const orgs = await db.selectFrom('org').select(['kind', 'name']).orderBy('org_id').execute()
  if (orgs.length === 0) return undefined
  const clock = await db.selectFrom('business_clock').select('mode').executeTakeFirst()
  const record = await db
    .selectFrom('audit_row')
    .select('at')
    .where('stream', '=', 'system')
    .where('act', '=', 'found')
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()
  return {
    centres: orgs.filter(({ kind }) => kind === 'CENTRE').map(({ name }) => name),
    demo: clock?.mode === 'DEMO',
    at: record?.at ?? null,
  }
}

/** Whether the connection is the owner's of the tables, as the founding and the migrations are; true as long as there are none. */
export async function isOwner(db: Db): Promise<boolean> {
  const { rows } = await sql<{ own: boolean }>`
    select pg_get_userbyid(relowner) = current_user as own from pg_class where oid = to_regclass('public.org')`.execute(db)
  return rows.every(({ own }) => own)
}

/** The date on the wall, for the one act that comes before there is a business clock: setting it. */
export async function wallDate(db: Db | Tx): Promise<PlainDate> {
  const { rows } = await sql<{ today: PlainDate }>`select (now() at time zone 'Asia/Shanghai')::date as today`.execute(db)
  const [row] = rows
  if (!row) throw new Error('the database does not tell the date')
  return row.today
}

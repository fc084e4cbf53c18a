import { sql } from 'kysely'
import type { Db } from '../connect.ts'

/** What an operator watches, in one look. */
export async function readGauges(db: Db): Promise<Record<string, number>> {
  const { rows } = await sql<Record<string, number>>`
    select (select count(*) from case_file where open)::int as open,
      (select count(*) from task where state = 'OPEN' and due_on < business_today())::int as overdue,
      (select count(*) from case_file where open and engine_version < stage_version)::int as behind,
      (select count(*) from outbox where state = 'WAITING')::int as waiting,
      (select count(*) from outbox where state = 'PARKED')::int as parked,
      (select count(*) from payment where state = 'UNKNOWN')::int as unknown,
      (select count(*) from incident where state = 'OPEN')::int as incidents`.execute(db)
  return rows[0] ?? {}
}

/** Whether the house can keep time. */
export interface Readiness {
  readonly clock: boolean
  /** The calendar of this business year is loaded. */
  readonly calendar: boolean
  /** Open cases whose deadlines hang on a year that is not loaded. They warn; they do not make the house unable to serve. */
  readonly uncountedCases: number
}

/** @throws when the database does not answer */
export async function readReadiness(db: Db): Promise<Readiness> {
  const { rows } = await sql<Readiness>`
    select exists (select 1 from business_clock) as clock,
      exists (select 1 from calendar_year where year = extract(year from business_today())) as calendar,
      (select count(*)::int from incident where kind = 'CALENDAR_UNKNOWN' and state = 'OPEN') as "uncountedCases"`.execute(db)
  return rows[0] ?? NOT_READY
}

export const NOT_READY: Readiness = { clock: false, calendar: false, uncountedCases: 0 }

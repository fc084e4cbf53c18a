import { sql } from 'kysely'
import type { Db } from '../connect.ts'

/**
 * What an operator watches, in one look. No session is asked for it, so nothing is counted that not everybody may know to exist: cases of
 * an access group of their own (a court's orders) are in none of the figures.
 */
export async function readGauges(db: Db): Promise<Record<string, number>> {
  const { rows } = await sql<Record<string, number>>`
    select (select count(*) from case_file where open and access_group_id = 'OPEN')::int as open,
      (select count(*) from task where state = 'OPEN' and counts_on < business_today() and access_group_id = 'OPEN')::int as overdue,
      (select count(*) from case_file where open and engine_version < stage_version and access_group_id = 'OPEN')::int as behind,
      (select count(*) from outbox o where state = 'WAITING' and ${ofNoSecretCase('o')})::int as waiting,
      (select count(*) from outbox o where state = 'PARKED' and ${ofNoSecretCase('o')})::int as parked,
      (select count(*) from payment where state = 'UNKNOWN' and access_group_id = 'OPEN')::int as unknown,
      (select count(*) from (select distinct case_id, notice_no from want where notice_no > 1 and access_group_id = 'OPEN') again)::int as again,
      (select count(*) from incident i where state = 'OPEN' and access_group_id = 'OPEN' and ${ofNoSecretCase('i')})::int as incidents`.execute(
    db,
  )
  return rows[0] ?? {}
}

/** An outbox row has no group of its own, and an incident's may be wider than its case's. */
const ofNoSecretCase = (alias: string) => sql`not exists (
  select 1 from case_file c where c.case_id = ${sql.ref(`${alias}.case_id`)} and c.access_group_id <> 'OPEN')`

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
      (select count(*)::int from incident i
        where kind = 'CALENDAR_UNKNOWN' and state = 'OPEN' and access_group_id = 'OPEN' and ${ofNoSecretCase('i')}) as "uncountedCases"`.execute(
    db,
  )
  return rows[0] ?? NOT_READY
}

export const NOT_READY: Readiness = { clock: false, calendar: false, uncountedCases: 0 }

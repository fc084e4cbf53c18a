import { sql } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import { forSql, type Db, type Reader, type Tx } from '../connect.ts'
import { KEPT } from '../kept-plans.ts'
import type { Instant } from '../tables.ts'

export interface BusinessTime {
  readonly now: Instant
  readonly today: PlainDate
}

/** The business clock: the only `now` that cases, deadlines, rates and vouchers know. */
export async function businessTime(db: Db | Tx | Reader): Promise<BusinessTime> {
  const { rows } = await sql<BusinessTime>`${KEPT} select business_now() as now, business_today() as today`.execute(forSql(db))
  const row = rows[0]
  if (!row?.now) throw new Error('the business clock has not been set')
  return row
}

export interface ClockReading {
  readonly mode: 'WALL' | 'DEMO'
  readonly businessDate: PlainDate
  /** The next day after today on which something falls due in an open case that is nobody's secret; null when nothing is armed. */
  readonly nextDue: PlainDate | null
  /** Those cases with something due on that day. */
  readonly dueCases: number
}

/** The business clock as a person reads it: under a reader, with the days of the cases in sight; otherwise with those of all. */
export async function readClock(db: Db | Reader): Promise<ClockReading> {
  const { rows } = await sql<ClockReading>`
    with due as (select d.case_id, d.due_on from deadline d join case_file c using (case_id)
      where d.state = 'ARMED' and d.due_on > business_today() and c.open and c.access_group_id = 'OPEN'),
    next as (select due_on, count(distinct case_id)::int as cases from due group by due_on order by due_on limit 1)
    select c.mode, business_today() as "businessDate", next.due_on as "nextDue", coalesce(next.cases, 0) as "dueCases"
    from business_clock c left join next on true`.execute(forSql(db))
  const row = rows[0]
  if (!row) throw new Error('the business clock has not been set')
  return row
}

export type DayKind = 'WORKDAY' | 'REST' | 'UNKNOWN'

/** Working days from `from` to `to` as a lookup; a day of a year that is not loaded is UNKNOWN, never guessed. */
export async function readCalendar(db: Db | Tx | Reader, from: PlainDate, to: PlainDate): Promise<(day: PlainDate) => DayKind> {
  const rows = await forSql(db)
    .selectFrom('calendar_day')
    .select(['day', 'working'])
    .where('day', '>=', from)
    .where('day', '<=', to)
    .modifyEnd(KEPT)
    .execute()
  const known = new Map(rows.map((row) => [row.day, row.working]))
  return (day) => {
    const working = known.get(day)
    return working === undefined ? 'UNKNOWN' : working ? 'WORKDAY' : 'REST'
  }
}

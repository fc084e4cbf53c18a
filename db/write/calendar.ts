import { sql } from 'kysely'
import { partsOf, type PlainDate } from '#contracts/dates.ts'
import type { Refusal } from '#contracts/problem.ts'
import { daysOfYear, type CalendarYear } from '../calendar/years.ts'
import type { Tx } from '../connect.ts'
import { auditDesk } from './audit.ts'

/** Who changes the calendar and why; both stand on every case whose deadlines move. */
export interface CalendarEditor {
  readonly staffId: string
  readonly orgId: string
  readonly reason: string
  /** The account of the machine under which a command was run in this person's name; absent when they were signed in themselves. */
  readonly operator?: string
}

/** How many open cases will be counted again, each in a transaction of its own, from the outbox. */
export type CalendarChanged = { readonly cases: number } | { readonly refused: Refusal }

/** Makes one day of a loaded year a working day or a day of rest, as a later notice has it. @param name what the day is for, null for none */
export async function setCalendarDay(
  tx: Tx,
  { day, working, name }: { day: PlainDate; working: boolean; name: string | null },
  by: CalendarEditor,
): Promise<CalendarChanged> {
  await lockCalendar(tx)
  const before = await tx.selectFrom('calendar_day').select('working').where('day', '=', day).executeTakeFirst()
  if (!before) return { refused: { code: 'RULES_REFUSE', detail: `${partsOf(day).year}年的工作日历尚未载入，不能只定其中一天` } }
  if (before.working === working) return { refused: { code: 'CONFLICT', detail: `${day} 已经是${working ? '工作日' : '休息日'}` } }
  await tx.updateTable('calendar_day').set({ working, name }).where('day', '=', day).execute()
  await audit(tx, 'calendar/day', { day, working, name }, by)
  return { cases: await enqueueSpanning(tx, day, by) }
}

/** Loads a year that was unknown. What could not be counted for want of it is counted now. */
export async function loadCalendarYear(tx: Tx, year: CalendarYear, by: CalendarEditor): Promise<CalendarChanged> {
  await lockCalendar(tx)
  const known = await tx.selectFrom('calendar_year').select('year').where('year', '=', year.year).executeTakeFirst()
  if (known) return { refused: { code: 'CONFLICT', detail: `${year.year}年的工作日历已经载入` } }
  await insertCalendarYear(tx, year)
  await audit(tx, 'calendar/year', { year: year.year, source: year.source }, by)
  return { cases: await enqueueUncounted(tx, by) }
}

/** Writes a year with all its days. What hangs on it is the caller's. */
export async function insertCalendarYear(tx: Tx, year: CalendarYear): Promise<void> {
  await tx.insertInto('calendar_year').values({ year: year.year, source: year.source }).execute()
  await tx.insertInto('calendar_day').values(daysOfYear(year)).execute()
}

/**
 * Waits for every transaction that has read the calendar and holds off new ones until this one ends: no due date is counted by the old
 * calendar and written after the affected cases were listed.
 */
const lockCalendar = (tx: Tx) => sql`lock table calendar_day in access exclusive mode`.execute(tx)

/** The open cases whose statutory clock or present step spans the day; the others' dates cannot change. */
async function enqueueSpanning(tx: Tx, day: PlainDate, by: CalendarEditor): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into outbox (kind, case_id, payload)
    select 'RECOUNT', c.case_id, ${payloadOf(by)}::jsonb from case_file c
    where c.open and (
      (c.clock_state = 'RUNNING' and c.accepted_on < ${day}::date and c.due_on >= ${day}::date)
      or exists (select 1 from task t where t.case_id = c.case_id and t.state = 'OPEN' and t.due_on >= ${day}::date
        and (t.arrived_at at time zone 'Asia/Shanghai')::date < ${day}::date))`.execute(tx)
  return called(tx, numAffectedRows)
}

/** The open cases that wait for a year to be known. Trouble of cases that have ended meanwhile is over. */
async function enqueueUncounted(tx: Tx, by: CalendarEditor): Promise<number> {
  await sql`
    update incident i set state = 'CLOSED', handled_by = ${by.staffId}, handled_at = now()
    where i.kind = 'CALENDAR_UNKNOWN' and i.state = 'OPEN' and exists (select 1 from case_file c where c.case_id = i.case_id and not c.open)`.execute(
    tx,
  )
  const { numAffectedRows } = await sql`
    insert into outbox (kind, case_id, payload)
    select 'RECOUNT', c.case_id, ${payloadOf(by)}::jsonb from case_file c
    where c.open and ((c.clock_state = 'RUNNING' and c.due_on is null)
      or exists (select 1 from incident i where i.case_id = c.case_id and i.kind = 'CALENDAR_UNKNOWN' and i.state = 'OPEN'))`.execute(tx)
  return called(tx, numAffectedRows)
}

const payloadOf = ({ staffId, reason }: CalendarEditor): string => JSON.stringify({ staffId, reason })

/** Calls the relay for what was put into the outbox. */
async function called(tx: Tx, rows: bigint | undefined): Promise<number> {
  await sql`select pg_notify('outbox', '')`.execute(tx)
  return Number(rows ?? 0n)
}

const audit = (tx: Tx, act: string, body: Record<string, unknown>, { staffId, orgId, reason, operator }: CalendarEditor) =>
  auditDesk(tx, { staffId, orgId }, act, { ...body, reason, ...(operator === undefined ? {} : { operator }) })

import { sql } from 'kysely'
import { addDays, daysBetween, type PlainDate } from '#contracts/dates.ts'
import type { Refusal } from '#contracts/problem.ts'
import type { Tx } from '../connect.ts'
import { appendAudit } from './audit.ts'

/** A demo's clock moves this far at once: a year and some weeks, well within the loaded calendar. */
const ADVANCE_DAYS_MAX = 400

export interface ClockMoved {
  readonly from: PlainDate
  readonly to: PlainDate
  /** Cases with something due on or before the new date, but for those of an access group of their own: that they exist is not told. */
  readonly dueCases: number
}

/**
 * Moves a demo's business date forward, with its move and its audit row, and calls the relay, which wakes the cases concerned from the record.
 * @param by who moved it; nobody by name when the house's own command did
 * @returns the refusal for a production clock, a step back, or one that is too long
 */
export async function advanceBusinessClock(
  tx: Tx,
  to: PlainDate,
  by: { readonly staffId: string; readonly orgId: string } | undefined,
): Promise<ClockMoved | { readonly refused: Refusal }> {
  const { mode, business_date: from } = await tx.selectFrom('business_clock').selectAll().forUpdate().executeTakeFirstOrThrow()
  const days = daysBetween(from, to)
  if (mode !== 'DEMO') return { refused: { code: 'FORBIDDEN', detail: '生产环境的业务日期不可推进' } }
  if (days <= 0) return { refused: { code: 'RULES_REFUSE', detail: `业务日期为 ${from}，只能向前推进` } }
  if (days > ADVANCE_DAYS_MAX) {
    return { refused: { code: 'RULES_REFUSE', detail: `一次至多推进 ${ADVANCE_DAYS_MAX} 天，即至 ${addDays(from, ADVANCE_DAYS_MAX)}` } }
  }
  await tx
    .updateTable('business_clock')
    .set({ business_date: to, moved_at: sql<string>`now()` })
    .execute()
  await tx
    .insertInto('clock_move')
    .values({ from_date: from, to_date: to, moved_by: by?.staffId ?? null })
    .execute()
  await appendAudit(tx, {
    stream: by ? `desk/${by.staffId}` : 'system',
    orgId: by ? by.orgId : await firstCentre(tx),
    actor: by ? `staff/${by.staffId}` : 'system',
    act: 'clock/advance',
    body: { from, to },
  })
  const { rows } = await sql<{ cases: number }>`
    select count(distinct case_id)::int as cases from deadline d join case_file c using (case_id)
    where d.state = 'ARMED' and d.due_on <= ${to} and c.access_group_id = 'OPEN'`.execute(tx)
  await sql`select pg_notify('outbox', '')`.execute(tx)
  return { from, to, dueCases: rows[0]?.cases ?? 0 }
}

/** A move that nobody made by name is filed with the centre itself. */
async function firstCentre(tx: Tx): Promise<string> {
  const { org_id } = await tx.selectFrom('org').select('org_id').where('kind', '=', 'CENTRE').orderBy('org_id').executeTakeFirstOrThrow()
  return org_id
}

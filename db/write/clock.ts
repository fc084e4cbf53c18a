import { sql } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import type { Tx } from '../connect.ts'
import type { LockedCase } from './cases.ts'

export interface ClockSpan {
  readonly state: 'RUNNING' | 'PAUSED'
  readonly fromOn: PlainDate
  readonly toOn: PlainDate | null
  readonly reason: string
}

/** The spans of a case's statutory clock in their order; its days are counted from these and stored nowhere. */
export async function clockSpans(tx: Tx, caseId: string): Promise<ClockSpan[]> {
  return tx
    .selectFrom('clock_span')
    .select(['state', 'from_on as fromOn', 'to_on as toOn', 'reason'])
    .where('case_id', '=', caseId)
    .orderBy('seq')
    .execute()
}

/** Ends the running span on a day and begins the next one there; `next` undefined ends the clock for good. */
export async function turnClock(tx: Tx, kase: LockedCase, on: PlainDate, next: { state: 'RUNNING' | 'PAUSED'; reason: string } | undefined): Promise<void> {
  await tx.updateTable('clock_span').set({ to_on: on }).where('case_id', '=', kase.case_id).where('to_on', 'is', null).execute()
  if (next) {
    await tx
      .insertInto('clock_span')
      .values((eb) => ({
        case_id: kase.case_id,
        seq: eb
          .selectFrom('clock_span')
          .select(sql<number>`coalesce(max(seq), 0) + 1`.as('next'))
          .where('case_id', '=', kase.case_id),
        org_id: kase.org_id,
        access_group_id: kase.access_group_id,
        state: next.state,
        from_on: on,
        to_on: null,
        reason: next.reason,
      }))
      .execute()
  }
  await tx
    .updateTable('case_file')
    .set({ clock_state: next ? next.state : 'STOPPED' })
    .where('case_id', '=', kase.case_id)
    .execute()
}

import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../connect.ts'
import type { Instant } from '../tables.ts'
import type { LockedCase } from './cases.ts'

/** Keeps what somebody in review wants of the applicant, until the one notice names it. */
export async function addWants(
  tx: Tx,
  kase: LockedCase,
  wants: readonly { readonly item: string; readonly reason: string }[],
  by: { readonly staffId: string; readonly at: Instant },
): Promise<void> {
  if (wants.length === 0) return
  await tx
    .insertInto('want')
    .values(
      wants.map(({ item, reason }) => ({
        want_id: randomUUID(),
        case_id: kase.case_id,
        org_id: kase.org_id,
        access_group_id: kase.access_group_id,
        item,
        reason,
        asked_stage: kase.stage,
        asked_by: by.staffId,
        asked_at: by.at,
        notice_no: null,
        satisfied_at: null,
      })),
    )
    .execute()
}

/** What is wanted and has not come yet, and in which stage it was asked for. */
export const openWants = (tx: Tx, caseId: string) =>
  tx
    .selectFrom('want')
    .select(['item', 'reason', 'asked_stage'])
    .where('case_id', '=', caseId)
    .where('satisfied_at', 'is', null)
    .orderBy('asked_at')
    .execute()

/** Puts everything that no notice has named yet into one: the first of the case, or the next. */
export async function nameWants(tx: Tx, caseId: string): Promise<void> {
  const { rows } = await sql<{ last: number }>`select coalesce(max(notice_no), 0) as last from want where case_id = ${caseId}`.execute(tx)
  await tx
    .updateTable('want')
    .set({ notice_no: (rows[0]?.last ?? 0) + 1 })
    .where('case_id', '=', caseId)
    .where('notice_no', 'is', null)
    .execute()
}

/** Closes every open want of the case, whoever asked. */
export async function satisfyWants(tx: Tx, caseId: string, at: Instant): Promise<void> {
  await tx.updateTable('want').set({ satisfied_at: at }).where('case_id', '=', caseId).where('satisfied_at', 'is', null).execute()
}

/** Takes back what one decision wanted, as long as no notice has named it; the command keeps the words. */
export async function dropWants(tx: Tx, caseId: string, asked: { readonly by: string | null; readonly at: Instant }): Promise<void> {
  await tx
    .deleteFrom('want')
    .where('case_id', '=', caseId)
    .where('asked_by', '=', asked.by)
    .where('asked_at', '=', asked.at)
    .where('notice_no', 'is', null)
    .execute()
}

import { sql } from 'kysely'
import type { Db, Tx } from '../connect.ts'

/** The member of staff an identity of a provider is bound to. */
export async function staffOfIdentity(db: Db | Tx, issuer: string, subject: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('staff_identity')
    .select('staff_id')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return row?.staff_id
}

/** Binds an identity to a person, by the case that two people carried. */
export async function bindIdentity(tx: Tx, binding: { staffId: string; issuer: string; subject: string; caseId: string }): Promise<void> {
  const { staffId, issuer, subject, caseId } = binding
  await tx
    .insertInto('staff_identity')
    .values({ staff_id: staffId, issuer, subject, bound_by_case: caseId, ended_at: null, ended_by_case: null })
    .execute()
}

/** Ends what was bound; the row stays. */
export async function unbindIdentity(
  tx: Tx,
  { staffId, issuer, caseId }: { staffId: string; issuer: string; caseId: string },
): Promise<void> {
  await tx
    .updateTable('staff_identity')
    .set({ ended_at: sql<string>`now()`, ended_by_case: caseId })
    .where('staff_id', '=', staffId)
    .where('issuer', '=', issuer)
    .where('ended_at', 'is', null)
    .execute()
}

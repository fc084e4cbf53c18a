import { sql } from 'kysely'
import type { Tx } from '../connect.ts'

/** Whoever has confirmed is at their desk: longer than this, and the person comes again. */
const WAITS_MINUTES = 60

/**
 * Takes a person's password away and lets the confirmer be told an initial one, once. What was to be told for an earlier change of the same
 * person is over.
 */
export async function openInitialPassword(tx: Tx, given: { caseId: string; staffId: string; confirmerId: string }): Promise<void> {
  const { caseId, staffId, confirmerId } = given
  await tx.updateTable('staff').set({ password_hash: null, must_change_password: true }).where('staff_id', '=', staffId).execute()
  await tx
    .updateTable('initial_password')
    .set({ expires_at: sql<string>`now()` })
    .where('staff_id', '=', staffId)
    .where('taken_at', 'is', null)
    .execute()
  await tx
    .insertInto('initial_password')
    .values({
      case_id: caseId,
      staff_id: staffId,
      confirmer_id: confirmerId,
      expires_at: sql<string>`now() + make_interval(mins => ${WAITS_MINUTES})`,
      taken_at: null,
    })
    .execute()
}

/**
 * Sets the initial password that is about to be told, and uses up the right to be told it: of two who ask at once, one is answered.
 * @returns whose it is; undefined when there is nothing to tell this person about this case
 */
export async function takeInitialPassword(
  tx: Tx,
  given: { caseId: string; confirmerId: string; passwordHash: string },
): Promise<{ staffId: string; staffNumber: string } | undefined> {
  const taken = await tx
    .updateTable('initial_password')
    .set({ taken_at: sql<string>`now()` })
    .where('case_id', '=', given.caseId)
    .where('confirmer_id', '=', given.confirmerId)
    .where('taken_at', 'is', null)
    .where('expires_at', '>', sql<string>`now()`)
    .returning('staff_id')
    .executeTakeFirst()
  if (!taken) return undefined
  const staff = await tx
    .updateTable('staff')
    .set({ password_hash: given.passwordHash, must_change_password: true })
    .where('staff_id', '=', taken.staff_id)
    .returning('staff_number')
    .executeTakeFirstOrThrow()
  return { staffId: taken.staff_id, staffNumber: staff.staff_number }
}

import type { PlainDate } from '#contracts/dates.ts'
import type { Post } from '#contracts/posts.ts'
import type { StaffChangeWord } from '#contracts/staff-change.ts'
import type { Db, Tx } from '../connect.ts'

/** A proposed change of somebody's rights. */
export interface ProposedChange {
  readonly case_id: string
  readonly staff_id: string
  readonly change: StaffChangeWord
  readonly post: string | null
  readonly post_org_id: string | null
  readonly issuer: string | null
  readonly subject: string | null
}

export const readProposedChange = (db: Db | Tx, caseId: string): Promise<ProposedChange> =>
  db
    .selectFrom('staff_change')
    .select(['case_id', 'staff_id', 'change', 'post', 'post_org_id', 'issuer', 'subject'])
    .where('case_id', '=', caseId)
    .executeTakeFirstOrThrow()

/** What is proposed and how its person stands on a day: what the rule about its confirmation asks. */
export async function readStaffChangeRecord(db: Db | Tx, caseId: string, today: PlainDate) {
  const change = await readProposedChange(db, caseId)
  const staff = await db.selectFrom('staff').select('totp_secret_enc').where('staff_id', '=', change.staff_id).executeTakeFirst()
  const held = await db
    .selectFrom('staff_post')
    .select('post')
    .where('staff_id', '=', change.staff_id)
    .where((eb) => eb.or([eb('to_on', 'is', null), eb('to_on', '>=', today)]))
    .execute()
  const bindings = await db
    .selectFrom('staff_identity')
    .select(['staff_id', 'subject'])
    .where('issuer', '=', change.issuer ?? '')
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('staff_id', '=', change.staff_id), eb('subject', '=', change.subject ?? '')]))
    .execute()
  return {
    change: change.change,
    staffId: change.staff_id,
    post: change.post as Post | null,
    postsHeld: held.map(({ post }) => post as Post),
    hasOneTimeCode: Boolean(staff?.totp_secret_enc),
    isBound: bindings.some(({ staff_id }) => staff_id === change.staff_id),
    isIdentityTaken: bindings.some(({ staff_id, subject }) => staff_id !== change.staff_id && subject === change.subject),
  }
}

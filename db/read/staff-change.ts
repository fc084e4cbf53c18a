import type { PlainDate } from '#contracts/dates.ts'
import type { Post } from '#contracts/posts.ts'
import type { StaffChangeWord } from '#contracts/staff-change.ts'
import type { Db, Tx } from '../connect.ts'

/** A proposed change of somebody's rights. */
export interface ProposedChange {
  readonly case_id: string
  /** Null while somebody who joins is not here. */
  readonly staff_id: string | null
  readonly change: StaffChangeWord
  readonly post: string | null
  readonly post_org_id: string | null
  readonly issuer: string | null
  readonly subject: string | null
  readonly new_staff_number: string | null
  readonly new_name: string | null
  readonly new_org_id: string | null
}

const PROPOSED = ['case_id', 'staff_id', 'change', 'post', 'post_org_id', 'issuer', 'subject'] as const
const NEWCOMER = ['new_staff_number', 'new_name', 'new_org_id'] as const

export const readProposedChange = (db: Db | Tx, caseId: string): Promise<ProposedChange> =>
  db
    .selectFrom('staff_change')
    .select([...PROPOSED, ...NEWCOMER])
    .where('case_id', '=', caseId)
    .executeTakeFirstOrThrow()

/** What is proposed and how its person stands on a day: what the rule about its confirmation asks. */
export async function readStaffChangeRecord(db: Db | Tx, caseId: string, today: PlainDate) {
  const change = await readProposedChange(db, caseId)
  const standing = change.staff_id ? await standingOf(db, change.staff_id, today) : { hasOneTimeCode: false, postsHeld: [] }
  const bindings = await bindingsOf(db, change)
  return {
    change: change.change,
    staffId: change.staff_id,
    post: change.post as Post | null,
    ...standing,
    isBound: bindings.some(({ staff_id }) => staff_id === change.staff_id),
    isIdentityTaken: bindings.some(({ staff_id, subject }) => staff_id !== change.staff_id && subject === change.subject),
    isNumberTaken: change.new_staff_number !== null && (await isStaffNumberTaken(db, change.new_staff_number)),
  }
}

async function standingOf(db: Db | Tx, staffId: string, today: PlainDate) {
  const staff = await db.selectFrom('staff').select('totp_secret_enc').where('staff_id', '=', staffId).executeTakeFirst()
  const held = await db
    .selectFrom('staff_post')
    .select('post')
    .where('staff_id', '=', staffId)
    .where((eb) => eb.or([eb('to_on', 'is', null), eb('to_on', '>=', today)]))
    .execute()
  return { hasOneTimeCode: Boolean(staff?.totp_secret_enc), postsHeld: held.map(({ post }) => post as Post) }
}

/** Who has the identity in question, and which one the person has with the same provider. */
async function bindingsOf(db: Db | Tx, { staff_id, issuer, subject }: ProposedChange) {
  if (issuer === null || staff_id === null) return []
  return db
    .selectFrom('staff_identity')
    .select(['staff_id', 'subject'])
    .where('issuer', '=', issuer)
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('staff_id', '=', staff_id), eb('subject', '=', subject ?? '')]))
    .execute()
}

/** Whether a staff number is, or ever was, somebody's. */
export async function isStaffNumberTaken(db: Db | Tx, staffNumber: string): Promise<boolean> {
  const row = await db.selectFrom('staff').select('staff_id').where('staff_number', '=', staffNumber).executeTakeFirst()
  return row !== undefined
}

import type { PlainDate } from '#contracts/dates.ts'
import type { Post } from '#contracts/posts.ts'
import type { Relation, StaffChangeWord } from '#contracts/staff-change.ts'
import type { Db, Tx } from '../connect.ts'
import { readPostsToCome } from './actor.ts'

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
  /** What recusal goes by, as far as it is to be set. */
  readonly new_id_number_enc: Buffer | null
  readonly new_id_hash: Buffer | null
  readonly employer_change: 'SET' | 'CLEAR' | null
  readonly employer_unit_id: string | null
  /** Of a relative who is declared: then the number is theirs. */
  readonly relation: Relation | null
}

const PROPOSED = ['case_id', 'staff_id', 'change', 'post', 'post_org_id', 'issuer', 'subject'] as const
const NEWCOMER = ['new_staff_number', 'new_name', 'new_org_id'] as const
const PARTICULARS = ['new_id_number_enc', 'new_id_hash', 'employer_change', 'employer_unit_id', 'relation'] as const

/** What is proposed, as it was proposed. @throws Error when the case proposes nothing */
export const readProposedChange = (db: Db | Tx, caseId: string): Promise<ProposedChange> =>
  db
    .selectFrom('staff_change')
    .select([...PROPOSED, ...NEWCOMER, ...PARTICULARS])
    .where('case_id', '=', caseId)
    .executeTakeFirstOrThrow()

/** What is proposed and how its person stands on a day: what the rule about its confirmation asks. */
export async function readStaffChangeRecord(db: Db | Tx, caseId: string, today: PlainDate) {
  const change = await readProposedChange(db, caseId)
  const { idHash, ...standing } = change.staff_id ? await standingOf(db, change.staff_id, today) : NOBODY_YET
  const bindings = await bindingsOf(db, change)
  return {
    change: change.change,
    staffId: change.staff_id,
    post: change.post as Post | null,
    ...standing,
    isBound: bindings.some(({ staff_id }) => staff_id === change.staff_id),
    isIdentityTaken: bindings.some(({ staff_id, subject }) => staff_id !== change.staff_id && subject === change.subject),
    isNumberTaken: change.new_staff_number !== null && (await isStaffNumberTaken(db, change.new_staff_number)),
    hasIdNumber: change.new_id_hash !== null,
    isRelative: await isRelative(db, change.staff_id, change.new_id_hash),
    isIdNumberTaken: await isIdNumberTaken(db, change.new_id_hash ?? idHash, change.staff_id),
  }
}

const NOBODY_YET = { hasOneTimeCode: false, postsHeld: [], idHash: null }

async function standingOf(db: Db | Tx, staffId: string, today: PlainDate) {
  const staff = await db.selectFrom('staff').select(['totp_secret_enc', 'id_hash']).where('staff_id', '=', staffId).executeTakeFirst()
  return {
    hasOneTimeCode: Boolean(staff?.totp_secret_enc),
    postsHeld: await readPostsToCome(db, staffId, today),
    idHash: staff?.id_hash ?? null,
  }
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

/** Whether an identity number is that of somebody else who is here, in whatever house. Whoever has left is nobody's double. */
export async function isIdNumberTaken(db: Db | Tx, idHash: Buffer | null, but: string | null): Promise<boolean> {
  if (idHash === null) return false
  const row = await db
    .selectFrom('staff')
    .select('staff_id')
    .where('id_hash', '=', idHash)
    .where('state', '<>', 'LEFT')
    .$if(but !== null, (select) => select.where('staff_id', '<>', but ?? ''))
    .executeTakeFirst()
  return row !== undefined
}

/** Whether a number is declared as that of a relative of a member of staff. */
export async function isRelative(db: Db | Tx, staffId: string | null, idHash: Buffer | null): Promise<boolean> {
  if (staffId === null || idHash === null) return false
  const row = await db
    .selectFrom('staff_relative')
    .select('relation')
    .where('staff_id', '=', staffId)
    .where('id_hash', '=', idHash)
    .executeTakeFirst()
  return row !== undefined
}

/** What recusal goes by of a member of staff, the number still sealed. The reader's own connection sees none of it. */
export async function readParticulars(db: Db | Tx, staffId: string) {
  const own = await db
    .selectFrom('staff')
    .leftJoin('unit', 'unit.unit_id', 'staff.employer_unit_id')
    .select(['staff.id_number_enc', 'staff.id_hash', 'unit.name as employer_name'])
    .where('staff.staff_id', '=', staffId)
    .executeTakeFirstOrThrow()
  const relatives = await db.selectFrom('staff_relative').select('relation').where('staff_id', '=', staffId).orderBy('relation').execute()
  return { ...own, relatives: relatives.map(({ relation }) => relation) }
}

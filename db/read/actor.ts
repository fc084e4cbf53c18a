import type { Post } from '#contracts/posts.ts'
import type { StepGroup } from '#contracts/stages.ts'
import type { PlainDate } from '#contracts/dates.ts'
import { RELATIONS } from '#contracts/staff-change.ts'
import type { Db, Tx } from '../connect.ts'

export interface PostHeld {
  readonly post: Post
  readonly orgId: string
  readonly delegatedBy?: string
}

/** The posts a person holds on a day, their own and those delegated to them for a period (代理). */
export async function readPosts(db: Db | Tx, staffId: string, on: PlainDate): Promise<PostHeld[]> {
  const own = await db
    .selectFrom('staff_post')
    .select(['post', 'org_id'])
    .where('staff_id', '=', staffId)
    .where('from_on', '<=', on)
    .where((eb) => eb.or([eb('to_on', 'is', null), eb('to_on', '>=', on)]))
    .execute()
  const delegated = await db
    .selectFrom('delegation')
    .innerJoin('staff_post', (join) =>
      join.onRef('staff_post.staff_id', '=', 'delegation.from_staff_id').onRef('staff_post.post', '=', 'delegation.post'),
    )
    .innerJoin('staff', 'staff.staff_id', 'delegation.from_staff_id')
    .select(['delegation.post', 'staff_post.org_id', 'delegation.from_staff_id'])
    .where('delegation.to_staff_id', '=', staffId)
    .where('delegation.revoked_at', 'is', null)
    .where('delegation.from_on', '<=', on)
    .where('delegation.to_on', '>=', on)
    .where('staff_post.from_on', '<=', on)
    .where((eb) => eb.or([eb('staff_post.to_on', 'is', null), eb('staff_post.to_on', '>=', on)]))
    .where('staff.state', '=', 'ACTIVE')
    .execute()
  return [
    ...own.map((row) => ({ post: row.post as Post, orgId: row.org_id })),
    ...delegated.map((row) => ({ post: row.post as Post, orgId: row.org_id, delegatedBy: row.from_staff_id })),
  ]
}

/** What four eyes and recusal go by in one case: the step group held in it, and how one is related to its parties. */
export interface StandingInCase {
  readonly groupHeld?: StepGroup
  readonly relation?: string
}

export interface ActorInCase extends StandingInCase {
  readonly staffId: string
  readonly active: boolean
  readonly posts: readonly PostHeld[]
  /** Of everybody whose post they may exercise (代理): whoever is acted for counts in full. */
  readonly principals: ReadonlyMap<string, StandingInCase>
}

/** Everything a decision must know about the person who makes it, in this case, on this day. */
export async function readActor(db: Db | Tx, staffId: string, caseId: string, on: PlainDate): Promise<ActorInCase> {
  const staff = await db.selectFrom('staff').select('state').where('staff_id', '=', staffId).executeTakeFirst()
  const posts = await readPosts(db, staffId, on)
  const principals = new Map<string, StandingInCase>()
  for (const { delegatedBy } of posts) {
    if (delegatedBy !== undefined && !principals.has(delegatedBy)) principals.set(delegatedBy, await readStanding(db, delegatedBy, caseId))
  }
  return { staffId, active: staff?.state === 'ACTIVE', posts, principals, ...(await readStanding(db, staffId, caseId)) }
}

async function readStanding(db: Db | Tx, staffId: string, caseId: string): Promise<StandingInCase> {
  const actor = await db
    .selectFrom('case_actor')
    .select('step_group')
    .where('case_id', '=', caseId)
    .where('staff_id', '=', staffId)
    .executeTakeFirst()
  const relation = await readRelation(db, staffId, caseId)
  return { ...(actor ? { groupHeld: actor.step_group as StepGroup } : {}), ...(relation ? { relation } : {}) }
}

/** Every post that a person has or will have, their own and those they stand in for: what a further one must go together with. */
export async function readPostsToCome(db: Db | Tx, staffId: string, today: PlainDate): Promise<Post[]> {
  const own = await db
    .selectFrom('staff_post')
    .select('post')
    .where('staff_id', '=', staffId)
    .where((eb) => eb.or([eb('to_on', 'is', null), eb('to_on', '>=', today)]))
    .execute()
  const delegated = await db
    .selectFrom('delegation')
    .select('post')
    .where('to_staff_id', '=', staffId)
    .where('revoked_at', 'is', null)
    .where('to_on', '>=', today)
    .execute()
  return [...own, ...delegated].map(({ post }) => post as Post)
}

/** How a person is related to a party of the case (回避): themselves, a relative on record, or a colleague of the same employer. */
async function readRelation(db: Db | Tx, staffId: string, caseId: string): Promise<string | undefined> {
  const self = await db
    .selectFrom('staff')
    .innerJoin('case_party', 'case_party.id_hash', 'staff.id_hash')
    .select('staff.staff_id')
    .where('staff.staff_id', '=', staffId)
    .where('case_party.case_id', '=', caseId)
    .executeTakeFirst()
  if (self) return '本人'
  const relative = await db
    .selectFrom('staff_relative')
    .innerJoin('case_party', 'case_party.id_hash', 'staff_relative.id_hash')
    .select('staff_relative.relation')
    .where('staff_relative.staff_id', '=', staffId)
    .where('case_party.case_id', '=', caseId)
    .executeTakeFirst()
  return relative ? RELATIONS[relative.relation] : (await sharesEmployer(db, staffId, caseId)) ? '同一工作单位' : undefined
}

/**
 * Whether somebody who owes the loan works for the officer's own employer: by the books of contributions, or as the form says. Officers who are
 * lent to the centre have an employer of their own on record; those who are its own people have none beside it.
 */
async function sharesEmployer(db: Db | Tx, staffId: string, caseId: string): Promise<boolean> {
  const colleague = await db
    .selectFrom('staff')
    .innerJoin('unit', 'unit.unit_id', 'staff.employer_unit_id')
    .innerJoin('case_party', (join) => join.on('case_party.case_id', '=', caseId))
    .leftJoin('contributor', 'contributor.id_hash', 'case_party.id_hash')
    .select('case_party.party_no')
    .where('staff.staff_id', '=', staffId)
    .where('case_party.role', 'in', ['BORROWER', 'SPOUSE', 'CO_BORROWER'])
    .where((eb) => eb.or([eb('case_party.unit_name', '=', eb.ref('unit.name')), eb('contributor.unit_id', '=', eb.ref('unit.unit_id'))]))
    .executeTakeFirst()
  return colleague !== undefined
}

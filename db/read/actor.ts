import { sql, type RawBuilder } from 'kysely'
import type { Post } from '#contracts/posts.ts'
import type { StepGroup } from '#contracts/stages.ts'
import type { PlainDate } from '#contracts/dates.ts'
import { RELATIONS, type Relation } from '#contracts/staff-change.ts'
import type { Db, Tx } from '../connect.ts'
import { KEPT } from '../kept-plans.ts'

export interface PostHeld {
  readonly post: Post
  readonly orgId: string
  readonly delegatedBy?: string
}

/**
 * The posts that a person holds on a day, their own and those delegated to them for a period (代理), as one value of JSON: what asks for more
 * than them asks once.
 * @param staffId whom, and on which day: values, or columns of the statement that this is part of
 */
export const postsHeld = (staffId: RawBuilder<unknown>, on: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select coalesce(json_agg(json_strip_nulls(json_build_object('post', post, 'orgId', org_id, 'delegatedBy', delegated_by))
    order by delegated_by nulls first, post, org_id), '[]')
  from (
    select own.post, own.org_id, null::uuid as delegated_by from staff_post own
    where own.staff_id = ${staffId} and own.from_on <= ${on} and (own.to_on is null or own.to_on >= ${on})
    union all
    select lent.post, theirs.org_id, lent.from_staff_id from delegation lent
      join staff_post theirs on theirs.staff_id = lent.from_staff_id and theirs.post = lent.post
      join staff lender on lender.staff_id = lent.from_staff_id and lender.state = 'ACTIVE'
    where lent.to_staff_id = ${staffId} and lent.revoked_at is null and lent.from_on <= ${on} and lent.to_on >= ${on}
      and theirs.from_on <= ${on} and (theirs.to_on is null or theirs.to_on >= ${on})) held_posts)`

/** The posts a person holds on a day, their own and those delegated to them for a period (代理). */
export async function readPosts(db: Db | Tx, staffId: string, on: PlainDate): Promise<PostHeld[]> {
  const { rows } = await sql<{ posts: PostHeld[] }>`${KEPT} select ${postsHeld(sql`${staffId}::uuid`, sql`${on}::date`)} as posts`.execute(
    db,
  )
  return rows[0]?.posts ?? []
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

/** Everything a decision must know about the person who makes it, in this case, on this day; of whoever they act for, the same. One statement. */
export async function readActor(db: Db | Tx, staffId: string, caseId: string, on: PlainDate): Promise<ActorInCase> {
  const { rows } = await sql<StoredActor>`
    ${KEPT} with held as materialized (select ${postsHeld(sql`${staffId}::uuid`, sql`${on}::date`)} as posts),
      person as (
        select ${staffId}::uuid as staff_id union
        select (one ->> 'delegatedBy')::uuid from held, json_array_elements(held.posts) one where one ->> 'delegatedBy' is not null)
    select held.posts, (select state from staff where staff_id = ${staffId}) as state,
      (select json_object_agg(p.staff_id, ${standingIn(caseId)}) from person p) as standings
    from held`.execute(db)
  const { posts = [], state, standings = {} } = rows[0] ?? {}
  const others = Object.entries(standings).filter(([id]) => id !== staffId)
  return {
    staffId,
    active: state === 'ACTIVE',
    posts,
    principals: new Map(others.map(([id, standing]) => [id, standingOf(standing)])),
    ...standingOf(standings[staffId]),
  }
}

interface StoredActor {
  readonly posts: PostHeld[]
  readonly state: string | null
  readonly standings: Readonly<Record<string, StoredStanding>>
}

interface StoredStanding {
  readonly group: StepGroup | null
  readonly relation: 'SELF' | 'EMPLOYER' | Relation | null
}

/** The step group that the person `p` holds in a case, and how they are related to its parties, as one value of JSON. */
const standingIn = (caseId: string): RawBuilder<unknown> => sql`json_build_object('relation', ${relationTo(sql`${caseId}`)},
  'group', (select step_group from case_actor a where a.case_id = ${caseId} and a.staff_id = p.staff_id))`

const standingOf = (stored: StoredStanding | undefined): StandingInCase => ({
  ...(stored?.group ? { groupHeld: stored.group } : {}),
  ...(stored?.relation ? { relation: RELATION_WORDS[stored.relation] } : {}),
})

const RELATION_WORDS = { SELF: '本人', EMPLOYER: '同一工作单位', ...RELATIONS }

/**
 * How the person `p` is related to a party of the case (回避): themselves, a relative on record, or a colleague of the same employer. That is
 * whoever owes the loan and works for the officer's own employer, by the books of contributions or as the form says. Officers who are lent to
 * the centre have an employer of their own on record; those who are its own people have none beside it.
 * @param caseId a value, or a column of the statement that this is part of
 */
export const relationTo = (caseId: RawBuilder<unknown>): RawBuilder<unknown> =>
  relationAmong(sql`(select id_hash, role, unit_name from case_party where case_id = ${caseId})`)

/** @param parties rows of `id_hash`, `role` and `unit_name` */
const relationAmong = (parties: RawBuilder<unknown>): RawBuilder<unknown> => sql`case
  when exists (select 1 from staff s join ${parties} c on c.id_hash = s.id_hash where s.staff_id = p.staff_id) then 'SELF'
  else coalesce(
    (select r.relation from staff_relative r join ${parties} c on c.id_hash = r.id_hash
      where r.staff_id = p.staff_id order by r.relation limit 1),
    (select 'EMPLOYER' from staff s join unit u on u.unit_id = s.employer_unit_id
        join ${parties} c on c.role in ('BORROWER', 'SPOUSE', 'CO_BORROWER')
        left join contributor b on b.id_hash = c.id_hash
      where s.staff_id = p.staff_id and (c.unit_name = u.name or b.unit_id = u.unit_id) limit 1)) end`

/** Somebody of a form that is not, or not yet, what a case stands on. */
export interface NamedParty {
  readonly role: string
  readonly idHash: Buffer
  readonly unitName: string | null
}

/** How each of the persons is related to the people of a form, in words (回避); who is to none of them is absent. */
export async function readRelations(db: Db | Tx, persons: readonly string[], parties: readonly NamedParty[]): Promise<Map<string, string>> {
  const named = JSON.stringify(parties.map(({ idHash, role, unitName }) => ({ id: idHash.toString('hex'), role, unit_name: unitName })))
  const form = sql`(select decode(id, 'hex') as id_hash, role, unit_name from jsonb_to_recordset(${named}::jsonb) f(id text, role text, unit_name text))`
  const { rows } = await sql<{ staff_id: string; relation: keyof typeof RELATION_WORDS | null }>`
    select p.staff_id, ${relationAmong(form)} as relation from unnest(${[...persons]}::uuid[]) p(staff_id)`.execute(db)
  return new Map(rows.flatMap(({ staff_id, relation }) => (relation ? [[staff_id, RELATION_WORDS[relation]]] : [])))
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

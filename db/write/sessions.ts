import { sql } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import type { Db, Tx } from '../connect.ts'
import { KEPT } from '../kept-plans.ts'
import { postsHeld, type PostHeld } from '../read/actor.ts'
import { FORGOTTEN_MAX, WHO_CAME_IN_KEPT_MONTHS } from './sign-in.ts'

/** Opens a session by the hash of its token; the token itself is nowhere but in the cookie. */
export async function openSession(
  tx: Tx,
  session: { tokenHash: Buffer; staffId: string; hours: number; secondFactor: boolean },
): Promise<void> {
  await forgetSessionsQuery().execute(tx)
  await tx
    .insertInto('session')
    .values({
      token_hash: session.tokenHash,
      staff_id: session.staffId,
      expires_at: sql<string>`now() + make_interval(hours => ${session.hours})`,
      second_factor: session.secondFactor,
    })
    .execute()
}

/** What has been over for as long goes with one that is new, like the tries beside it; for the test that looks at its plan as well. */
export const forgetSessionsQuery = () => sql`
  delete from session where token_hash = any(array(
    select token_hash from session where expires_at < now() - make_interval(months => ${WHO_CAME_IN_KEPT_MONTHS})
    order by expires_at limit ${FORGOTTEN_MAX} for update skip locked))`

/** Ends a session. Its token opens nothing from the next request on. @param why for the record, a word such as SIGNED_OUT */
export async function endSession(db: Db | Tx, tokenHash: Buffer, why: string): Promise<void> {
  await db
    .updateTable('session')
    .set({ revoked_at: sql<string>`now()`, revoked_why: why })
    .where('token_hash', '=', tokenHash)
    .execute()
}

/** Ends every session of a person, in the transaction that changes their rights or their password; all but one, where that one did it. */
export async function endSessions(tx: Tx, staffId: string, why: string, but?: Buffer): Promise<void> {
  await tx
    .updateTable('session')
    .set({ revoked_at: sql<string>`now()`, revoked_why: why })
    .where('staff_id', '=', staffId)
    .where('revoked_at', 'is', null)
    .$if(but !== undefined, (update) => update.where('token_hash', '<>', but ?? Buffer.alloc(0)))
    .execute()
}

export interface LiveSession {
  readonly staff_id: string
  readonly staff_number: string
  readonly name: string
  readonly org_id: string
  readonly org_name: string
  readonly org_kind: string
  readonly reporting_entity: string
  readonly today: PlainDate
  readonly second_factor: boolean
  readonly posts: PostHeld[]
  /** The person's organisation, and below a centre its branches. */
  readonly orgs: string[]
}

/** Whether a session still holds, without using it: a stream that stays open must not keep its session from going idle. */
export async function sessionHolds(db: Db, tokenHash: Buffer, idleMinutes: number): Promise<boolean> {
  const { rows } = await sql`
    select 1 from session s join staff p using (staff_id) where s.token_hash = ${tokenHash} and s.revoked_at is null and s.expires_at > now()
      and s.last_seen_at > now() - make_interval(mins => ${idleMinutes}) and p.state = 'ACTIVE'`.execute(db)
  return rows.length > 0
}

/**
 * The person of a session that is neither revoked, over nor idle, and the posts held today. That it was used is noted once in a thirtieth of
 * the idle time, which is a minute of half an hour: more often would make of every reading request a write, with its wait for the disk, and a
 * session that ends that much early harms nobody.
 * @param unattended asked by a screen before which nobody sits: it is answered, and does not count as use
 */
export async function useSession(db: Db, tokenHash: Buffer, idleMinutes: number, unattended = false): Promise<LiveSession | undefined> {
  const { rows } = await sql<LiveSession>`
    ${KEPT} with held as materialized (
      select s.staff_id, s.second_factor, s.last_seen_at, business_today() as today from session s where s.token_hash = ${tokenHash} and s.revoked_at is null
        and s.expires_at > now() and s.last_seen_at > now() - make_interval(mins => ${idleMinutes})),
    noted as (
      update session set last_seen_at = now()
      where token_hash = ${tokenHash} and not ${unattended}::boolean
        and exists (select from held where last_seen_at < now() - make_interval(secs => ${idleMinutes}::int * 2)))
    select p.staff_id, p.staff_number, p.name, p.org_id, o.name as org_name, o.kind as org_kind, o.reporting_entity, held.today,
      held.second_factor, ${postsHeld(sql`held.staff_id`, sql`held.today`)} as posts,
      (select coalesce(array_agg(c.org_id), '{}') from org c
        where c.org_id = p.org_id or (o.kind = 'CENTRE' and c.reporting_entity = o.reporting_entity and c.kind = 'BRANCH')) as orgs
    from held join staff p on p.staff_id = held.staff_id and p.state = 'ACTIVE' join org o on o.org_id = p.org_id`.execute(db)
  return rows[0]
}

import { sql } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import type { Db, Tx } from '../connect.ts'

/** Opens a session by the hash of its token; the token itself is nowhere but in the cookie. */
export async function openSession(tx: Tx, session: { tokenHash: Buffer; staffId: string; hours: number; secondFactor: boolean }): Promise<void> {
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

/** Ends a session. Its token opens nothing from the next request on. @param why for the record, a word such as SIGNED_OUT */
export async function endSession(db: Db | Tx, tokenHash: Buffer, why: string): Promise<void> {
  await db.updateTable('session').set({ revoked_at: sql<string>`now()`, revoked_why: why }).where('token_hash', '=', tokenHash).execute()
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

/** The person of a session that is neither revoked, over nor idle; notes that it was used. */
export async function useSession(db: Db, tokenHash: Buffer, idleMinutes: number): Promise<LiveSession | undefined> {
  const { rows } = await sql<LiveSession>`
    update session s set last_seen_at = now() from staff p, org o
    where s.token_hash = ${tokenHash} and s.revoked_at is null and s.expires_at > now()
      and s.last_seen_at > now() - make_interval(mins => ${idleMinutes})
      and p.staff_id = s.staff_id and p.state = 'ACTIVE' and o.org_id = p.org_id
    returning p.staff_id, p.staff_number, p.name, p.org_id, o.name as org_name, o.kind as org_kind, o.reporting_entity, business_today() as today,
      s.second_factor,
      (select coalesce(array_agg(c.org_id), '{}') from org c
        where c.org_id = p.org_id or (o.kind = 'CENTRE' and c.reporting_entity = o.reporting_entity and c.kind = 'BRANCH')) as orgs`.execute(db)
  return rows[0]
}

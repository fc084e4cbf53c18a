import { sql } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import type { Db, Tx } from '../connect.ts'

/**
 * Opens an attempt to log in, which counts as failed until it has succeeded: a hundred tries at once are a hundred, whoever is first.
 * @returns undefined when there were too many failures in the last minutes since the last success
 */
export function openAttempt(db: Db, staffNumber: string, limit: { failuresMax: number; minutes: number }): Promise<bigint | undefined> {
  return db.transaction().execute(async (tx) => {
    // Those of one number come one after the other; a number that nobody has waits no differently.
    await sql`select pg_advisory_xact_lock(hashtext('log-in'), hashtext(${staffNumber}))`.execute(tx)
    if ((await recentFailures(tx, staffNumber, limit.minutes)) >= limit.failuresMax) return undefined
    const { attempt_id } = await tx
      .insertInto('login_attempt')
      .values({ staff_number: staffNumber, at: sql<string>`clock_timestamp()`, succeeded: false })
      .returning('attempt_id')
      .executeTakeFirstOrThrow()
    return attempt_id
  })
}

export async function attemptSucceeded(db: Db, attemptId: bigint): Promise<void> {
  await db.updateTable('login_attempt').set({ succeeded: true }).where('attempt_id', '=', attemptId).execute()
}

async function recentFailures(db: Db | Tx, staffNumber: string, minutes: number): Promise<number> {
  const { rows } = await sql<{ failures: number }>`
    select count(*)::int as failures from login_attempt a where staff_number = ${staffNumber} and not succeeded
      and at > now() - make_interval(mins => ${minutes})
      and at > coalesce((select max(at) from login_attempt b where b.staff_number = a.staff_number and succeeded), '-infinity')`.execute(db)
  return rows[0]?.failures ?? 0
}

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

export async function endSession(db: Db | Tx, tokenHash: Buffer, why: string): Promise<void> {
  await db.updateTable('session').set({ revoked_at: sql<string>`now()`, revoked_why: why }).where('token_hash', '=', tokenHash).execute()
}

/** Ends every session of a person, in the transaction that takes their rights away. */
export async function endSessions(tx: Tx, staffId: string, why: string): Promise<void> {
  await tx
    .updateTable('session')
    .set({ revoked_at: sql<string>`now()`, revoked_why: why })
    .where('staff_id', '=', staffId)
    .where('revoked_at', 'is', null)
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
      (select coalesce(array_agg(c.org_id), '{}') from org c
        where c.org_id = p.org_id or (o.kind = 'CENTRE' and c.reporting_entity = o.reporting_entity and c.kind = 'BRANCH')) as orgs`.execute(db)
  return rows[0]
}

import { sql } from 'kysely'
import type { Db, Tx } from '../connect.ts'
import type { SignInMeans } from '../tables.ts'

/** Whose door is tried: a member of staff, or a name that nobody has, by its keyed hash. */
export type Door = { readonly staffId: string } | { readonly loginHash: Buffer }

export interface Try {
  readonly door: Door
  /** Keyed hash of the address it comes from. */
  readonly sourceHash: Buffer
  readonly means: SignInMeans
}

export interface TryLimits {
  /** Failures of one door since its last success within the minutes. */
  readonly failuresMax: number
  readonly minutes: number
  /** Tries of one source within a minute, whatever their doors. */
  readonly sourceMax: number
}

/** An open attempt, or which limit was in its way and for how many seconds. */
export type Opened =
  | { readonly kind: 'OPEN'; readonly attemptId: bigint }
  | { readonly kind: 'LOCKED' | 'TOO_MANY'; readonly retryAfterSeconds: number }

/**
 * How long a try, or the session it led to, stays on record. The Cybersecurity Law (网络安全法) wants logs of the network kept for six months
 * at least, which the database sees to itself; a month more, so that what is asked for on the last day can still be answered. Then it goes:
 * who came in when is personal data as well (PIPL art. 19).
 */
export const WHO_CAME_IN_KEPT_MONTHS = 7
/** One that is new takes at most so many old ones with it: more than one, so that what has piled up wears off; few, so that nobody waits for it. */
export const FORGOTTEN_MAX = 50

/**
 * Opens an attempt to log in, which counts as failed until it has succeeded: a hundred tries at once are a hundred, whoever is first,
 * and whichever process of the API they reach. What the limits turn away leaves no row.
 */
export function openAttempt(db: Db, tried: Try, limits: TryLimits): Promise<Opened> {
  return db.transaction().execute(async (tx) => {
    // Those of one source, then those of one door, come one after the other; a door that nobody has waits no differently.
    await tryLock(tx, tried.sourceHash.toString('hex'))
    await tryLock(tx, 'staffId' in tried.door ? tried.door.staffId : tried.door.loginHash.toString('hex'))
    const tooMany = await sourceWait(tx, tried.sourceHash, limits.sourceMax)
    if (tooMany !== undefined) return { kind: 'TOO_MANY', retryAfterSeconds: tooMany }
    const locked = await lockWait(tx, tried.door, limits)
    if (locked !== undefined) return { kind: 'LOCKED', retryAfterSeconds: locked }
    await forgetOldTries(tx)
    const { attempt_id } = await tx
      .insertInto('login_attempt')
      .values({
        staff_id: 'staffId' in tried.door ? tried.door.staffId : null,
        login_hash: 'loginHash' in tried.door ? tried.door.loginHash : null,
        source_hash: tried.sourceHash,
        means: tried.means,
        at: sql<string>`clock_timestamp()`,
      })
      .returning('attempt_id')
      .executeTakeFirstOrThrow()
    return { kind: 'OPEN', attemptId: attempt_id }
  })
}

/** How an attempt ended, if not as the failure it began as. A half that is done clears no failure before it. */
export async function closeAttempt(db: Db | Tx, attemptId: bigint, outcome: 'HALF_DONE' | 'SUCCEEDED'): Promise<void> {
  await db.updateTable('login_attempt').set({ outcome }).where('attempt_id', '=', attemptId).execute()
}

/** Here, beside the row that is added, and not by a sweep: who comes in is the desk's alone. Tries that come at once each take others. */
const forgetOldTries = (tx: Tx) => forgetQuery().execute(tx)

/** The removal itself, for the test that looks at its plan. */
export const forgetQuery = () => sql`
  delete from login_attempt where attempt_id = any(array(
    select attempt_id from login_attempt where at < now() - make_interval(months => ${WHO_CAME_IN_KEPT_MONTHS})
    order by at limit ${FORGOTTEN_MAX} for update skip locked))`

const tryLock = (tx: Tx, what: string) => sql`select pg_advisory_xact_lock(hashtext('log-in'), hashtext(${what}))`.execute(tx)

/** Seconds until the oldest of the tries that fill the minute has left it; undefined when there is room. */
async function sourceWait(tx: Tx, sourceHash: Buffer, max: number): Promise<number | undefined> {
  const { rows } = await sourceWaitQuery(sourceHash, max).execute(tx)
  return rows[0]?.seconds
}

/** The question itself, for the test that looks at its plan. */
export const sourceWaitQuery = (sourceHash: Buffer, max: number) => sql<{ seconds: number }>`
  select greatest(1, ceil(extract(epoch from at + interval '1 minute' - statement_timestamp())))::int as seconds
  from login_attempt where source_hash = ${sourceHash} and at > statement_timestamp() - interval '1 minute'
  order by at desc offset ${max - 1} limit 1`

/** Seconds until the oldest of the failures that lock a door is forgotten; undefined when it is not locked. */
async function lockWait(tx: Tx, door: Door, limits: TryLimits): Promise<number | undefined> {
  const { rows } = await lockWaitQuery(door, limits).execute(tx)
  return rows[0]?.seconds
}

/** The question itself, for the test that looks at its plan. */
export const lockWaitQuery = (door: Door, { failuresMax, minutes }: TryLimits) => {
  const ofDoor = 'staffId' in door ? sql`staff_id = ${door.staffId}` : sql`login_hash = ${door.loginHash}`
  return sql<{ seconds: number }>`
    select greatest(1, ceil(extract(epoch from at + make_interval(mins => ${minutes}) - statement_timestamp())))::int as seconds
    from login_attempt where ${ofDoor} and outcome = 'FAILED' and at > statement_timestamp() - make_interval(mins => ${minutes})
      and at > coalesce((select max(at) from login_attempt where ${ofDoor} and outcome = 'SUCCEEDED'), '-infinity')
    order by at desc offset ${failuresMax - 1} limit 1`
}

/** How long the second half of a log-in may take: to fetch a telephone and install an application on it. */
const STEP_MINUTES = 10

/** Keeps the half of a log-in that is done, under the hash of a token that only the browser has. */
export async function openStep(
  db: Db,
  step: { stepHash: Buffer; staffId: string; means: 'PASSWORD' | 'OIDC'; returnTo: string | null },
): Promise<void> {
  await sql`delete from sign_in_step where expires_at < now() - interval '1 day'`.execute(db)
  await db
    .insertInto('sign_in_step')
    .values({
      step_hash: step.stepHash,
      staff_id: step.staffId,
      means: step.means,
      secret_enc: null,
      return_to: step.returnTo,
      expires_at: sql<string>`now() + make_interval(mins => ${STEP_MINUTES})`,
      used_at: null,
    })
    .execute()
}

export interface Step {
  readonly staffId: string
  readonly means: 'PASSWORD' | 'OIDC'
  readonly secretEnc: Buffer | null
  readonly returnTo: string | null
}

/** Whoever finishes a log-in of one person waits for the other who does: of two steps, or of two codes of one step, one comes true. */
export const takeTurn = async (tx: Tx, staffId: string): Promise<void> => void (await tryLock(tx, staffId))

/** A step that is neither over nor used. */
export async function readStep(db: Db | Tx, stepHash: Buffer): Promise<Step | undefined> {
  const row = await db
    .selectFrom('sign_in_step')
    .select(['staff_id', 'means', 'secret_enc', 'return_to'])
    .where('step_hash', '=', stepHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<string>`now()`)
    .executeTakeFirst()
  return row && { staffId: row.staff_id, means: row.means, secretEnc: row.secret_enc, returnTo: row.return_to }
}

/** Puts the secret of an enrolment to its step. @returns false when the step has one already: a secret is shown once */
export async function keepSecret(db: Db, stepHash: Buffer, secretEnc: Buffer): Promise<boolean> {
  const row = await db
    .updateTable('sign_in_step')
    .set({ secret_enc: secretEnc })
    .where('step_hash', '=', stepHash)
    .where('secret_enc', 'is', null)
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<string>`now()`)
    .returning('step_hash')
    .executeTakeFirst()
  return row !== undefined
}

/** Ends a step and what else of the person's was half done: of two half-finished log-ins, or enrolments, one comes true. */
export async function useSteps(tx: Tx, staffId: string): Promise<void> {
  await tx
    .updateTable('sign_in_step')
    .set({ used_at: sql<string>`now()`, secret_enc: null })
    .where('staff_id', '=', staffId)
    .where('used_at', 'is', null)
    .execute()
}

/** Makes a new secret the person's own. @returns false when they have one: it is replaced by nobody but after a reset */
export async function enrol(tx: Tx, staffId: string, secretEnc: Buffer): Promise<boolean> {
  const row = await tx
    .updateTable('staff')
    .set({ totp_secret_enc: secretEnc })
    .where('staff_id', '=', staffId)
    .where('totp_secret_enc', 'is', null)
    .returning('staff_id')
    .executeTakeFirst()
  return row !== undefined
}

/** Puts a person's own password in the place of the initial one. @returns false when that is no longer what they come in by */
export async function replacePassword(tx: Tx, given: { staffId: string; was: string; passwordHash: string }): Promise<boolean> {
  const row = await tx
    .updateTable('staff')
    .set({ password_hash: given.passwordHash, must_change_password: false })
    .where('staff_id', '=', given.staffId)
    .where('must_change_password', '=', true)
    .where('password_hash', '=', given.was)
    .returning('staff_id')
    .executeTakeFirst()
  return row !== undefined
}

/** Spends one time step of a person's codes. @returns false when it was spent before */
export async function spendTimeStep(tx: Tx, staffId: string, timeStep: bigint): Promise<boolean> {
  await forgetOldCodes(tx)
  const row = await tx
    .insertInto('spent_one_time_code')
    .values({ staff_id: staffId, time_step: timeStep })
    .onConflict((conflict) => conflict.doNothing())
    .returning('time_step')
    .executeTakeFirst()
  return row !== undefined
}

/** Two at once would wait for each other's rows, which the desk may delete and not lock: the second leaves them to the first. */
async function forgetOldCodes(tx: Tx): Promise<void> {
  const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(hashtext('forget'), hashtext('codes')) as mine`.execute(tx)
  if (rows[0]?.mine) await forgetCodesQuery().execute(tx)
}

/** A code is good for a minute or so; a day later, whatever the clocks of telephones say, it has been asked about for the last time. */
const CODES_KEPT_HOURS = 24

/** The removal itself, for the test that looks at its plan. By the rows' own places, which never change: a spent code is never updated. */
export const forgetCodesQuery = () => sql`
  delete from spent_one_time_code where ctid = any(array(
    select ctid from spent_one_time_code
    where time_step < floor(extract(epoch from now() - make_interval(hours => ${CODES_KEPT_HOURS})) / 30)::bigint
    order by time_step limit ${FORGOTTEN_MAX}))`

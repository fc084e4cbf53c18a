import { createHash, randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import type { Request, Response } from 'express'
import { Secret, TOTP } from 'otpauth'
import { SECOND_FACTOR_POSTS } from '#contracts/posts.ts'
import type { Tx } from '#db/connect.ts'
import { readPosts } from '#db/read/actor.ts'
import { businessTime } from '#db/read/time.ts'
import { appendAudit } from '#db/write/audit.ts'
import { attemptSucceeded, endSession, openAttempt, openSession, useSession } from '#db/write/sessions.ts'
import type { ApiParts, SignedIn } from './parts.ts'
import { refuse } from './problems.ts'

const COOKIE = '__Host-anju'
const FAILURES_MAX = 5
const LOCK_MINUTES = 15

const tokenHashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/** A hash nobody's password has: an unknown number costs the same time as a known one. */
const dummyHash = hash(randomBytes(16).toString('hex'))

/**
 * Signs a person in: password, and a one-time code for posts that touch money or rights.
 * @throws RefusalError BAD_CREDENTIALS without saying which part was wrong; LOCKED_OUT after five failures in fifteen minutes
 */
export async function signIn(
  parts: ApiParts,
  res: Response,
  given: { staffNumber: string; password: string; oneTimeCode?: string | undefined },
): Promise<void> {
  const attempt = await openAttempt(parts.desk, given.staffNumber, { failuresMax: FAILURES_MAX, minutes: LOCK_MINUTES })
  if (attempt === undefined) throw refuse('LOCKED_OUT', `请 ${LOCK_MINUTES} 分钟后再试，或联系安全管理员`)
  const staff = await parts.desk
    .selectFrom('staff')
    .select(['staff_id', 'password_hash', 'state', 'totp_secret_enc', 'org_id'])
    .where('staff_number', '=', given.staffNumber)
    .executeTakeFirst()
  const passwordIsRight = await verify(staff?.password_hash ?? (await dummyHash), given.password)
  if (!staff || !passwordIsRight || staff.state !== 'ACTIVE') throw refuse('BAD_CREDENTIALS')
  const { today } = await businessTime(parts.desk)
  const posts = await readPosts(parts.desk, staff.staff_id, today)
  const needsCode = posts.some(({ post }) => SECOND_FACTOR_POSTS.includes(post))
  if (needsCode && !given.oneTimeCode) throw refuse('ONE_TIME_CODE_NEEDED')
  const codeIsGood =
    !needsCode || (await parts.desk.transaction().execute((tx) => spendOneTimeCode(tx, parts, staff.staff_id, given.oneTimeCode ?? '')))
  if (!codeIsGood) throw refuse('BAD_CREDENTIALS')
  await attemptSucceeded(parts.desk, attempt)

  const token = randomBytes(32).toString('base64url')
  await parts.desk.transaction().execute(async (tx) => {
    await openSession(tx, {
      tokenHash: tokenHashOf(token),
      staffId: staff.staff_id,
      hours: parts.session.absoluteHours,
      secondFactor: needsCode,
    })
    await appendAudit(tx, {
      stream: `desk/${staff.staff_id}`,
      orgId: staff.org_id,
      actor: `staff/${staff.staff_id}`,
      act: 'sign-in',
      body: { secondFactor: needsCode },
    })
  })
  res.cookie(COOKIE, token, { httpOnly: true, secure: true, sameSite: 'strict', path: '/' })
}

/** Whether the code is this person's, of now or one step beside, and has not been used: it is spent with the transaction that asks. */
export async function spendOneTimeCode(tx: Tx, parts: ApiParts, staffId: string, code: string): Promise<boolean> {
  const staff = await tx.selectFrom('staff').select('totp_secret_enc').where('staff_id', '=', staffId).executeTakeFirst()
  if (!staff?.totp_secret_enc) return false
  const totp = new TOTP({ secret: Secret.fromBase32(parts.vault.open(staff.totp_secret_enc)) })
  const delta = totp.validate({ token: code, window: 1 })
  if (delta === null) return false
  const spent = await tx
    .insertInto('spent_one_time_code')
    .values({ staff_id: staffId, time_step: BigInt(totp.counter() + delta) })
    .onConflict((conflict) => conflict.doNothing())
    .returning('time_step')
    .executeTakeFirst()
  return spent !== undefined
}

export async function signOut(parts: ApiParts, me: SignedIn, res: Response): Promise<void> {
  await endSession(parts.desk, me.tokenHash, 'SIGNED_OUT')
  res.clearCookie(COOKIE, { httpOnly: true, secure: true, sameSite: 'strict', path: '/' })
}

const cookieOf = (req: Request): string | undefined => {
  for (const pair of (req.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === COOKIE) return pair.slice(at + 1).trim()
  }
  return undefined
}

/** The person behind the request's cookie, with rights as they are now; undefined when the session is unknown, idle, over or revoked. */
export async function readSession(parts: ApiParts, req: Request): Promise<SignedIn | undefined> {
  const token = cookieOf(req)
  if (!token) return undefined
  const tokenHash = tokenHashOf(token)
  const row = await useSession(parts.desk, tokenHash, parts.session.idleMinutes)
  if (!row) return undefined
  const posts = await readPosts(parts.desk, row.staff_id, row.today)
  return {
    staffId: row.staff_id,
    staffNumber: row.staff_number,
    name: row.name,
    orgId: row.org_id,
    orgName: row.org_name,
    orgKind: row.org_kind,
    reportingEntity: row.reporting_entity,
    posts,
    // Standing in for somebody shows what that person's organisation sees.
    orgsInSight: [...new Set([...row.orgs, ...posts.map(({ orgId }) => orgId)])],
    groups: ['OPEN'],
    tokenHash,
    businessDate: row.today,
  }
}

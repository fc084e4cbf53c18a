import type { Request, Response } from 'express'
import type { Db, Tx } from '#db/connect.ts'
import { transact } from '#db/fault.ts'
import { readPosts } from '#db/read/actor.ts'
import { businessTime } from '#db/read/time.ts'
import { appendAudit } from '#db/write/audit.ts'
import * as desk from '#db/write/sign-in.ts'
import type { SignInMeans } from '#db/tables.ts'
import { enrolmentOf, needsCode, newSecret, spendCodeOf, spendOneTimeCode } from './one-time-codes.ts'
import type { ApiParts } from './parts.ts'
import { faultOfNewPassword, hashPassword, isPasswordOf } from './passwords.ts'
import { invalid, refuse, RefusalError } from './problems.ts'
import { beginSession, clearCookie, cookieOf, COOKIES, newToken, setCookie, tokenHashOf, type Proven } from './session.ts'
import { sourceHashOf } from './source.ts'

const LIMITS: desk.TryLimits = { failuresMax: 5, minutes: 15, sourceMax: 60 }
const STEP_MS = 10 * 60_000

/** What a log-in must know of a member of staff. */
interface Account {
  readonly staff_id: string
  readonly staff_number: string
  readonly org_id: string
  readonly state: 'ACTIVE' | 'LOCKED' | 'LEFT'
  readonly password_hash: string | null
  readonly must_change_password: boolean
  readonly totp_secret_enc: Buffer | null
}

const ACCOUNT = ['staff_id', 'staff_number', 'org_id', 'state', 'password_hash', 'must_change_password', 'totp_secret_enc'] as const

/** The account of a member of staff; undefined when there is none. Holds secrets: it never leaves this side. */
export const readAccount = (db: Db | Tx, staffId: string): Promise<Account | undefined> =>
  db.selectFrom('staff').select(ACCOUNT).where('staff_id', '=', staffId).executeTakeFirst()

/** @throws RefusalError LOCKED_OUT after five failures at one door in fifteen minutes, TOO_MANY_REQUESTS after sixty tries from one source in one */
export async function admit(parts: ApiParts, req: Request, door: desk.Door, means: SignInMeans): Promise<bigint> {
  const opened = await desk.openAttempt(parts.desk, { door, sourceHash: sourceHashOf(parts, req), means }, LIMITS)
  if (opened.kind === 'OPEN') return opened.attemptId
  const { retryAfterSeconds } = opened
  if (opened.kind === 'TOO_MANY') throw new RefusalError({ code: 'TOO_MANY_REQUESTS', retryAfterSeconds })
  throw new RefusalError({ code: 'LOCKED_OUT', detail: `请 ${LIMITS.minutes} 分钟后再试，或联系安全管理员`, retryAfterSeconds })
}

/**
 * Signs a person in by password, with a one-time code for posts that touch money or rights.
 * @throws RefusalError BAD_CREDENTIALS without saying which part was wrong; NEW_PASSWORD_NEEDED when it is an initial password;
 * ENROLMENT_NEEDED when the person has no secret yet
 */
export async function signIn(
  parts: ApiParts,
  req: Request,
  res: Response,
  given: { staffNumber: string; password: string; oneTimeCode?: string | undefined },
): Promise<void> {
  const account = await parts.desk.selectFrom('staff').select(ACCOUNT).where('staff_number', '=', given.staffNumber).executeTakeFirst()
  const door = account ? { staffId: account.staff_id } : { loginHash: parts.vault.hash(`log-in name ${given.staffNumber}`) }
  const attempt = await admit(parts, req, door, 'PASSWORD')
  const passwordIsRight = await isPasswordOf(account?.password_hash, given.password)
  if (!account || !passwordIsRight || account.state !== 'ACTIVE') throw refuse('BAD_CREDENTIALS')
  if (account.must_change_password) return leaveHalf(parts, res, account, { means: 'PASSWORD', attempt, returnTo: null })
  const codeWanted = await wantsCode(parts, account.staff_id)
  if (codeWanted && !account.totp_secret_enc) return leaveHalf(parts, res, account, { means: 'PASSWORD', attempt, returnTo: null })
  if (codeWanted && !given.oneTimeCode) throw refuse('ONE_TIME_CODE_NEEDED')
  const token = await transact(parts.desk, 'sign-in', async (tx) => {
    if (codeWanted && !(await spendOneTimeCode(tx, parts, account.staff_id, given.oneTimeCode ?? ''))) throw refuse('BAD_CREDENTIALS')
    await desk.closeAttempt(tx, attempt, 'SUCCEEDED')
    return beginSession(tx, parts, provenOf(account, 'PASSWORD', codeWanted))
  })
  setCookie(res, COOKIES.session, token)
}

/** Lets somebody in whom an identity provider vouches for; whose posts need a code still gives ours. */
export async function signInVouched(
  parts: ApiParts,
  res: Response,
  account: Account,
  { attempt, returnTo }: { attempt: bigint; returnTo: string },
): Promise<void> {
  if (await wantsCode(parts, account.staff_id)) return leaveHalf(parts, res, account, { means: 'OIDC', attempt, returnTo })
  const token = await transact(parts.desk, 'sign-in-vouched', async (tx) => {
    await desk.closeAttempt(tx, attempt, 'SUCCEEDED')
    return beginSession(tx, parts, provenOf(account, 'OIDC', false))
  })
  setCookie(res, COOKIES.session, token)
}

/**
 * One half is done: the browser is given a token for the other, and is told which.
 * @throws RefusalError NEW_PASSWORD_NEEDED, ONE_TIME_CODE_NEEDED or ENROLMENT_NEEDED, always
 */
async function leaveHalf(
  parts: ApiParts,
  res: Response,
  account: Account,
  { means, attempt, returnTo }: { means: Proven['means']; attempt: bigint; returnTo: string | null },
): Promise<never> {
  const token = newToken()
  await desk.openStep(parts.desk, { stepHash: tokenHashOf(token), staffId: account.staff_id, means, returnTo })
  await desk.closeAttempt(parts.desk, attempt, 'HALF_DONE')
  setCookie(res, COOKIES.step, token, STEP_MS)
  if (owesPassword(account, means)) throw refuse('NEW_PASSWORD_NEEDED')
  throw secondHalf(account)
}

/** Whoever is vouched for has typed no password of ours, and learns none by that. */
const owesPassword = (account: Account, means: Proven['means']): boolean => means === 'PASSWORD' && account.must_change_password

const secondHalf = (account: Account): RefusalError => refuse(account.totp_secret_enc ? 'ONE_TIME_CODE_NEEDED' : 'ENROLMENT_NEEDED')

/**
 * Puts the person's own password in the place of the initial one they have just typed; there is no session before. Whose posts need no code
 * is in; the others have the other half still to do, in the same step.
 * @throws RefusalError STEP_OVER, INVALID_INPUT; ONE_TIME_CODE_NEEDED or ENROLMENT_NEEDED when the new password stands and the code is next
 */
export async function replaceInitialPassword(parts: ApiParts, req: Request, res: Response, newPassword: string): Promise<void> {
  const { stepHash, step: seen } = await stepOf(parts, req)
  const before = await readAccount(parts.desk, seen.staffId)
  if (!before || !owesPassword(before, seen.means)) throw refuse('STEP_OVER')
  const isOld = await isPasswordOf(before.password_hash, newPassword)
  const fault = faultOfNewPassword({ newPassword, oldPassword: isOld ? newPassword : '', staffNumber: before.staff_number })
  if (fault !== undefined) throw invalid('#/newPassword', 'WEAK_PASSWORD', fault)
  const passwordHash = await hashPassword(newPassword)
  const codeWanted = await wantsCode(parts, seen.staffId)
  const token = await transact(parts.desk, 'new-password', async (tx) => {
    await desk.takeTurn(tx, seen.staffId)
    const [step, account] = [await desk.readStep(tx, stepHash), await readAccount(tx, seen.staffId)]
    if (!step || account?.state !== 'ACTIVE') throw refuse('STEP_OVER')
    // Another half of the same person, or another reset, was quicker: what was typed here is of an initial password that is gone.
    if (!(await desk.replacePassword(tx, { staffId: step.staffId, was: before.password_hash ?? '', passwordHash })))
      throw refuse('STEP_OVER')
    const [stream, actor] = [`desk/${step.staffId}`, `staff/${step.staffId}`]
    await appendAudit(tx, { stream, orgId: account.org_id, actor, act: 'change-password', body: { initial: true } })
    if (codeWanted) return undefined
    await desk.useSteps(tx, step.staffId)
    return beginSession(tx, parts, provenOf(account, 'PASSWORD', false))
  })
  if (token === undefined) throw secondHalf(before)
  setCookie(res, COOKIES.session, token)
  clearCookie(res, COOKIES.step)
}

/** Shows a new secret, once: to whoever has done the first half and has none. @throws RefusalError STEP_OVER, NEW_PASSWORD_NEEDED, CONFLICT */
export async function beginEnrolment(parts: ApiParts, req: Request): Promise<{ secret: string; address: string; image: string }> {
  const { stepHash, step } = await stepOf(parts, req)
  const account = await readAccount(parts.desk, step.staffId)
  if (!account || account.state !== 'ACTIVE') throw refuse('STEP_OVER')
  if (owesPassword(account, step.means)) throw refuse('NEW_PASSWORD_NEEDED')
  if (account.totp_secret_enc) throw refuse('CONFLICT', '您已启用动态口令；遗失的须经他人提出并确认重置后，方可重新启用')
  const secret = newSecret()
  if (!(await desk.keepSecret(parts.desk, stepHash, parts.vault.seal(secret))))
    throw refuse('STEP_OVER', '密钥只显示一次。请重新登录后再启用')
  return enrolmentOf(secret, account.staff_number)
}

/**
 * The other half of a log-in: a code of the person's own secret, or the first one of the secret just shown, which makes it theirs.
 * @returns the page that was left for the identity provider, if one was
 * @throws RefusalError STEP_OVER, NEW_PASSWORD_NEEDED, BAD_CREDENTIALS, LOCKED_OUT
 */
export async function giveSecondFactor(parts: ApiParts, req: Request, res: Response, code: string): Promise<string | null> {
  const { stepHash, step: seen } = await stepOf(parts, req)
  const attempt = await admit(parts, req, { staffId: seen.staffId }, 'CODE')
  const token = await transact(parts.desk, 'second-factor', async (tx) => {
    await desk.takeTurn(tx, seen.staffId)
    const step = await desk.readStep(tx, stepHash)
    const account = await readAccount(tx, seen.staffId)
    if (!step || account?.state !== 'ACTIVE') throw refuse('STEP_OVER')
    if (owesPassword(account, step.means)) throw refuse('NEW_PASSWORD_NEEDED')
    const codeIsGood = step.secretEnc
      ? await spendCodeOf(tx, parts, step.staffId, step.secretEnc, code)
      : await spendOneTimeCode(tx, parts, step.staffId, code)
    if (!codeIsGood) throw refuse('BAD_CREDENTIALS', '动态口令不正确或已使用')
    if (step.secretEnc) {
      if (!(await desk.enrol(tx, step.staffId, step.secretEnc))) throw refuse('STEP_OVER')
      const [stream, actor] = [`desk/${step.staffId}`, `staff/${step.staffId}`]
      await appendAudit(tx, { stream, orgId: account.org_id, actor, act: 'enrol-one-time-code', body: {} })
    }
    await desk.useSteps(tx, step.staffId)
    await desk.closeAttempt(tx, attempt, 'SUCCEEDED')
    return beginSession(tx, parts, provenOf(account, step.means, true))
  })
  setCookie(res, COOKIES.session, token)
  clearCookie(res, COOKIES.step)
  return seen.returnTo
}

async function stepOf(parts: ApiParts, req: Request): Promise<{ stepHash: Buffer; step: desk.Step }> {
  const token = cookieOf(req, COOKIES.step)
  const stepHash = tokenHashOf(token ?? '')
  const step = token ? await desk.readStep(parts.desk, stepHash) : undefined
  if (!step) throw refuse('STEP_OVER')
  return { stepHash, step }
}

async function wantsCode(parts: ApiParts, staffId: string): Promise<boolean> {
  const { today } = await businessTime(parts.desk)
  return needsCode(await readPosts(parts.desk, staffId, today))
}

const provenOf = (account: Account, means: Proven['means'], secondFactor: boolean): Proven => ({
  staffId: account.staff_id,
  orgId: account.org_id,
  means,
  secondFactor,
})

import { createHash, randomBytes } from 'node:crypto'
import type { CookieOptions, Request, Response } from 'express'
import type { Tx } from '#db/connect.ts'
import { auditDesk } from '#db/write/audit.ts'
import { endSession, openSession, useSession } from '#db/write/sessions.ts'
import { needsCode } from './one-time-codes.ts'
import type { ApiParts, SignedIn } from './parts.ts'

/** Every cookie is for this host, this site and no script. */
const OURS: CookieOptions = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' }

/** The session; one half of a log-in; a browser that was sent to the identity provider. */
export const COOKIES = { session: '__Host-anju', step: '__Host-anju-step', oidc: '__Host-anju-oidc' } as const
type CookieName = (typeof COOKIES)[keyof typeof COOKIES]

/** A token is known to the browser alone; the house keeps its hash. */
export const newToken = (): string => randomBytes(32).toString('base64url')
/** What the house keeps of a token. It is 32 bytes of chance, so a plain hash is enough. */
export const tokenHashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/** Gives the browser a token. @param maxAgeMs without it, the cookie ends with the browser */
export const setCookie = (res: Response, name: CookieName, token: string, maxAgeMs?: number): void =>
  void res.cookie(name, token, maxAgeMs === undefined ? OURS : { ...OURS, maxAge: maxAgeMs })
/** Takes it back, under the very attributes it was given with: with others, browsers keep it. */
export const clearCookie = (res: Response, name: CookieName): void => void res.clearCookie(name, OURS)

/** A cookie's value as the browser sent it; undefined when it sent none of this name. */
export function cookieOf(req: Request, name: CookieName): string | undefined {
  for (const pair of (req.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}

/** Who has shown who they are, by what, and whether with a second factor. */
export interface Proven {
  readonly staffId: string
  readonly orgId: string
  readonly means: 'PASSWORD' | 'OIDC'
  readonly secondFactor: boolean
}

/** Opens a session in the transaction that proved who it is. @returns its token, for the cookie and nowhere else */
export async function beginSession(tx: Tx, parts: ApiParts, who: Proven): Promise<string> {
  const token = newToken()
  await openSession(tx, {
    tokenHash: tokenHashOf(token),
    staffId: who.staffId,
    hours: parts.session.absoluteHours,
    secondFactor: who.secondFactor,
  })
  await auditDesk(tx, who, 'sign-in', { secondFactor: who.secondFactor, means: who.means })
  return token
}

/** Ends the caller's session, on the server first: a cookie that stays behind opens nothing. */
export async function signOut(parts: ApiParts, me: SignedIn, res: Response): Promise<void> {
  await endSession(parts.desk, me.tokenHash, 'SIGNED_OUT')
  clearCookie(res, COOKIES.session)
}

/** The person behind the request's cookie, with rights as they are now; undefined when the session is unknown, idle, over or revoked. */
export async function readSession(parts: ApiParts, req: Request): Promise<SignedIn | undefined> {
  const token = cookieOf(req, COOKIES.session)
  if (!token) return undefined
  const tokenHash = tokenHashOf(token)
  const row = await useSession(parts.desk, tokenHash, parts.session.idleMinutes, req.headers['x-anju-unattended'] === '1')
  if (!row) return undefined
  const { posts } = row
  // A post that needs a code and was given since, or for today: its holder comes in anew, with one.
  if (!row.second_factor && needsCode(posts)) return undefined
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

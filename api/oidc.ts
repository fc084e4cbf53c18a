import type { Request, Response } from 'express'
import { staffOfIdentity } from '#db/write/identities.ts'
import { openDeparture, takeDeparture } from '#db/write/oidc.ts'
import type { IdentityProvider } from './identity-provider.ts'
import type { ApiParts } from './parts.ts'
import { refuse, RefusalError } from './problems.ts'
import { clearCookie, cookieOf, COOKIES, newToken, setCookie, tokenHashOf } from './session.ts'
import { admit, readAccount, signInVouched } from './sign-in.ts'
import { sourceHashOf } from './source.ts'

const DEPARTURES_PER_MINUTE_MAX = 60
const AWAY_MS = 10 * 60_000
const OTHER_WAY = '请稍后重试，或使用工号和密码登录'
const NOT_BOUND = '此统一身份账号尚未与本系统人员绑定。请联系系统管理员提出绑定，经安全管理员确认后使用'

/** @throws RefusalError NOT_FOUND where no identity provider is configured */
function providerOf(parts: ApiParts): IdentityProvider {
  if (!parts.oidc) throw refuse('NOT_FOUND', '未配置统一身份认证')
  return parts.oidc
}

/**
 * Sends a browser to the identity provider.
 * @param returnTo a page of ours, which the contract has looked at
 * @returns the address to go to; what the browser must bring back is in a cookie of its own
 * @throws RefusalError PROVIDER_DOWN, TOO_MANY_REQUESTS
 */
export async function departToProvider(parts: ApiParts, req: Request, res: Response, returnTo: string): Promise<string> {
  const departure = await providerOf(parts).depart()
  if (!departure) throw refuse('PROVIDER_DOWN', OTHER_WAY)
  const browser = newToken()
  const retryAfterSeconds = await openDeparture(
    parts.desk,
    {
      stateHash: tokenHashOf(departure.journey.state),
      browserHash: tokenHashOf(browser),
      nonceEnc: parts.vault.seal(departure.journey.nonce),
      verifierEnc: parts.vault.seal(departure.journey.verifier),
      returnTo,
      sourceHash: sourceHashOf(parts, req),
    },
    DEPARTURES_PER_MINUTE_MAX,
  )
  if (retryAfterSeconds !== undefined) throw new RefusalError({ code: 'TOO_MANY_REQUESTS', retryAfterSeconds })
  setCookie(res, COOKIES.oidc, browser, AWAY_MS)
  return departure.address
}

/**
 * Takes a browser back from the identity provider. Whom it vouches for is a person here only if two people have bound the two.
 * @param query what stood behind the question mark of the address it came back with
 * @returns the page it had left from
 * @throws RefusalError STEP_OVER, SIGN_IN_REFUSED, PROVIDER_DOWN; ONE_TIME_CODE_NEEDED or ENROLMENT_NEEDED for the other half
 */
export async function returnFromProvider(parts: ApiParts, req: Request, res: Response, query: string): Promise<string> {
  const provider = providerOf(parts)
  const [state, browser] = [new URLSearchParams(query).get('state'), cookieOf(req, COOKIES.oidc)]
  const left = state && browser ? await takeDeparture(parts.desk, tokenHashOf(state), tokenHashOf(browser)) : undefined
  if (!state || !left) throw refuse('STEP_OVER')
  const [nonce, verifier] = [parts.vault.open(left.nonceEnc), parts.vault.open(left.verifierEnc)]
  const vouched = await provider.vouch(query, { state, nonce, verifier })
  if (vouched.kind !== 'SUBJECT') {
    parts.log.warn({ requestId: res.getHeader('X-Request-Id'), why: vouched.why }, 'the identity provider did not vouch')
    if (vouched.kind === 'DOWN') throw refuse('PROVIDER_DOWN', OTHER_WAY)
    throw refuse('SIGN_IN_REFUSED', '统一身份认证平台返回的凭据未通过核验，请重新登录')
  }
  const staffId = await staffOfIdentity(parts.desk, provider.issuer, vouched.subject)
  // A stranger is counted as a stranger, under a hash of the name the provider gave.
  const door = staffId ? { staffId } : { loginHash: parts.vault.hash(`identity ${provider.issuer} ${vouched.subject}`) }
  const attempt = await admit(parts, req, door, 'OIDC')
  const account = staffId ? await readAccount(parts.desk, staffId) : undefined
  if (!account) throw refuse('SIGN_IN_REFUSED', NOT_BOUND)
  if (account.state !== 'ACTIVE') throw refuse('SIGN_IN_REFUSED', '您在本系统的账号已锁定或停用，请联系系统管理员')
  await signInVouched(parts, res, account, { attempt, returnTo: left.returnTo })
  clearCookie(res, COOKIES.oidc)
  return left.returnTo
}

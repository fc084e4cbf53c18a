import * as client from 'openid-client'

/** What the environment says of the house's identity provider (统一身份认证). */
export interface ProviderSettings {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** The page a browser comes back to: the log-in page at our own origin, whatever a request says of itself. */
  readonly redirectUri: string
}

/** What a departure needs to be taken back: all of it random, all of it for one use. */
export interface Journey {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** Who the provider says it is; or that it would not say, or could not be asked. */
export type Vouched =
  | { readonly kind: 'SUBJECT'; readonly subject: string }
  | { readonly kind: 'REFUSED'; readonly why: string }
  | { readonly kind: 'DOWN'; readonly why: string }

export interface IdentityProvider {
  readonly issuer: string
  /** Where to send a browser, and what to keep until it is back. @returns undefined when the provider cannot be reached */
  depart(): Promise<{ address: string; journey: Journey } | undefined>
  /** Redeems what a browser brought back, against the journey it left with. */
  vouch(query: string, journey: Journey): Promise<Vouched>
}

/** How long ago the person may have shown the provider who they are: the way back with its consent, and clocks that differ. */
const FRESH_SECONDS = 300

/** A log-in page waits no longer than this for another house. */
const TIMEOUT_SECONDS = 5

/**
 * The client of one OpenID provider: authorization code with PKCE, state and nonce; signature, issuer, audience and times of the id token
 * are checked by the library. What the provider says of itself is asked when it is first needed, so that the house starts without it.
 */
export function identityProvider(settings: ProviderSettings): IdentityProvider {
  let known: Promise<client.Configuration> | undefined
  const configuration = (): Promise<client.Configuration> => {
    known ??= discover(settings).catch((error: unknown) => {
      known = undefined
      throw error
    })
    return known
  }
  return {
    // In one spelling: bindings are found by it, and a slash more in the environment is no other provider.
    issuer: new URL(settings.issuer).href,
    async depart() {
      const config = await configuration().catch(() => undefined)
      if (!config) return undefined
      const journey = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() }
      const address = client.buildAuthorizationUrl(config, {
        redirect_uri: settings.redirectUri,
        scope: 'openid',
        state: journey.state,
        nonce: journey.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(journey.verifier),
        code_challenge_method: 'S256',
        // Counters are shared: whoever left a session at the provider open must not be the next one's identity here.
        max_age: '0',
      })
      return { address: address.href, journey }
    },
    async vouch(query, { state, nonce, verifier }) {
      try {
        const address = new URL(settings.redirectUri)
        address.search = query
        const tokens = await client.authorizationCodeGrant(await configuration(), address, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
          maxAge: FRESH_SECONDS,
        })
        const subject = tokens.claims()?.sub
        return subject ? { kind: 'SUBJECT', subject } : { kind: 'REFUSED', why: 'no subject' }
      } catch (error) {
        return { kind: isOutage(error) ? 'DOWN' : 'REFUSED', why: wordOf(error) }
      }
    },
  }
}

function discover({ issuer, clientId, clientSecret }: ProviderSettings): Promise<client.Configuration> {
  // The signature is checked although the token comes from the provider itself: a proxy between the two houses is not the provider.
  const execute = [client.enableNonRepudiationChecks]
  // The configuration admits plain HTTP for a provider on this machine only.
  if (issuer.startsWith('http:')) execute.push(client.allowInsecureRequests)
  return client.discovery(new URL(issuer), clientId, clientSecret, undefined, { execute, timeout: TIMEOUT_SECONDS })
}

/** The library's own short word for what went wrong: it names a check, never a token or a person. */
const wordOf = (error: unknown): string => {
  if (error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError) return error.error
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.name : 'unknown'
}

/** No answer, an answer too late, or one with a fault of the provider's own. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof client.ResponseBodyError) return error.status >= 500
  if ('code' in error && error.code === 'OAUTH_TIMEOUT') return true
  if (error.cause instanceof Response) return error.cause.status >= 500
  return error.message === 'fetch failed'
}

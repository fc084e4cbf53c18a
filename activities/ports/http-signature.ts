import { createHash, randomBytes, sign, verify, type KeyObject } from 'node:crypto'
import { clockSkewSeconds, lifetimeSecondsMax, replyComponents, requestComponents, signatureLabel } from '#contracts/machine/signature.ts'

/**
 * HTTP message signatures (RFC 9421) with ed25519, over the raw body, in the one fixed shape of `contracts/machine/signature.ts`.
 * Shared by the ports (out), the API's machine intake (in) and the sandbox. The algorithm is the key's own: no message may name one.
 */

/** A request as it goes over the line. `authority` comes from configuration on both sides, never from the `Host` header. */
export interface SignedRequest {
  readonly method: string
  readonly authority: string
  readonly path: string
  /** With its question mark; empty when there is none. */
  readonly query: string
  readonly body: Uint8Array
}

export interface SigningKey {
  readonly keyId: string
  readonly privateKey: KeyObject
}

/** Header fields by lower-case name, or undefined. */
export type HeaderLookup = (name: string) => string | undefined

/** What the verifier trusts. All times are seconds of the machine clock. */
export interface Trust {
  readonly publicKeyOf: (keyId: string) => KeyObject | undefined | Promise<KeyObject | undefined>
  readonly nowSeconds: number
  /** Remembers a nonce until `expires`; false when this key has used it. Asked last, so that a forger cannot use up nonces. */
  readonly claimNonce: (keyId: string, nonce: string, expires: number) => Promise<boolean>
}

export type SignatureFlaw =
  | 'MISSING'
  | 'MALFORMED'
  | 'COVERAGE'
  | 'LIFETIME'
  | 'EXPIRED'
  | 'EARLY'
  | 'KEY'
  | 'DIGEST'
  | 'SIGNATURE'
  | 'REPLAY'

/** `signature` is the request's own signature field, which the reply must cover. */
export type Verification =
  | { readonly valid: true; readonly keyId: string; readonly signature: string }
  | { readonly valid: false; readonly flaw: SignatureFlaw }

/** The three header fields that sign a request. @param nonce unique per key; made here unless given. */
export function signRequest(request: SignedRequest, key: SigningKey, nowSeconds: number, nonce = randomBytes(18).toString('base64url')) {
  return signed(requestComponents, requestValues(request), request.body, key, nowSeconds, nonce)
}

/** Verifies a request before anything reads its body. Never throws for what a stranger may send. */
export async function verifyRequest(request: SignedRequest, header: HeaderLookup, trust: Trust): Promise<Verification> {
  const checked = await check(requestComponents, requestValues(request), request.body, header, trust)
  if (!checked.valid) return checked
  const { keyId, nonce, expires } = checked.parameters
  if (!(await trust.claimNonce(keyId, nonce, expires))) return { valid: false, flaw: 'REPLAY' }
  return { valid: true, keyId, signature: checked.signature }
}

/** Signs a reply to the request whose signature field is given; the nonce is drawn like a request's. */
export function signReply(status: number, body: Uint8Array, requestSignature: string, key: SigningKey, nowSeconds: number) {
  return signed(replyComponents, [String(status), requestSignature], body, key, nowSeconds, randomBytes(18).toString('base64url'))
}

/** Verifies a reply. Bound to the request by its signature, it cannot be an answer to another question and needs no nonce store. */
export async function verifyReply(
  status: number,
  body: Uint8Array,
  requestSignature: string,
  header: HeaderLookup,
  trust: Omit<Trust, 'claimNonce'>,
): Promise<Verification> {
  const checked = await check(replyComponents, [String(status), requestSignature], body, header, trust)
  return checked.valid ? { valid: true, keyId: checked.parameters.keyId, signature: checked.signature } : checked
}

/** RFC 9421 section 2.5: the text that is signed. A component with parameters comes with its own quotes. */
export function signatureBase(components: readonly string[], values: readonly string[], parameters: string): string {
  const lines = components.map((component, index) => `${quoted(component)}: ${values[index] ?? ''}`)
  return [...lines, `"@signature-params": ${parameters}`].join('\n')
}

/** An ed25519 signature of a text, in base64. */
export const signText = (text: string, privateKey: KeyObject): string => sign(null, Buffer.from(text), privateKey).toString('base64')

/** RFC 9530 `Content-Digest` of a body, sha-256 only. */
export const contentDigest = (body: Uint8Array): string => `sha-256=:${createHash('sha256').update(body).digest('base64')}:`

const quoted = (component: string): string => (component.startsWith('"') ? component : `"${component}"`)
const coverage = (components: readonly string[]): string => `(${components.map(quoted).join(' ')})`
const requestValues = (request: SignedRequest): string[] => [
  request.method.toUpperCase(),
  request.authority.toLowerCase(),
  request.path,
  request.query || '?',
]

/** The digest stands where the component list says; the other values keep their order. */
function withDigest(components: readonly string[], values: readonly string[], digest: string): string[] {
  const rest = [...values]
  return components.map((component) => (component === 'content-digest' ? digest : (rest.shift() ?? '')))
}

function signed(components: readonly string[], values: string[], body: Uint8Array, key: SigningKey, nowSeconds: number, nonce: string) {
  assertEd25519(key.privateKey)
  const digest = contentDigest(body)
  const dates = `created=${nowSeconds};expires=${nowSeconds + lifetimeSecondsMax}`
  const parameters = `${coverage(components)};${dates};nonce="${nonce}";keyid="${key.keyId}"`
  const signature = signText(signatureBase(components, withDigest(components, values, digest), parameters), key.privateKey)
  return {
    'content-digest': digest,
    'signature-input': `${signatureLabel}=${parameters}`,
    signature: `${signatureLabel}=:${signature}:`,
  }
}

interface Parameters {
  readonly created: number
  readonly expires: number
  readonly nonce: string
  readonly keyId: string
}

type Checked = { valid: true; parameters: Parameters; signature: string } | { valid: false; flaw: SignatureFlaw }

async function check(
  components: readonly string[],
  values: string[],
  body: Uint8Array,
  header: HeaderLookup,
  trust: Omit<Trust, 'claimNonce'>,
): Promise<Checked> {
  const flawed = (flaw: SignatureFlaw): Checked => ({ valid: false, flaw })
  const [input, field, digest] = [header('signature-input'), header('signature'), header('content-digest')]
  if (input === undefined || field === undefined || digest === undefined) return flawed('MISSING')
  const encoded = SIGNATURE.exec(field)?.[1]
  const list = INPUT.exec(input)
  if (!encoded || !list) return flawed('MALFORMED')
  if (list[1] !== coverage(components)) return flawed('COVERAGE')
  const parameters = parseParameters(list[2] ?? '')
  if (!parameters) return flawed('MALFORMED')
  const { created, expires } = parameters
  if (expires <= created || expires - created > lifetimeSecondsMax) return flawed('LIFETIME')
  if (created > trust.nowSeconds + clockSkewSeconds) return flawed('EARLY')
  if (expires <= trust.nowSeconds) return flawed('EXPIRED')
  const publicKey = await trust.publicKeyOf(parameters.keyId)
  if (!publicKey) return flawed('KEY')
  assertEd25519(publicKey)
  if (digest !== contentDigest(body)) return flawed('DIGEST')
  const base = signatureBase(components, withDigest(components, values, digest), input.slice(signatureLabel.length + 1))
  if (!verify(null, Buffer.from(base), publicKey, Buffer.from(encoded, 'base64'))) return flawed('SIGNATURE')
  return { valid: true, parameters, signature: field }
}

const SIGNATURE = new RegExp(`^${signatureLabel}=:([A-Za-z0-9+/]{86}==):$`)
const INPUT = new RegExp(
  `^${signatureLabel}=(\\([^()]{0,200}\\))((?:;[a-z]{1,16}=(?:\\d{1,12}|"[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,128}")){4})$`,
)

/** Exactly the four parameters, each once, in any order. A fifth, such as `alg`, would be the sender choosing how it is checked. */
function parseParameters(text: string): Parameters | undefined {
  const given = new Map(
    text
      .slice(1)
      .split(';')
      .map((parameter) => splitOnce(parameter)),
  )
  const [created, expires] = [given.get('created') ?? '', given.get('expires') ?? '']
  const [nonce, keyId] = [unquoted(given.get('nonce')), unquoted(given.get('keyid'))]
  if (!/^\d+$/.test(created) || !/^\d+$/.test(expires) || nonce === undefined || keyId === undefined) return undefined
  return { created: Number(created), expires: Number(expires), nonce, keyId }
}

function splitOnce(parameter: string): [name: string, value: string] {
  const at = parameter.indexOf('=')
  return [parameter.slice(0, at), parameter.slice(at + 1)]
}

const unquoted = (value: string | undefined): string | undefined => (value?.startsWith('"') ? value.slice(1, -1) : undefined)

/** A key of another kind is our own misconfiguration, not a stranger's doing. */
function assertEd25519(key: KeyObject): void {
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('machine keys are ed25519')
}

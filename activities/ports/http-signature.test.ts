import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  contentDigest,
  signatureBase,
  signReply,
  signRequest,
  signText,
  verifyReply,
  verifyRequest,
  type SignedRequest,
} from './http-signature.ts'

const NOW = 1_762_135_200
const bank = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519')
const order: SignedRequest = {
  method: 'POST',
  authority: 'bank.example:8443',
  path: '/payments/submit',
  query: '',
  body: Buffer.from('{"amountFen":"65000000"}'),
}
type Headers = Record<string, string>

/** A verifier with a nonce store of its own, at a given second. */
function verifier(nowSeconds = NOW, keyOf: (id: string) => KeyObject | undefined = (id) => (id === 'bank' ? bank.publicKey : undefined)) {
  const used = new Set<string>()
  const claimed: string[] = []
  const trust = {
    publicKeyOf: keyOf,
    nowSeconds,
    claimNonce: (keyId: string, nonce: string) => {
      claimed.push(nonce)
      const fresh = !used.has(`${keyId} ${nonce}`)
      used.add(`${keyId} ${nonce}`)
      return Promise.resolve(fresh)
    },
  }
  return {
    claimed,
    verify: async (request: SignedRequest, headers: Headers) => {
      const verified = await verifyRequest(request, (name) => headers[name], trust)
      return verified.valid ? `valid ${verified.keyId}` : verified.flaw
    },
  }
}

const sign = (request = order, at = NOW, nonce?: string): Headers =>
  signRequest(request, { keyId: 'bank', privateKey: bank.privateKey }, at, nonce)
const change = (headers: Headers, name: string, from: string | RegExp, to: string): Headers => {
  const changed = { ...headers, [name]: (headers[name] ?? '').replace(from, to) }
  expect(changed[name]).not.toBe(headers[name])
  return changed
}

/** A message signed rightly by the bank's own key, with parameters of the sender's choice: what only a careless partner can send. */
function signedWith(parameters: string): Headers {
  const digest = contentDigest(order.body)
  const covered =
    /^\(([^)]*)\)/
      .exec(parameters)?.[1]
      ?.split(' ')
      .map((name) => name.replaceAll('"', '')) ?? []
  const all: Headers = { '@method': 'POST', '@authority': order.authority, '@path': order.path, '@query': '?', 'content-digest': digest }
  const signature = signText(
    signatureBase(
      covered,
      covered.map((name) => all[name] ?? ''),
      parameters,
    ),
    bank.privateKey,
  )
  return { 'content-digest': digest, 'signature-input': `anju=${parameters}`, signature: `anju=:${signature}:` }
}

const FIVE = '("@method" "@authority" "@path" "@query" "content-digest")'

describe('RFC 9421', () => {
  it('gives the signature printed in appendix B.2.6 for the test key', () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----'
    const components = ['date', '@method', '@path', '@authority', 'content-type', 'content-length']
    const values = ['Tue, 20 Apr 2021 02:07:55 GMT', 'POST', '/foo', 'example.com', 'application/json', '18']
    const parameters = '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"'
    expect(signText(signatureBase(components, values, parameters), createPrivateKey(pem))).toBe(
      'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
    )
  })

  it('gives the digest printed in RFC 9530 for its example body', () => {
    expect(contentDigest(Buffer.from('{"hello": "world"}\n'))).toBe('sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:')
  })
})

describe('a signed request', () => {
  it('is accepted as it was sent', async () => {
    expect(await verifier().verify(order, sign())).toBe('valid bank')
  })

  it('is accepted with its parameters in another order', async () => {
    const headers = signedWith(`${FIVE};keyid="bank";nonce="n-1";expires=${NOW + 60};created=${NOW}`)
    expect(await verifier().verify(order, headers)).toBe('valid bank')
  })

  const headers = sign(order, NOW, 'nonce-1')
  const tampered: [name: string, request: SignedRequest, headers: Headers, flaw: string][] = [
    ['carries another body', { ...order, body: Buffer.from('{"amountFen":"65000001"}') }, headers, 'DIGEST'],
    [
      'carries another body and its digest',
      { ...order, body: Buffer.from('{}') },
      { ...headers, 'content-digest': contentDigest(Buffer.from('{}')) },
      'SIGNATURE',
    ],
    ['came by another method', { ...order, method: 'PUT' }, headers, 'SIGNATURE'],
    ['came to another path', { ...order, path: '/payments/query' }, headers, 'SIGNATURE'],
    ['came to another house', { ...order, authority: 'other.example' }, headers, 'SIGNATURE'],
    ['got a query', { ...order, query: '?a=1' }, headers, 'SIGNATURE'],
    ['is not signed', order, {}, 'MISSING'],
    ['lacks its digest', order, { signature: headers['signature'] ?? '', 'signature-input': headers['signature-input'] ?? '' }, 'MISSING'],
    ['has a cut signature', order, change(headers, 'signature', /.{9}==:$/, '==:'), 'MALFORMED'],
    ['has a second signature', order, { ...headers, signature: `${headers['signature']}, x=:AAAA:` }, 'MALFORMED'],
    ['has another end', order, change(headers, 'signature-input', `expires=${NOW + 300}`, `expires=${NOW + 299}`), 'SIGNATURE'],
    ['names another nonce', order, change(headers, 'signature-input', 'nonce-1', 'nonce-2'), 'SIGNATURE'],
    ['names a key nobody knows', order, change(headers, 'signature-input', 'keyid="bank"', 'keyid="court"'), 'KEY'],
    ['covers no digest', order, change(headers, 'signature-input', ' "content-digest"', ''), 'COVERAGE'],
    [
      'chooses an algorithm',
      order,
      signedWith(`${FIVE};created=${NOW};expires=${NOW + 60};nonce="n";keyid="bank";alg="hmac-sha256"`),
      'MALFORMED',
    ],
    ['has no nonce', order, signedWith(`${FIVE};created=${NOW};expires=${NOW + 60};keyid="bank"`), 'MALFORMED'],
    ['says a parameter twice', order, signedWith(`${FIVE};created=${NOW};created=${NOW};expires=${NOW + 60};nonce="n"`), 'MALFORMED'],
    ['is well signed for too long', order, signedWith(`${FIVE};created=${NOW};expires=${NOW + 301};nonce="n";keyid="bank"`), 'LIFETIME'],
    ['ends before it begins', order, signedWith(`${FIVE};created=${NOW};expires=${NOW};nonce="n";keyid="bank"`), 'LIFETIME'],
    [
      'is well signed over less',
      order,
      signedWith(`("@method" "content-digest");created=${NOW};expires=${NOW + 60};nonce="n";keyid="bank"`),
      'COVERAGE',
    ],
  ]
  it.each(tampered)('is refused when it %s', async (_, request, given, flaw) => {
    const { verify, claimed } = verifier()
    expect(await verify(request, given)).toBe(flaw)
    expect(claimed, 'a forger must not use up nonces').toEqual([])
  })

  it.each([
    [0, 'valid bank'],
    [299, 'valid bank'],
    [300, 'EXPIRED'],
    [-30, 'valid bank'],
    [-31, 'EARLY'],
  ])('read %i seconds after it was made is %s', async (late, outcome) => {
    expect(await verifier(NOW + late).verify(order, headers)).toBe(outcome)
  })

  it('is refused the second time', async () => {
    const { verify } = verifier()
    expect(await verify(order, headers)).toBe('valid bank')
    expect(await verify(order, headers)).toBe('REPLAY')
  })

  it('is refused under the key of another organisation, and once its key is revoked', async () => {
    expect(await verifier(NOW, () => stranger.publicKey).verify(order, headers)).toBe('SIGNATURE')
    expect(await verifier(NOW, () => undefined).verify(order, headers)).toBe('KEY')
  })

  it('cannot be checked with a key of another kind: that is our own mistake', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    await expect(verifier(NOW, () => rsa.publicKey).verify(order, headers)).rejects.toThrow(TypeError)
  })
})

describe('a signed reply', () => {
  const request = sign()
  const body = Buffer.from('{"state":"SUCCEEDED"}')
  const reply = signReply(200, body, request['signature'] ?? '', { keyId: 'bank', privateKey: bank.privateKey }, NOW)
  const read = async (status: number, bytes: Uint8Array, requestSignature: string) => {
    const header = (name: string) => new Map(Object.entries(reply)).get(name)
    const verified = await verifyReply(status, bytes, requestSignature, header, { publicKeyOf: () => bank.publicKey, nowSeconds: NOW })
    return verified.valid ? 'valid' : verified.flaw
  }

  it('is accepted by the one who asked', async () => {
    expect(await read(200, body, request['signature'] ?? '')).toBe('valid')
  })
  it('is refused as the answer to another question', async () => {
    expect(await read(200, body, sign()['signature'] ?? '')).toBe('SIGNATURE')
  })
  it('is refused with another status or body', async () => {
    expect(await read(409, body, request['signature'] ?? '')).toBe('SIGNATURE')
    expect(await read(200, Buffer.from('{}'), request['signature'] ?? '')).toBe('DIGEST')
  })
})

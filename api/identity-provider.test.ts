import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { identityProvider, type IdentityProvider, type Journey } from './identity-provider.ts'

const REDIRECT = 'http://127.0.0.1:1/login'
const [own, foreign] = [generateKeyPairSync('rsa', { modulusLength: 2048 }), generateKeyPairSync('rsa', { modulusLength: 2048 })]

/** A provider that answers as the test wants it: honest until told otherwise. */
interface Liar {
  claims: Record<string, unknown>
  key: KeyObject
  algorithm: 'RS256' | 'none'
  tokenStatus: number
  asked: URLSearchParams[]
}
const honest = (): Liar => ({ claims: {}, key: own.privateKey, algorithm: 'RS256', tokenStatus: 200, asked: [] })
let liar = honest()
let server: Server
let issuer = ''
let provider: IdentityProvider
let journey: Journey

beforeAll(async () => {
  server = createServer((req, res) => {
    void answerOf(req).then(([status, body]) => res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  provider = identityProvider({ issuer, clientId: 'anju', clientSecret: 'a secret of ours', redirectUri: REDIRECT })
})
afterAll(() => void server.close())
beforeEach(async () => {
  liar = honest()
  const departure = await provider.depart()
  if (!departure) throw new Error('the provider is not there')
  journey = departure.journey
})

async function answerOf(req: IncomingMessage): Promise<[status: number, body: unknown]> {
  if (req.url === '/.well-known/openid-configuration') {
    return [200, { issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` }]
  }
  if (req.url === '/jwks') return [200, { keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] }]
  let body = ''
  for await (const chunk of req) body += String(chunk)
  liar.asked.push(new URLSearchParams(body))
  if (liar.tokenStatus !== 200) return [liar.tokenStatus, { error: 'server_error' }]
  return [200, { access_token: 'of no use to us', token_type: 'Bearer', id_token: idToken() }]
}

function idToken(): string {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    iss: issuer,
    aud: 'anju',
    sub: 'zhang.san',
    nonce: journey.nonce,
    iat: now,
    exp: now + 60,
    auth_time: now,
    ...liar.claims,
  }
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: liar.algorithm, kid: 'one' })}.${part(claims)}`
  return `${text}.${liar.algorithm === 'none' ? '' : createSign('RSA-SHA256').update(text).sign(liar.key, 'base64url')}`
}

const vouch = (query = `code=once&state=${journey.state}`) => provider.vouch(query, journey)

test('a departure names our address, a fresh state, a fresh nonce and the hash of a secret that stays here', async () => {
  const departures = await Promise.all([provider.depart(), provider.depart()])
  const [one, two] = departures.map((departure) => new URL(departure?.address ?? '').searchParams)
  expect(Object.fromEntries(one ?? [])).toMatchObject({
    redirect_uri: REDIRECT,
    client_id: 'anju',
    response_type: 'code',
    scope: 'openid',
    code_challenge_method: 'S256',
    max_age: '0',
  })
  for (const name of ['state', 'nonce', 'code_challenge']) {
    expect(one?.get(name)).toMatch(/^[\w-]{43}$/)
    expect(one?.get(name)).not.toBe(two?.get(name))
  }
  expect(departures[0]?.address).not.toContain(departures[0]?.journey.verifier)
})

test('an honest provider is believed, and is shown the verifier and our address', async () => {
  expect(await vouch()).toEqual({ kind: 'SUBJECT', subject: 'zhang.san' })
  expect(Object.fromEntries(liar.asked[0] ?? [])).toMatchObject({ code: 'once', code_verifier: journey.verifier, redirect_uri: REDIRECT })
})

describe('nobody is believed whose word', () => {
  const past = Math.floor(Date.now() / 1000) - 3600
  test.each<[string, () => void]>([
    ['is for another house', () => void (liar.claims = { aud: 'another' })],
    ['is for several houses and meant for another', () => void (liar.claims = { aud: ['anju', 'another'], azp: 'another' })],
    ['answers another question', () => void (liar.claims = { nonce: 'another' })],
    ['answers no question', () => void (liar.claims = { nonce: undefined })],
    ['is another provider’s', () => void (liar.claims = { iss: 'https://elsewhere.example' })],
    ['is over', () => void (liar.claims = { exp: past })],
    ['is of somebody who was there an hour ago', () => void (liar.claims = { auth_time: past })],
    ['does not say when', () => void (liar.claims = { auth_time: undefined })],
    ['is about nobody', () => void (liar.claims = { sub: undefined })],
    ['is signed by somebody else', () => void (liar.key = foreign.privateKey)],
    ['is not signed', () => void (liar.algorithm = 'none')],
  ])('%s', async (_what, lie) => {
    lie()
    expect(await vouch()).toMatchObject({ kind: 'REFUSED' })
  })

  test('comes back with another state, none, or twice', async () => {
    for (const query of ['code=once&state=another', 'code=once', `code=once&state=${journey.state}&state=another`])
      expect(await vouch(query)).toMatchObject({ kind: 'REFUSED' })
    expect(liar.asked).toEqual([])
  })

  test('is a refusal', async () => {
    expect(await vouch(`error=access_denied&state=${journey.state}`)).toEqual({ kind: 'REFUSED', why: 'access_denied' })
  })
})

describe('a provider that cannot be asked', () => {
  test('in the middle of it is down, which is nobody’s refusal', async () => {
    liar.tokenStatus = 503
    expect(await vouch()).toMatchObject({ kind: 'DOWN' })
  })
})

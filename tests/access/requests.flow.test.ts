import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startHouse, type House } from '../setup/house.ts'
import { visit, Visitor } from './visitor.ts'

let house: House
let door: Visitor
let approver: string
beforeAll(async () => {
  house = await startHouse()
  door = new Visitor(house, 'nobody', undefined)
  approver = house.logins.people.find(({ posts }) => posts.includes('APPROVER'))?.staffNumber ?? ''
}, 60_000)
afterAll(() => house.end())

describe('a request from another page', () => {
  const note = { kind: 'NOTE', text: '试' }
  const send = async (headers: Record<string, string>, raw: BodyInit = JSON.stringify(note)): Promise<string> => {
    const { token } = await visit(house, approver)
    const answer = await fetch(`${house.origin}/api/cases/${randomUUID()}/notes`, {
      method: 'POST',
      headers: { Cookie: `__Host-anju=${token}`, 'Idempotency-Key': randomUUID(), ...headers },
      body: raw,
    })
    return `${answer.status} ${((await answer.json()) as { code: string }).code}`
  }
  const json = { 'Content-Type': 'application/json' }

  test.each([
    ['of another origin', { ...json, Origin: 'https://evil.example', 'X-Anju': '1' }, '403 CROSS_ORIGIN'],
    ['of a page that hides its origin', { ...json, Origin: 'null', 'X-Anju': '1' }, '403 CROSS_ORIGIN'],
    ['of another port of this machine', { ...json, Origin: 'http://127.0.0.1:1', 'X-Anju': '1' }, '403 CROSS_ORIGIN'],
    ['of our origin as a prefix', { ...json, Origin: 'PREFIX', 'X-Anju': '1' }, '403 CROSS_ORIGIN'],
    ['without our header', { ...json, Origin: 'OWN' }, '403 CROSS_ORIGIN'],
    ['of another site by its own word', { ...json, Origin: 'OWN', 'X-Anju': '1', 'Sec-Fetch-Site': 'cross-site' }, '403 CROSS_ORIGIN'],
    ['as a form', { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'OWN', 'X-Anju': '1' }, '415 UNSUPPORTED_MEDIA'],
    ['as plain text that is JSON', { 'Content-Type': 'text/plain', Origin: 'OWN', 'X-Anju': '1' }, '415 UNSUPPORTED_MEDIA'],
    ['of our own', { ...json, Origin: 'OWN', 'X-Anju': '1' }, '404 NOT_FOUND'],
  ])('%s is answered %s', async (_what, headers, expected) => {
    const origin = headers.Origin.replace('OWN', house.origin).replace('PREFIX', `${house.origin}.evil.example`)
    expect(await send({ ...headers, Origin: origin })).toBe(expected)
  })

  test('is not invited: no answer carries a permission for another origin', async () => {
    const answer = await fetch(`${house.origin}/api/session`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-anju' },
    })
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

describe('what every answer says of the house', () => {
  test.each(['/healthz', '/api/session', '/api/nowhere', '/nowhere', '/api/docs', '/readyz'])(
    '%s: no frame, no sniffing, no referrer, no version',
    async (path) => {
      const { headers } = await door.ask('GET', path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('content-security-policy')).toMatch(/frame-ancestors '(self|none)'/)
      expect(headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe/)
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect([headers.get('x-powered-by'), headers.get('server')]).toEqual([null, null])
    },
  )

  test('an answer with data is kept by nobody', async () => {
    const person = await visit(house, approver)
    for (const path of ['session', 'cases', 'task-counts', 'staff'])
      expect((await person.ask('GET', `/api/${path}`)).headers.get('cache-control'), path).toBe('no-store')
  })

  test('.git, the environment, sources and maps are not to be had', async () => {
    for (const path of [
      '/.git/config',
      '/.env',
      '/package.json',
      '/api/../config.ts',
      '/assets/../package.json',
      '/api/docs/assets/%2e%2e%2f%2e%2e%2fpackage.json',
      '/main.js.map',
    ]) {
      expect((await door.ask('GET', path)).status, path).toBeGreaterThanOrEqual(400)
    }
  })
})

describe('a hostile body', () => {
  const MB = 1024 * 1024
  const put = async (raw: BodyInit, headers: Record<string, string> = {}) => {
    const person = await visit(house, approver)
    return person.ask('PUT', '/api/settings/probe', { raw, headers: { 'Content-Type': 'application/json', ...headers } })
  }
  test.each([
    ['deep', `{"value":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 400],
    ['with __proto__', '{"value":{"__proto__":{"isAdmin":true}}}', 400],
    ['with a name twice', '{"value":1,"value":2}', 400],
    ['with a byte-order mark', '\uFEFF{"value":1}', 400],
    ['of ten megabytes', `{"value":"${'x'.repeat(10 * MB)}"}`, 413],
    ['with half of a pair', '{"value":"\\ud800"}', 400],
    ['with a NUL', '{"value":"\\u0000"}', 400],
    ['with a hundred thousand names', JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`n${n}`, 0]))), 413],
    ['with thirty thousand names', JSON.stringify(Object.fromEntries(Array.from({ length: 30_000 }, (_, n) => [`n${n}`, 0]))), 422],
    ['that is cut off', '{"value":', 400],
    ['that is no object', '"value"', 400],
    ['that is empty', '', 422],
  ])('%s is refused as what it is', async (_what, raw, status) => {
    const heard = await put(raw)
    expect([heard.status, heard.text.slice(0, 200)]).toEqual([status, expect.any(String)])
    expect(heard.text).not.toMatch(/\bat .*\.(ts|js):\d|node_modules|select |insert |SyntaxError|zod/i)
  })

  test('in another encoding, or packed, is refused too', async () => {
    expect(
      (await put(new Uint8Array(Buffer.from('{"value":1}', 'utf16le')), { 'Content-Type': 'application/json; charset=utf-16le' })).status,
    ).toBe(400)
    expect((await put('{"value":1}', { 'Content-Encoding': 'gzip' })).status).toBe(400)
    expect((await put('{"value":1}', { 'Content-Encoding': 'nonsense' })).status).toBe(415)
  })

  test('an address that cannot be read is refused, and what breaks inside says nothing of itself', async () => {
    const person = await visit(house, approver)
    for (const path of ['/api/cases/%E0%A4%A', '/api/settings/%00', '/api/staff?q=%00%00'])
      expect((await person.ask('GET', path)).status, path).toBe(400)
    expect((await person.ask('POST', '/api/search', { body: { q: "' or 1=1 --" } })).text).toContain('"rows":[]')
    expect((await person.ask('POST', '/api/search', { body: { q: '\u0000\u0000' } })).status).toBe(400)
    expect((await person.ask('GET', '/api/cases?q=x')).status, 'a name does not travel in an address').toBe(400)
    await sql`alter table staff_setting rename to staff_setting_away`.execute(house.owner)
    const broken = await person.ask('GET', '/api/settings/probe')
    await sql`alter table staff_setting_away rename to staff_setting`.execute(house.owner)
    expect([broken.status, broken.code]).toEqual([500, 'INTERNAL'])
    expect(broken.text).not.toMatch(/staff_setting|relation|select|\.ts/)
  })
})

import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../setup/free-port.ts'
import { startHouse, type House } from '../setup/house.ts'
import { spawnProvider, Traveller, type ProviderProcess } from './spawned-provider.ts'
import { visit, Visitor } from './visitor.ts'

const CLIENT = { clientId: 'anju', clientSecret: 'a secret of the two houses' }
let house: House
let home: string
let port: number
let provider: ProviderProcess | undefined
beforeAll(async () => {
  port = await freePort()
  house = await startHouse({ oidc: { issuer: `http://127.0.0.1:${port}`, ...CLIENT } })
  home = `${house.origin}/login`
}, 90_000)
afterAll(async () => {
  await provider?.kill()
  await house.end()
})

const startProvider = async (): Promise<void> =>
  void (provider ??= await spawnProvider({ issuer: `http://127.0.0.1:${port}`, ...CLIENT, redirectUri: home }))
const numberOf = (post: string, skip = 0): string =>
  house.logins.people.filter(({ posts }) => posts.includes(post))[skip]?.staffNumber ?? ''
const idOf = async (staffNumber: string): Promise<string> =>
  (await house.owner.selectFrom('staff').select('staff_id').where('staff_number', '=', staffNumber).executeTakeFirstOrThrow()).staff_id
const codeOf = (staffNumber: string): string => {
  const secret = house.logins.people.find((one) => one.staffNumber === staffNumber)?.totpSecret ?? ''
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate()
}

interface Said {
  readonly status: number
  readonly code?: string
  readonly detail?: string
  readonly body: Record<string, unknown>
}

/** What our page says to our API, with the cookies of this browser. */
async function say(traveller: Traveller, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Said> {
  const answer = await traveller.send(`${house.origin}/api${path}`, {
    method: 'POST',
    headers: { Origin: house.origin, 'X-Anju': '1', 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const text = (await answer.json()) as Record<string, unknown> & { code?: string; detail?: string }
  return { status: answer.status, body: text, ...(text.code ? { code: text.code, detail: text.detail ?? '' } : {}) }
}

/** Leaves for the provider and logs in there. @returns what stood behind the question mark of the way back */
async function away(traveller: Traveller, subject: string, returnTo = '/'): Promise<string> {
  const departed = await say(traveller, '/session/oidc', { returnTo })
  expect([departed.status, departed.code]).toEqual([200, undefined])
  const back = await traveller.through(String(departed.body['address']), subject, home)
  return back.search.slice(1)
}
const comeBack = (traveller: Traveller, query: string): Promise<Said> => say(traveller, '/session/oidc/return', { query })
const whoAmI = async (traveller: Traveller): Promise<string | undefined> => {
  const answer = await traveller.send(`${house.origin}/api/session`, { headers: { Origin: house.origin } })
  return answer.ok ? ((await answer.json()) as { staffNumber: string }).staffNumber : undefined
}

/** One administrator proposes, another confirms. @returns the answer to the confirmation, or to the proposal when that was refused */
async function change(staffId: string, what: Record<string, unknown>) {
  const [proposer, confirmer] = [await visit(house, numberOf('SYS_ADMIN')), await visit(house, numberOf('SEC_ADMIN'))]
  const proposed = await proposer.command('POST', '/api/staff-changes', { staffId, reason: '统一身份管理', ...what })
  if (proposed.status !== 201) return proposed
  const { caseId } = JSON.parse(proposed.text) as { caseId: string }
  await sql`delete from spent_one_time_code`.execute(house.owner)
  return confirmer.command('POST', `/api/cases/${caseId}/decisions`, { action: 'confirm', oneTimeCode: codeOf(confirmer.name) })
}
const bind = async (staffNumber: string, subject: string) => change(await idOf(staffNumber), { change: 'BIND_IDENTITY', subject })

describe('before the provider is there', () => {
  test('the log-in page offers it all the same, says in words that it cannot be reached, and the password still lets in', async () => {
    const traveller = new Traveller()
    const means = await traveller.send(`${house.origin}/api/session/means`)
    expect(await means.json()).toEqual({ oidc: true })
    expect(await say(traveller, '/session/oidc', {})).toMatchObject({
      status: 503,
      code: 'PROVIDER_DOWN',
      detail: expect.stringContaining('工号和密码'),
    })
    const entered = await say(traveller, '/session', { staffNumber: numberOf('INTAKE'), password: house.logins.password })
    expect([entered.status, await whoAmI(traveller)]).toEqual([200, numberOf('INTAKE')])
  })
})

describe('with the provider', () => {
  beforeAll(startProvider)

  test('whoever two people have bound comes in by real redirects, to the page they had left', async () => {
    const staffNumber = numberOf('APPROVER')
    expect((await bind(staffNumber, 'approver-one')).status).toBe(200)
    const traveller = new Traveller()
    const returned = await comeBack(traveller, await away(traveller, 'approver-one', '/todo?kind=loan'))
    expect([returned.status, returned.body]).toEqual([200, { returnTo: '/todo?kind=loan' }])
    expect(await whoAmI(traveller)).toBe(staffNumber)
    const { rows } = await sql<{ body: string }>`select body from audit_row where act = 'sign-in' order by audit_id desc limit 1`.execute(
      house.owner,
    )
    expect(JSON.parse(rows[0]?.body ?? '{}')).toEqual({ secondFactor: false, means: 'OIDC' })
  })

  test('a post that touches money gives our one-time code besides, and no session before it', async () => {
    const staffNumber = numberOf('CASHIER')
    expect((await bind(staffNumber, 'cashier-one')).status).toBe(200)
    const traveller = new Traveller()
    expect(await comeBack(traveller, await away(traveller, 'cashier-one', '/payments'))).toMatchObject({
      status: 401,
      code: 'ONE_TIME_CODE_NEEDED',
    })
    expect(await whoAmI(traveller)).toBeUndefined()
    expect(await say(traveller, '/session/second-factor', { oneTimeCode: '000000' })).toMatchObject({
      status: 401,
      code: 'BAD_CREDENTIALS',
    })
    await sql`delete from spent_one_time_code`.execute(house.owner)
    const oneTimeCode = codeOf(staffNumber)
    expect(await say(traveller, '/session/second-factor', { oneTimeCode })).toEqual({ status: 200, body: { returnTo: '/payments' } })
    expect(await whoAmI(traveller)).toBe(staffNumber)
    expect(await say(new Traveller(), '/session/second-factor', { oneTimeCode }), 'without the first half').toMatchObject({
      code: 'STEP_OVER',
    })
  })

  test('whose word is new to us is refused in clear words, is nobody here by name, and leaves its try behind', async () => {
    const traveller = new Traveller()
    const before = await strangers()
    // The provider’s name for somebody happens to be a staff number of ours.
    const refused = await comeBack(traveller, await away(traveller, numberOf('SYS_ADMIN')))
    expect(refused).toMatchObject({ status: 403, code: 'SIGN_IN_REFUSED', detail: expect.stringContaining('尚未与本系统人员绑定') })
    expect(await whoAmI(traveller)).toBeUndefined()
    expect(await strangers()).toBe(before + 1)
  })

  test('whoever is locked or has left is refused here, whatever the provider says', async () => {
    const staffNumber = numberOf('REVIEWER', 1)
    expect((await bind(staffNumber, 'reviewer-two')).status).toBe(200)
    for (const state of ['LOCKED', 'LEFT'] as const) {
      await house.owner.updateTable('staff').set({ state }).where('staff_number', '=', staffNumber).execute()
      const traveller = new Traveller()
      expect(await comeBack(traveller, await away(traveller, 'reviewer-two'))).toMatchObject({
        status: 403,
        code: 'SIGN_IN_REFUSED',
        detail: expect.stringContaining('锁定或停用'),
      })
      expect(await whoAmI(traveller)).toBeUndefined()
    }
    await house.owner.updateTable('staff').set({ state: 'ACTIVE' }).where('staff_number', '=', staffNumber).execute()
  })

  test('one identity is one person, one person one identity; unbound, it lets nobody in and its sessions end', async () => {
    const [first, second] = [numberOf('INTAKE', 1), numberOf('INTAKE', 2)]
    expect((await bind(first, 'intake-one')).status).toBe(200)
    expect(await bind(second, 'intake-one')).toMatchObject({ status: 409, text: expect.stringContaining('已绑定其他人员') })
    expect(await bind(first, 'intake-other')).toMatchObject({ status: 409, text: expect.stringContaining('须先解除') })
    const traveller = new Traveller()
    await comeBack(traveller, await away(traveller, 'intake-one'))
    expect(await whoAmI(traveller)).toBe(first)
    expect((await change(await idOf(first), { change: 'UNBIND_IDENTITY' })).status).toBe(200)
    expect(await whoAmI(traveller)).toBeUndefined()
    expect(await comeBack(traveller, await away(traveller, 'intake-one'))).toMatchObject({ code: 'SIGN_IN_REFUSED' })
    expect((await bind(second, 'intake-one')).status, 'free again').toBe(200)
  })

  test('a binding without a subject is refused at its field', async () => {
    expect(await change(await idOf(numberOf('INTAKE')), { change: 'BIND_IDENTITY' })).toMatchObject({
      status: 422,
      text: expect.stringContaining('#/subject'),
    })
  })
})

const strangers = async (): Promise<number> => {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from login_attempt where means = 'OIDC' and staff_id is null`.execute(
    house.owner,
  )
  return rows[0]?.n ?? 0
}

describe('a way back that is not the one we sent somebody on', () => {
  beforeAll(async () => {
    await startProvider()
    await bind(numberOf('CONTRACTING'), 'contracting-one')
  })

  test('with another state, or none, or after the time is over', async () => {
    const traveller = new Traveller()
    const query = await away(traveller, 'contracting-one')
    const forged = new URLSearchParams(query)
    forged.set('state', 'A'.repeat(43))
    for (const wrong of [forged.toString(), 'code=x', `code=x&state=${randomUUID()}`])
      expect(await comeBack(traveller, wrong)).toMatchObject({ status: 410, code: 'STEP_OVER' })
    await sql`update oidc_sign_in set expires_at = now() - interval '1 second'`.execute(house.owner)
    expect(await comeBack(traveller, query)).toMatchObject({ status: 410, code: 'STEP_OVER' })
    expect(await whoAmI(traveller)).toBeUndefined()
  })

  test('twice: the first lets in, the second is over, of two at once one', async () => {
    const traveller = new Traveller()
    const query = await away(traveller, 'contracting-one')
    const browser = `__Host-anju-oidc=${traveller.cookie(house.origin, '__Host-anju-oidc') ?? ''}`
    const answers = await Promise.all([0, 1].map(() => say(new Traveller(), '/session/oidc/return', { query }, { Cookie: browser })))
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 410])
    expect(await say(new Traveller(), '/session/oidc/return', { query }, { Cookie: browser })).toMatchObject({ code: 'STEP_OVER' })
  })

  test('the code of one way with the state of another', async () => {
    const traveller = new Traveller()
    const [first, second] = [
      new URLSearchParams(await away(traveller, 'contracting-one')),
      new URLSearchParams(await away(traveller, 'contracting-one')),
    ]
    second.set('code', first.get('code') ?? '')
    expect(await comeBack(traveller, second.toString())).toMatchObject({ status: 403, code: 'SIGN_IN_REFUSED' })
    expect(await whoAmI(traveller)).toBeUndefined()
  })

  test('in another browser: nobody is logged in as somebody else by a link', async () => {
    const attacker = new Traveller()
    const query = await away(attacker, 'contracting-one')
    const victim = new Traveller()
    expect(await comeBack(victim, query)).toMatchObject({ status: 410, code: 'STEP_OVER' })
    await say(victim, '/session/oidc', {})
    expect(await comeBack(victim, query)).toMatchObject({ status: 410, code: 'STEP_OVER' })
    expect(await whoAmI(victim)).toBeUndefined()
  })

  test('to a page of another house', async () => {
    for (const returnTo of [
      '//evil.example',
      'https://evil.example/',
      '/\\evil.example',
      'javascript:alert(1)',
      '',
      'todo',
      '/\t/evil.example',
    ])
      expect(await say(new Traveller(), '/session/oidc', { returnTo }), returnTo).toMatchObject({ status: 422, code: 'INVALID_INPUT' })
  })

  test('to a host a request names: the provider is told our own address, and no other', async () => {
    const departed = await say(new Traveller(), '/session/oidc', {}, { 'X-Forwarded-Host': 'evil.example', Forwarded: 'host=evil.example' })
    const address = new URL(String(departed.body['address']))
    expect([address.port, address.searchParams.get('redirect_uri')]).toEqual([String(port), home])
    expect(await say(new Traveller(), '/session/oidc', {}, { Origin: 'https://evil.example' })).toMatchObject({ code: 'CROSS_ORIGIN' })
  })

  test('what is kept of a journey is hashed or sealed', async () => {
    const traveller = new Traveller()
    const departed = await say(traveller, '/session/oidc', {})
    const { searchParams } = new URL(String(departed.body['address']))
    const { rows } = await sql<{ row: string }>`select encode(convert_to(t::text, 'UTF8'), 'escape') as row from oidc_sign_in t`.execute(
      house.owner,
    )
    const hex = (text: string): string => Buffer.from(text).toString('hex')
    for (const name of ['state', 'nonce']) {
      const value = searchParams.get(name) ?? ''
      expect(value).toHaveLength(43)
      for (const { row } of rows) expect([row.includes(value), row.includes(hex(value))]).toEqual([false, false])
    }
  })

  test('from one source, sixty departures in a minute and no more', async () => {
    await sql`update oidc_sign_in set created_at = created_at - interval '2 minutes'`.execute(house.owner)
    const answers = await Promise.all(Array.from({ length: 64 }, () => say(new Traveller(), '/session/oidc', {})))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(60)
    expect(answers.filter(({ code }) => code === 'TOO_MANY_REQUESTS')).toHaveLength(4)
    await sql`update oidc_sign_in set created_at = created_at - interval '2 minutes'`.execute(house.owner)
  })

  test('while the provider is down in the middle of it: said in words, nobody comes in, and the password still works', async () => {
    const traveller = new Traveller()
    const query = await away(traveller, 'contracting-one')
    await provider?.kill()
    provider = undefined
    expect(await comeBack(traveller, query)).toMatchObject({
      status: 503,
      code: 'PROVIDER_DOWN',
      detail: expect.stringContaining('工号和密码'),
    })
    expect(await whoAmI(traveller)).toBeUndefined()
    const entered = await new Visitor(house, 'nobody', undefined).ask('POST', '/api/session', {
      body: { staffNumber: numberOf('CONTRACTING'), password: house.logins.password },
    })
    expect(entered.status).toBe(200)
  })
})

import { createHash } from 'node:crypto'
import { verify } from '@node-rs/argon2'
import { sql } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { hashPassword } from '#api/passwords.ts'
import { plainDate } from '#contracts/dates.ts'
import { startHouse, type House } from '../setup/house.ts'
import { startDoor } from './second-door.ts'
import { visit, Visitor, type Heard } from './visitor.ts'

// To count the work of a log-in: the real one, watched.
vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof import('@node-rs/argon2')>()
  return { ...real, verify: vi.fn(real.verify) }
})

let house: House
let door: Visitor
beforeAll(async () => {
  house = await startHouse()
  door = new Visitor(house, 'nobody', undefined)
}, 60_000)
afterAll(() => house.end())

const numberOf = (post: string, skip = 0): string => {
  const found = house.logins.people.filter(({ posts }) => posts.includes(post))[skip]
  if (!found) throw new Error(`nobody holds ${post}`)
  return found.staffNumber
}
const idOf = async (staffNumber: string) =>
  (await house.owner.selectFrom('staff').select('staff_id').where('staff_number', '=', staffNumber).executeTakeFirstOrThrow()).staff_id
const secretOf = (staffNumber: string): string => house.logins.people.find((one) => one.staffNumber === staffNumber)?.totpSecret ?? ''
/** The code of a time step, counted from now. */
const codeOf = (staffNumber: string, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secretOf(staffNumber)) }).generate({ timestamp: Date.now() + steps * 30_000 })
const signIn = (staffNumber: string, more: Record<string, unknown> = {}): Promise<Heard> =>
  door.ask('POST', '/api/session', { body: { staffNumber, password: house.logins.password, ...more } })
const tokenOf = (heard: Heard): string => /__Host-anju=([^;]+)/.exec(heard.headers.getSetCookie()[0] ?? '')?.[1] ?? ''
const sessionOf = (token: string | undefined): Promise<Heard> => new Visitor(house, 'holder', token).ask('GET', '/api/session')
/** What was tried at somebody's number, moved into the past. */
const earlier = async (by: string, staffNumber: string) =>
  sql`update login_attempt set at = at - ${by}::interval where staff_id = ${await idOf(staffNumber)}`.execute(house.owner)
/** The limit on tries is per source; a test that needs many of them comes from nowhere the one before it came from. */
beforeEach(async () => void (await house.owner.updateTable('login_attempt').set({ source_hash: null }).execute()))
const moved = (column: 'last_seen_at' | 'expires_at' | 'created_at', by: string, token: string | undefined) =>
  sql`update session set ${sql.ref(column)} = ${sql.ref(column)} - ${by}::interval where token_hash = ${createHash('sha256')
    .update(token ?? '')
    .digest()}`.execute(house.owner)

describe('logging in', () => {
  test('five failures lock the number for a quarter of an hour, with the right password too, and nobody else', async () => {
    const staffNumber = numberOf('INTAKE')
    for (let n = 0; n < 5; n++)
      expect(await signIn(staffNumber, { password: 'wrong' })).toMatchObject({ status: 401, code: 'BAD_CREDENTIALS' })
    expect(await signIn(staffNumber)).toMatchObject({ status: 429, code: 'LOCKED_OUT' })
    expect((await signIn(numberOf('REVIEWER'))).status).toBe(200)
    await earlier('14 minutes', staffNumber)
    expect((await signIn(staffNumber)).status).toBe(429)
    await earlier('2 minutes', staffNumber)
    expect((await signIn(staffNumber)).status).toBe(200)
  })

  test('twelve tries at once are twelve: no more than five of them reach the password', async () => {
    const heard = await Promise.all(Array.from({ length: 12 }, () => signIn(numberOf('CONTRACTING'), { password: 'wrong' })))
    expect(heard.filter(({ code }) => code === 'BAD_CREDENTIALS')).toHaveLength(5)
    expect(heard.filter(({ code }) => code === 'LOCKED_OUT')).toHaveLength(7)
  })

  test('a number that nobody has, a wrong password, a leaver and a locked person are told the same', async () => {
    const [leaver, locked] = [numberOf('PRELIMINARY_REVIEWER', 3), numberOf('PRELIMINARY_REVIEWER', 4)]
    await sql`update staff set state = case staff_number when ${leaver} then 'LEFT' else 'LOCKED' end where staff_number in (${leaver}, ${locked})`.execute(
      house.owner,
    )
    const heard = [
      await signIn('Z9999'),
      await signIn(numberOf('APPROVER'), { password: 'wrong' }),
      await signIn(leaver),
      await signIn(locked),
    ]
    expect(new Set(heard.map(({ status, text }) => `${status} ${text.replace(/"request_id":"[^"]*"/, '')}`)).size).toBe(1)
    expect(heard[0]?.status).toBe(401)
    expect(heard.flatMap(({ headers }) => headers.getSetCookie())).toEqual([])
    for (let n = 0; n < 4; n++) await signIn('Z9999')
    expect(await signIn('Z9999'), 'a number nobody has locks as well').toMatchObject({ status: 429, code: 'LOCKED_OUT' })
  })

  test('a number that nobody has costs the same work as one that somebody has: one hash, of the same make', async () => {
    const known = numberOf('REVIEWER', 2)
    await house.owner
      .updateTable('staff')
      .set({ password_hash: await hashPassword('another password') })
      .where('staff_number', '=', known)
      .execute()
    const workFor = async (staffNumber: string): Promise<string[]> => {
      vi.mocked(verify).mockClear()
      expect((await signIn(staffNumber, { password: 'wrong' })).code).toBe('BAD_CREDENTIALS')
      return vi.mocked(verify).mock.calls.map(([stored]) => String(stored).split('$').slice(1, 4).join(' '))
    }
    const [known1, unknown1, unknown2] = [await workFor(known), await workFor('Z8888'), await workFor('Z8889')]
    expect(known1).toEqual(['argon2id v=19 m=19456,t=2,p=1'])
    expect([unknown1, unknown2]).toEqual([known1, known1])
  })

  test('what was typed where the number belongs is kept under a keyed hash, of a known number as the person', async () => {
    const typed = 'My-password-by-mistake'
    await signIn(typed)
    await signIn(numberOf('LOG_ADMIN'), { password: 'wrong' })
    const { rows } = await sql<{ staff_id: string | null; row: string; hash: string | null; source: string }>`
      select staff_id, t::text as row, encode(login_hash, 'hex') as hash, encode(source_hash, 'hex') as source
      from login_attempt t order by attempt_id desc limit 2`.execute(house.owner)
    const [ofKnown, ofTyped] = rows
    expect([ofKnown?.staff_id, ofKnown?.hash]).toEqual([await idOf(numberOf('LOG_ADMIN')), null])
    expect([ofTyped?.staff_id, ofTyped?.hash]).toEqual([null, expect.stringMatching(/^[0-9a-f]{64}$/)])
    const plain = [typed, Buffer.from(typed).toString('hex'), createHash('sha256').update(typed).digest('hex'), '127.0.0.1']
    for (const { row } of rows) expect(plain.filter((text) => row.includes(text))).toEqual([])
    expect(ofTyped?.source).toMatch(/^[0-9a-f]{64}$/)
  })

  test('a code counts once, of now or one step beside; of two steps beside never', async () => {
    const staffNumber = numberOf('CASHIER')
    expect(await signIn(staffNumber)).toMatchObject({ status: 401, code: 'ONE_TIME_CODE_NEEDED' })
    const oneTimeCode = codeOf(staffNumber)
    const twice = await Promise.all([signIn(staffNumber, { oneTimeCode }), signIn(staffNumber, { oneTimeCode })])
    expect(twice.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 401])
    const other = numberOf('CASHIER', 1)
    for (const steps of [-2, 3])
      expect(await signIn(other, { oneTimeCode: codeOf(other, steps) }), `${steps} steps`).toMatchObject({
        status: 401,
        code: 'BAD_CREDENTIALS',
      })
    expect((await signIn(other, { oneTimeCode: codeOf(other, 1) })).status).toBe(200)
    expect((await signIn(numberOf('TREASURY'), { oneTimeCode: codeOf(staffNumber, -1) })).code, 'somebody else’s code').toBe(
      'BAD_CREDENTIALS',
    )
  })

  test('the cookie is for this host, this site and no script, and says nothing of the person', async () => {
    const heard = await signIn(numberOf('APPROVER'))
    const [cookie = ''] = heard.headers.getSetCookie()
    expect(cookie.split('; ').slice(1).sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure'])
    expect(cookie).toMatch(/^__Host-anju=[A-Za-z0-9_-]{43};/)
    expect(heard.text).toBe('{}')
    const { rows } = await sql<{
      stored: boolean
    }>`select exists (select 1 from session
      where token_hash = ${Buffer.from(tokenOf(heard), 'base64url')} or encode(token_hash, 'escape') = ${tokenOf(heard)}) as stored`.execute(
      house.owner,
    )
    expect(rows).toEqual([{ stored: false }])
  })
})

describe('a session', () => {
  test('is a new one at each log-in, whatever cookie was brought along, and ends at sign-out', async () => {
    const planted = 'A'.repeat(43)
    const heard = await door.ask('POST', '/api/session', {
      body: { staffNumber: numberOf('ACCOUNTANT'), password: house.logins.password },
      headers: { Cookie: `__Host-anju=${planted}` },
    })
    const token = tokenOf(heard)
    expect(token).not.toBe(planted)
    expect((await sessionOf(planted)).status).toBe(401)
    expect((await sessionOf(token)).status).toBe(200)
    expect((await new Visitor(house, 'holder', token).ask('DELETE', '/api/session')).status).toBe(200)
    expect((await sessionOf(token)).status).toBe(401)
  })

  test('is not kept by a screen before which nobody sits', async () => {
    const { token } = await visit(house, numberOf('APPROVER'))
    const screen = new Visitor(house, 'screen', token)
    const asksByItself = () => screen.ask('GET', '/api/session', { headers: { 'X-Anju-Unattended': '1' } })
    await moved('last_seen_at', '29 minutes', token)
    expect((await asksByItself()).status).toBe(200)
    await moved('last_seen_at', '2 minutes', token)
    expect((await asksByItself()).status).toBe(401)
  })

  test('goes after thirty idle minutes and after eight hours at the latest', async () => {
    const idle = (await visit(house, numberOf('APPROVER'))).token
    await moved('last_seen_at', '29 minutes', idle)
    expect((await sessionOf(idle)).status).toBe(200)
    await moved('last_seen_at', '30 minutes 1 second', idle)
    expect((await sessionOf(idle)).status).toBe(401)
    const token = tokenOf(await signIn(numberOf('DEPUTY_DIRECTOR')))
    await moved('expires_at', '7 hours 59 minutes', token)
    expect((await sessionOf(token)).status).toBe(200)
    await moved('expires_at', '2 minutes', token)
    expect((await sessionOf(token)).status).toBe(401)
  })

  test.each([
    ['LOCK', 'locked', {}],
    ['LEAVE', 'gone', {}],
    ['REVOKE_POST', 'without the post', { post: 'INTAKE', postOrgId: 'branch-songsu' }],
  ] as const)(
    'ends with the confirmation that makes its person %s — proposed by one administrator, confirmed by another',
    async (change, _what, more) => {
      const place = { LOCK: '清槐区管理部', LEAVE: '砚湖区管理部', REVOKE_POST: '松溯县管理部' }[change]
      const target = house.logins.people.find(({ posts, orgName }) => posts.includes('INTAKE') && orgName === place)?.staffNumber ?? ''
      const token = (await visit(house, target)).token
      const stream = await fetch(`${house.origin}/api/events`, { headers: { Cookie: `__Host-anju=${token}` } })
      const [proposer, confirmer] = [await visit(house, numberOf('SYS_ADMIN')), await visit(house, numberOf('SEC_ADMIN'))]
      const proposed = await proposer.command('POST', '/api/staff-changes', {
        staffId: await idOf(target),
        change,
        reason: '岗位调整',
        ...more,
      })
      expect([proposed.status, proposed.text]).toEqual([201, expect.any(String)])
      const { caseId } = JSON.parse(proposed.text) as { caseId: string }
      expect((await sessionOf(token)).status, 'proposed is not yet in force').toBe(200)
      expect(
        await proposer.command('POST', `/api/cases/${caseId}/decisions`, { action: 'confirm' }),
        'nobody confirms their own',
      ).toMatchObject({ status: 403 })
      const confirm = (given: object) => confirmer.command('POST', `/api/cases/${caseId}/decisions`, { action: 'confirm', ...given })
      expect(await confirm({}), 'rights change with a one-time code').toMatchObject({ status: 403, code: 'STEP_UP_NEEDED' })
      await sql`delete from spent_one_time_code`.execute(house.owner)
      const confirmed = await confirm({ oneTimeCode: codeOf(confirmer.name) })
      expect([confirmed.status, confirmed.text]).toEqual([200, expect.stringContaining('IN_FORCE')])
      expect((await sessionOf(token)).status).toBe(401)
      if (change !== 'REVOKE_POST') expect((await signIn(target)).code).toBe('BAD_CREDENTIALS')
      // The stream that was open ends as well.
      await expect(stream.text()).resolves.toContain('retry')
    },
  )
})

describe('tries from one source', () => {
  test('are sixty in a minute, whatever their doors and whichever process they reach; the answer says when to come back', async () => {
    const other = await startDoor(house)
    const tries = Array.from({ length: 66 }, (_, n) =>
      (n % 2 ? door : other.door).ask('POST', '/api/session', { body: { staffNumber: `Y${n}`, password: 'x' } }),
    )
    const heard = await Promise.all(tries)
    expect(heard.filter(({ code }) => code === 'BAD_CREDENTIALS')).toHaveLength(60)
    const turnedAway = heard.filter(({ code }) => code === 'TOO_MANY_REQUESTS')
    expect(turnedAway.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 429))
    for (const { headers } of turnedAway) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    for (const { headers } of turnedAway) expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60)
    expect((await signIn(numberOf('APPROVER'))).code, 'the right password too').toBe('TOO_MANY_REQUESTS')
    await sql`update login_attempt set at = at - interval '61 seconds' where source_hash is not null`.execute(house.owner)
    expect((await signIn(numberOf('APPROVER'))).status).toBe(200)
    await other.end()
  })

  test('behind a proxy of ours are told apart by its word, and by nobody else’s', async () => {
    const behind = await startDoor(house, { proxyHops: 1 })
    const from = async (visitor: Visitor, address: string) => {
      await visitor.ask('POST', '/api/session', { body: { staffNumber: 'Y', password: 'x' }, headers: { 'X-Forwarded-For': address } })
      const { rows } = await sql<{
        source: string
      }>`select encode(source_hash, 'hex') as source from login_attempt order by attempt_id desc limit 1`.execute(house.owner)
      return rows[0]?.source
    }
    const [first, second, forged] = [
      await from(behind.door, '10.1.1.1'),
      await from(behind.door, '10.1.1.2'),
      await from(behind.door, '10.9.9.9, 10.1.1.1'),
    ]
    expect([first === second, forged === first]).toEqual([false, true])
    await sql`delete from login_attempt where staff_id is null`.execute(house.owner)
    const [third, fourth] = [await from(door, '10.1.1.1'), await from(door, '10.1.1.2')]
    expect(third).toBe(fourth)
    await behind.end()
  })

  test('a lock says in how many seconds it ends', async () => {
    for (let n = 0; n < 5; n++) await signIn('X1')
    const locked = await signIn('X1')
    const seconds = Number(locked.headers.get('retry-after'))
    expect([locked.code, seconds > 0, seconds <= 900]).toEqual(['LOCKED_OUT', true, true])
  })
})

describe('a post held for somebody else', () => {
  test('names the person on whose behalf', async () => {
    const [principal, delegate] = [await idOf(numberOf('INTERNAL_AUDIT')), numberOf('RISK')]
    await house.owner
      .insertInto('delegation')
      .values({
        delegation_id: crypto.randomUUID(),
        from_staff_id: principal,
        to_staff_id: await idOf(delegate),
        post: 'INTERNAL_AUDIT',
        from_on: plainDate('2020-01-01'),
        to_on: plainDate('2030-01-01'),
        revoked_at: null,
      })
      .execute()
    const { text } = await (await visit(house, delegate)).ask('GET', '/api/session')
    const { posts } = JSON.parse(text) as { posts: { post: string; onBehalfOf: string | null; delegatedBy: string | null }[] }
    expect(posts.map(({ post, onBehalfOf }) => [post, onBehalfOf])).toEqual([
      ['RISK', null],
      ['INTERNAL_AUDIT', principal],
    ])
    expect(posts[1]?.delegatedBy).toBeTruthy()
  })
})

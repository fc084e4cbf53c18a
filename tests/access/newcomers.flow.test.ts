import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { sql } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { newInitialPassword } from '#api/initial-password.ts'
import { startHouse, type House } from '../setup/house.ts'
import { nobodysNumber } from '../setup/id-numbers.ts'
import { storedHistories } from './histories.ts'
import { findIn, needle } from './needles.ts'
import { rowCounts, visit, Visitor, type Heard } from './visitor.ts'

let house: House
let door: Visitor
const logged: string[] = []
const log = new Writable({ write: (line, _encoding, done) => (logged.push(String(line)), done()) })
/** Every password of this file that nobody but its owner, or once the confirmer, may read; and every identity number, which nobody may. */
const [told, numbers]: [string[], string[]] = [[], []]
beforeAll(async () => {
  house = await startHouse({ log })
  door = new Visitor(house, 'nobody', undefined)
}, 60_000)
afterAll(() => house.end())

const OWN = ['seven quiet herons', 'nine patient otters', 'five silver larches', 'eight wooden bells']
const numberOf = (post: string): string => house.logins.people.find(({ posts }) => posts.includes(post))?.staffNumber ?? ''
const staffOf = (staffNumber: string) =>
  house.owner.selectFrom('staff').selectAll().where('staff_number', '=', staffNumber).executeTakeFirst()
const idOf = async (staffNumber: string): Promise<string> => (await staffOf(staffNumber))?.staff_id ?? ''
const codeOf = (secret: string): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate()
const cookieOf = (heard: Heard, name: string): string =>
  heard.headers.getSetCookie().flatMap((line) => new RegExp(`^${name}=([^;]+)`).exec(line)?.[1] ?? [])[0] ?? ''
const signIn = (staffNumber: string, password: string): Promise<Heard> =>
  door.ask('POST', '/api/session', { body: { staffNumber, password } })
const asStep = (step: string, path: string, body: object): Promise<Heard> =>
  door.ask('POST', `/api/session/${path}`, { body, headers: { Cookie: `__Host-anju-step=${step}` } })
const sessionOf = (token: string): Promise<Heard> => new Visitor(house, 'holder', token).ask('GET', '/api/session')

async function propose(body: object): Promise<Heard> {
  return (await visit(house, numberOf('SYS_ADMIN'))).command('POST', '/api/staff-changes', { reason: '人事科来函，已核实', ...body })
}
const caseOf = (heard: Heard): string => (JSON.parse(heard.text) as { caseId: string }).caseId
/** The second person, with a code that has not been used. */
async function confirm(caseId: string, by = numberOf('SEC_ADMIN')): Promise<Heard> {
  await sql`delete from spent_one_time_code`.execute(house.owner)
  const confirmer = await visit(house, by)
  const secret = house.logins.people.find(({ staffNumber }) => staffNumber === confirmer.name)?.totpSecret ?? ''
  return confirmer.command('POST', `/api/cases/${caseId}/decisions`, { action: 'confirm', oneTimeCode: codeOf(secret) })
}
const take = async (caseId: string, staffNumber = numberOf('SEC_ADMIN')): Promise<Heard> =>
  (await visit(house, staffNumber)).ask('POST', `/api/staff-changes/${caseId}/initial-password`, { body: {} })
const passwordIn = (heard: Heard): string => {
  expect([heard.status, heard.code]).toEqual([200, undefined])
  const { password } = JSON.parse(heard.text) as { password: string }
  told.push(password)
  return password
}
const pageOf = async (caseId: string, staffNumber: string) =>
  JSON.parse((await (await visit(house, staffNumber)).ask('GET', `/api/staff-changes/${caseId}`)).text) as Record<string, unknown>
/** Gives somebody the confirmer's post as well, past every rule. */
async function alsoConfirms(staffNumber: string): Promise<string> {
  await sql`insert into staff_post (staff_id, post, org_id, from_on)
    select s.staff_id, 'SEC_ADMIN', c.org_id, '2020-01-01' from staff s, staff c
    where s.staff_number = ${staffNumber} and c.staff_number = ${numberOf('SEC_ADMIN')} on conflict do nothing`.execute(house.owner)
  return staffNumber
}

test('an initial password is long, of letters nobody mistakes, and never twice the same', () => {
  const many = Array.from({ length: 500 }, newInitialPassword)
  expect(new Set(many).size).toBe(500)
  for (const one of many) expect(one).toMatch(/^[^0O1lI2Z5S8B]{16,}$/)
})

describe('a forgotten password', () => {
  test('ends with the confirmation, and so do the sessions; the initial one is told once, to the confirmer alone', async () => {
    const target = numberOf('CASHIER')
    const session = (await visit(house, target)).token ?? ''
    const proposed = caseOf(await propose({ staffId: await idOf(target), change: 'RESET_PASSWORD' }))
    expect((await sessionOf(session)).status, 'proposed is not yet done').toBe(200)
    expect((await take(proposed)).code, 'nothing to tell before the confirmation').toBe('CONFLICT')

    expect(await confirm(proposed)).toMatchObject({ status: 200, text: expect.stringContaining('IN_FORCE') })
    expect((await sessionOf(session)).status).toBe(401)
    expect((await signIn(target, house.logins.password)).code).toBe('BAD_CREDENTIALS')

    const [proposer, other] = [numberOf('SYS_ADMIN'), await alsoConfirms(numberOf('STATISTICS'))]
    expect([(await take(proposed, proposer)).code, (await take(proposed, other)).code]).toEqual(['FORBIDDEN', 'CONFLICT'])
    expect(await pageOf(proposed, proposer)).toMatchObject({ change: 'RESET_PASSWORD', passwordWaits: false })
    expect(await pageOf(proposed, numberOf('SEC_ADMIN'))).toMatchObject({ passwordWaits: true })
    const heard = await Promise.all([take(proposed), take(proposed), take(proposed)])
    expect(
      heard.map(({ status }) => status).sort((a, b) => a - b),
      'of three at once, one is told',
    ).toEqual([200, 409, 409])
    const initial = passwordIn(heard.find(({ status }) => status === 200) ?? heard[0])
    expect((await take(proposed)).text).toContain('初始密码只向确认人显示一次')
    expect(await pageOf(proposed, numberOf('SEC_ADMIN'))).toMatchObject({ passwordWaits: false })

    // With it nobody is in: a password of one's own comes first, then the code the cashier still has.
    const first = await signIn(target, initial)
    expect([first.status, first.code, cookieOf(first, '__Host-anju')]).toEqual([401, 'NEW_PASSWORD_NEEDED', ''])
    const step = cookieOf(first, '__Host-anju-step')
    expect((await sessionOf(step)).status).toBe(401)
    await sql`delete from spent_one_time_code`.execute(house.owner)
    const secret = house.logins.people.find(({ staffNumber }) => staffNumber === target)?.totpSecret ?? ''
    expect((await asStep(step, 'second-factor', { oneTimeCode: codeOf(secret) })).code, 'the order is kept').toBe('NEW_PASSWORD_NEEDED')
    for (const [newPassword, words] of [
      [initial, '不得与原密码相同'],
      [`heron ${target} heron`, '不得包含工号'],
      ['aaaaaaaaaaaaaaaa', '过于单一'],
      ['short', '不少于12位'],
    ] as const) {
      const refused = await asStep(step, 'new-password', { newPassword })
      expect([refused.status, refused.text]).toEqual([422, expect.stringContaining(words)])
    }
    expect((await asStep(step, 'new-password', { newPassword: OWN[0] })).code).toBe('ONE_TIME_CODE_NEEDED')
    expect((await asStep(step, 'new-password', { newPassword: OWN[1] })).code, 'once').toBe('STEP_OVER')
    const done = await asStep(step, 'second-factor', { oneTimeCode: codeOf(secret) })
    expect([done.status, (await sessionOf(cookieOf(done, '__Host-anju'))).status]).toEqual([200, 200])
    expect((await signIn(target, initial)).code).toBe('BAD_CREDENTIALS')
    expect((await signIn(target, OWN[0] ?? '')).code).toBe('ONE_TIME_CODE_NEEDED')
  })

  test('ends what the old one has half done', async () => {
    const target = numberOf('TREASURY')
    await house.owner.updateTable('staff').set({ totp_secret_enc: null }).where('staff_number', '=', target).execute()
    const half = cookieOf(await signIn(target, house.logins.password), '__Host-anju-step')
    expect((await asStep(half, 'enrolment', {})).status, 'the half is good').toBe(200)
    const caseId = caseOf(await propose({ staffId: await idOf(target), change: 'RESET_PASSWORD' }))
    expect((await confirm(caseId)).status).toBe(200)
    for (const path of ['enrolment', 'new-password', 'second-factor'] as const) {
      const body = { enrolment: {}, 'new-password': { newPassword: OWN[0] }, 'second-factor': { oneTimeCode: '123456' } }[path]
      expect([path, (await asStep(half, path, body)).code]).toEqual([path, 'STEP_OVER'])
    }
  })

  test('needs two people, neither of them its owner', async () => {
    const [proposer, confirmer] = [numberOf('SYS_ADMIN'), numberOf('SEC_ADMIN')]
    expect((await propose({ staffId: await idOf(proposer), change: 'RESET_PASSWORD' })).text).toContain('不得变更本人')
    const own = caseOf(await propose({ staffId: await idOf(confirmer), change: 'RESET_PASSWORD' }))
    expect(await confirm(own)).toMatchObject({ status: 409, code: 'RECUSAL' })
    // Even somebody who, against every rule, holds both posts.
    await alsoConfirms(proposer)
    const caseId = caseOf(await propose({ staffId: await idOf(numberOf('RISK')), change: 'RESET_PASSWORD' }))
    expect(await confirm(caseId, proposer)).toMatchObject({ status: 409, code: 'FOUR_EYES' })
    await sql`delete from staff_post where post = 'SEC_ADMIN' and staff_id = ${await idOf(proposer)}`.execute(house.owner)
    expect((await take(caseId)).code).toBe('CONFLICT')
    expect((await signIn(numberOf('RISK'), house.logins.password)).status, 'and until then nothing has changed').toBe(200)
  })

  test('is told for an hour, and of two resets the later one counts', async () => {
    const target = numberOf('REVIEWER')
    const cases = [await idOf(target), await idOf(target)].map((staffId) => propose({ staffId, change: 'RESET_PASSWORD' }))
    const [earlier = '', later = ''] = (await Promise.all(cases)).map(caseOf)
    expect([(await confirm(earlier)).status, (await confirm(later)).status]).toEqual([200, 200])
    expect((await take(earlier)).code).toBe('CONFLICT')
    await sql`update initial_password set expires_at = now() - interval '1 second' where case_id = ${later}`.execute(house.owner)
    expect((await take(later)).code).toBe('CONFLICT')
    expect((await signIn(target, house.logins.password)).code).toBe('BAD_CREDENTIALS')
  })

  test('of two log-ins with one initial password, one sets the new one; the other is over', async () => {
    const target = numberOf('INTAKE')
    const caseId = caseOf(await propose({ staffId: await idOf(target), change: 'RESET_PASSWORD' }))
    expect((await confirm(caseId)).status).toBe(200)
    const initial = passwordIn(await take(caseId))
    const steps = [await signIn(target, initial), await signIn(target, initial)].map((heard) => cookieOf(heard, '__Host-anju-step'))
    const heard = await Promise.all(steps.map((step, n) => asStep(step, 'new-password', { newPassword: OWN[n] })))
    expect(heard.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 410])
    const won = heard.find(({ status }) => status === 200)
    expect((await sessionOf(won ? cookieOf(won, '__Host-anju') : '')).status).toBe(200)
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from sign_in_step s join staff p using (staff_id)
      where p.staff_number = ${target} and used_at is null`.execute(house.owner)
    expect(rows).toEqual([{ n: 0 }])
  })
})

describe('a new colleague', () => {
  const newNumber = (): string => numbers[numbers.push(nobodysNumber(numbers.length)) - 1] ?? ''
  const newcomer = (staffNumber: string, orgId: string) => ({ staffNumber, name: '白新竹', orgId, idNumber: newNumber() })

  test('is nobody before the confirmation, then has post and initial password, sets an own one, enrols, and is in', async () => {
    const { org_id: orgId } = (await staffOf(numberOf('CASHIER'))) ?? { org_id: '' }
    const proposed = await propose({ change: 'JOIN', newcomer: newcomer('Q7001', orgId), post: 'CASHIER', postOrgId: orgId })
    expect([proposed.status, proposed.code]).toEqual([201, undefined])
    const caseId = caseOf(proposed)
    expect(await staffOf('Q7001')).toBeUndefined()
    expect(await pageOf(caseId, numberOf('SEC_ADMIN')), 'the confirmer reads who is to come').toMatchObject({
      change: 'JOIN',
      staff: null,
      newcomer: { staffNumber: 'Q7001', name: '白新竹', orgId, orgName: expect.stringMatching(/\p{Script=Han}/u) },
      post: 'CASHIER',
      passwordWaits: false,
    })
    const task = await house.owner.selectFrom('task').select('previous_opinion').where('case_id', '=', caseId).executeTakeFirstOrThrow()
    expect(task.previous_opinion).toMatch(/^入职：白新竹（Q7001），.+，资金结算岗（.+）。理由：人事科来函，已核实$/)

    expect((await confirm(caseId)).status).toBe(200)
    expect(await staffOf('Q7001')).toMatchObject({ name: '白新竹', org_id: orgId, state: 'ACTIVE', password_hash: null })
    const posts = await house.owner
      .selectFrom('staff_post')
      .select(['post', 'granted_by_case'])
      .where('staff_id', '=', await idOf('Q7001'))
      .execute()
    expect(posts).toEqual([{ post: 'CASHIER', granted_by_case: caseId }])
    const initial = passwordIn(await take(caseId))
    expect((await staffOf('Q7001'))?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)

    const first = await signIn('Q7001', initial)
    expect(first.code).toBe('NEW_PASSWORD_NEEDED')
    const step = cookieOf(first, '__Host-anju-step')
    expect((await asStep(step, 'enrolment', {})).code, 'the order is kept').toBe('NEW_PASSWORD_NEEDED')
    expect((await asStep(step, 'new-password', { newPassword: OWN[2] })).code).toBe('ENROLMENT_NEEDED')
    const { secret } = JSON.parse((await asStep(step, 'enrolment', {})).text) as { secret: string }
    const done = await asStep(step, 'second-factor', { oneTimeCode: codeOf(secret) })
    expect(JSON.parse((await sessionOf(cookieOf(done, '__Host-anju'))).text)).toMatchObject({
      staffNumber: 'Q7001',
      posts: [{ post: 'CASHIER' }],
    })
  })

  test('may come without a post', async () => {
    const { org_id: orgId } = (await staffOf(numberOf('REVIEWER'))) ?? { org_id: '' }
    const caseId = caseOf(await propose({ change: 'JOIN', newcomer: newcomer('Q7002', orgId) }))
    expect((await confirm(caseId)).status).toBe(200)
    const step = cookieOf(await signIn('Q7002', passwordIn(await take(caseId))), '__Host-anju-step')
    const done = await asStep(step, 'new-password', { newPassword: OWN[3] })
    expect(JSON.parse((await sessionOf(cookieOf(done, '__Host-anju'))).text)).toMatchObject({ staffNumber: 'Q7002', posts: [] })
  })

  test('under a number that is somebody’s is refused, at the proposal and at the confirmation, and nothing is left of it', async () => {
    const { org_id: orgId } = (await staffOf(numberOf('REVIEWER'))) ?? { org_id: '' }
    const unchanged = () => rowCounts(house, ['session', 'command', 'audit_row', 'audit_stream', 'login_attempt', 'spent_one_time_code'])
    const before = await unchanged()
    const refused = await propose({ change: 'JOIN', newcomer: newcomer(numberOf('CASHIER'), orgId) })
    expect(JSON.parse(refused.text)).toMatchObject({
      status: 422,
      errors: [{ pointer: '#/newcomer/staffNumber', detail: '工号已有人使用' }],
    })
    expect(await unchanged()).toEqual(before)

    const [one, two] = [
      await propose({ change: 'JOIN', newcomer: newcomer('Q7003', orgId) }),
      await propose({ change: 'JOIN', newcomer: newcomer('Q7003', orgId) }),
    ].map(caseOf)
    expect((await confirm(one ?? '')).status).toBe(200)
    const people = await rowCounts(house)
    expect(await confirm(two ?? '')).toMatchObject({ status: 409, code: 'RULES_REFUSE', text: expect.stringContaining('工号已有人使用') })
    const after = await rowCounts(house)
    for (const table of ['staff', 'staff_post', 'initial_password', 'decision'])
      expect([table, after[table]]).toEqual([table, people[table]])
    expect((await take(two ?? '')).code).toBe('CONFLICT')
  })

  test.each<[string, (orgId: string) => object, string]>([
    ['without particulars', () => ({}), '#/newcomer'],
    ['for a house of others', () => ({ newcomer: newcomer('Q7009', 'nowhere') }), '#/newcomer/orgId'],
    ['under a number of another shape', (orgId) => ({ newcomer: newcomer('7', orgId) }), '#/newcomer/staffNumber'],
    ['with a post of no organisation', (orgId) => ({ newcomer: newcomer('Q7009', orgId), post: 'INTAKE' }), '#/postOrgId'],
  ])('%s is not proposed', async (_what, body, pointer) => {
    const { org_id: orgId } = (await staffOf(numberOf('REVIEWER'))) ?? { org_id: '' }
    const heard = await propose({ change: 'JOIN', ...body(orgId) })
    expect(JSON.parse(heard.text)).toMatchObject({ status: 422, errors: [{ pointer }] })
    expect(await staffOf('Q7009')).toBeUndefined()
  })
})

describe('afterwards no password and no number of these people lies in', () => {
  const needles = () => [...told, ...OWN, ...numbers].map((text, n) => needle(`secret ${n}`, text))

  test('the database, whatever the table', async () => {
    expect(told.length).toBeGreaterThanOrEqual(4)
    expect(numbers.length).toBeGreaterThanOrEqual(6)
    const { rows: tables } = await sql<{ name: string }>`select relname as name from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace`.execute(house.owner)
    for (const { name } of tables) {
      const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.table(name)} t`.execute(house.owner)
      expect([name, findIn(rows.map(({ row }) => row).join('\n'), needles())]).toEqual([name, []])
    }
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from audit_row where act = 'take-initial-password'`.execute(
      house.owner,
    )
    expect(rows, 'who was told, and when, is on record').toEqual([{ n: told.length }])
  })

  test('the log, the engine’s histories and its disk', async () => {
    expect(logged.join('')).toContain('initial-password')
    expect(findIn(logged.join(''), needles())).toEqual([])
    const histories = await storedHistories(house.taskQueue)
    expect(histories.length).toBeGreaterThan(4)
    for (const { json } of histories) expect(findIn(json, needles())).toEqual([])
    const { folder } = inject('temporal')
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(files.flatMap((entry) => findIn(readFileSync(join(entry.parentPath, entry.name)), needles()))).toEqual([])
  })
})

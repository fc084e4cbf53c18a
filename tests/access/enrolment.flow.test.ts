import { sql } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startHouse, type House } from '../setup/house.ts'
import { startDoor } from './second-door.ts'
import { visit, Visitor, type Heard } from './visitor.ts'

let house: House
let door: Visitor
beforeAll(async () => {
  house = await startHouse()
  door = new Visitor(house, 'nobody', undefined)
}, 60_000)
afterAll(() => house.end())

const numberOf = (post: string, skip = 0): string =>
  house.logins.people.filter(({ posts }) => posts.includes(post))[skip]?.staffNumber ?? ''
const staffOf = (staffNumber: string) =>
  house.owner.selectFrom('staff').selectAll().where('staff_number', '=', staffNumber).executeTakeFirstOrThrow()
const codeOf = (secret: string, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 })
const cookieOf = (heard: Heard, name: string): string =>
  heard.headers.getSetCookie().flatMap((line) => new RegExp(`^${name}=([^;]+)`).exec(line)?.[1] ?? [])[0] ?? ''
const signIn = (staffNumber: string, more: Record<string, unknown> = {}): Promise<Heard> =>
  door.ask('POST', '/api/session', { body: { staffNumber, password: house.logins.password, ...more } })
const asStep = (step: string, path: string, body: object = {}, at: Visitor = door): Promise<Heard> =>
  at.ask('POST', `/api/session/${path}`, { body, headers: { Cookie: `__Host-anju-step=${step}` } })
const sessionOf = (token: string): Promise<Heard> => new Visitor(house, 'holder', token).ask('GET', '/api/session')
/** As somebody new: with a post that needs a code, and without one. */
const forget = (staffNumber: string) =>
  house.owner.updateTable('staff').set({ totp_secret_enc: null }).where('staff_number', '=', staffNumber).execute()

/** The first half, and the secret as it is shown. */
async function begin(staffNumber: string): Promise<{ step: string; secret: string; shown: Record<string, string> }> {
  const half = await signIn(staffNumber)
  expect([half.status, half.code]).toEqual([401, 'ENROLMENT_NEEDED'])
  const step = cookieOf(half, '__Host-anju-step')
  const heard = await asStep(step, 'enrolment')
  expect([heard.status, heard.code]).toEqual([200, undefined])
  const shown = JSON.parse(heard.text) as Record<string, string>
  return { step, secret: shown['secret'] ?? '', shown }
}

describe('whoever needs a code and has none', () => {
  test('is led to enrolment by the first half of the log-in, sees a secret, and is in with its first code', async () => {
    const staffNumber = numberOf('CASHIER')
    await forget(staffNumber)
    const { step, secret, shown } = await begin(staffNumber)
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(new URL(shown['address'] ?? '').searchParams.get('secret')).toBe(secret)
    expect(decodeURIComponent(shown['address'] ?? '')).toContain(`安居:${staffNumber}`)
    expect(Buffer.from((shown['image'] ?? '').split(',')[1] ?? '', 'base64').toString()).toMatch(/^<svg /)
    expect((await staffOf(staffNumber)).totp_secret_enc, 'not theirs before a code has shown that it works').toBeNull()

    const done = await asStep(step, 'second-factor', { oneTimeCode: codeOf(secret) })
    expect([done.status, done.text]).toEqual([200, '{"returnTo":null}'])
    expect(JSON.parse((await sessionOf(cookieOf(done, '__Host-anju'))).text)).toMatchObject({ staffNumber })
    const kept = (await staffOf(staffNumber)).totp_secret_enc
    expect(kept && house.vault.open(kept)).toBe(secret)
    expect(kept?.includes(secret)).toBe(false)
    const { rows } = await sql<{ act: string }>`select act from audit_row where actor = ${`staff/${(await staffOf(staffNumber)).staff_id}`}
      order by audit_id desc limit 2`.execute(house.owner)
    expect(rows.map(({ act }) => act)).toEqual(['sign-in', 'enrol-one-time-code'])
    // The code that proved it is spent; the next one lets in at the ordinary door.
    expect((await signIn(staffNumber, { oneTimeCode: codeOf(secret) })).code).toBe('BAD_CREDENTIALS')
    expect((await signIn(staffNumber, { oneTimeCode: codeOf(secret, 1) })).status).toBe(200)
  })

  test('sees the secret once: not again in the same step, and never when it is theirs', async () => {
    const staffNumber = numberOf('TREASURY')
    await forget(staffNumber)
    const { step, secret } = await begin(staffNumber)
    const again = await asStep(step, 'enrolment')
    expect([again.status, again.code, again.text.includes(secret)]).toEqual([410, 'STEP_OVER', false])
    const late = cookieOf(await signIn(staffNumber), '__Host-anju-step')
    expect((await asStep(step, 'second-factor', { oneTimeCode: codeOf(secret) })).status).toBe(200)
    expect((await asStep(late, 'enrolment')).code, 'another half of the same person is over').toBe('STEP_OVER')
    expect((await asStep(step, 'second-factor', { oneTimeCode: codeOf(secret, 1) })).code, 'and so is this one').toBe('STEP_OVER')
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from sign_in_step where secret_enc is not null`.execute(house.owner)
    expect(rows).toEqual([{ n: 0 }])
  })

  test('of two enrolments at once has one, whichever process they reach', async () => {
    const staffNumber = numberOf('ACCOUNTING_REVIEWER')
    await forget(staffNumber)
    const other = await startDoor(house)
    const halves = [await begin(staffNumber), await begin(staffNumber)]
    const heard = await Promise.all(
      halves.map(({ step, secret }, n) => asStep(step, 'second-factor', { oneTimeCode: codeOf(secret) }, n ? other.door : door)),
    )
    expect(heard.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 410])
    const winner = halves[heard.findIndex(({ status }) => status === 200)]
    const kept = (await staffOf(staffNumber)).totp_secret_enc
    expect(kept && house.vault.open(kept)).toBe(winner?.secret)
    await other.end()
  })

  test('has no session before the code, five tries for it, and ten minutes', async () => {
    const staffNumber = numberOf('POLICY_APPROVER')
    await forget(staffNumber)
    const { step, secret } = await begin(staffNumber)
    expect((await sessionOf(step)).status).toBe(401)
    const wrong = codeOf(secret) === '000000' ? '111111' : '000000'
    for (let n = 0; n < 5; n++) expect((await asStep(step, 'second-factor', { oneTimeCode: wrong })).code).toBe('BAD_CREDENTIALS')
    expect((await asStep(step, 'second-factor', { oneTimeCode: codeOf(secret) })).code).toBe('LOCKED_OUT')
    expect((await signIn(staffNumber)).code, 'a new first half does not start the count anew').toBe('LOCKED_OUT')
    await sql`delete from login_attempt`.execute(house.owner)
    await sql`update sign_in_step set expires_at = now() - interval '1 second'`.execute(house.owner)
    expect((await asStep(step, 'second-factor', { oneTimeCode: codeOf(secret) })).code).toBe('STEP_OVER')
    expect((await staffOf(staffNumber)).totp_secret_enc).toBeNull()
  })

  test('cannot enrol without the first half, nor by somebody else’s or a forged one', async () => {
    for (const step of ['', 'A'.repeat(43), 'x']) {
      expect((await asStep(step, 'enrolment')).code).toBe('STEP_OVER')
      expect((await asStep(step, 'second-factor', { oneTimeCode: '123456' })).code).toBe('STEP_OVER')
    }
    const { rows } = await sql<{ row: string }>`select t::text as row from sign_in_step t`.execute(house.owner)
    const half = cookieOf(await signIn(numberOf('POLICY_APPROVER')), '__Host-anju-step')
    for (const { row } of rows) expect([row.includes(half), row.includes(Buffer.from(half).toString('hex'))]).toEqual([false, false])
  })
})

describe('whoever has one', () => {
  test('keeps it until two others have reset it; then the old codes end, the sessions too, and enrolment begins anew', async () => {
    const [target, old] = [
      numberOf('DISBURSEMENT'),
      house.logins.people.find(({ posts }) => posts.includes('DISBURSEMENT'))?.totpSecret ?? '',
    ]
    const session = (await visit(house, target)).token ?? ''
    const [proposer, confirmer] = [await visit(house, numberOf('SYS_ADMIN')), await visit(house, numberOf('SEC_ADMIN'))]
    const own = await proposer.command('POST', '/api/staff-changes', {
      staffId: (await staffOf(numberOf('SYS_ADMIN'))).staff_id,
      change: 'RESET_CODE',
      reason: '本人手机遗失',
    })
    expect([own.status, own.text]).toEqual([409, expect.stringContaining('不得变更本人')])
    const { staff_id: staffId } = await staffOf(target)
    const proposed = await proposer.command('POST', '/api/staff-changes', { staffId, change: 'RESET_CODE', reason: '手机遗失，已当面核实' })
    const { caseId } = JSON.parse(proposed.text) as { caseId: string }
    const task = await house.owner.selectFrom('task').select('previous_opinion').where('case_id', '=', caseId).executeTakeFirstOrThrow()
    expect(task.previous_opinion, 'the second person reads what they confirm').toMatch(
      new RegExp(`^重置动态口令：.+（${target}）。理由：手机遗失，已当面核实$`),
    )
    expect((await staffOf(target)).totp_secret_enc, 'proposed is not yet done').not.toBeNull()
    await sql`delete from spent_one_time_code`.execute(house.owner)
    const admin = house.logins.people.find(({ staffNumber }) => staffNumber === confirmer.name)?.totpSecret ?? ''
    const confirmed = await confirmer.command('POST', `/api/cases/${caseId}/decisions`, { action: 'confirm', oneTimeCode: codeOf(admin) })
    expect([confirmed.status, confirmed.text]).toEqual([200, expect.stringContaining('IN_FORCE')])
    expect((await sessionOf(session)).status).toBe(401)
    expect((await signIn(target, { oneTimeCode: codeOf(old) })).code).toBe('ENROLMENT_NEEDED')
    const { step, secret } = await begin(target)
    expect((await asStep(step, 'second-factor', { oneTimeCode: codeOf(secret) })).status).toBe(200)
    expect((await signIn(target, { oneTimeCode: codeOf(old, 1) })).code).toBe('BAD_CREDENTIALS')
  })

  test('is not the second signature under a change of their own rights', async () => {
    const proposer = await visit(house, numberOf('SYS_ADMIN'))
    const confirmer = await visit(house, numberOf('SEC_ADMIN'))
    const { staff_id: staffId } = await staffOf(confirmer.name)
    const proposed = await proposer.command('POST', '/api/staff-changes', { staffId, change: 'RESET_CODE', reason: '手机更换' })
    const { caseId } = JSON.parse(proposed.text) as { caseId: string }
    const page = JSON.parse((await confirmer.ask('GET', `/api/cases/${caseId}`)).text) as {
      actions: { action: string; allowed: boolean; obstacles: { text: string }[] }[]
    }
    expect(
      page.actions.find(({ action }) => action === 'confirm'),
      'the button says why',
    ).toMatchObject({
      allowed: false,
      obstacles: [{ text: '变更涉及您本人，应当回避' }],
    })
    await sql`delete from spent_one_time_code`.execute(house.owner)
    const admin = house.logins.people.find(({ staffNumber }) => staffNumber === confirmer.name)?.totpSecret ?? ''
    expect(
      await confirmer.command('POST', `/api/cases/${caseId}/decisions`, { action: 'confirm', oneTimeCode: codeOf(admin) }),
    ).toMatchObject({ status: 409, code: 'RECUSAL' })
  })

  test('a post that needs a code, given to somebody who came in without, asks them in anew', async () => {
    const staffNumber = numberOf('STATISTICS')
    const token = cookieOf(await signIn(staffNumber), '__Host-anju')
    expect((await sessionOf(token)).status).toBe(200)
    const { staff_id, org_id } = await staffOf(staffNumber)
    await sql`insert into staff_post (staff_id, post, org_id, from_on) values (${staff_id}, 'TREASURY', ${org_id}, '2020-01-01')`.execute(
      house.owner,
    )
    expect((await sessionOf(token)).status).toBe(401)
    expect((await signIn(staffNumber)).code).toBe('ENROLMENT_NEEDED')
    const { step, secret } = await begin(staffNumber)
    const done = await asStep(step, 'second-factor', { oneTimeCode: codeOf(secret) })
    expect((await sessionOf(cookieOf(done, '__Host-anju'))).status).toBe(200)
  })
})

describe('one’s own password', () => {
  const change = (visitor: Visitor, oldPassword: string, newPassword: string): Promise<Heard> =>
    visitor.ask('PUT', '/api/session/password', { body: { oldPassword, newPassword } })
  const GOOD = 'seven quiet herons'

  test('is changed by whoever knows the old one: the new one lets in, the old one does not, other sessions end, this one stays', async () => {
    const staffNumber = numberOf('APPROVER')
    const [here, elsewhere] = [await visit(house, staffNumber), await visit(house, staffNumber)]
    expect(await change(here, house.logins.password, GOOD)).toMatchObject({ status: 200, text: '{}' })
    expect([(await sessionOf(here.token ?? '')).status, (await sessionOf(elsewhere.token ?? '')).status]).toEqual([200, 401])
    expect((await signIn(staffNumber)).code).toBe('BAD_CREDENTIALS')
    expect((await signIn(staffNumber, { password: GOOD })).status).toBe(200)
    expect((await staffOf(staffNumber)).password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    const { rows } = await sql<{ row: string }>`select t::text as row from audit_row t where act = 'change-password'`.execute(house.owner)
    expect([rows.length, rows[0]?.row.includes(GOOD)]).toEqual([1, false])
  })

  test.each([
    ['shorter than twelve', 'elf zeichen', '#/newPassword', '不少于12位'],
    ['with the staff number in it', 'heron NUMBER heron', '#/newPassword', '不得包含工号'],
    ['the old one', 'OLD', '#/newPassword', '不得与原密码相同'],
    ['of one key', 'aaaaaaaaaaaaaaaa', '#/newPassword', '过于单一'],
  ])('is not %s', async (_what, wish, pointer, words) => {
    const staffNumber = numberOf('REVIEWER')
    const newPassword = wish.replace('NUMBER', staffNumber.toLowerCase()).replace('OLD', house.logins.password)
    const heard = await change(await visit(house, staffNumber), house.logins.password, newPassword)
    expect([heard.status, heard.code]).toEqual([422, 'INVALID_INPUT'])
    expect(JSON.parse(heard.text)).toMatchObject({ errors: [{ pointer, detail: expect.stringContaining(words) }] })
    expect((await signIn(staffNumber)).status).toBe(200)
  })

  test('with the old one wrong is refused at that field, and after five tries for a quarter of an hour, as at the door', async () => {
    const staffNumber = numberOf('RISK')
    const here = await visit(house, staffNumber)
    for (let n = 0; n < 5; n++) {
      const heard = await change(here, 'wrong', GOOD)
      expect(JSON.parse(heard.text)).toMatchObject({ status: 422, errors: [{ pointer: '#/oldPassword', detail: '原密码不正确' }] })
    }
    expect(await change(here, house.logins.password, GOOD)).toMatchObject({ status: 429, code: 'LOCKED_OUT' })
    expect((await signIn(staffNumber)).code).toBe('LOCKED_OUT')
    expect((await sessionOf(here.token ?? '')).status, 'the session itself goes on').toBe(200)
  })
})

describe('where no identity provider is configured', () => {
  test('none is offered, and its addresses are not there', async () => {
    expect((await door.ask('GET', '/api/session/means')).text).toBe('{"oidc":false}')
    expect(await door.ask('POST', '/api/session/oidc', { body: {} })).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    expect(await door.ask('POST', '/api/session/oidc/return', { body: { query: 'code=x&state=y' } })).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
    })
    const bind = await (
      await visit(house, numberOf('SYS_ADMIN'))
    ).command('POST', '/api/staff-changes', {
      staffId: (await staffOf(numberOf('RISK'))).staff_id,
      change: 'BIND_IDENTITY',
      subject: 'someone',
      reason: '统一身份管理',
    })
    expect(bind).toMatchObject({ status: 409, text: expect.stringContaining('未配置统一身份认证') })
  })
})

import { sql } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { armFaults } from '#db/fault.ts'
import { freePort } from '../setup/free-port.ts'
import { startHouse, type House } from '../setup/house.ts'
import { spawnProvider, Traveller, type ProviderProcess } from './spawned-provider.ts'
import { visit } from './visitor.ts'

/** Who comes in, and by what, when the house fails in the middle of it: before the commit nothing has changed, after it only the answer is lost. */
const CLIENT = { clientId: 'anju', clientSecret: 'a secret of the two houses' }
const OWN = 'seven quiet herons'
let house: House
let provider: ProviderProcess | undefined
let issuer: string
beforeAll(async () => {
  issuer = `http://127.0.0.1:${await freePort()}`
  house = await startHouse({ oidc: { issuer, ...CLIENT } })
}, 90_000)
afterEach(() => armFaults(undefined))
afterAll(async () => {
  await provider?.kill()
  await house.end()
})

const numberOf = (post: string): string => house.logins.people.find(({ posts }) => posts.includes(post))?.staffNumber ?? ''
const staffOf = (staffNumber: string) =>
  house.owner.selectFrom('staff').selectAll().where('staff_number', '=', staffNumber).executeTakeFirstOrThrow()
const codeOf = (secret: string): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate()
const forgetSpentCodes = () => sql`delete from spent_one_time_code`.execute(house.owner)

interface Said {
  readonly status: number
  readonly body: Record<string, unknown>
}

/** What our page says to our API, with the cookies of this browser. */
async function say(browser: Traveller, path: string, body: object, method = 'POST'): Promise<Said> {
  const headers = { Origin: house.origin, 'X-Anju': '1', 'Content-Type': 'application/json' }
  const answer = await browser.send(`${house.origin}/api${path}`, { method, headers, body: JSON.stringify(body) })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
const signIn = (browser: Traveller, staffNumber: string, password = house.logins.password, oneTimeCode?: string): Promise<Said> =>
  say(browser, '/session', { staffNumber, password, ...(oneTimeCode ? { oneTimeCode } : {}) })
const whoAmI = async (browser: Traveller): Promise<unknown> => {
  const answer = await browser.send(`${house.origin}/api/session`, { headers: { Origin: house.origin } })
  return answer.ok ? ((await answer.json()) as { staffNumber: string }).staffNumber : undefined
}

/** Says it while the house fails at this point, and is told no more than that something went wrong. */
async function failing(plan: string, act: () => Promise<{ readonly status: number }>): Promise<void> {
  armFaults(plan)
  expect([plan, (await act()).status]).toEqual([plan, 500])
  armFaults(undefined)
}

/** How often somebody did something, as the archive has it. */
async function timesOf(act: string, staffNumber: string): Promise<number> {
  const actor = `staff/${(await staffOf(staffNumber)).staff_id}`
  return (await house.owner.selectFrom('audit_row').select('act').where('act', '=', act).where('actor', '=', actor).execute()).length
}

/** One proposes that a password be reset, another confirms it. @returns how the other is told the initial one */
async function reset(staffNumber: string) {
  const [proposer, confirmer] = [await visit(house, numberOf('SYS_ADMIN')), await visit(house, numberOf('SEC_ADMIN'))]
  const { staff_id: staffId } = await staffOf(staffNumber)
  const proposed = await proposer.command('POST', '/api/staff-changes', { staffId, change: 'RESET_PASSWORD', reason: '人事科来函，已核实' })
  const { caseId } = JSON.parse(proposed.text) as { caseId: string }
  await forgetSpentCodes()
  const secret = house.logins.people.find((one) => one.staffNumber === confirmer.name)?.totpSecret ?? ''
  const decision = { action: 'confirm', oneTimeCode: codeOf(secret) }
  expect((await confirmer.command('POST', `/api/cases/${caseId}/decisions`, decision)).status).toBe(200)
  return async () => {
    const { status, text } = await confirmer.ask('POST', `/api/staff-changes/${caseId}/initial-password`, { body: {} })
    return { status, ...(JSON.parse(text) as { code?: string; password?: string }) }
  }
}

describe('an initial password', () => {
  test('that was not kept is told at the next asking; one that was kept and lost on its way is nobody’s, and another reset helps', async () => {
    const [staffNumber, confirmer] = [numberOf('REVIEWER'), numberOf('SEC_ADMIN')]
    const take = await reset(staffNumber)
    await failing('initial-password.before-commit#1=throw', take)
    expect([(await staffOf(staffNumber)).password_hash, await timesOf('take-initial-password', confirmer)]).toEqual([null, 0])
    await failing('initial-password.after-commit#1=throw', take)
    expect(await take(), 'it is shown once').toMatchObject({ status: 409, code: 'CONFLICT' })
    expect(await timesOf('take-initial-password', confirmer)).toBe(1)

    const { password } = await (await reset(staffNumber))()
    const browser = new Traveller()
    expect((await signIn(browser, staffNumber, password)).body).toMatchObject({ code: 'NEW_PASSWORD_NEEDED' })
    await failing('new-password.before-commit#1=throw', () => say(browser, '/session/new-password', { newPassword: OWN }))
    expect((await staffOf(staffNumber)).must_change_password, 'and so is one’s own that was not kept').toBe(true)
    await failing('new-password.after-commit#1=throw', () => say(browser, '/session/new-password', { newPassword: OWN }))
    expect((await say(browser, '/session/new-password', { newPassword: `${OWN}!` })).body).toMatchObject({ code: 'STEP_OVER' })
    expect([await whoAmI(browser), (await signIn(browser, staffNumber, password)).status]).toEqual([undefined, 401])
    expect([(await signIn(browser, staffNumber, OWN)).status, await whoAmI(browser)]).toEqual([200, staffNumber])
    expect(await timesOf('change-password', staffNumber)).toBe(1)
  })
})

describe('a second factor', () => {
  const enrolling = async (staffNumber: string): Promise<{ browser: Traveller; give: () => Promise<Said>; secret: string }> => {
    const browser = new Traveller()
    expect((await signIn(browser, staffNumber)).body).toMatchObject({ code: 'ENROLMENT_NEEDED' })
    const secret = String((await say(browser, '/session/enrolment', {})).body['secret'])
    return { browser, secret, give: () => say(browser, '/session/second-factor', { oneTimeCode: codeOf(secret) }) }
  }

  test('that was not kept is given again; one that was kept is theirs, and the log-in is begun again with the next code', async () => {
    const staffNumber = numberOf('TREASURY')
    await house.owner.updateTable('staff').set({ totp_secret_enc: null }).where('staff_number', '=', staffNumber).execute()
    const { browser, give, secret } = await enrolling(staffNumber)
    await failing('second-factor.before-commit#1=throw', give)
    expect([(await staffOf(staffNumber)).totp_secret_enc, await timesOf('sign-in', staffNumber)]).toEqual([null, 0])
    await failing('second-factor.after-commit#1=throw', give)
    expect([await whoAmI(browser), (await give()).body['code']]).toEqual([undefined, 'STEP_OVER'])
    expect([await timesOf('enrol-one-time-code', staffNumber), await timesOf('sign-in', staffNumber)]).toEqual([1, 1])
    await forgetSpentCodes()
    expect((await signIn(browser, staffNumber, house.logins.password, codeOf(secret))).status).toBe(200)
    expect(await whoAmI(browser)).toBe(staffNumber)
  })
})

describe('one’s own password', () => {
  test('is the old one until the change is kept, and the new one from then on, whoever heard of it', async () => {
    const staffNumber = numberOf('APPROVER')
    const [here, elsewhere] = [new Traveller(), new Traveller()]
    for (const browser of [here, elsewhere]) expect((await signIn(browser, staffNumber)).status).toBe(200)
    const change = () => say(here, '/session/password', { oldPassword: house.logins.password, newPassword: OWN }, 'PUT')
    await failing('own-password.before-commit#1=throw', change)
    expect([await whoAmI(elsewhere), (await signIn(new Traveller(), staffNumber)).status]).toEqual([staffNumber, 200])
    await failing('own-password.after-commit#1=throw', change)
    expect([await whoAmI(here), await whoAmI(elsewhere)], 'the other sessions have ended').toEqual([staffNumber, undefined])
    expect((await change()).body, 'made again, it names the password that is none any more').toMatchObject({
      errors: [{ pointer: '#/oldPassword' }],
    })
    expect([(await signIn(new Traveller(), staffNumber)).status, (await signIn(elsewhere, staffNumber, OWN)).status]).toEqual([401, 200])
    expect(await timesOf('change-password', staffNumber)).toBe(1)
  })
})

describe('somebody whom an identity provider vouches for', () => {
  test('has no session when it was not kept, nor when nobody was told of it, and comes in by going there again', async () => {
    const [staffNumber, home] = [numberOf('INTAKE'), `${house.origin}/login`]
    provider = await spawnProvider({ issuer, ...CLIENT, redirectUri: home })
    await sql`insert into staff_identity (staff_id, issuer, subject, bound_by_case)
      select staff_id, ${new URL(issuer).href}, 'intake-one', (select case_id from case_file limit 1) from staff
      where staff_number = ${staffNumber}`.execute(house.owner)
    const browser = new Traveller()
    const comeIn = async (): Promise<Said> => {
      const { body } = await say(browser, '/session/oidc', { returnTo: '/' })
      const { search } = await browser.through(String(body['address']), 'intake-one', home)
      return say(browser, '/session/oidc/return', { query: search.slice(1) })
    }
    await failing('sign-in-vouched.before-commit#1=throw', comeIn)
    expect([await whoAmI(browser), await timesOf('sign-in', staffNumber)]).toEqual([undefined, 0])
    await failing('sign-in-vouched.after-commit#1=throw', comeIn)
    expect([await whoAmI(browser), await timesOf('sign-in', staffNumber)]).toEqual([undefined, 1])
    expect([(await comeIn()).status, await whoAmI(browser), await timesOf('sign-in', staffNumber)]).toEqual([200, staffNumber, 2])
  })
})

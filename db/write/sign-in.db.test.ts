import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, sqlState, type Db } from '#db/connect.ts'
import { testDatabase, type TestDatabase } from '../../tests/setup/database.ts'
import { departureWaitQuery } from './oidc.ts'
import { forgetSessionsQuery, openSession } from './sessions.ts'
import {
  forgetCodesQuery,
  forgetQuery,
  lockWaitQuery,
  openAttempt,
  sourceWaitQuery,
  spendTimeStep,
  type Opened,
  type TryLimits,
} from './sign-in.ts'

const LIMITS: TryLimits = { failuresMax: 5, minutes: 15, sourceMax: 60 }
const [SOMEBODY, SOURCE] = [randomUUID(), randomBytes(32)]
let database: TestDatabase
let owner: Db
let desks: Db[]
beforeAll(async () => {
  database = await testDatabase()
  owner = connect(database.ownerUrl, { max: 2 })
  desks = [connect(database.deskUrl, { max: 8 }), connect(database.deskUrl, { max: 8 })]
  await sql`insert into org (org_id, kind, name, short_name, reporting_entity) values ('c', 'CENTRE', 'c', 'c', 'c')`.execute(owner)
  await sql`insert into staff (staff_id, staff_number, name, org_id, password_hash) values (${SOMEBODY}, 'A1', 'a', 'c', '')`.execute(owner)
})
afterAll(async () => {
  await Promise.all([owner, ...desks].map((db) => db.destroy()))
  await database.drop()
})

const NO_PRIVILEGE = '42501'
/** What the roles that are not the desk's are told. */
async function deniedToOthers(statement: string): Promise<unknown[]> {
  const others = [database.workUrl, database.batchUrl, database.readUrl].map((url) => connect(url, { max: 1 }))
  const told = await Promise.all(others.map((db) => sql.raw(statement).execute(db).catch(sqlState)))
  await Promise.all(others.map((db) => db.destroy()))
  return told
}

const open = (n: number, loginHash: Buffer, sourceHash = SOURCE): Promise<Opened> =>
  openAttempt(desks[n % 2] ?? owner, { door: { loginHash }, sourceHash, means: 'PASSWORD' }, LIMITS)

describe('tries that arrive at once at two processes', () => {
  test('at many doors from one source are counted together', async () => {
    const opened = await Promise.all(Array.from({ length: 70 }, (_, n) => open(n, randomBytes(32))))
    expect(opened.filter(({ kind }) => kind === 'OPEN')).toHaveLength(60)
    expect(opened.filter(({ kind }) => kind === 'TOO_MANY')).toHaveLength(10)
  })

  test('at one door from many sources are counted together', async () => {
    const door = randomBytes(32)
    const opened = await Promise.all(Array.from({ length: 12 }, (_, n) => open(n, door, randomBytes(32))))
    expect(opened.filter(({ kind }) => kind === 'OPEN')).toHaveLength(5)
    expect(opened.filter(({ kind }) => kind === 'LOCKED')).toHaveLength(7)
  })
})

test('a try is about a person or about a hash, never about both or neither', async () => {
  const CHECK = '23514'
  for (const [staff, hash] of [
    [SOMEBODY, SOURCE],
    [null, null],
  ])
    expect(await sql`insert into login_attempt (staff_id, login_hash) values (${staff}, ${hash})`.execute(owner).catch(sqlState)).toBe(
      CHECK,
    )
})

test('who comes in is the desk’s alone; of a person it changes password and secret, and nothing else', async () => {
  const [work, batch] = [connect(database.workUrl, { max: 1 }), connect(database.batchUrl, { max: 1 })]
  const never: [Db, string][] = [
    ...[work, batch].flatMap((db): [Db, string][] => [
      [db, `insert into session (token_hash, staff_id, expires_at) values ('', '${SOMEBODY}', now())`],
      [db, `insert into login_attempt (staff_id) values ('${SOMEBODY}')`],
      [db, 'select * from sign_in_step'],
      [db, 'select * from oidc_sign_in'],
    ]),
    [work, `update staff_identity set subject = 'another'`],
    [work, 'delete from staff_identity'],
    ...["state = 'ACTIVE'", `org_id = 'c'`, `staff_number = 'A2'`].map((what): [Db, string] => [
      desks[0] ?? owner,
      `update staff set ${what}`,
    ]),
    [desks[0] ?? owner, `insert into staff_post (staff_id, post, org_id, from_on) values ('${SOMEBODY}', 'CASHIER', 'c', now())`],
    [
      desks[0] ?? owner,
      `insert into staff_identity (issuer, subject, staff_id, bound_by_case) values ('', '', '${SOMEBODY}', '${SOMEBODY}')`,
    ],
  ]
  for (const [db, statement] of never) expect(await sql.raw(statement).execute(db).catch(sqlState), statement).toBe(NO_PRIVILEGE)
  await sql`update staff set totp_secret_enc = null, password_hash = ''`.execute(desks[0] ?? owner)
  await Promise.all([work.destroy(), batch.destroy()])
})

describe('a try to log in', () => {
  const old = (interval: string, many = 1) =>
    sql`insert into login_attempt (login_hash, source_hash, at)
      select sha256(int4send(n)), sha256('old'), now() - ${interval}::interval from generate_series(1, ${many}) n`.execute(owner)
  const kept = async (): Promise<number> => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from login_attempt where source_hash = sha256('old')`.execute(owner)
    return rows[0]?.n ?? -1
  }

  test('goes seven months later, with one that is made then, and not a day before', async () => {
    await old('7 months 1 day', 2)
    await old('7 months -1 day', 3)
    await old('5 minutes', 4)
    expect(await kept()).toBe(9)
    expect(await open(0, randomBytes(32), randomBytes(32))).toMatchObject({ kind: 'OPEN' })
    expect(await kept()).toBe(7)
  })

  test('of long ago goes with a handful of others at a time, and those who come at once do not wait for one another', async () => {
    await old('2 years', 120)
    const before = await kept()
    await Promise.all([0, 1].map((n) => open(n, randomBytes(32), randomBytes(32))))
    expect(before - (await kept())).toBe(100)
    await open(0, randomBytes(32), randomBytes(32))
    expect(before - (await kept())).toBe(120)
  })

  test('stays six months whatever the process wants; nobody else removes any', async () => {
    await old('5 months')
    await old('6 months 1 day')
    const before = await kept()
    await sql`delete from login_attempt`.execute(desks[0] ?? owner)
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from login_attempt where at < now() - interval '6 months'`.execute(
      owner,
    )
    expect([rows, (await kept()) < before, (await kept()) > 0]).toEqual([[{ n: 0 }], true, true])
    expect(await deniedToOthers('delete from login_attempt')).toEqual([NO_PRIVILEGE, NO_PRIVILEGE, NO_PRIVILEGE])
  })
})

describe('a session', () => {
  const over = (interval: string, many: number) =>
    sql`insert into session (token_hash, staff_id, expires_at)
      select sha256(convert_to(${interval}::text || n, 'UTF8')), ${SOMEBODY}, now() - ${interval}::interval from generate_series(1, ${many}) n`.execute(
      owner,
    )
  const kept = () => owner.selectFrom('session').select('token_hash').execute()
  const begin = () =>
    (desks[0] ?? owner)
      .transaction()
      .execute((tx) => openSession(tx, { tokenHash: randomBytes(32), staffId: SOMEBODY, hours: 8, secondFactor: false }))

  test('goes seven months after its end, with one that begins then, a handful at a time, and not a day before', async () => {
    await over('7 months 1 day', 60)
    await over('7 months -1 day', 3)
    await begin()
    expect(await kept()).toHaveLength(60 + 3 + 1 - 50)
    await begin()
    expect(await kept()).toHaveLength(3 + 2)
  })

  test('stays six months whatever the process wants; nobody else removes any', async () => {
    await over('5 months', 2)
    await sql`delete from session`.execute(desks[0] ?? owner)
    expect(await kept()).toHaveLength(2 + 2)
    expect(await deniedToOthers('delete from session')).toEqual([NO_PRIVILEGE, NO_PRIVILEGE, NO_PRIVILEGE])
  })
})

describe('a spent one-time code', () => {
  const stepNow = async (): Promise<bigint> => {
    const { rows } = await sql<{ step: bigint }>`select floor(extract(epoch from now()) / 30)::bigint as step`.execute(owner)
    return rows[0]?.step ?? 0n
  }
  const spend = (step: bigint) => (desks[0] ?? owner).transaction().execute((tx) => spendTimeStep(tx, SOMEBODY, step))
  const kept = async (): Promise<bigint[]> =>
    (await owner.selectFrom('spent_one_time_code').select('time_step').orderBy('time_step').execute()).map(({ time_step }) => time_step)
  const [HOUR, DAY] = [120n, 2880n]

  test('goes a day later, with another that is spent then, whoever spends it', async () => {
    const now = await stepNow()
    for (const step of [now - DAY - 10n, now - DAY + 10n, now]) expect(await spend(step)).toBe(true)
    expect(await kept()).toEqual([now - DAY + 10n, now])
  })

  test('cannot be made fit for use again: what could still count stays, whatever the process wants', async () => {
    const [now, newest] = [await stepNow(), (await kept()).at(-1)]
    await spend(now - HOUR + 10n)
    await sql`delete from spent_one_time_code`.execute(desks[0] ?? owner)
    expect(await kept()).toEqual([now - HOUR + 10n, newest])
    expect(await spend(now - HOUR + 10n)).toBe(false)
    expect(await deniedToOthers('delete from spent_one_time_code')).toEqual([NO_PRIVILEGE, NO_PRIVILEGE, NO_PRIVILEGE])
  })
})

describe('among sixty thousand tries and departures the question is answered by an index', () => {
  beforeAll(async () => {
    await sql`insert into login_attempt (login_hash, source_hash, at)
      select sha256(int4send(n % 5000)), sha256(int4send(n % 700)), now() - n * interval '2 seconds' from generate_series(1, 60000) n`.execute(
      owner,
    )
    await sql`insert into login_attempt (staff_id, source_hash, at, outcome)
      select ${SOMEBODY}, sha256(int4send(n)), now() - n * interval '1 minute', 'SUCCEEDED' from generate_series(1, 5000) n`.execute(owner)
    await sql`insert into oidc_sign_in (state_hash, browser_hash, nonce_enc, verifier_enc, return_to, source_hash, created_at, expires_at)
      select sha256(int4send(n)), '', '', '', '/', sha256(int4send(n % 700)), now() - n * interval '2 seconds', now() from generate_series(1, 20000) n`.execute(
      owner,
    )
    await sql`insert into session (token_hash, staff_id, expires_at)
      select sha256(int4send(n)), ${SOMEBODY}, now() - n * interval '10 minutes' from generate_series(1, 20000) n`.execute(owner)
    await sql`insert into spent_one_time_code (staff_id, time_step)
      select ${SOMEBODY}, floor(extract(epoch from now()) / 30)::bigint - n from generate_series(1, 20000) n on conflict do nothing`.execute(
      owner,
    )
    await sql`analyze login_attempt, oidc_sign_in, session, spent_one_time_code`.execute(owner)
  })

  test.each([
    ['how many from this source', () => sourceWaitQuery(SOURCE, 60), 'login_attempt_from_source'],
    ['how often at a number nobody has', () => lockWaitQuery({ loginHash: SOURCE }, LIMITS), 'login_attempt_of_login'],
    ['how often at somebody’s', () => lockWaitQuery({ staffId: SOMEBODY }, LIMITS), 'login_attempt_of_staff'],
    ['which are over', () => forgetQuery(), 'login_attempt_over'],
    ['which sessions are over', () => forgetSessionsQuery(), 'session_over'],
    ['which codes are over', () => forgetCodesQuery(), 'spent_one_time_code_over'],
    ['how many sent to the provider', () => departureWaitQuery(SOURCE, 60), 'oidc_sign_in_from_source'],
  ])('%s', async (_what, question, index) => {
    const { rows } = await sql<{ 'QUERY PLAN': string }>`explain ${question()}`.execute(desks[0] ?? owner)
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan).toContain(index)
    expect(plan).not.toContain('Seq Scan')
  })
})

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { sql } from 'kysely'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { readPolicy } from '#activities/policy.ts'
import { plainDate } from '#contracts/dates.ts'
import { exampleFounding } from '#contracts/founding-example.ts'
import { checkAll } from '#db/checks/check-all.ts'
import { stageRows } from '#db/checks/stages.ts'
import { connect, sqlState } from '#db/connect.ts'
import { seedCity } from '#db/seed/city.ts'
import { advanceBusinessClock } from '#db/write/business-clock.ts'
import { publishedRows } from '#policy/published.ts'
import { policyAt } from '#policy/policy-at.ts'
import { stepGroupOf } from '#rules/cases/may-act.ts'
import { POST_LEVEL } from '#rules/cases/post-level.ts'
import { stageTables } from '#rules/cases/stage-tables.ts'
import { allOnOne, database, eachOnItsOwn, environment, fileOf, filled, folder, found, foundHere, owner, vault } from './found.fixture.ts'

// Each test runs the command as a process of its own, some several.
vi.setConfig({ testTimeout: 120_000 })

afterAll(() => rmSync(folder, { recursive: true }))

const HOUSE = {
  audit_row: 1,
  audit_stream: 1,
  bank_account: 2,
  business_clock: 1,
  calendar_day: 366 + 365 + 365,
  calendar_year: 3,
  ledger_account: 21,
  org: 5,
  parameter: publishedRows.length,
  staff: 4,
  staff_post: 5,
}

describe('a founding', () => {
  eachOnItsOwn()

  test('writes what the file says and what every house has, and nothing else; it holds together and is on record', async () => {
    const path = fileOf()
    const { code, out, err } = await found(['--file', path])
    expect([code, err]).toEqual([0, ''])
    expect(await filled()).toEqual(HOUSE)
    expect(out).toMatch(/^初始密码（只显示这一次/)
    expect(out).toMatch(/^ {2}A0001 {2}[\w]{20} {2}示例甲（系统管理员）$/m)
    expect(out).toMatch(
      /^已建立：新乡市住房公积金管理中心（管理部 2，受委托银行 1，担保机构 1，人员 4，银行专户 2，政策参数 \d+，工作日历 2024、2025、2026 年）$/m,
    )

    const [clock] = (
      await sql<{ mode: string; same: boolean }>`
      select mode, business_now() = now() as same from business_clock`.execute(owner)
    ).rows
    expect(clock).toEqual({ mode: 'WALL', same: true })
    const stages = stageRows(stageTables, { levelOf: POST_LEVEL, groupOf: stepGroupOf })
    expect(await checkAll(owner, { stages })).toEqual([])

    const record = await owner.selectFrom('audit_row').selectAll().executeTakeFirstOrThrow()
    expect(record).toMatchObject({ stream: 'system', act: 'found', actor: 'system', org_id: 'centre-xinxiang' })
    const digest = createHash('sha256').update(readFileSync(path)).digest('hex')
    expect(JSON.parse(record.body)).toMatchObject({ operator: userInfo().username, fileDigest: digest, values: publishedRows.length })
    for (const { name, idNumber } of exampleFounding.centres[0]?.staff ?? []) {
      expect(record.body).not.toContain(name)
      expect(record.body).not.toContain(idNumber)
    }
  })

  test('rules by the very policy that the files print', async () => {
    await found(['--file', fileOf()])
    const [on, entity] = [plainDate('2025-11-03'), 'xinxiang'] as const
    expect(await readPolicy(owner, entity, on)).toEqual(policyAt(publishedRows, entity, on))
  })

  test('keeps identity numbers and accounts under the keys of the house, and passwords as their hash alone', async () => {
    const { out } = await found(['--file', fileOf(), '--json'])
    const told = JSON.parse(out) as { initialPasswords: { staffNumber: string; password: string }[] }
    const staff = await owner.selectFrom('staff').selectAll().orderBy('staff_number').execute()
    const given = exampleFounding.centres[0]?.staff ?? []
    expect(staff.map(({ id_number_enc }) => id_number_enc && vault.open(id_number_enc))).toEqual(given.map(({ idNumber }) => idNumber))
    expect(staff.map(({ id_hash }) => id_hash?.toString('hex'))).toEqual(given.map(({ idNumber }) => vault.hash(idNumber).toString('hex')))
    expect(staff.every((one) => one.must_change_password && one.totp_secret_enc === null)).toBe(true)
    for (const one of staff) expect(one.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(told.initialPasswords.map(({ staffNumber }) => staffNumber)).toEqual(['A0001', 'A0002', 'A0003', 'A0004'])
    expect(new Set(told.initialPasswords.map(({ password }) => password)).size).toBe(4)
    const accounts = await owner.selectFrom('bank_account').selectAll().orderBy('bank_account_id').execute()
    expect(accounts.map((one) => [one.bank_account_id, one.org_id, vault.open(one.number_enc), one.number_last4])).toEqual([
      ['10101-first', 'centre-xinxiang', '9998000000000001', '0001'],
      ['10201-first', 'centre-xinxiang', '9998000000000002', '0002'],
    ])
  })

  test('is done once: the second is told by what the house stands, and changes nothing', async () => {
    expect((await found(['--file', fileOf()])).code).toBe(0)
    const before = await sql`select * from staff order by staff_number`.execute(owner)
    const again = await found(['--file', fileOf((centre) => (centre.name = '另一家住房公积金管理中心'))])
    expect([again.code, again.out]).toEqual([1, ''])
    expect(again.err).toMatch(/^库中已有中心：新乡市住房公积金管理中心，建立于 20\d\d-\d\d-\d\dT[\d:]{8}Z。建立只能办理一次/)
    expect((await sql`select * from staff order by staff_number`.execute(owner)).rows).toEqual(before.rows)
    expect(await filled()).toEqual(HOUSE)
  })

  test('by three at once is one', async () => {
    const ended = await Promise.all([found(['--file', fileOf()]), found(['--file', fileOf()]), found(['--file', fileOf()])])
    expect(ended.filter(({ code }) => code === 0)).toHaveLength(1)
    for (const { code, err } of ended.filter((one) => one.code !== 0))
      expect([code, err]).toEqual([1, expect.stringContaining('库中已有中心')])
    expect(await filled()).toEqual(HOUSE)
  })

  test('does not happen where a demo city stands', async () => {
    await seedCity(owner, vault, { contributors: 40, olderLoans: 0, openCases: 0 })
    const { code, err } = await found(['--file', fileOf()])
    expect([code, err]).toEqual([1, expect.stringContaining('库中已有演示城市：')])
  })

  test('has not happened when nobody could read the passwords', async () => {
    const child = spawn(process.execPath, ['bin/anju.ts', 'found', '--file', fileOf()], {
      cwd: resolve(import.meta.dirname, '../..'),
      env: environment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    child.stdout.destroy()
    expect(await new Promise((done) => child.once('exit', done))).toBe(2)
    expect(await filled()).toEqual({})
  })
})

describe('afterwards', () => {
  eachOnItsOwn()

  test('what a house is founded with is nobody else’s to add or change, whichever role they serve in', async () => {
    await found(['--file', fileOf()])
    const statements = [
      `insert into org (org_id, kind, name, short_name, reporting_entity) values ('bank-mine', 'BANK', 'b', 'b', 'xinxiang')`,
      `update org set parent_org_id = null`,
      `insert into bank_account select 'mine', org_id, bank_org_id, reporting_entity, ledger_code, number_enc, number_last4, name from bank_account limit 1`,
      `update bank_account set number_enc = '\\x00'`,
      `insert into ledger_account values ('999', 'x', 'DEBIT')`,
      `update ledger_account set side = 'DEBIT'`,
      `insert into business_clock (only_row, mode, business_date) values (true, 'DEMO', '2020-01-01')`,
      `update business_clock set mode = 'DEMO'`,
    ]
    for (const url of ['readUrl', 'deskUrl', 'workUrl', 'batchUrl'] as const) {
      const db = connect(database[url], { max: 1 })
      for (const statement of statements) {
        expect([
          url,
          statement,
          await sql
            .raw(statement)
            .execute(db)
            .then(() => 'done', sqlState),
        ]).toEqual([url, statement, '42501'])
      }
      await db.destroy()
    }
  })

  test('a demo’s date moves all the same, by the desk and by the command', async () => {
    await seedCity(owner, vault, { contributors: 40, olderLoans: 0, openCases: 0 })
    for (const [url, to] of [
      ['deskUrl', '2025-11-04'],
      ['workUrl', '2025-11-05'],
    ] as const) {
      const db = connect(database[url], { max: 1 })
      expect(await db.transaction().execute((tx) => advanceBusinessClock(tx, plainDate(to), undefined))).toMatchObject({ to })
      await db.destroy()
    }
  })
})

describe('a dry run', () => {
  eachOnItsOwn()

  test('says what would be written, makes no password, and leaves nothing', async () => {
    const { code, out } = await found(['--file', fileOf(), '--dry-run'])
    expect(code).toBe(0)
    expect(out).toMatch(/^预演通过，库未改动。将建立：新乡市住房公积金管理中心（管理部 2，/)
    expect(out).not.toContain('初始密码')
    const json = JSON.parse((await found(['--file', fileOf(), '--dry-run', '--json'])).out) as object
    expect(json).toMatchObject({
      dryRun: true,
      orgs: { CENTRE: 1, BRANCH: 2, BANK: 1, GUARANTOR: 1, COURT: 0 },
      staff: 4,
      initialPasswords: [],
    })
    expect(await filled()).toEqual({})
  })

  test('names what a database that is not migrated is without', async () => {
    await sql`delete from kysely_migration where name like '0018%'`.execute(owner)
    const { code, err } = await found(['--file', fileOf()])
    expect([code, err]).toEqual([1, expect.stringMatching(/尚未迁移到最新结构，未执行：0018_\w+\n（先运行 node bin\/migrate\.ts）/)])
    expect(await filled()).toEqual({})
  })

  test('finds what only the database refuses', async () => {
    await sql`alter table org add constraint no_second check (org_id <> 'branch-second')`.execute(owner)
    expect((await found(['--file', fileOf(), '--dry-run'])).code).toBe(2)
  })
})

describe('is refused, and nothing is written', () => {
  allOnOne()

  test.each<[string, () => string, string]>([
    ['without a second administrator', () => fileOf(({ staff }) => void staff.splice(1, 1)), 'centres[0].staff：缺少安全管理员'],
    [
      'with posts in one hand that exclude one another',
      () => fileOf(({ staff: [first] }) => void (first && (first.posts = ['SYS_ADMIN', 'LOG_ADMIN']))),
      'centres[0].staff[0].posts：岗位互不相容：系统管理员、审计管理员',
    ],
    ['with a post that there is not', () => altered('"SEC_ADMIN"', '"KEY_MASTER"'), 'centres[0].staff[1].posts[0]：不在可选范围内'],
    ['with an identity number that is none', () => altered(/("idNumber":"\d{16})\d/, '$1X'), 'idNumber：身份证号码'],
    ['with a password in it', () => altered('"staffNumber":"A0001"', '"staffNumber":"A0001","password":"x"'), '无法识别的字段：password'],
    ['with something that is not JSON', () => altered('{', ''), '建立文件不是合法的 JSON'],
    ['without the file', () => join(folder, 'nowhere.json'), '无法读取：文件不存在'],
  ])('%s', async (_what, path, words) => {
    const { code, out, err } = await foundHere(['--file', path()])
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(words)
    expect(await filled()).toEqual({})
  })

  test.each<[string, NodeJS.ProcessEnv, string]>([
    ['in a demo', { NODE_ENV: 'development', DEMO: '1' }, '演示环境（DEMO=1）由 seed 载入演示城市'],
    ['without the key that hides identity numbers', { ANJU_DATA_KEY: '' }, 'ANJU_DATA_KEY：未设置'],
  ])('%s', async (_what, set, words) => {
    const { code, err } = await foundHere(['--file', fileOf()], set)
    expect([code, err]).toEqual([1, expect.stringContaining(words)])
    expect(await filled()).toEqual({})
  })

  test.each<['deskUrl' | 'workUrl' | 'batchUrl']>([['deskUrl'], ['workUrl'], ['batchUrl']])(
    'over %s, which does not own the tables',
    async (url) => {
      const { code, err } = await foundHere(['--file', fileOf()], { DATABASE_URL: database[url] })
      expect([code, err]).toEqual([1, expect.stringContaining('DATABASE_URL 不是库的所有者')])
      expect(await filled()).toEqual({})
    },
  )
})

/** The example, its text altered. */
function altered(from: string | RegExp, to: string): string {
  const path = join(folder, `${crypto.randomUUID()}.json`)
  writeFileSync(path, JSON.stringify(exampleFounding).replace(from, to))
  return path
}

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { variablesOf } from '#config.ts'
import { plainDate } from '#contracts/dates.ts'
import { connect, forSql, sqlState, type Db } from '#db/connect.ts'
import { ROLES, type RoleName } from '#db/migrate.ts'
import { seedCity } from '#db/seed/city.ts'
import { inReading } from '#db/transaction.ts'
import { createVault } from '#db/vault.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'

const vault = createVault({ dataKey: Buffer.alloc(32, 1), hashKey: Buffer.alloc(32, 2) })
const NOBODY = '00000000-0000-4000-8000-000000000000'
const NO_PRIVILEGE = '42501'
let database: TestDatabase
let owner: Db
let reader: Db
const dbs: Db[] = []
const open = (url: string, max = 2): Db => {
  // Without a limit: two thousand wait for one another here, on a machine that may be busy.
  const db = connect(url, { max, waitMs: 0 })
  dbs.push(db)
  return db
}
const urlOf = (role: RoleName): string =>
  ({ anju_read: database.readUrl, anju_desk: database.deskUrl, anju_work: database.workUrl, anju_batch: database.batchUrl })[role]

beforeAll(async () => {
  database = await testDatabase()
  owner = open(database.ownerUrl, 4)
  reader = open(database.readUrl)
  await seedCity(owner, vault, { contributors: 60, olderLoans: 20, openCases: 24, passwordHash: 'none' })
})
afterAll(async () => {
  await Promise.all(dbs.map((db) => db.destroy()))
  await database.drop()
})

const as = <T>(
  context: { orgs: string[]; groups?: string[]; person?: string },
  reading: (db: Db) => Promise<T>,
  on: Db = reader,
): Promise<T> =>
  inReading(on, { orgsInSight: context.orgs, groups: context.groups ?? ['OPEN'], staffId: context.person ?? NOBODY }, (db) =>
    reading(forSql(db)),
  )
const orgsOfCases = async (db: Db): Promise<string[]> =>
  (await db.selectFrom('case_file').select('org_id').distinct().orderBy('org_id').execute()).map((row) => row.org_id)
const failure = async (work: Promise<unknown>): Promise<string | undefined> => work.then(() => undefined, sqlState)

describe('a reader without a context', () => {
  /** What a log-in page or a readiness check may know. */
  const COMMON = ['business_clock', 'calendar_day', 'calendar_year', 'kysely_migration', 'kysely_migration_lock']

  test('finds no row in any table, and no error that would tell of one', async () => {
    const { rows: tables } = await sql<{ name: string }>`
      select c.relname as name from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
        and has_any_column_privilege('anju_read', c.oid, 'select') order by 1`.execute(owner)
    expect(tables.length).toBeGreaterThan(40)
    for (const { name } of tables.filter(({ name: one }) => !COMMON.includes(one))) {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(name)}`.execute(reader)
      expect(rows, name).toEqual([{ n: 0 }])
    }
  })

  test.each([
    ['empty', { orgs: [''], groups: [''] }],
    ['of an organisation nobody knows', { orgs: ['branch-nowhere'] }],
    ['with a wild card', { orgs: ['%', '*', '{branch-wanghe}'] }],
    ['without a group', { orgs: ['branch-wanghe'], groups: [] }],
    ['of a court nobody knows', { orgs: ['branch-wanghe'], groups: ['COURT:nowhere'] }],
  ])('nor has one whose context is %s', async (_what, context) => {
    expect(await as(context, orgsOfCases)).toEqual([])
  })

  test('the context of one transaction does not outlive it on the connection', async () => {
    const one = open(database.readUrl, 1)
    expect(await as({ orgs: ['branch-wanghe'] }, orgsOfCases, one)).toEqual(['branch-wanghe'])
    expect(await orgsOfCases(one)).toEqual([])
    await as({ orgs: ['branch-wanghe'] }, () => Promise.reject(new Error('broken off')), one).catch(() => undefined)
    expect(await orgsOfCases(one)).toEqual([])
  })
})

describe('organisations beside one another', () => {
  test('two thousand requests of two branches, interleaved over two connections, never see each other’s', async () => {
    const two = open(database.readUrl, 2)
    const found = await Promise.all(
      Array.from({ length: 2_000 }, async (_, index) => {
        const mine = index % 2 === 0 ? 'branch-wanghe' : 'branch-qinghuai'
        // Every seventh breaks off, every fifth asks without saying who it is.
        if (index % 7 === 0) await as({ orgs: [mine] }, () => Promise.reject(new Error('broken off')), two).catch(() => undefined)
        if (index % 5 === 0) return { expected: [], seen: await orgsOfCases(two) }
        return { expected: [mine], seen: await as({ orgs: [mine] }, orgsOfCases, two) }
      }),
    )
    const wrong = found.filter(({ expected, seen }) => JSON.stringify(expected) !== JSON.stringify(seen))
    expect(wrong).toEqual([])
    expect(found).toHaveLength(2_000)
  })

  test('a bank sees the cases granted to it and of them no person; when the grant ends it sees none', async () => {
    const [granted] = await owner
      .selectFrom('case_grant')
      .selectAll()
      .where('role', '=', 'BANK')
      .where('ended_on', 'is', null)
      .limit(1)
      .execute()
    if (!granted) throw new Error('the city has no case with a bank')
    const { org_id: bank, case_id: caseId } = granted
    const mine = async (db: Db) => (await db.selectFrom('case_file').select('case_id').execute()).map((row) => row.case_id)
    const grants = (
      await owner.selectFrom('case_grant').select('case_id').where('org_id', '=', bank).where('ended_on', 'is', null).execute()
    ).map((row) => row.case_id)
    expect((await as({ orgs: [bank] }, mine)).sort()).toEqual([...new Set(grants)].sort())
    expect(await as({ orgs: [bank] }, (db) => db.selectFrom('case_party').selectAll().execute())).toEqual([])
    const strange = await as({ orgs: [bank] }, (db) => db.selectFrom('case_grant').select('org_id').distinct().execute())
    expect(strange).toEqual([{ org_id: bank }])
    await owner
      .updateTable('case_grant')
      .set({ ended_on: plainDate('2025-11-03') })
      .where('case_id', '=', caseId)
      .where('org_id', '=', bank)
      .execute()
    expect(await as({ orgs: [bank] }, mine)).not.toContain(caseId)
    await owner.updateTable('case_grant').set({ ended_on: null }).where('case_id', '=', caseId).where('org_id', '=', bank).execute()
  })

  test('a case of a court is nowhere, for its own branch and centre too, until somebody is on the order', async () => {
    const { case_id: caseId } = await owner
      .selectFrom('case_file')
      .select('case_id')
      .where('org_id', '=', 'branch-wanghe')
      .where('open', '=', true)
      .limit(1)
      .executeTakeFirstOrThrow()
    const { rows: tables } = await sql<{ name: string; grouped: boolean }>`
      select c.table_name as name, exists (select 1 from information_schema.columns g where g.table_schema = 'public' and g.table_name = c.table_name
        and g.column_name = 'access_group_id') as grouped
      from information_schema.columns c where c.table_schema = 'public' and c.column_name = 'case_id' order by 1`.execute(owner)
    for (const { name } of tables.filter(({ grouped }) => grouped)) {
      await sql`update ${sql.table(name)} set access_group_id = 'COURT:x' where case_id = ${caseId}`.execute(owner)
    }
    const { rows: readable } = await sql<{ name: string }>`
      select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace
        and c.relkind = 'r' and has_any_column_privilege('anju_read', c.oid, 'select')`.execute(owner)
    const seen = async (groups: string[]) => {
      const counts: Record<string, number> = {}
      for (const { name } of tables.filter(({ name: one }) => readable.some((row) => row.name === one))) {
        const { rows } = await as({ orgs: ['branch-wanghe', 'centre-xinxiang'], groups }, (db) =>
          sql<{ n: number }>`select count(*)::int as n from ${sql.table(name)} where case_id = ${caseId}`.execute(db),
        )
        if (rows[0]?.n) counts[name] = rows[0].n
      }
      return counts
    }
    expect(await seen(['OPEN'])).toEqual({})
    expect(await seen(['OPEN', 'COURT:x'])).toMatchObject({ case_file: 1, task: expect.any(Number), audit_row: expect.any(Number) })
  })
})

describe('what no role of the application may do', () => {
  test('the reader writes nothing and never reads a secret of a person', async () => {
    for (const statement of [
      'insert into case_note (note_id, case_id) values (gen_random_uuid(), gen_random_uuid())',
      'update case_file set open = false',
      'delete from task',
      'select password_hash from staff',
      'select totp_secret_enc from staff',
      ...['id_hash', 'id_number_enc', 'employer_unit_id'].map((column) => `select ${column} from staff`),
      'select * from session',
      'select * from login_attempt',
      'select * from staff_relative',
      'select * from outbox',
      'select * from machine_message',
      'select * from case_lock',
      'create table mine (n int)',
      'set role anju_owner',
      'set session authorization anju_work',
      'alter table case_file disable row level security',
    ]) {
      expect(await failure(sql.raw(statement).execute(reader)), statement).toBe(NO_PRIVILEGE)
    }
  })

  test('the statistics of the planner tell the reader nothing of rows it may not see', async () => {
    await sql`analyze case_party, case_file, contributor`.execute(owner)
    const { rows } =
      await sql`select tablename, attname from pg_stats where schemaname = 'public' and tablename in ('case_party', 'case_file', 'contributor')`.execute(
        reader,
      )
    expect(rows).toEqual([])
  })

  test('nobody changes or removes what was recorded, nobody empties a table or hangs something on it', async () => {
    const never = [
      'audit_row',
      'voucher',
      'posting',
      'account_entry',
      'decision',
      'case_actor',
      'clock_move',
      'task_claim',
      'case_note',
      'document',
      'verdict',
      'audit_seal',
    ]
    for (const role of ROLES) {
      const db = open(urlOf(role), 1)
      for (const table of never) {
        expect(await failure(sql`delete from ${sql.table(table)}`.execute(db)), `${role} delete ${table}`).toBe(NO_PRIVILEGE)
        expect(await failure(sql`truncate ${sql.table(table)}`.execute(db)), `${role} truncate ${table}`).toBe(NO_PRIVILEGE)
      }
      for (const statement of [
        `update audit_row set act = 'x'`,
        `update decision set actor_id = null`,
        `update case_actor set step_group = 'X'`,
        `update voucher set summary = ''`,
        `update posting set amount_fen = 1`,
        'create table mine (case_id uuid references case_file)',
        'create trigger mine before insert on case_file execute function suppress_redundant_updates_trigger()',
      ]) {
        expect(await failure(sql.raw(statement).execute(db)), `${role}: ${statement}`).toBe(NO_PRIVILEGE)
      }
    }
  })

  test.each(['decision', 'deadline', 'clock_span', 'payment_event', 'verdict', 'source_reply', 'paper', 'voucher'])(
    'the desk writes no %s',
    async (table) => {
      expect(await failure(sql`insert into ${sql.table(table)} default values`.execute(open(database.deskUrl, 1)))).toBe(NO_PRIVILEGE)
    },
  )

  test('the worker acts for a person and the database checks for whom: no decision without its actor, none in a second step group', async () => {
    const work = open(database.workUrl, 1)
    const actor = await owner.selectFrom('case_actor').selectAll().limit(1).executeTakeFirstOrThrow()
    const { staff_id: stranger } = await owner
      .selectFrom('staff')
      .select('staff_id')
      .where('staff_number', '=', 'C0001')
      .executeTakeFirstOrThrow()
    const decision = (person: string | null, group: string | null) =>
      sql`
      insert into decision (decision_id, case_id, org_id, access_group_id, seq, stage, stage_version, stage_entered_at,
        action, to_stage, actor_id, step_group, decided_at, decided_on)
      values (gen_random_uuid(), ${actor.case_id}, 'branch-wanghe', 'OPEN', 900, 'REVIEW', 1, now(),
        'pass', 'APPROVAL', ${person}, ${group}, now(), '2025-11-03')`.execute(work)
    const [FOREIGN_KEY, CHECK] = ['23503', '23514']
    expect(await failure(decision(stranger, 'REVIEW'))).toBe(FOREIGN_KEY)
    expect(await failure(decision(actor.staff_id, actor.step_group === 'REVIEW' ? 'APPROVAL' : 'REVIEW'))).toBe(FOREIGN_KEY)
    expect(await failure(decision(actor.staff_id, null))).toBe(CHECK)
  })

  test('a process that serves people is not given the owner’s, the worker’s or the night’s connection', () => {
    expect(
      variablesOf('api')
        .filter((name) => name.startsWith('DATABASE_URL'))
        .sort(),
    ).toEqual(['DATABASE_URL_DESK', 'DATABASE_URL_READ'])
    expect(variablesOf('worker')).not.toContain('DATABASE_URL')
  })

  test('no policy calls more than a comparison, and none is missing its table', async () => {
    const { rows } = await sql<{ name: string }>`
      select distinct p.proname as name from pg_depend d join pg_policy y on y.oid = d.objid and d.classid = 'pg_policy'::regclass
        join pg_proc p on d.refclassid = 'pg_proc'::regclass and p.oid = d.refobjid where d.deptype = 'n' order by 1`.execute(owner)
    expect(rows.map(({ name }) => name)).toEqual(['context_groups', 'context_orgs', 'context_person'])
  })

  test('what a person types is unique nowhere across organisations but where the words of the refusal are neutral', async () => {
    const { rows } = await sql<{ name: string }>`
      select c.conrelid::regclass || '.' || string_agg(a.attname, ',' order by a.attnum) as name from pg_constraint c
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
      where c.contype = 'u' and c.connamespace = 'public'::regnamespace
        and not exists (select 1 from pg_attribute u where u.attrelid = c.conrelid and u.attnum = any(c.conkey) and u.atttypid = 'uuid'::regtype)
      group by c.oid, c.conrelid order by 1`.execute(owner)
    // Numbers the house itself gives, hashes, nonces of machines, published parameters. A contract's number is typed: see bad-input.flow.test.ts.
    expect(rows.map(({ name }) => name)).toEqual([
      'audit_row.audit_id',
      'case_file.case_number',
      'contributor.id_hash',
      'loan.contract_number',
      'machine_message.key_id,nonce',
      'paper.paper_number',
      'parameter.scope,key,effective_on',
      'staff.staff_number',
      'unit.unit_number',
      'unit.uscc',
      'voucher.source_key',
      'voucher.voucher_number',
    ])
  })
})

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../tests/setup/database.ts'
import { connect, type Db } from './connect.ts'
import { pendingMigrations, ROLES } from './migrate.ts'

let database: TestDatabase
let owner: Db
beforeAll(async () => {
  database = await testDatabase()
  owner = connect(database.ownerUrl)
})
afterAll(async () => {
  await owner.destroy()
  await database.drop()
})

describe('the database after migration', () => {
  test('has nothing pending', async () => {
    expect(await pendingMigrations(owner)).toEqual([])
  })

  test('forces row-level security on every table, for its owner too', async () => {
    const { rows } = await sql<{ relname: string }>`
      select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p') and relname not like 'kysely_%'
        and not (c.relrowsecurity and c.relforcerowsecurity)`.execute(owner)
    expect(rows).toEqual([])
  })

  test('has four application roles that own nothing and bypass nothing', async () => {
    const { rows } = await sql<{ rolname: string; owned: bigint }>`
      select rolname, (select count(*) from pg_class where relowner = r.oid) as owned from pg_roles r
      where rolname = any(${ROLES}) and not rolsuper and not rolbypassrls and not rolcreaterole order by 1`.execute(owner)
    expect(rows).toEqual([...ROLES].sort().map((rolname) => ({ rolname, owned: 0n })))
  })

  test('is not owned by a superuser', async () => {
    const { rows } = await sql<{ super: boolean }>`select rolsuper as super from pg_roles where rolname = current_user`.execute(owner)
    expect(rows).toEqual([{ super: false }])
  })

  test('answers no rows, and no error, to a reader without context', async () => {
    const reader = connect(database.readUrl)
    for (const table of ['case_file', 'task', 'contributor', 'audit_row', 'org', 'staff_post'] as const) {
      expect(await reader.selectFrom(table).selectAll().execute(), table).toEqual([])
    }
    await reader.destroy()
  })
})

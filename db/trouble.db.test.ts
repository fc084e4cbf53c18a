import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../tests/setup/database.ts'
import { connect, type Db } from './connect.ts'
import { isDatabaseTrouble } from './trouble.ts'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await testDatabase()
  db = connect(database.ownerUrl, { max: 1, waitMs: 200 })
})
afterAll(async () => {
  await db.destroy()
  await database.drop()
})

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing',
    (error: unknown) => error,
  )

test('whoever waits for a connection that is not to be had is told so instead of waiting for good', async () => {
  const held = Promise.withResolvers<void>()
  const taken = Promise.withResolvers<void>()
  const holder = db.connection().execute(async () => {
    taken.resolve()
    await held.promise
  })
  await taken.promise
  expect(isDatabaseTrouble(await thrownBy(sql`select 1`.execute(db)))).toBe(true)
  held.resolve()
  await holder
  expect(await thrownBy(sql`select 1`.execute(db)), 'and the next one is served').toBe('nothing')
})

test('a backend that dies under a statement is the database’s trouble', async () => {
  const other = connect(database.ownerUrl, { max: 1, name: 'to-be-killed' })
  const asleep = thrownBy(sql`select pg_sleep(60)`.execute(other))
  await expect
    .poll(async () => {
      const killed =
        await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'to-be-killed' and query like '%pg_sleep%'`.execute(
          db,
        )
      return killed.rows.length
    })
    .toBeGreaterThan(0)
  expect(isDatabaseTrouble(await asleep)).toBe(true)
  await other.destroy()
})

test('one that dies between two statements of a transaction fails the transaction, and not the process', async () => {
  const other = connect(database.ownerUrl, { max: 1, name: 'to-be-killed' })
  const broken = other.transaction().execute(async (tx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
    await sql`select pg_terminate_backend(${rows[0]?.pid}::int, 10000)`.execute(db)
    // Its last words have come by the time that the server answers anything else.
    for (let times = 0; times < 3; times++) await sql`select pg_sleep(0.05)`.execute(db)
    await sql`select 1`.execute(tx)
  })
  expect(isDatabaseTrouble(await thrownBy(broken))).toBe(true)
  expect(await thrownBy(sql`select 1`.execute(other)), 'and the next one is served').toBe('nothing')
  await other.destroy()
})

test('a statement that takes too long is, one that is refused is not', async () => {
  const slow = db.transaction().execute(async (tx) => {
    await sql`set local statement_timeout = 50`.execute(tx)
    await sql`select pg_sleep(10)`.execute(tx)
  })
  expect(isDatabaseTrouble(await thrownBy(slow))).toBe(true)
  expect(isDatabaseTrouble(await thrownBy(sql`select 1 / 0`.execute(db)))).toBe(false)
  expect(isDatabaseTrouble(await thrownBy(sql`insert into org (org_id) values ('x')`.execute(db)))).toBe(false)
})

test('a server that nobody serves any more is', async () => {
  const nowhere = connect('postgres://nobody@127.0.0.1:9/none', { max: 1 })
  expect(isDatabaseTrouble(await thrownBy(sql`select 1`.execute(nowhere)))).toBe(true)
  await nowhere.destroy()
})

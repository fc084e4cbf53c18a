import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { testDatabase, type TestDatabase } from '../tests/setup/database.ts'
import { withClient } from '../tools/postgres.ts'
import { listenTo } from './listen.ts'

let database: TestDatabase
let owner: pg.Client
beforeAll(async () => {
  database = await testDatabase()
  owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

/** Listens until the test is over. @returns how often it was called so far */
async function listening(): Promise<{ calls(): number; end(): Promise<void> }> {
  let calls = 0
  const connection = () => new pg.Client({ connectionString: database.readUrl, application_name: 'listener' })
  const { end } = listenTo('case_event', connection, () => void (calls += 1))
  await vi.waitFor(() => expect(calls, 'begins with a call of its own').toBe(1))
  return { calls: () => calls, end }
}

/** Of what this file listens with: how many rows the statement gives. Another role's sessions are the superuser's to see. */
const ofListener = (what: string): Promise<number> =>
  withClient(inject('postgres').superuserUrl, async (client) => {
    const { rows } = await client.query(`select ${what} from pg_stat_activity where application_name = 'listener'`)
    return rows.length
  })

const call = (channel: string): Promise<unknown> => owner.query('select pg_notify($1, $2)', [channel, ''])

test('calls when its channel is called, and at no other', async () => {
  const { calls, end } = await listening()
  await call('outbox')
  await call('case_event')
  await vi.waitFor(() => expect(calls()).toBe(2))
  await call('case_event')
  await vi.waitFor(() => expect(calls()).toBe(3))
  await end()
})

test('whose connection is cut listens again, and calls for what it may have missed', async () => {
  const { calls, end } = await listening()
  expect(await ofListener('pg_terminate_backend(pid)')).toBe(1)
  await vi.waitFor(() => expect(calls()).toBe(2), { timeout: 10_000 })
  await call('case_event')
  await vi.waitFor(() => expect(calls()).toBe(3))
  await end()
})

test('that has ended calls no more and leaves no connection behind', async () => {
  const { calls, end } = await listening()
  await end()
  await call('case_event')
  await vi.waitFor(async () => expect(await ofListener('pid')).toBe(0))
  expect(calls()).toBe(1)
})

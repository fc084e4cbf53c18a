import { afterAll, beforeAll, expect, test } from 'vitest'
import { withClient } from '../../tools/postgres.ts'
import { testDatabase, type TestDatabase } from './database.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

test('each of the five roles can sign in, and none of them is a superuser or sees past row-level security', async () => {
  const { ownerUrl, readUrl, deskUrl, workUrl, batchUrl } = database
  const asked = [ownerUrl, readUrl, deskUrl, workUrl, batchUrl].map((url) =>
    withClient(url, async (client) => {
      const { rows } = await client.query('SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user')
      return rows[0]
    }),
  )
  const roles = ['anju_owner', 'anju_read', 'anju_desk', 'anju_work', 'anju_batch']
  expect(await Promise.all(asked)).toEqual(roles.map((rolname) => ({ rolname, rolsuper: false })))
})

test('a test file has its own database: what one writes, the next does not find', async () => {
  const other = await testDatabase()
  try {
    await withClient(database.ownerUrl, (client) => client.query('CREATE TABLE mine (n int)'))
    const { rows } = await withClient(other.ownerUrl, (client) => client.query("SELECT to_regclass('mine') AS found"))
    expect(rows).toEqual([{ found: null }])
  } finally {
    await other.drop()
  }
})

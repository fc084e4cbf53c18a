import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { databaseUrl, withClient } from '../../tools/postgres.ts'
import { ownerName, templateName } from './template.ts'

/** A database of its own for one test file: the connection strings of the five roles, and how to be rid of it. */
export interface TestDatabase {
  readonly ownerUrl: string
  readonly readUrl: string
  readonly deskUrl: string
  readonly workUrl: string
  readonly batchUrl: string
  drop(): Promise<void>
}

/** Copies the migrated template. Call in `beforeAll`, `drop()` in `afterAll`. Only in `.db`, `.flow` and `.e2e` tests. */
export async function testDatabase(): Promise<TestDatabase> {
  const { port, superuserUrl, ownerPassword, rolePasswords } = inject('postgres')
  const database = `anju_test_${randomBytes(6).toString('hex')}`
  await withClient(superuserUrl, async (client) => {
    // As files: the template is copied whole, and none of it goes through the log.
    // What PUBLIC and the roles may do is not copied with the template.
    await client.query(`CREATE DATABASE ${database} TEMPLATE ${templateName} OWNER ${ownerName} STRATEGY file_copy`)
    await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`)
    await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${Object.keys(rolePasswords).join(', ')}`)
  })
  const urlFor = (user: string, password: string): string => databaseUrl({ user, password, port, database })
  return {
    ownerUrl: urlFor(ownerName, ownerPassword),
    readUrl: urlFor('anju_read', rolePasswords.anju_read),
    deskUrl: urlFor('anju_desk', rolePasswords.anju_desk),
    workUrl: urlFor('anju_work', rolePasswords.anju_work),
    batchUrl: urlFor('anju_batch', rolePasswords.anju_batch),
    drop: () => withClient(superuserUrl, async (client) => void (await client.query(`DROP DATABASE ${database} WITH (FORCE)`))),
  }
}

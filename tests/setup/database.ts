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

/**
 * Copies the migrated template, or another one. Call in `beforeAll`, `drop()` in `afterAll`. Only in `.db`, `.flow` and `.e2e` tests.
 * @param from `name` of the copy, for one that others will copy in their turn
 */
export async function testDatabase(from: { template?: string; name?: string } = {}): Promise<TestDatabase> {
  const { port, superuserUrl, ownerPassword, rolePasswords } = inject('postgres')
  const { template = templateName, name: database = `anju_test_${randomBytes(6).toString('hex')}` } = from
  await withClient(superuserUrl, async (client) => {
    // As files: the template is copied whole, and none of it goes through the log.
    await client.query(`CREATE DATABASE ${database} TEMPLATE ${template} OWNER ${ownerName} STRATEGY file_copy`)
    // What PUBLIC and the roles may do is not copied with it.
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

/** Nobody uses it from now on but to copy it: whoever were connected would keep others from that. */
export const closeTemplate = (database: string): Promise<void> =>
  withClient(inject('postgres').superuserUrl, async (client) => {
    await client.query(`ALTER DATABASE ${database} IS_TEMPLATE true ALLOW_CONNECTIONS false`)
  })

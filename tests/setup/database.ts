import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { databaseUrl, withClient } from '../../tools/postgres.ts'
import { MADE_ONCE, ownerName, templateName } from './template.ts'

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

/**
 * A database that several files begin with: the first that asks for it in a run makes it, each gets a copy, and all are told what its maker had
 * to tell (which travels as JSON). Who asks meanwhile waits. The lock, and the list of what there is, are the server's own database's.
 */
export async function copyOfOnce<T>(
  name: string,
  make: (database: TestDatabase) => Promise<T>,
): Promise<{ database: TestDatabase; told: T }> {
  const told = await withClient(inject('postgres').superuserUrl, async (client) => {
    // Held until the connection ends.
    await client.query(`select pg_advisory_lock(hashtext($1))`, [name])
    const { rows } = await client.query<{ told: T }>(`select told from ${MADE_ONCE} where name = $1`, [name])
    if (rows[0]) return rows[0].told
    const said = JSON.stringify(await make(await testDatabase({ name })))
    // Nobody uses it from now on but to copy it: whoever were connected would keep others from that.
    await client.query(`ALTER DATABASE ${name} IS_TEMPLATE true ALLOW_CONNECTIONS false`)
    await client.query(`insert into ${MADE_ONCE} values ($1, $2)`, [name, said])
    return JSON.parse(said) as T
  })
  return { database: await testDatabase({ template: name }), told }
}

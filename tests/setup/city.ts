import { hash } from '@node-rs/argon2'
import { inject } from 'vitest'
import type { DemoLogins } from '#api/parts.ts'
import { sha256Hex } from '#db/canonical.ts'
import { connect } from '#db/connect.ts'
import { seedCity, type CityOptions } from '#db/seed/city.ts'
import { createVault } from '#db/vault.ts'
import { newMachineKeys, spawnSandbox } from '#sandbox/spawned.ts'
import { withClient } from '../../tools/postgres.ts'
import { closeTemplate, testDatabase, type TestDatabase } from './database.ts'

const PASSWORD = 'correct horse battery staple'

/** Of the tests alone, and always the same: what one run has recorded another can read, and a city can be copied. */
export const testVault = (): ReturnType<typeof createVault> => createVault({ dataKey: TEST_DATA_KEY, hashKey: TEST_HASH_KEY })
export const TEST_DATA_KEY = Buffer.alloc(32, 'anju tests')
const TEST_HASH_KEY = Buffer.alloc(32, 'anju hashes')

/** A small city of one's own, with the people of the stories, known to the world outside as well; and who can log in to it. */
export async function cityDatabase(options: CityOptions = {}): Promise<{ database: TestDatabase; logins: DemoLogins }> {
  const { template, logins } = await foundOnce(options)
  return { database: await testDatabase({ template }), logins }
}

/**
 * Most files begin with the same city: the first that asks for it in a run founds it, and each gets a copy. Who asks meanwhile waits. The lock,
 * and the list of who lives where, are the server's own database's.
 */
function foundOnce(options: CityOptions): Promise<{ template: string; logins: DemoLogins }> {
  const template = `anju_city_${sha256Hex(JSON.stringify(options)).slice(0, 12)}`
  return withClient(inject('postgres').superuserUrl, async (client) => {
    await client.query(`select pg_advisory_lock(hashtext('city'))`)
    await client.query(`create table if not exists city (template text primary key, logins json not null)`)
    const { rows } = await client.query<{ logins: DemoLogins }>('select logins from city where template = $1', [template])
    if (rows[0]) return { template, logins: rows[0].logins }
    const logins = await found(template, options)
    await client.query('insert into city values ($1, $2)', [template, JSON.stringify(logins)])
    return { template, logins }
  })
}

async function found(name: string, options: CityOptions): Promise<DemoLogins> {
  const database = await testDatabase({ name })
  const owner = connect(database.ownerUrl, { max: 4 })
  const sandbox = await spawnSandbox(database.ownerUrl, newMachineKeys())
  try {
    // Cheap on purpose: the cost of the hash is not what these tests are about.
    const passwordHash = await hash(PASSWORD, { memoryCost: 1024, timeCost: 1, parallelism: 1 })
    const { people } = await seedCity(owner, testVault(), {
      contributors: 40,
      olderLoans: 20,
      openCases: 0,
      passwordHash,
      beforeCommit: async ({ outside }) => {
        await sandbox.load(outside.load)
        for (const script of outside.scripts) await sandbox.script(script)
      },
      ...options,
    })
    return { password: PASSWORD, people }
  } finally {
    await Promise.all([owner.destroy(), sandbox.kill('SIGTERM')])
    await closeTemplate(name)
  }
}

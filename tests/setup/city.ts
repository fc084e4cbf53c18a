import { hash } from '@node-rs/argon2'
import type { DemoLogins } from '#api/parts.ts'
import { sha256Hex } from '#db/canonical.ts'
import { connect } from '#db/connect.ts'
import { seedCity, type CityOptions } from '#db/seed/city.ts'
import { createVault } from '#db/vault.ts'
import { newMachineKeys, spawnSandbox } from '#sandbox/spawned.ts'
import { copyOfOnce, type TestDatabase } from './database.ts'

const PASSWORD = 'correct horse battery staple'

/** Of the tests alone, and always the same: what one run has recorded another can read, and a city can be copied. */
export const testVault = (): ReturnType<typeof createVault> => createVault({ dataKey: TEST_DATA_KEY, hashKey: TEST_HASH_KEY })
export const TEST_DATA_KEY = Buffer.alloc(32, 'anju tests')
const TEST_HASH_KEY = Buffer.alloc(32, 'anju hashes')

/** A small city of one's own, with the people of the stories, known to the world outside as well; and who can log in to it. */
export async function cityDatabase(options: CityOptions = {}): Promise<{ database: TestDatabase; logins: DemoLogins }> {
  const { database, told } = await copyOfOnce(`anju_city_${shortHash(options)}`, (made) => found(made, options))
  return { database, logins: told }
}

/** For the name of what was made with these options, and with no others. */
export const shortHash = (options: CityOptions): string => sha256Hex(JSON.stringify(options)).slice(0, 12)

async function found(database: TestDatabase, options: CityOptions): Promise<DemoLogins> {
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
  }
}

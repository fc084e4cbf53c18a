import { hash } from '@node-rs/argon2'
import type { DemoLogins } from '#api/parts.ts'
import type { Db } from '#db/connect.ts'
import type { Vault } from '#db/vault.ts'
import { seedCity, type CityOptions } from '#db/seed/city.ts'
import type { SpawnedSandbox } from '#sandbox/spawned.ts'

const PASSWORD = 'correct horse battery staple'

/** A small city with the people of the stories, known to the world outside as well. */
export const smallCity =
  (options: CityOptions = {}) =>
  async ({ owner, vault, sandbox }: { owner: Db; vault: Vault; sandbox: SpawnedSandbox }): Promise<DemoLogins> => {
    // Cheap on purpose: the cost of the hash is not what these tests are about.
    const passwordHash = await hash(PASSWORD, { memoryCost: 1024, timeCost: 1, parallelism: 1 })
    const { people } = await seedCity(owner, vault, {
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
  }

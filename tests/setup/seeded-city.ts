import { sql } from 'kysely'
import { afterAll, beforeAll, expect } from 'vitest'
import { connect, type Db } from '#db/connect.ts'
import { readFounding } from '#db/read/founding.ts'
import { seedCity, type CityOptions, type SeededCity } from '#db/seed/city.ts'
import { createVault } from '#db/vault.ts'
import { shortHash } from './city.ts'
import { copyOfOnce, type TestDatabase } from './database.ts'

/** The keys that the city's numbers are sealed with. */
export const vault = createVault({ dataKey: Buffer.alloc(32, 1), hashKey: Buffer.alloc(32, 2) })

/** The city of the file that has called `openCity`, as rows and as it was drawn; there from its first `beforeAll` on. */
export let db: Db
export let city: SeededCity

/** Call once at the top of a file: a city as the seed leaves it, before anybody has done anything in it. */
export function openCity(options: CityOptions = {}): void {
  let seeding: ReturnType<typeof seededDatabase> | undefined
  beforeAll(async () => {
    seeding = seededDatabase(options)
    ;({ db, city } = await seeding)
  }, 240_000)
  // A city that took too long is waited for: otherwise it would come in the place of the next file's. One that failed has been told.
  afterAll(async () => {
    const own = await seeding?.catch(() => undefined)
    await own?.end()
  }, 240_000)
}

async function seededDatabase(options: CityOptions): Promise<{ db: Db; city: SeededCity; end: () => Promise<void> }> {
  const { database, told } = await copyOfOnce(`anju_seeded_${shortHash(options)}`, (made) => seeded(made, options))
  const owner = connect(database.ownerUrl)
  return {
    db: owner,
    city: told,
    async end() {
      await owner.destroy()
      await database.drop()
    },
  }
}

async function seeded({ ownerUrl }: TestDatabase, options: CityOptions): Promise<SeededCity> {
  const owner = connect(ownerUrl)
  expect(await readFounding(owner)).toBeUndefined()
  const from = performance.now()
  const drawn = await seedCity(owner, vault, options).finally(() => owner.destroy())
  console.log(`city in ${Math.round(performance.now() - from)} ms: ${JSON.stringify(drawn.counts)}`)
  return drawn
}

/** What a question finds in the city. */
export const rows = async <T>(query: ReturnType<typeof sql<T>>): Promise<T[]> => (await query.execute(db)).rows

/** The one row that a question has. @throws Error when it has none */
export async function only<T>(query: ReturnType<typeof sql<T>>): Promise<T> {
  const [row] = await rows(query)
  if (!row) throw new Error('one row was expected')
  return row
}

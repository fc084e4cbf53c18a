import { sql } from 'kysely'
import { afterAll, beforeAll } from 'vitest'
import { connect, type Db } from '#db/connect.ts'
import { seedCity, type CityOptions, type SeededCity } from '#db/seed/city.ts'
import { createVault } from '#db/vault.ts'
import { testDatabase } from './database.ts'

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
  const database = await testDatabase()
  const owner = connect(database.ownerUrl)
  const end = async (): Promise<void> => {
    await owner.destroy()
    await database.drop()
  }
  try {
    return { db: owner, city: await seedCity(owner, vault, options), end }
  } catch (error) {
    await end()
    throw error
  }
}

/** What a question finds in the city. */
export const rows = async <T>(query: ReturnType<typeof sql<T>>): Promise<T[]> => (await query.execute(db)).rows

/** The one row that a question has. @throws Error when it has none */
export async function only<T>(query: ReturnType<typeof sql<T>>): Promise<T> {
  const [row] = await rows(query)
  if (!row) throw new Error('one row was expected')
  return row
}

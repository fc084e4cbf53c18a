import { sql } from 'kysely'
import { afterAll, beforeAll } from 'vitest'
import { connect, type Db } from '#db/connect.ts'
import { seedCity, type CityOptions, type SeededCity } from '#db/seed/city.ts'
import { createVault } from '#db/vault.ts'
import { testDatabase, type TestDatabase } from './database.ts'

/** The keys that the city's numbers are sealed with. */
export const vault = createVault({ dataKey: Buffer.alloc(32, 1), hashKey: Buffer.alloc(32, 2) })

/** The city of the file that has called `openCity`, as rows and as it was drawn; there from its first `beforeAll` on. */
export let db: Db
export let city: SeededCity

/** Call once at the top of a file: a city as the seed leaves it, before anybody has done anything in it. */
export function openCity(options: CityOptions = {}): void {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
    db = connect(database.ownerUrl)
    city = await seedCity(db, vault, options)
  }, 240_000)
  afterAll(async () => {
    await db.destroy()
    await database.drop()
  })
}

/** What a question finds in the city. */
export const rows = async <T>(query: ReturnType<typeof sql<T>>): Promise<T[]> => (await query.execute(db)).rows

/** The one row that a question has. @throws Error when it has none */
export async function only<T>(query: ReturnType<typeof sql<T>>): Promise<T> {
  const [row] = await rows(query)
  if (!row) throw new Error('one row was expected')
  return row
}

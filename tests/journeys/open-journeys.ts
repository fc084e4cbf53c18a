import { afterAll, beforeAll } from 'vitest'
import type { CityOptions } from '#db/seed/city.ts'
import { startHouse, type House } from '../setup/house.ts'
import { LoanCast } from './loan-cast.ts'

/** The house of the file that has called `openJourneys`, and the people in it; there from its first `beforeAll` on. */
export let house: House
export let cast: LoanCast

/** Call once at the top of a file, before its own hooks: a house of its own, with the people of the stories, that ends with the file. */
export function openJourneys(city: CityOptions = {}): void {
  let starting: Promise<House> | undefined
  beforeAll(async () => {
    starting = startHouse({ city })
    house = await starting
    cast = new LoanCast(house)
  }, 90_000)
  // A start that took too long is waited for: otherwise it would put its house in the place of the next file's. One that failed has been told.
  afterAll(async () => {
    const own = await starting?.catch(() => undefined)
    await own?.end()
  }, 90_000)
}

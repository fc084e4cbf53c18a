import type { Express } from 'express'
import { allottedHomes } from '#contracts/machine/housing.ts'
import { homesOwnedBy } from './records.ts'
import { serve, type World } from './serve.ts'

/** The housing department: the homes that are on its books, whether or not the registry has them. */
export function mountHousing(app: Express, world: World): void {
  serve(app, world, allottedHomes, async ({ place, persons }) => {
    const subjects = persons.map((person) => person.idNumber)
    const homes = await homesOwnedBy(world.pool, subjects, place)
    const filed = homes.filter(({ use, knownTo }) => use === 'RESIDENTIAL' && knownTo.includes('housing'))
    return { place, subjects, homes: filed.map(({ homeNo, owners, disposedOn }) => ({ homeNo, place, owners, disposedOn })) }
  })
}

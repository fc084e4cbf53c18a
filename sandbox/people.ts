import type { Express } from 'express'
import { nationwideLoans } from '#contracts/machine/cities.ts'
import { childrenOf, deathOf, identityMatch, marriageOf } from '#contracts/machine/civil.ts'
import { creditReport } from '#contracts/machine/credit.ts'
import type { ResultOf } from '#contracts/machine/message.ts'
import { personOf, silentCentres } from './records.ts'
import { serve, type World } from './serve.ts'

/** What civil affairs, police, the credit bureau and other cities know of a person. Of a stranger they say that they know nothing. */
export function mountPeople(app: Express, world: World): void {
  const { pool } = world
  serve(app, world, marriageOf, async ({ person }) => {
    const known = await personOf(pool, person.idNumber)
    return { subject: person.idNumber, marriage: known?.marriage ?? { state: 'NO_RECORD' } }
  })
  serve(app, world, childrenOf, async ({ person }) => {
    const known = await personOf(pool, person.idNumber)
    return { subject: person.idNumber, children: known?.children ?? [] }
  })
  serve(app, world, identityMatch, async ({ person }): Promise<ResultOf<typeof identityMatch>> => {
    const known = await personOf(pool, person.idNumber)
    return { subject: person.idNumber, match: !known ? 'NOT_FOUND' : known.name === person.name ? 'MATCH' : 'MISMATCH' }
  })
  serve(app, world, deathOf, async ({ person }) => {
    const known = await personOf(pool, person.idNumber)
    return { subject: person.idNumber, death: known?.death ?? { state: 'NO_RECORD' } }
  })
  serve(app, world, creditReport, async ({ person }) => {
    const known = await personOf(pool, person.idNumber)
    const credit = known?.credit ? ({ state: 'FOUND', report: known.credit } as const) : ({ state: 'NO_RECORD' } as const)
    return { subject: person.idNumber, credit, dishonestDebtor: known?.dishonestDebtor ?? { listed: false } }
  })
  serve(app, world, nationwideLoans, async ({ person }) => {
    const known = await personOf(pool, person.idNumber)
    return { subject: person.idNumber, loans: known?.fundLoans ?? [], silentCentres: await silentCentres(pool) }
  })
}

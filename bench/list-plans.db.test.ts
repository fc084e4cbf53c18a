import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Db } from '#db/connect.ts'
import { seedCity } from '#db/seed/city.ts'
import { DEMO_DAY } from '#db/seed/people.ts'
import { createVault } from '#db/vault.ts'
import { testDatabase, type TestDatabase } from '../tests/setup/database.ts'
import { explainingConnection, planLine, scannedWhole } from './explain.ts'
import { explainLists, GROWING, LIST_READS, READERS, type ReadPlan } from './list-plans.ts'
import { writeManyCases } from './many-cases.ts'

const CASES = 20_000

let database: TestDatabase
let connections: Record<'owner' | 'reader' | 'desk', Db>
let plans: readonly ReadPlan[]
beforeAll(async () => {
  database = await testDatabase()
  connections = { owner: connect(database.ownerUrl, { max: 1 }), reader: connect(database.readUrl, { max: 1 }), desk: connect(database.deskUrl, { max: 1 }) }
  const vault = createVault({ dataKey: Buffer.alloc(32, 1), hashKey: Buffer.alloc(32, 2) })
  await seedCity(connections.owner, vault, { contributors: 40, olderLoans: 20, openCases: 0 })
  await writeManyCases(connections.owner, { count: CASES, years: 10, on: DEMO_DAY })
  plans = await explainLists(database.readUrl, connections.reader, connections.desk)
}, 120_000)
afterAll(async () => {
  await Promise.all(Object.values(connections).map((db) => db.destroy()))
  await database.drop()
})

test('every list is explained for every reader, and the long ones on their fortieth page too', () => {
  for (const { label } of READERS) for (const { name } of LIST_READS) expect(plans.some((one) => one.reader === label && one.read === name)).toBe(true)
  expect(plans.filter((one) => one.page > 1).length).toBeGreaterThan(READERS.length)
  expect(plans.every((one) => one.plans.length > 0)).toBe(true)
})

test('no list, badge or case page reads cases, tasks, decisions, parties or audit rows from end to end', () => {
  const whole = plans.flatMap(({ reader, read, page, plans: own }) =>
    own
      .filter((plan) => scannedWhole(plan).some((table) => GROWING.some((growing) => growing === table)))
      .map((plan) => `${reader}, ${read}, page ${page}: ${planLine(plan)}`),
  )
  expect(whole).toEqual([])
})

test('a scan from end to end would be seen', async () => {
  const { db, taken } = explainingConnection(database.ownerUrl)
  await db.selectFrom('case_file').select('case_id').where('applicant_masked', 'like', '%某%').execute()
  await db.destroy()
  expect(taken().flatMap(scannedWhole)).toEqual(['case_file'])
})

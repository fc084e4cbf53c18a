import { afterAll, beforeAll, expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { connect, type Db } from '#db/connect.ts'
import { parameterRow } from '#db/write/founding.ts'
import { publishedRows } from '#policy/published.ts'
import type { PolicyRow } from '#policy/policy-at.ts'
import { testDatabase, type TestDatabase } from '../tests/setup/database.ts'
import { keepSnapshot, readGoverningPolicy, readPolicy } from './policy.ts'

let database: TestDatabase
let owner: Db
const own = { scope: 'xinxiang', standing: 'PUBLISHED', source: '测试文件', article: '第一条' } as const
/** Three parameters that change between the acceptance of a case and today, each governed by another day. */
const CHANGES: readonly PolicyRow[] = [
  { ...own, key: 'contributionMonthsMin', effectiveOn: plainDate('2025-11-10'), value: 12 },
  { ...own, key: 'firstPeriod', effectiveOn: plainDate('2025-11-10'), value: 'FULL_MONTH' },
  { ...own, key: 'firstPeriod', effectiveOn: plainDate('2025-11-20'), value: 'ACTUAL_DAYS' },
  { ...own, key: 'answerDays', effectiveOn: plainDate('2025-11-20'), value: 15 },
]
beforeAll(async () => {
  database = await testDatabase()
  owner = connect(database.ownerUrl, { max: 1 })
  await owner
    .insertInto('parameter')
    .values([...publishedRows, ...CHANGES].map(parameterRow))
    .execute()
})
afterAll(async () => {
  await owner.destroy()
  await database.drop()
})

const days = { today: plainDate('2025-11-25'), signedOn: plainDate('2025-11-12'), disbursedOn: plainDate('2025-11-24') }
const accepted = () =>
  owner.transaction().execute(async (tx) => ({
    reporting_entity: 'xinxiang',
    snapshot_id: await keepSnapshot(tx, await readPolicy(tx, 'xinxiang', plainDate('2025-11-03'))),
  }))

test('each parameter goes by the policy of the day that the catalogue says governs it', async () => {
  const kase = await accepted()
  const contract = await readGoverningPolicy(owner, kase, ['firstPeriod', 'repricingSplit'], days)
  expect([contract.date, contract.values.firstPeriod.value]).toEqual(['2025-11-12', 'FULL_MONTH'])
  const acceptance = await readGoverningPolicy(owner, kase, ['contributionMonthsMin'], days)
  expect([acceptance.date, acceptance.values.contributionMonthsMin.value]).toEqual(['2025-11-03', 6])
  const event = await readGoverningPolicy(owner, kase, ['answerDays'], days)
  expect([event.date, event.values.answerDays?.value]).toEqual(['2025-11-25', 15])
  expect((await readGoverningPolicy(owner, kase, ['releaseFloorFen'], days)).date).toBe('2025-11-24')
})

test('a day that has not come governs nothing', async () => {
  await expect(readGoverningPolicy(owner, await accepted(), ['firstPeriod'], { ...days, signedOn: null })).rejects.toThrow(/has not come/)
})

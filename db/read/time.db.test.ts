import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../tests/setup/database.ts'
import { connect, type Db } from '../connect.ts'

let database: TestDatabase
let owner: Db
beforeAll(async () => {
  database = await testDatabase()
  owner = connect(database.ownerUrl, { max: 1 })
})
afterAll(async () => {
  await owner.destroy()
  await database.drop()
})

/** What a demo's clock shows at several moments of the wall clock, in Shanghai, when its date was last moved at `moved`. */
async function shows(moved: string, moments: readonly string[]): Promise<string[]> {
  const shown: string[] = []
  for (const at of moments) {
    const { rows } = await sql<{ text: string }>`
      select to_char(demo_time('2025-11-03', ${`${moved}+08`}::timestamptz, ${`${at}+08`}::timestamptz) at time zone 'Asia/Shanghai',
        'YYYY-MM-DD HH24:MI:SS.US') as text`.execute(owner)
    shown.push(rows[0]?.text ?? '')
  }
  return shown
}

test('by day it is the wall clock, on the demo’s own date', async () => {
  expect(await shows('2026-05-20 09:00', ['2026-05-20 09:00', '2026-05-20 16:45:30', '2026-05-20 23:00'])).toEqual([
    '2025-11-03 09:00:00.000000',
    '2025-11-03 16:45:30.000000',
    '2025-11-03 23:00:00.000000',
  ])
})

test.each([
  ['moved in the morning', '2026-05-20 09:00'],
  ['moved a minute before midnight', '2026-05-20 23:59'],
])('past midnight, and for weeks, it goes on and stays within the day: %s', async (_sentence, moved) => {
  const moments = [
    '2026-05-20 23:59',
    '2026-05-20 23:59:59',
    '2026-05-21 00:00:01',
    '2026-05-21 09:00',
    '2026-05-21 09:00:10',
    '2026-05-22 00:00',
    '2026-06-20 12:00',
  ]
  const shown = await shows(moved, moments)
  expect(shown).toEqual(shown.toSorted())
  expect(new Set(shown).size).toBe(moments.length)
  expect(shown.at(-1)).toMatch(/^2025-11-03 23:59:/)
})

test('the clock of the house is this one, and in production the wall clock', async () => {
  await sql`alter table business_clock no force row level security`.execute(owner)
  await sql`insert into business_clock (mode, business_date, moved_at) values ('DEMO', '2025-11-03', now() - interval '3 days')`.execute(
    owner,
  )
  const read = async () =>
    (
      await sql<{ demo: boolean; wall: boolean; today: string }>`
      select business_now() = demo_time(business_date, moved_at, now()) as demo, business_now() = now() as wall, business_today() as today
      from business_clock`.execute(owner)
    ).rows[0]
  expect(await read()).toEqual({ demo: true, wall: false, today: '2025-11-03' })
  await sql`update business_clock set mode = 'WALL'`.execute(owner)
  expect(await read()).toMatchObject({ demo: false, wall: true })
})

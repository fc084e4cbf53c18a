import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seedCity } from '#db/seed/city.ts'
import { createVault } from '#db/vault.ts'
import { testDatabase, type TestDatabase } from '../../tests/setup/database.ts'
import { connect, type Db, type Reader } from '../connect.ts'
import { inReading } from '../transaction.ts'
import { listPayments, listStaff, sumPayments } from './house.ts'
import { readIncidents } from './incidents.ts'
import type { Page, Window } from './moment-page.ts'

const CENTRE = 'centre-xinxiang'
const ELSEWHERE = 'centre-changyuan'
let database: TestDatabase
let owner: Db
let reader: Db
let orgsInSight: string[]
let staffId: string

beforeAll(async () => {
  database = await testDatabase()
  owner = connect(database.ownerUrl, { max: 2 })
  reader = connect(database.readUrl, { max: 2 })
  const vault = createVault({ dataKey: Buffer.alloc(32, 1), hashKey: Buffer.alloc(32, 2) })
  await seedCity(owner, vault, { contributors: 400, olderLoans: 20, openCases: 60 })
  // What the city brings along itself is another test's matter.
  await owner.deleteFrom('payment_finding').execute()
  await owner.deleteFrom('incident').execute()
  const branches = await owner.selectFrom('org').select('org_id').where('parent_org_id', '=', CENTRE).execute()
  orgsInSight = [CENTRE, ...branches.map(({ org_id: id }) => id)]
  staffId = (await owner.selectFrom('staff').select('staff_id').where('org_id', '=', CENTRE).executeTakeFirstOrThrow()).staff_id
})
afterAll(async () => {
  await Promise.all([owner.destroy(), reader.destroy()])
  await database.drop()
})

const as = <T>(reading: (db: Reader) => Promise<T>): Promise<T> => inReading(reader, { orgsInSight, groups: ['OPEN'], staffId }, reading)

/** Every row of a list, a page at a time, and the lengths of its pages. */
async function wholeList<R>(
  limit: number,
  read: (db: Reader, window: Window) => Promise<Page<R>>,
): Promise<{ rows: R[]; pages: number[] }> {
  const [rows, pages]: [R[], number[]] = [[], []]
  for (let after: string | null | undefined; after !== null;) {
    const page: Page<R> = await as((db) => read(db, { after: after ?? undefined, limit }))
    rows.push(...page.rows)
    pages.push(page.rows.length)
    after = page.after
  }
  return { rows, pages }
}

describe('incidents', () => {
  /** Told by their references. Two happened at once, two a microsecond apart, and one is another centre's. */
  const HAPPENED = [
    ['a', '2025-11-03T01:00:00.000001Z'],
    ['b', '2025-11-03T01:00:00.000002Z'],
    ['c', '2025-11-03T02:00:00Z'],
    ['c', '2025-11-03T02:00:00Z'],
    ['d', '2025-11-03T23:59:59.999999Z'],
  ] as const
  const incident = (state: 'OPEN' | 'CLOSED', orgId: string, index: number, at: string) => ({
    incident_id: randomUUID(),
    kind: 'NOTICE_UNMATCHED',
    case_id: null,
    org_id: orgId,
    reference: `${state}/${orgId}/${index}`,
    detail: HAPPENED[index]?.[0] ?? '',
    state,
    created_at: at,
    retry_reason: null,
    handled_by: null,
    handled_at: null,
  })
  beforeAll(async () => {
    const of = (state: 'OPEN' | 'CLOSED', orgId: string) => HAPPENED.map(([, at], index) => incident(state, orgId, index, at))
    await owner
      .insertInto('incident')
      .values([...of('OPEN', CENTRE), ...of('CLOSED', CENTRE), ...of('OPEN', ELSEWHERE)])
      .execute()
  })

  test.each([
    ['OPEN', 'abccd'],
    ['CLOSED', 'dccba'],
    ['RETRIED', ''],
  ] as const)('%s ones are read in the order %s, each once, however short the page', async (state, order) => {
    for (const limit of [1, 2, 3, 5, 200]) {
      const { rows, pages } = await wholeList(limit, (db, window) => readIncidents(db, state, staffId, window))
      expect([limit, rows.map(({ detail }) => detail).join('')]).toEqual([limit, order])
      expect(new Set(rows.map((row) => row.incident_id)).size).toBe(order.length)
      expect(pages).toHaveLength(Math.max(1, Math.ceil(order.length / limit)))
      expect(await as((db) => readIncidents(db, state, staffId, { limit }))).toMatchObject({ total: order.length })
    }
  })

  test('the total is that of the whole list on its last page too', async () => {
    const first = await as((db) => readIncidents(db, 'OPEN', staffId, { limit: 3 }))
    expect(await as((db) => readIncidents(db, 'OPEN', staffId, { limit: 3, after: first.after ?? '' }))).toMatchObject({
      total: 5,
      after: null,
    })
  })

  test('behind a cursor that no page has handed out there is nothing, and no fault', async () => {
    const id = randomUUID()
    const made = [
      '',
      'x',
      `20251103/${id}`,
      `20250230010000000001/${id}`,
      `20251103250000000001/${id}`,
      `20251103016100000001/${id}`,
      `20251103010000000001/1`,
    ]
    for (const after of made)
      expect([after, (await as((db) => readIncidents(db, 'OPEN', staffId, { limit: 5, after }))).rows]).toEqual([after, []])
  })
})

test('payments are read from the newest, each once, and their total is that of the sums', async () => {
  const all = await owner
    .selectFrom('payment')
    .select('payment_id')
    .where('org_id', 'in', orgsInSight)
    .orderBy('created_at', 'desc')
    .orderBy('payment_id', 'desc')
    .execute()
  const { rows, pages } = await wholeList(1, (db, window) => listPayments(db, undefined, window))
  expect(rows.map((row) => row.payment_id)).toEqual(all.map((row) => row.payment_id))
  expect(pages.length).toBeGreaterThan(1)
  const sums = await as(sumPayments)
  expect(sums.reduce((total, { count }) => total + count, 0)).toBe(all.length)
  for (const { state, count } of sums)
    expect((await wholeList(1, (db, window) => listPayments(db, state as 'FAILED', window))).rows).toHaveLength(count)
})

test('people are read by their numbers, each once, and the total is of all of them', async () => {
  const all = await owner.selectFrom('staff').select('staff_number').where('org_id', 'in', orgsInSight).orderBy('staff_number').execute()
  const { rows, pages } = await wholeList(7, (db, window) => listStaff(db, {}, window))
  expect(rows.map((row) => row.staff_number)).toEqual(all.map((row) => row.staff_number))
  expect(pages.length).toBeGreaterThan(2)
  expect(await as((db) => listStaff(db, {}, { limit: 1 }))).toMatchObject({ total: all.length })
  const [approver, another] = (await as((db) => listStaff(db, { post: 'APPROVER' }, { limit: 2 }))).rows
  expect(await as((db) => listStaff(db, { post: 'APPROVER', q: approver?.name }, { limit: 5 }))).toMatchObject({ total: 1, after: null })
  expect(await as((db) => listStaff(db, { post: 'APPROVER' }, { limit: 5, after: approver?.staff_number }))).toMatchObject({
    rows: [{ id: another?.id }],
    total: 2,
  })
})

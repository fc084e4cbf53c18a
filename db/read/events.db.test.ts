import { randomUUID } from 'node:crypto'
import { sql, type ControlledTransaction } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { explainingConnection, scannedWhole } from '../../bench/explain.ts'
import { testDatabase, type TestDatabase } from '../../tests/setup/database.ts'
import { connect, type Db, type Reader } from '../connect.ts'
import { inReading } from '../transaction.ts'
import type { Database } from '../tables.ts'
import { recordEvent } from '../write/cases.ts'
import { hasCome, lookForEvents, NOTHING_SEEN, placeOfNow, readEvents, type Place } from './events.ts'

let database: TestDatabase
let desk: Db
let reader: Db
beforeAll(async () => {
  database = await testDatabase()
  desk = connect(database.deskUrl, { max: 6 })
  reader = connect(database.readUrl, { max: 2 })
})
afterAll(async () => {
  await Promise.all([desk.destroy(), reader.destroy()])
  await database.drop()
})

let place: Place
beforeEach(async () => {
  place = await placeOfNow(desk)
})

const PAGE = 3
/** What one reading tells, by kind; the place moves on. */
async function told(limit = PAGE, orgs = ['org-a']): Promise<string[]> {
  const read = await as(orgs, (db) => readEvents(db, place, limit))
  place = read.place
  return read.events.map(({ kind }) => kind)
}
/** Everything that there is to be told. */
async function toldAll(): Promise<string[]> {
  const all: string[] = []
  for (;;) {
    const read = await as(['org-a'], (db) => readEvents(db, place, PAGE))
    place = read.place
    all.push(...read.events.map(({ kind }) => kind))
    if (!read.more) return all
  }
}
const as = <T>(orgs: readonly string[], reading: (db: Reader) => Promise<T>): Promise<T> =>
  inReading(reader, { orgsInSight: orgs, groups: ['OPEN'], staffId: randomUUID() }, reading)

const writes = (tx: Parameters<typeof recordEvent>[0], kind: string, org_id = 'org-a'): Promise<void> =>
  recordEvent(tx, { case_id: randomUUID(), org_id, access_group_id: 'OPEN', stage_version: 1 }, kind)
const happens = (kind: string, org?: string): Promise<void> => desk.transaction().execute((tx) => writes(tx, kind, org))
/** Written, and not yet committed. */
async function begins(kind: string): Promise<ControlledTransaction<Database>> {
  const tx = await desk.startTransaction().execute()
  await writes(tx, kind)
  return tx
}

describe('events', () => {
  test('whose id was given out earlier and that are committed later are told later, and not passed by', async () => {
    const slow = await begins('EARLY_ID')
    await happens('LATE_ID')
    expect(await toldAll()).toEqual(['LATE_ID'])
    await slow.commit().execute()
    // What a stream that goes by the last id alone would never say.
    const ids = await desk
      .selectFrom('case_event')
      .select(['kind', 'event_id'])
      .where('kind', 'in', ['EARLY_ID', 'LATE_ID'])
      .orderBy('event_id')
      .execute()
    expect(ids.map(({ kind }) => kind)).toEqual(['EARLY_ID', 'LATE_ID'])
    expect(await toldAll()).toEqual(['EARLY_ID'])
    expect(await toldAll()).toEqual([])
  })

  test('of a transaction that stays open keep back nobody else’s, and each is told once', async () => {
    const open = await begins('OPEN')
    for (const kind of ['A', 'B', 'C', 'D', 'E']) {
      await happens(kind)
      expect(await toldAll()).toEqual([kind])
    }
    await open.commit().execute()
    expect(await toldAll()).toEqual(['OPEN'])
    expect(await toldAll()).toEqual([])
  })

  test('of a transaction that is rolled back are never told', async () => {
    const doomed = await begins('NEVER')
    await happens('AFTER')
    await doomed.rollback().execute()
    await happens('LAST')
    expect(await toldAll()).toEqual(['AFTER', 'LAST'])
  })

  test('are told from where a reader broke off, wherever in a page that was, also what is committed below it meanwhile', async () => {
    const slow = await begins('SLOW')
    for (const kind of ['A', 'B', 'C', 'D', 'E']) await happens(kind)
    expect(await told()).toEqual(['A', 'B', 'C'])
    const broken = place
    await slow.commit().execute()
    await happens('F')
    const rest = await toldAll()
    expect(rest.toSorted()).toEqual(['D', 'E', 'F', 'SLOW'])
    place = broken
    expect(await toldAll(), 'again, from the same place').toEqual(rest)
  })

  test('of many writers at once are each told once, whatever their order', async () => {
    const expected = Array.from({ length: 40 }, (_, n) => `K${n}`)
    let writing = true
    const heard: string[] = []
    const listening = (async () => {
      while (writing) heard.push(...(await toldAll()))
    })()
    const lanes = Array.from({ length: 4 }, (_, lane) => expected.filter((_kind, n) => n % 4 === lane))
    await Promise.all(
      lanes.map(async (kinds, lane) => {
        for (const kind of kinds) {
          await desk.transaction().execute(async (tx) => {
            await writes(tx, kind)
            await sql`select pg_sleep(${(lane * 7) / 1000})`.execute(tx)
          })
        }
      }),
    )
    writing = false
    await listening
    heard.push(...(await toldAll()))
    expect(heard.toSorted()).toEqual(expected.toSorted())
  })

  test('of another organisation are not told, and the reader moves past them', async () => {
    await happens('OTHERS', 'org-b')
    expect(await toldAll()).toEqual([])
    await happens('OWN')
    expect(await toldAll()).toEqual(['OWN'])
    expect(await told(PAGE, ['org-b'])).toEqual([])
  })
})

describe('a look for news', () => {
  test('finds what is committed since, also with an earlier id, and then nothing', async () => {
    const slow = await begins('SLOW')
    let { news, now } = await lookForEvents(desk, place.seen)
    expect(news).toBe(false)
    await slow.commit().execute()
    ;({ news, now } = await lookForEvents(desk, now))
    expect(news).toBe(true)
    expect((await lookForEvents(desk, now)).news).toBe(false)
    expect((await lookForEvents(desk, NOTHING_SEEN)).news).toBe(true)
  })
})

describe('a database that was restored where transactions are counted anew', () => {
  test('has not come to a place of before', async () => {
    expect(await hasCome(desk, place)).toBe(true)
    const ahead = { seen: '900000000:900000000:', within: null, after: 0n }
    expect(await hasCome(desk, ahead)).toBe(false)
    expect(await hasCome(desk, { ...place, within: ahead.seen })).toBe(false)
  })

  test('tells what happens from then on, and nothing of before again and again', async () => {
    const owner = connect(database.ownerUrl, { max: 1 })
    await happens('RESTORED')
    await sql`update case_event set transaction_id = '900000000' where kind = 'RESTORED'`.execute(owner)
    await owner.destroy()
    expect((await lookForEvents(desk, place.seen)).news).toBe(false)
    await happens('NEW')
    expect(await toldAll()).toEqual(['NEW'])
    expect(await toldAll()).toEqual([])
  })
})

test('what was told long ago is not looked at again: a reading goes by the index of transactions, in row security too', async () => {
  await sql`insert into case_event (case_id, org_id, access_group_id, kind, stage_version, transaction_id)
    select gen_random_uuid(), 'org-a', 'OPEN', 'OLD', 1, '100' from generate_series(1, 20000)`.execute(desk)
  const owner = connect(database.ownerUrl, { max: 1 })
  await sql`analyze case_event`.execute(owner)
  await owner.destroy()
  await happens('NEW')
  const { db, taken } = explainingConnection(database.readUrl)
  await inReading(db, { orgsInSight: ['org-a'], groups: ['OPEN'], staffId: randomUUID() }, (tx) => readEvents(tx, place, PAGE))
  await db.destroy()
  const [plan] = taken()
  expect(plan && scannedWhole(plan)).toEqual([])
  // Twenty thousand rows are some three hundred blocks.
  expect(plan?.sharedBlocks).toBeLessThan(50)
})

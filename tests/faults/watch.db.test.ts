import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { watchEngine, type WatchedEngine } from '#activities/reconcile.ts'
import { connect, type Db } from '#db/connect.ts'
import { armFaults, PlannedFault } from '#db/fault.ts'
import { seedCity } from '#db/seed/city.ts'
import { createVault } from '#db/vault.ts'
import { raiseIncident } from '#db/write/incidents.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'

let database: TestDatabase
let owner: Db
let work: Db
/** Open cases that wait for a person, in the order of their ids. */
let waiting: string[]
/** Open cases that stand in a stage of the machine's. */
let atWork: string[]

beforeAll(async () => {
  database = await testDatabase()
  owner = connect(database.ownerUrl, { max: 2 })
  work = connect(database.workUrl, { max: 8 })
  await seedCity(owner, createVault({ dataKey: randomBytes(32), hashKey: randomBytes(32) }), {
    contributors: 400,
    olderLoans: 20,
    openCases: 64,
  })
  await owner.deleteFrom('outbox').execute()
  const open = await owner.selectFrom('case_file').select(['case_id', 'kind']).where('open', '=', true).orderBy('case_id').execute()
  const loans = open.filter(({ kind }) => kind === 'loan').map((row) => row.case_id)
  atWork = [loans[3], loans[30], loans.at(-2)].filter((caseId) => caseId !== undefined)
  waiting = open.map((row) => row.case_id).filter((caseId) => !atWork.includes(caseId))
  for (const [index, stage] of ['ACCEPTED', 'DATA_CHECK', 'PAYING'].entries()) {
    await owner
      .updateTable('case_file')
      .set({ stage, stage_entered_at: '2025-11-01T02:00:00Z' })
      .where('case_id', '=', atWork[index] ?? '')
      .execute()
  }
}, 60_000)
afterAll(async () => {
  await Promise.all([owner.destroy(), work.destroy()])
  await database.drop()
})
afterEach(() => armFaults(undefined))
beforeEach(async () => {
  await owner.deleteFrom('outbox').execute()
  await owner.deleteFrom('case_event').execute()
  await owner
    .updateTable('engine_watch')
    .set({ engine_id: 'one', after_case: null, next_at: sql<string>`now()` })
    .execute()
})

const allOpen = (): string[] => [...waiting, ...atWork].toSorted()

/** An engine that has lost some cases, and remembers what it was asked about and told to start. */
function engineThat({
  lost = [],
  idle = [],
  storeId = 'one',
}: { lost?: readonly (string | undefined)[]; idle?: readonly (string | undefined)[]; storeId?: string } = {}) {
  const [asked, restarted, woken]: [string[], string[], string[]] = [[], [], []]
  const engine: WatchedEngine = {
    start: () => Promise.reject(new Error('a lost case is restarted, not started')),
    restart: async (_kind, caseId) => void restarted.push(caseId),
    lookAgain: async (_kind, caseId) => Boolean(woken.push(caseId)),
    isUp: async () => true,
    isRunning: () => Promise.reject(new Error('the watch asks what it is doing')),
    doingOf: async (_kind, caseId) => {
      asked.push(caseId)
      if (lost.includes(caseId) && !restarted.includes(caseId)) return 'GONE'
      return idle.includes(caseId) ? 'WAITS' : 'WORKS'
    },
    storeId: async () => storeId,
  }
  return { engine, asked, restarted, woken }
}

const pause = (round: 'MACHINE' | 'ALL') =>
  owner
    .updateTable('engine_watch')
    .set({ next_at: sql<string>`now() + interval '1 hour'` })
    .where('round', '=', round)
    .execute()
const sweeps = async (engine: WatchedEngine, times: number): Promise<void> => {
  for (let time = 0; time < times; time++) await watchEngine(work, engine)
}

test('the city has more open cases than a page, some of them with the machine', () => {
  expect(allOpen().length).toBeGreaterThan(50)
  expect(atWork).toHaveLength(3)
})

test('a case that the engine has lost in a stage of the machine’s is started again, and nothing else is asked about', async () => {
  await pause('ALL')
  const { engine, asked, restarted } = engineThat({ lost: [atWork[0], waiting[0]] })
  expect(await watchEngine(work, engine)).toEqual([atWork[0]])
  expect(restarted).toEqual([atWork[0]])
  expect(asked.toSorted()).toEqual(atWork)
})

/** When the case moved last, by the machine's clock. */
async function movedSecondsAgo(caseId: string | undefined, seconds: number): Promise<void> {
  const { org_id } = await owner
    .selectFrom('case_file')
    .select('org_id')
    .where('case_id', '=', caseId ?? '')
    .executeTakeFirstOrThrow()
  await sql`insert into case_event (case_id, org_id, access_group_id, kind, stage_version, at)
    values (${caseId}, ${org_id}, 'OPEN', 'MOVED', 1, now() - make_interval(secs => ${seconds}))`.execute(owner)
}

test('one that has just come to its stage is given its time', async () => {
  await pause('ALL')
  const [caseId] = atWork
  await movedSecondsAgo(caseId, 5)
  const { engine, asked } = engineThat({ lost: [caseId] })
  await watchEngine(work, engine)
  expect(asked.toSorted()).toEqual(atWork.slice(1))
})

describe('a workflow that waits where the machine should be at work', () => {
  test('is woken, as soon as the machine could not be waiting for anything itself; one at work, and a person’s case, are not', async () => {
    const [long, short, working] = atWork
    await movedSecondsAgo(long, 50)
    await movedSecondsAgo(short, 30)
    await movedSecondsAgo(working, 50)
    const { engine, woken, restarted } = engineThat({ idle: [long, short, ...waiting] })
    await sweeps(engine, 3)
    expect([woken, restarted]).toEqual([[long], []])
  })

  test('is left alone when it is stuck: it waits for a person to look', async () => {
    const [stuck] = atWork
    await movedSecondsAgo(stuck, 50)
    const { org_id } = await owner
      .selectFrom('case_file')
      .select('org_id')
      .where('case_id', '=', stuck ?? '')
      .executeTakeFirstOrThrow()
    await owner
      .transaction()
      .execute((tx) => raiseIncident(tx, { kind: 'CASE_STUCK', caseId: stuck ?? '', orgId: org_id, reference: stuck ?? '', detail: 'x' }))
    const { engine, woken } = engineThat({ idle: atWork })
    await watchEngine(work, engine)
    expect(woken).not.toContain(stuck)
    await owner.deleteFrom('incident').where('kind', '=', 'CASE_STUCK').execute()
  })
})

test('every other open case is asked about too, a page at a sweep, and then not again for a while', async () => {
  await pause('MACHINE')
  const { engine, asked, restarted } = engineThat({ lost: [waiting[0], waiting.at(-1)] })
  await watchEngine(work, engine)
  expect(asked.toSorted()).toEqual(allOpen().slice(0, 50))
  await sweeps(engine, 3)
  expect(asked.toSorted()).toEqual(allOpen())
  expect(restarted.toSorted()).toEqual([waiting[0], waiting.at(-1)])
})

test('workers share a round: each case is asked about once, by whichever comes first', async () => {
  await pause('MACHINE')
  const { engine, asked } = engineThat()
  await Promise.all([1, 2, 3, 4].map(() => sweeps(engine, 3)))
  expect(asked.toSorted()).toEqual(allOpen())
})

test('when the engine’s store is another one, the rounds begin again at once', async () => {
  const before = engineThat()
  await sweeps(before.engine, 3)
  const emptied = engineThat({ storeId: 'two', lost: allOpen() })
  await sweeps(emptied.engine, 3)
  expect(emptied.restarted.toSorted()).toEqual(allOpen())
})

test('an engine that does not answer once is asked again within seconds, not at the next round', async () => {
  await pause('MACHINE')
  const { engine } = engineThat()
  await expect(watchEngine(work, { ...engine, doingOf: () => Promise.reject(new Error('deadline exceeded')) })).rejects.toThrow('deadline')
  const soon = sql<boolean>`next_at < now() + interval '10 seconds' and after_case is null`.as('soon')
  expect(await owner.selectFrom('engine_watch').select(soon).where('round', '=', 'ALL').execute()).toEqual([{ soon: true }])
})

describe('is left alone', () => {
  test('a case whose first start is still before it', async () => {
    const [caseId = ''] = waiting
    await owner
      .insertInto('outbox')
      .values({ kind: 'START_CASE', case_id: caseId, payload: '{}', last_error: null, sent_at: null })
      .execute()
    const { engine, asked } = engineThat({ lost: [caseId] })
    await sweeps(engine, 3)
    expect(asked).not.toContain(caseId)
    expect(asked).toContain(waiting[1])
  })

  test('a case that has ended since its page was read', async () => {
    const [caseId = ''] = waiting
    const ending = engineThat({ lost: [caseId] })
    const end = (open: boolean) => owner.updateTable('case_file').set({ open }).where('case_id', '=', caseId).execute()
    const doingOf = ending.engine.doingOf.bind(ending.engine)
    const engine: WatchedEngine = {
      ...ending.engine,
      async doingOf(kind, asked) {
        if (asked === caseId) await end(false)
        return doingOf(kind, asked)
      },
    }
    await sweeps(engine, 3)
    expect(ending.asked).toContain(caseId)
    expect(ending.restarted).toEqual([])
    await end(true)
  })
})

test('what a worker had before it when it died is found by the next round', async () => {
  await pause('ALL')
  const lost = [atWork[0]]
  armFaults('watch.before-restart#1=throw')
  await expect(watchEngine(work, engineThat({ lost }).engine)).rejects.toThrow(PlannedFault)
  const { engine, restarted } = engineThat({ lost })
  await watchEngine(work, engine)
  expect(restarted, 'the round rests').toEqual([])
  await owner
    .updateTable('engine_watch')
    .set({ next_at: sql<string>`now()` })
    .execute()
  await watchEngine(work, engine)
  expect(restarted).toEqual(lost)
})

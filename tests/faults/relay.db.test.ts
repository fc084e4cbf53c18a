import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { relayOutbox, wakeCases, type Engine } from '#activities/relay.ts'
import { connect, type Db } from '#db/connect.ts'
import { seedCity } from '#db/seed/city.ts'
import { createVault } from '#db/vault.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'

let database: TestDatabase
let owner: Db
let work: Db
let cases: string[]

beforeAll(async () => {
  database = await testDatabase()
  owner = connect(database.ownerUrl, { max: 2 })
  work = connect(database.workUrl, { max: 8 })
  await seedCity(owner, createVault({ dataKey: randomBytes(32), hashKey: randomBytes(32) }), {
    contributors: 120,
    olderLoans: 20,
    openCases: 12,
  })
  cases = (await owner.selectFrom('case_file').select('case_id').where('open', '=', true).orderBy('case_id').execute()).map(
    (row) => row.case_id,
  )
}, 60_000)
afterAll(async () => {
  await Promise.all([owner.destroy(), work.destroy()])
  await database.drop()
})
beforeEach(async () => {
  await owner.deleteFrom('outbox').execute()
  await owner.deleteFrom('incident').execute()
})

const waitToStart = async (caseId: string | undefined): Promise<string> => {
  if (!caseId) throw new Error('the city has too few open cases')
  await owner.insertInto('outbox').values({ kind: 'START_CASE', case_id: caseId, payload: '{}', last_error: null, sent_at: null }).execute()
  return caseId
}

/** An engine that remembers what it was asked to start, and cannot start some. */
const engineThat = (options: { fails?: (caseId: string) => boolean; takesMilliseconds?: number; up?: boolean } = {}) => {
  const [started, looked]: [string[], string[]] = [[], []]
  const start: Engine['start'] = async (_kind, caseId) => {
    await new Promise((resolve) => setTimeout(resolve, options.takesMilliseconds ?? 0))
    if (options.fails?.(caseId)) throw new Error('no')
    started.push(caseId)
  }
  const lookAgain: Engine['lookAgain'] = async (_kind, caseId) => {
    if (options.fails?.(caseId)) throw new Error('no')
    looked.push(caseId)
    return true
  }
  return { started, looked, engine: { start, restart: start, lookAgain, isUp: async () => options.up ?? true } satisfies Engine }
}

const outboxOf = (caseId: string) =>
  owner.selectFrom('outbox').select(['outbox_id', 'state', 'attempts']).where('case_id', '=', caseId).executeTakeFirstOrThrow()
const incidents = () => owner.selectFrom('incident').select(['incident_id', 'kind', 'case_id', 'reference', 'state']).execute()
const nextTry = () => owner.updateTable('outbox').set({ next_at: '2025-01-01T00:00:00Z' }).execute()

test('two relays at once start one workflow', async () => {
  const waiting = await Promise.all(cases.slice(0, 5).map(waitToStart))
  const { started, engine } = engineThat({ takesMilliseconds: 30 })
  const handled = await Promise.all([1, 2, 3, 4].map(() => relayOutbox(work, engine)))
  expect(started.toSorted()).toEqual(waiting.toSorted())
  expect(handled.reduce((sum, one) => sum + one)).toBe(5)
})

describe('a start that always fails', () => {
  test('is put off longer each time, parked after eight times, and shown once; others pass', async () => {
    const poison = await waitToStart(cases[0])
    const { started, engine } = engineThat({ fails: (caseId) => caseId === poison })
    for (let attempt = 1; attempt <= 8; attempt++) {
      expect(await outboxOf(poison)).toMatchObject({ state: 'WAITING', attempts: attempt - 1 })
      const other = await waitToStart(cases[attempt])
      await relayOutbox(work, engine)
      expect(started).toContain(other)
      expect(await relayOutbox(work, engine), 'it is not tried again at once').toBe(0)
      await nextTry()
    }
    const { state, outbox_id } = await outboxOf(poison)
    expect(state).toBe('PARKED')
    expect(await incidents()).toMatchObject([{ kind: 'OUTBOX_PARKED', case_id: poison, reference: String(outbox_id), state: 'OPEN' }])
    expect(await relayOutbox(work, engine)).toBe(0)
  })

  test('is tried again from the beginning when a person asks for it, and its incident is closed', async () => {
    const poison = await waitToStart(cases[0])
    const broken = engineThat({ fails: () => true })
    for (let attempt = 1; attempt <= 8; attempt++) {
      await relayOutbox(work, broken.engine)
      await nextTry()
    }
    const mended = engineThat()
    await wakeCases(work, mended.engine)
    expect(await outboxOf(poison), 'nobody has asked yet').toMatchObject({ state: 'PARKED' })
    await owner.updateTable('incident').set({ state: 'RETRIED', retry_reason: '引擎已恢复' }).execute()
    await wakeCases(work, mended.engine)
    expect(await outboxOf(poison)).toMatchObject({ state: 'WAITING', attempts: 0 })
    expect(await incidents()).toMatchObject([{ state: 'CLOSED' }])
    await relayOutbox(work, mended.engine)
    expect(mended.started).toEqual([poison])
  })
})

describe('an engine that is away', () => {
  test('is no fault of the cases’: nothing is counted against their starts, however long it lasts, and they go when it is back', async () => {
    const caseId = await waitToStart(cases[0])
    const away = engineThat({ fails: () => true, up: false })
    for (let attempt = 1; attempt <= 10; attempt++) await expect(relayOutbox(work, away.engine)).rejects.toThrow('no')
    expect(await outboxOf(caseId)).toMatchObject({ state: 'WAITING', attempts: 0 })
    expect(await incidents()).toEqual([])
    const back = engineThat()
    expect(await relayOutbox(work, back.engine)).toBe(1)
    expect(back.started).toEqual([caseId])
  })
})

test('a case that cannot be woken holds up no other, and the trouble is told', async () => {
  await owner.updateTable('case_file').set({ engine_version: -1 }).where('case_id', 'in', cases.slice(0, 4)).execute()
  const { engine, looked } = engineThat({ fails: (caseId) => caseId === cases[0] })
  await expect(wakeCases(work, engine)).rejects.toThrow('no')
  for (const caseId of cases.slice(1, 4)) expect(looked).toContain(caseId)
})

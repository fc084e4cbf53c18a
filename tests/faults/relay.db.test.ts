import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { relayOutbox, retryIncidents, wakeCases, type Engine } from '#activities/relay.ts'
import type { IncidentKind } from '#contracts/incidents.ts'
import { connect, type Db } from '#db/connect.ts'
import { armFaults, PlannedFault } from '#db/fault.ts'
import { seedCity } from '#db/seed/city.ts'
import { raiseIncident } from '#db/write/incidents.ts'
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
afterEach(() => armFaults(undefined))
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
const [PAST, FAR] = ['2025-01-01T00:00:00Z', '2099-01-01T00:00:00Z']
const nextTry = () => owner.updateTable('outbox').set({ next_at: PAST }).execute()

test('two relays at once start one workflow', async () => {
  const waiting = await Promise.all(cases.slice(0, 5).map(waitToStart))
  const { started, engine } = engineThat({ takesMilliseconds: 30 })
  const handled = await Promise.all([1, 2, 3, 4].map(() => relayOutbox(work, engine)))
  expect(started.toSorted()).toEqual(waiting.toSorted())
  expect(handled.reduce((sum, one) => sum + one)).toBe(5)
})

describe('an engine that hangs', () => {
  test('holds no row and no transaction, and what another relay takes up meanwhile is started', async () => {
    const [first, second] = [await waitToStart(cases[0]), await waitToStart(cases[1])]
    await owner.updateTable('outbox').set({ next_at: FAR }).where('case_id', '=', second).execute()
    let asked = 0
    const answer = Promise.withResolvers<void>()
    const hanging = engineThat()
    const claimed = relayOutbox(work, { ...hanging.engine, start: () => ((asked += 1), answer.promise) })
    await vi.waitFor(() => expect(asked).toBe(1))
    await owner.transaction().execute((tx) => tx.selectFrom('outbox').select('outbox_id').forUpdate().noWait().execute())

    await owner.updateTable('outbox').set({ next_at: PAST }).where('case_id', '=', second).execute()
    const other = engineThat()
    expect(await relayOutbox(work, other.engine)).toBe(1)
    expect(other.started).toEqual([second])
    answer.resolve()
    expect(await claimed).toBe(1)
    expect(await outboxOf(first)).toMatchObject({ state: 'SENT' })
  })

  test('and its relay dies: the start is taken up when the claim has run out', async () => {
    const caseId = await waitToStart(cases[0])
    armFaults('relay.claimed#1=throw')
    const { started, engine } = engineThat()
    await expect(relayOutbox(work, engine)).rejects.toThrow(PlannedFault)
    expect(await relayOutbox(work, engine)).toBe(0)
    await nextTry()
    expect(await relayOutbox(work, engine)).toBe(1)
    expect(started).toEqual([caseId])
  })
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
    await retryIncidents(work, mended.engine)
    expect(await outboxOf(poison), 'nobody has asked yet').toMatchObject({ state: 'PARKED' })
    await owner.updateTable('incident').set({ state: 'RETRIED', retry_reason: '引擎已恢复' }).execute()
    await retryIncidents(work, mended.engine)
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

test('a case that the engine has lost is started again, once, although one who was about to do it has died', async () => {
  const [caseId = ''] = cases
  await owner.updateTable('case_file').set({ engine_version: -1 }).where('case_id', '=', caseId).execute()
  const restarted: string[] = []
  const engine: Engine = {
    ...engineThat().engine,
    restart: async (_kind, lost) => void restarted.push(lost),
    lookAgain: async (_kind, asked) => asked !== caseId || restarted.includes(caseId),
  }
  armFaults('wake.before-restart#1=throw')
  await expect(wakeCases(work, engine)).rejects.toThrow(PlannedFault)
  expect(restarted).toEqual([])
  await wakeCases(work, engine)
  await wakeCases(work, engine)
  expect(restarted).toEqual([caseId])
})

describe('what is asked for on the incidents page', () => {
  test('is carried out once, whatever dies at it: before the commit nothing is done of it, after it everything', async () => {
    const parked = await waitToStart(cases[1])
    const { outbox_id } = await outboxOf(parked)
    await owner.updateTable('outbox').set({ state: 'PARKED' }).execute()
    await raise([{ kind: 'OUTBOX_PARKED', caseId: parked, reference: String(outbox_id) }])
    const states = async () => [(await outboxOf(parked)).state, ...(await incidents()).map(({ state }) => state)]
    armFaults('incident-retried.before-commit#1=throw')
    await expect(retryIncidents(work, engineThat().engine)).rejects.toThrow(PlannedFault)
    expect(await states()).toEqual(['PARKED', 'RETRIED'])
    armFaults('incident-retried.after-commit#1=throw')
    await expect(retryIncidents(work, engineThat().engine)).rejects.toThrow(PlannedFault)
    expect(await states()).toEqual(['WAITING', 'CLOSED'])
    expect(await retryIncidents(work, engineThat().engine)).toBe(0)
  })

  test('holds up nothing else when it cannot be carried out', async () => {
    const [stuck, parked] = [cases[0] ?? '', await waitToStart(cases[1])]
    const { outbox_id } = await outboxOf(parked)
    await owner.updateTable('outbox').set({ state: 'PARKED' }).execute()
    await raise([
      { kind: 'CASE_STUCK', caseId: stuck, reference: stuck },
      { kind: 'OUTBOX_PARKED', caseId: parked, reference: String(outbox_id) },
    ])
    const { engine } = engineThat({ fails: (caseId) => caseId === stuck })
    await expect(retryIncidents(work, engine)).rejects.toThrow('no')
    expect(await outboxOf(parked)).toMatchObject({ state: 'WAITING', attempts: 0 })
    expect((await incidents()).map(({ kind, state }) => `${kind} ${state}`).toSorted()).toEqual([
      'CASE_STUCK RETRIED',
      'OUTBOX_PARKED CLOSED',
    ])
  })
})

/** Incidents that somebody has asked to retry. */
async function raise(asked: readonly { kind: IncidentKind; caseId: string; reference: string }[]): Promise<void> {
  const { org_id: orgId } = await owner.selectFrom('org').select('org_id').executeTakeFirstOrThrow()
  await owner.transaction().execute(async (tx) => {
    for (const one of asked) await raiseIncident(tx, { ...one, orgId, detail: '测试' })
  })
  await owner
    .updateTable('incident')
    .set({ state: 'RETRIED', handled_at: sql<string>`now()` })
    .execute()
}

test('more cases than fit on a page are all woken, however many are woken in vain', async () => {
  const { rows } = await sql<{ case_id: string }>`
    insert into case_file (case_id, case_number, kind, org_id, reporting_entity, stage, stage_version, created_at, created_on, stage_entered_at)
    select gen_random_uuid(), 'X' || n, kind, org_id, reporting_entity, stage, stage_version, created_at, created_on, stage_entered_at
    from case_file, generate_series(1, 450) n where case_id = ${cases[0]} returning case_id`.execute(owner)
  const { engine, looked } = engineThat()
  expect(await wakeCases(work, engine)).toBe(looked.length)
  expect(rows.filter((row) => !looked.includes(row.case_id))).toEqual([])
})

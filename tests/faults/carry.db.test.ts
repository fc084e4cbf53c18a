import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { carryAgain, type Carrier } from '#api/carry.ts'
import type { EngineOutcome } from '#api/engine.ts'
import { connect, type Db } from '#db/connect.ts'
import { seedCity } from '#db/seed/city.ts'
import { createVault } from '#db/vault.ts'
import { answerCommand, receiveCommand } from '#db/write/commands.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'

let database: TestDatabase
let owner: Db
let work: Db
let cases: { case_id: string; stage_version: number }[]
let actorId: string

beforeAll(async () => {
  database = await testDatabase()
  owner = connect(database.ownerUrl, { max: 2 })
  work = connect(database.workUrl, { max: 8 })
  await seedCity(owner, createVault({ dataKey: randomBytes(32), hashKey: randomBytes(32) }), {
    contributors: 120,
    olderLoans: 20,
    openCases: 12,
  })
  cases = await owner.selectFrom('case_file').select(['case_id', 'stage_version']).where('open', '=', true).orderBy('case_id').execute()
  actorId = (await owner.selectFrom('staff').select('staff_id').orderBy('staff_number').executeTakeFirstOrThrow()).staff_id
}, 60_000)
afterAll(async () => {
  await Promise.all([owner.destroy(), work.destroy()])
  await database.drop()
})
beforeEach(() => owner.deleteFrom('command').execute())

/** A decision that was received so many seconds ago and has had no answer. */
async function received(index: number, secondsAgo: number): Promise<string> {
  const { case_id: caseId, stage_version: expectedVersion } = cases[index] ?? { case_id: '', stage_version: 0 }
  const commandId = randomUUID()
  await receiveCommand(owner, {
    commandId,
    actorId,
    key: commandId,
    bodyHash: commandId,
    caseId,
    action: 'accept',
    expectedVersion,
    body: { action: 'accept' },
    steppedUp: false,
  })
  const at = sql<string>`now() - make_interval(secs => ${secondsAgo})`
  await owner.updateTable('command').set({ received_at: at }).where('command_id', '=', commandId).execute()
  return commandId
}

/** An engine that answers as told, and remembers what was carried and started again. */
function engineThat(answers: (commandId: string, times: number) => EngineOutcome | Error) {
  const [carried, restarted]: [string[], string[]] = [[], []]
  const engine: Carrier = {
    async decide(_kind, caseId, { commandId }) {
      carried.push(commandId)
      const way = answers(commandId, carried.filter((one) => one === commandId).length)
      if (way instanceof Error) throw way
      // As the case itself would have: the answer is on record before anybody hears it.
      if (way.kind === 'ANSWERED') await answerCommand(owner, commandId, way.outcome.answer)
      return caseId ? way : { kind: 'ENDED' }
    },
    restart: async (_kind, caseId) => void restarted.push(caseId),
  }
  return { carried, restarted, engine }
}
const done = (commandId: string): EngineOutcome => ({
  kind: 'ANSWERED',
  outcome: {
    answer: { done: { commandId, state: 'DONE' } },
    state: { stage: 'ACCEPTED', stageVersion: 2, open: true },
  } as Extract<EngineOutcome, { kind: 'ANSWERED' }>['outcome'],
})
const stateOf = async (commandId: string) =>
  (await owner.selectFrom('command').select(['state', 'answer']).where('command_id', '=', commandId).executeTakeFirstOrThrow()).state
const answerOf = async (commandId: string) =>
  (await owner.selectFrom('command').select('answer').where('command_id', '=', commandId).executeTakeFirstOrThrow()).answer

describe('a decision that was received and never answered', () => {
  test('is carried again once nobody waits for it any more, and not before', async () => {
    const [old, young] = [await received(0, 60), await received(1, 5)]
    const { carried, engine } = engineThat((commandId) => done(commandId))
    expect(await carryAgain(work, engine)).toBe(1)
    expect(carried).toEqual([old])
    expect([await stateOf(old), await stateOf(young)]).toEqual(['DONE', 'RECEIVED'])
    expect(await carryAgain(work, engine), 'what has an answer is left alone').toBe(0)
  })

  test('starts its case again where the engine has lost it, and is asked anew', async () => {
    const commandId = await received(0, 60)
    const { restarted, carried, engine } = engineThat((id, times) => (times === 1 ? { kind: 'ENDED' } : done(id)))
    expect(await carryAgain(work, engine)).toBe(1)
    expect(restarted).toEqual([cases[0]?.case_id])
    expect(carried).toEqual([commandId, commandId])
  })

  test('is refused for good where the case has gone on without it', async () => {
    const commandId = await received(0, 60)
    expect(await carryAgain(work, engineThat(() => ({ kind: 'STALE' })).engine)).toBe(1)
    expect(await answerOf(commandId)).toMatchObject({ refused: { code: 'STALE' } })
  })

  test('is told, of a case that somebody has ended meanwhile, who was first; and of one it has seen ended, that it is', async () => {
    const caseId = cases[11]?.case_id ?? ''
    await owner.updateTable('case_file').set({ open: false }).where('case_id', '=', caseId).execute()
    const [unaware, aware] = [await received(11, 60), await received(11, 60)]
    await owner
      .updateTable('command')
      .set((eb) => ({ expected_version: eb('expected_version', '-', 1) }))
      .where('command_id', '=', unaware)
      .execute()
    expect(await carryAgain(work, engineThat(() => ({ kind: 'ENDED' })).engine)).toBe(2)
    expect(await answerOf(unaware)).toMatchObject({ refused: { code: 'STALE', decidedBy: expect.any(String) } })
    expect(await answerOf(aware)).toMatchObject({ refused: { code: 'CONFLICT', detail: '案件已办结' } })
    await owner.updateTable('case_file').set({ open: true }).where('case_id', '=', caseId).execute()
  })

  test('waits while the engine is away, and for its next turn while it is carried', async () => {
    const commandId = await received(0, 60)
    const { carried, engine } = engineThat(() => ({ kind: 'SLOW' }))
    expect(await carryAgain(work, engine)).toBe(0)
    expect(await carryAgain(work, engine), 'two who carry at once do not carry the same').toBe(0)
    expect(carried).toEqual([commandId])
    expect(await stateOf(commandId)).toBe('RECEIVED')
    await owner
      .updateTable('command')
      .set({ carried_at: sql<string>`now() - interval '1 hour'` })
      .execute()
    expect(await carryAgain(work, engineThat((id) => done(id)).engine)).toBe(1)
    expect(await stateOf(commandId)).toBe('DONE')
  })
})

test('one that cannot be carried holds up no other, and those that were tried in vain let the others go first', async () => {
  const first = await received(0, 600)
  const { engine } = engineThat((id) => (id === first ? new Error('no') : done(id)))
  const others = await Promise.all([1, 2, 3].map((index) => received(index, 60)))
  await expect(carryAgain(work, engine)).rejects.toThrow('no')
  for (const id of others) expect(await stateOf(id)).toBe('DONE')

  await owner
    .updateTable('command')
    .set({ carried_at: sql<string>`now() - interval '40 seconds'` })
    .where('command_id', '=', first)
    .execute()
  const more = await Promise.all(Array.from({ length: 16 }, (_, index) => received(index % 12, 300 - index)))
  const { carried, engine: next } = engineThat((id) => done(id))
  expect(await carryAgain(work, next)).toBe(16)
  expect(carried.toSorted()).toEqual(more.toSorted())
})

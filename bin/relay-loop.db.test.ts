import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { testDatabase, type TestDatabase } from '../tests/setup/database.ts'
import { runRelay } from './relay-loop.ts'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(() => database.drop())

test('a relay that hangs keeps neither another relay nor any sweep waiting, and a call is heard', async () => {
  const hanging = Promise.withResolvers<number>()
  let [calls, sweeps, failures] = [0, 0, 0]
  const relay = runRelay({
    listen: () => new pg.Client({ connectionString: database.workUrl }),
    relays: [() => hanging.promise, async () => ((calls += 1), 0)],
    sweeps: [
      async () => {
        failures += 1
        throw new Error('always')
      },
      async () => ((sweeps += 1), 0),
    ],
    log: pino({ level: 'silent' }),
  })
  const client = new pg.Client({ connectionString: database.workUrl })
  await client.connect()
  // Called as fast as can be: what looks at the house on its own would come every other second.
  await vi.waitFor(
    async () => {
      await client.query(`select pg_notify('outbox', '')`)
      expect(Math.min(calls, sweeps)).toBeGreaterThan(8)
      expect(failures).toBeGreaterThan(0)
    },
    { timeout: 12_000, interval: 50 },
  )
  await client.end()
  hanging.resolve(0)
  await relay.end()
})

import { randomUUID } from 'node:crypto'
import type { ControlledTransaction } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Database } from '#db/tables.ts'
import { recordEvent } from '#db/write/cases.ts'
import { startDoor } from '../access/second-door.ts'
import { visit } from '../access/visitor.ts'
import { startHouse, type House } from '../setup/house.ts'
import { LoanCast } from './loan-cast.ts'

let house: House
let token: string
let orgId: string
let second: Awaited<ReturnType<typeof startDoor>>
beforeAll(async () => {
  house = await startHouse()
  second = await startDoor(house)
  const number = new LoanCast(house).numberOf('INTAKE')
  token = (await visit(house, number)).token ?? ''
  orgId = (await house.owner.selectFrom('staff').select('org_id').where('staff_number', '=', number).executeTakeFirstOrThrow()).org_id
}, 90_000)
afterAll(async () => {
  await second.end()
  await house.end()
})

const PATIENCE = { timeout: 30_000, interval: 50 }

interface Stream {
  /** Kinds of events, in the order in which they were told. */
  kinds(): string[]
  /** The id of the first event of this kind. */
  idOf(kind: string): string
  hears(...kinds: readonly string[]): Promise<void>
}

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** A clerk's stream, that tells at once what happens from now on, or from where it broke off. */
async function listen(lastEventId?: string, origin = house.origin): Promise<Stream> {
  const ended = new AbortController()
  const headers = { Cookie: `__Host-anju=${token}`, ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }) }
  const stream = await fetch(`${origin}/api/events`, { headers, signal: ended.signal })
  expect(stream.status).toBe(200)
  let text = ''
  const reading = (async () => {
    for await (const chunk of stream.body ?? []) text += Buffer.from(chunk).toString('utf8')
  })().catch(() => undefined)
  ends.push(async () => {
    ended.abort()
    await reading
  })
  const told = () =>
    [...text.matchAll(/^id: (\S+)\nevent: case\ndata: (.+)$/gm)].map(([, id = '', data = '{}']) => ({
      id,
      ...(JSON.parse(data) as { kind: string }),
    }))
  const one: Stream = {
    kinds: () => told().map(({ kind }) => kind),
    idOf: (kind) => told().find((event) => event.kind === kind)?.id ?? '',
    hears: (...kinds) => vi.waitFor(() => expect(one.kinds()).toEqual(expect.arrayContaining([...kinds])), PATIENCE),
  }
  if (lastEventId === undefined) {
    // A stream begins some time after its first byte: what is told is what happens once it has.
    let beat = 0
    await vi.waitFor(
      async () => {
        await happens(`BEAT_${origin === house.origin ? 1 : 2}_${beat++}`)
        await vi.waitFor(() => expect(one.kinds().length).toBeGreaterThan(0), { timeout: 2_000, interval: 50 })
      },
      { timeout: 30_000, interval: 10 },
    )
  }
  return one
}

const written = (tx: Parameters<typeof recordEvent>[0], kind: string): Promise<void> =>
  recordEvent(tx, { case_id: randomUUID(), org_id: orgId, access_group_id: 'OPEN', stage_version: 1 }, kind)
const happens = (kind: string): Promise<void> => house.apiParts.desk.transaction().execute((tx) => written(tx, kind))
/** Has its number, and is not there yet. */
async function begins(kind: string): Promise<ControlledTransaction<Database>> {
  const tx = await house.apiParts.desk.startTransaction().execute()
  await written(tx, kind)
  return tx
}

describe('an event that is committed after a later one has been told', () => {
  test('is told by every stream that was open, at whichever process', async () => {
    const [here, there] = [await listen(), await listen(undefined, second.door.house.origin)]
    const slow = await begins('SLOW')
    await happens('QUICK')
    await Promise.all([here.hears('QUICK'), there.hears('QUICK')])
    expect([...here.kinds(), ...there.kinds()]).not.toContain('SLOW')
    await slow.commit().execute()
    await Promise.all([here.hears('SLOW'), there.hears('SLOW')])
    await happens('LAST')
    await Promise.all([here.hears('LAST'), there.hears('LAST')])
    for (const stream of [here, there]) expect(stream.kinds().slice(-3), 'each once').toEqual(['QUICK', 'SLOW', 'LAST'])
  }, 120_000)

  test('is told by a stream that broke off between the two and goes on at another process', async () => {
    const first = await listen()
    const slow = await begins('SLOW_2')
    await happens('QUICK_2')
    await first.hears('QUICK_2')
    for (const end of ends.splice(0)) await end()
    await slow.commit().execute()
    await happens('LATER_2')
    const again = await listen(first.idOf('QUICK_2'), second.door.house.origin)
    await again.hears('LATER_2', 'SLOW_2')
    expect(again.kinds().toSorted()).toEqual(['LATER_2', 'SLOW_2'])
  }, 120_000)
})

test('an event whose call was lost is told all the same, a moment later', async () => {
  const stream = await listen()
  const event = { case_id: randomUUID(), org_id: orgId, access_group_id: 'OPEN', stage_version: 1, kind: 'UNCALLED' }
  await house.owner.insertInto('case_event').values(event).execute()
  await stream.hears('UNCALLED')
}, 60_000)

test('a stream that has missed many is told them all, each once', async () => {
  const first = await listen()
  await happens('BEGIN')
  await first.hears('BEGIN')
  for (const end of ends.splice(0)) await end()
  const slow = await begins('MANY_SLOW')
  const kinds = Array.from({ length: 450 }, (_, n) => `MANY_${n}`)
  await house.apiParts.desk.transaction().execute(async (tx) => {
    for (const kind of kinds) await written(tx, kind)
  })
  const again = await listen(first.idOf('BEGIN'))
  await again.hears('MANY_0')
  await slow.commit().execute()
  await again.hears('MANY_449', 'MANY_SLOW')
  expect(again.kinds().toSorted()).toEqual([...kinds, 'MANY_SLOW'].toSorted())
}, 120_000)

test.each([
  ['of the time when streams went by number', () => house.vault.seal('event/1')],
  ['of a database that counts further', () => house.vault.seal('events/900000000:900000000:/900000000:900000000:/1')],
  ['sealed for something else', () => house.vault.seal('events/x/y/1')],
])(
  'an id %s begins a stream with what happens from now on',
  async (_what, sealed) => {
    await happens('BEFORE')
    const stream = await listen(sealed().toString('base64url'))
    await vi.waitFor(async () => {
      await happens('AFTER')
      await vi.waitFor(() => expect(stream.kinds().length).toBeGreaterThan(0), { timeout: 2_000, interval: 50 })
    }, PATIENCE)
    expect(new Set(stream.kinds())).toEqual(new Set(['AFTER']))
  },
  60_000,
)

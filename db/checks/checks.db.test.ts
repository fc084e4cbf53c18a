import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { replayVerdict } from '#activities/loan/replay.ts'
import { busyCity, stages, type BusyCity } from './busy-city.fixture.ts'
import { checkAll, checkWithin, CHECKS, type CheckOptions } from './check-all.ts'
import type { BankPayment } from './check.ts'
import { decisionsPlanted } from './planted-cases.fixture.ts'
import { moneyPlanted } from './planted-money.fixture.ts'
import { projectionsPlanted } from './planted-projections.fixture.ts'
import { recordsPlanted } from './planted-records.fixture.ts'
import { run, type Damage, type Planted } from './planted.fixture.ts'
import { INVARIANTS, type Violation } from './violation.ts'

let city: BusyCity
let bankPayments: BankPayment[]
let running: string[]

beforeAll(async () => {
  city = await busyCity()
  const paid = await city.owner.selectFrom('payment').selectAll().where('state', '=', 'SUCCEEDED').execute()
  bankPayments = paid.map((one) => ({ serial: one.payment_id.toUpperCase(), state: 'SUCCEEDED', amountFen: one.amount_fen }))
  const open = await city.owner.selectFrom('case_file').select(['kind', 'case_id']).where('open', '=', true).orderBy('case_id').execute()
  running = open.map((one) => `${one.kind}/${one.case_id}`)
})
afterAll(() => city.end())

const everything = (): CheckOptions => ({ stages, bankPayments, openWorkflows: async () => running, replay: replayVerdict })

const inWords = (violations: readonly Violation[]): string =>
  JSON.stringify(violations, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value), 2)

describe('a city in order', () => {
  test('at rest nothing is wrong, and every kind of question had something to look at', async () => {
    const violations = await checkAll(city.owner, everything())
    expect(violations, inWords(violations)).toEqual([])
    const { rows } = await sql<Record<string, number>>`
      select (select count(*)::int from decision where command_id is not null) as commanded,
        (select count(*)::int from decision where command_id is null and actor_id is not null) as "broughtOver",
        (select count(*)::int from command where state = 'REFUSED') as refused,
        (select count(*)::int from payment where state = 'SUCCEEDED') as paid, (select count(*)::int from payment where state = 'FAILED') as failed,
        (select count(*)::int from reservation where state = 'HELD') as held, (select count(*)::int from deadline where state = 'FIRED') as fired,
        (select count(*)::int from verdict where kind = 'RELEASE_CHECK') as rechecks,
        (select count(*)::int from account_hold) as holds`.execute(city.owner)
    for (const [name, count] of Object.entries(rows[0] ?? {})) expect(count, name).toBeGreaterThan(0)
  })

  test('whoever reads every row may ask: the working role finds the same', async () => {
    expect(await checkAll(city.work, everything())).toEqual([])
  })

  test('where one of two has signed, the other is still awaited', async () => {
    const tasks = await city.owner
      .selectFrom('task')
      .select(['post', 'state'])
      .where('case_id', '=', city.signedCase)
      .where('stage', '=', 'SIGNED')
      .execute()
    expect(tasks.map(({ state }) => state).toSorted()).toEqual(['DONE', 'OPEN'])
  })
})

const all: readonly Planted[] = [...moneyPlanted, ...decisionsPlanted, ...recordsPlanted, ...projectionsPlanted]
const found = new Set<string>()

describe('what is done behind the back of every guard is found and named', () => {
  test.each(all)('$invariant $done', async ({ invariant, what, by, options }) => {
    // What else the damage breaks is not asked here.
    const violations = await planted(by, (given) => ({ ...(options?.(given) ?? given), only: [invariant] }))
    const named = violations.find((one) => one.invariant === invariant && one.what === what)
    expect(named, `${invariant} ${what}\nwas not among those of ${invariant}\n${inWords(violations)}`).toBeDefined()
    expect(named?.count).toBeGreaterThan(0)
    expect(named?.rows.length).toBeGreaterThan(0)
    found.add(`${invariant} ${what}`)
  })

  test('every question has been shown to find something', () => {
    const asked = CHECKS.map(({ invariant, what }) => `${invariant} ${what}`)
    expect(asked.filter((question) => !found.has(question))).toEqual([])
    expect([...new Set(all.map(({ invariant }) => invariant))].toSorted()).toEqual(Object.keys(INVARIANTS).toSorted())
  })
})

describe('a house at work is not blamed for what is about to happen', () => {
  test('a success that is not booked yet', async () => {
    const settledNow = run(`update payment set state = 'SUCCEEDED', booked_on = business_today() where state = 'UNKNOWN'`)
    expect(await planted(settledNow, () => ({ stages, quiet: false, only: ['I3'] }))).toEqual([])
    expect(await planted(settledNow, () => ({ stages, quiet: true, only: ['I3'] }))).not.toEqual([])
  })

  test('a case whose workflow is still to start', async () => {
    const [first = '', ...others] = running
    const starting = run(`update outbox set state = 'WAITING' where case_id = '${first.split('/')[1]}'`)
    const asking = (quiet: boolean) => (): CheckOptions => ({ stages, quiet, only: ['I6'], openWorkflows: async () => others })
    expect(await planted(starting, asking(false))).toEqual([])
    expect(await planted(starting, asking(true))).not.toEqual([])
  })
})

class TakenBack extends Error {}

/** Does the damage with every trigger and key off, looks, and takes it back. */
async function planted(by: Damage, options: Planted['options'] = (same) => same): Promise<Violation[]> {
  let violations: Violation[] = []
  const damage = city.superuser.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx)
    await by(tx, city)
    violations = await checkWithin(tx, options(everything()))
    throw new TakenBack()
  })
  await expect(damage).rejects.toThrow(TakenBack)
  return violations
}

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CaseView } from '#contracts/api/cases.ts'
import { startHouse, type House } from '../setup/house.ts'
import { expectOrder } from '../setup/order.ts'
import { attempt, attempts, breaks, look } from './four-eyes-acts.ts'
import { worstCity, type Person, type WorstCity } from './four-eyes-city.ts'
import { expectFourEyes } from './four-eyes-holds.ts'
import { brokenByPlant, PLANTS } from './four-eyes-plants.ts'
import { BREAKS } from './past-the-api.ts'

/** Always the same stories, so that what fails fails again; `random`, or a number that was printed, explores others. */
const SEED = process.env['ANJU_PROPERTY_SEED'] ?? '20251103'
const seed = SEED === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(SEED)
if (!Number.isSafeInteger(seed)) throw new RangeError(`ANJU_PROPERTY_SEED=${SEED} is neither a number nor random`)
/** So much is known to happen with this seed; another one may have a quieter day. */
const isKnown = SEED === '20251103'

let house: House
let city: WorstCity
beforeAll(async () => {
  house = await startHouse()
  city = await worstCity(house)
}, 240_000)
afterAll(() => house.end())

const holds = () => expectFourEyes(house.owner)
/** The step group that the record has for a person in a case. */
const groupOf = async (caseId: string, { staffId }: Person) => (await look(city, caseId)).groups[staffId]
const actionOf = async ({ browser }: Person, caseId: string, name: string) =>
  (await browser.get<CaseView>(`/api/cases/${caseId}`)).actions.find(({ action }) => action === name)
const nth = (index: number) => city.everything[index] as Person

describe('a person of all posts', () => {
  test('who took the case in may not review it, and the page says so before they try', async () => {
    const [clerk, caseId] = [nth(0), city.cases.inReview]
    expect(await actionOf(clerk, caseId, 'pass')).toMatchObject({ allowed: false, obstacles: [{ code: 'FOUR_EYES' }] })
    expect(await clerk.browser.decide(caseId, { action: 'pass' })).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    await holds()
  }, 30_000)

  test('cannot have it done by a delegate either, and the delegate’s try leaves no trace on them', async () => {
    const [delegate, caseId] = [city.delegates[0], city.cases.inReview]
    expect(await delegate.browser.decide(caseId, { action: 'pass' })).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    expect(await groupOf(caseId, delegate)).toBeUndefined()
    await holds()
  })

  test('counts as having acted when a delegate has acted for them', async () => {
    const [absent, delegate, caseId] = [nth(1), city.delegates[1], city.cases.inReview]
    expect(await delegate.browser.decide(caseId, { action: 'pass' })).toMatchObject({ status: 200 })
    expect([await groupOf(caseId, absent), await groupOf(caseId, delegate)]).toEqual(['PRELIMINARY', 'PRELIMINARY'])
    for (const { browser } of [absent, delegate]) {
      const back = { action: 'return', to: 'RETURNED', opinion: '请核对' }
      expect(await browser.decide(caseId, back)).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    }
    await holds()
  })

  test('cannot have their relative’s case decided by a delegate either, whom the page tells why', async () => {
    const caseId = city.cases.related
    const text = (who: string) => `${who}与本案当事人存在利害关系（兄弟姐妹），应当回避`
    for (const [person, who] of [
      [city.relative, '您'],
      [city.delegates[2], '您所代理的人'],
    ] as const) {
      const refused = { status: 409, body: { code: 'RECUSAL', detail: text(who) } }
      const post = (what: string, body: object) => person.browser.command('POST', `/api/cases/${caseId}/${what}`, body)
      expect(await actionOf(person, caseId, 'pass')).toMatchObject({ allowed: false, obstacles: [{ code: 'RECUSAL', text: text(who) }] })
      expect(await person.browser.decide(caseId, { action: 'pass' })).toMatchObject(refused)
      expect(await post('notes', { kind: 'NOTE', text: '请尽快办理' })).toMatchObject(refused)
      expect(await post('claim', {})).toMatchObject(refused)
      expect(await post('copies', { staffIds: [nth(0).staffId], remark: '请关照' })).toMatchObject(refused)
    }
    await holds()
  })

  test('who asked for the release may not pay, whatever code they bring, nor claim the payment', async () => {
    const caseId = city.cases.toBePaid
    const { last_by } = await look(city, caseId)
    const asker = city.people.find(({ staffId }) => staffId === last_by) as Person
    expect(await groupOf(caseId, asker)).toBe('PAYMENT_MAKER')
    const pay = { action: 'pay', oneTimeCode: await city.codeOf(asker) }
    expect(await asker.browser.decide(caseId, pay)).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    const claimed = await asker.browser.command('POST', `/api/cases/${caseId}/claim`, {})
    expect(claimed).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    await holds()
  })

  test.each(Object.keys(BREAKS))('past the API the database refuses %s', async (how) => {
    const caseId = city.cases.toBePaid
    expect(await breaks(city, caseId, await look(city, caseId), how)).toBe('REFUSED')
  })
})

test(`whatever people of all posts try, up to the money: within a case nobody ever holds two step groups (seed ${String(seed)})`, async () => {
  const heard = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(attempts(8, 12), async (tries) => {
      for (const one of tries) {
        const what = await attempt(city, one)
        heard.set(what, (heard.get(what) ?? 0) + 1)
        await holds()
      }
    }),
    // One house for all runs: there is no smaller example to look for, and the seed that fails is printed.
    { seed, numRuns: 16, endOnFailure: true },
  )
  const times = (pattern: RegExp) => [...heard].reduce((sum, [what, count]) => sum + (pattern.test(what) ? count : 0), 0)
  const words = [...heard].map(([what, count]) => `${what} ${count}`).join('\n')
  if (!isKnown) return console.log(words)
  expect(times(/ DONE( SOMETHING)?$/), words).toBeGreaterThan(30)
  expect(times(/ FOUR_EYES$/), words).toBeGreaterThan(10)
  expect(times(/^pay DONE$/), words).toBeGreaterThan(0)
  expect(times(/^pay REFUSED_TO_WHO_ASKED$/), words).toBeGreaterThan(0)
  // What was said to be paid is: the bank has it, and the books.
  const stages = await Promise.all(Object.values(city.cases).map(async (caseId) => (await look(city, caseId)).stage))
  expect(stages).toContain('DISBURSED')
}, 240_000)

test.each(Object.keys(PLANTS))('the question that every try ends with sees what it is for: %s', async (what) => {
  expect((await brokenByPlant(house.owner, PLANTS[what] ?? '')).filter((one) => one.includes(what))).not.toEqual([])
  await holds()
})

test('and leaves the house in order', () => expectOrder(house), 60_000)

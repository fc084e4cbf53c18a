import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { sandboxPaths, type SandboxScript } from '#contracts/machine/sandbox.ts'
import type { Answer } from '../setup/http-client.ts'
import { expectOrder } from '../setup/order.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

openJourneys()
afterEach(() => house.sandbox.clearScripts())

/** What the gateway does with the message about the notice, and with no other. */
const gateway = (behaviour: SandboxScript['behaviour']): Promise<unknown> =>
  house.sandbox.script({ service: 'messages', match: 'LOAN_SUPPLEMENT', behaviour } as SandboxScript)

/** The one notice has been sent, and it is for the clerk to say how it arrived. */
async function noticeSent(story: string): Promise<string> {
  const caseId = await cast.accepted(story)
  await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'pass', wants: [{ item: '收入证明', reason: '未加盖单位公章' }] })
  await cast.decides('REVIEWER', caseId, { action: 'supplement' })
  return caseId
}

const messageOf = (caseId: string) =>
  house.owner
    .selectFrom('outbox')
    .select(['state', 'delivery', 'delivered_on', 'delivery_failure', 'receipt_asks'])
    .where('case_id', '=', caseId)
    .where('kind', '=', 'MESSAGE')
    .orderBy('outbox_id', 'desc')
    .executeTakeFirstOrThrow()

const learns = (caseId: string, expected: object): Promise<void> =>
  vi.waitFor(async () => expect(await messageOf(caseId)).toMatchObject(expected), { timeout: 30_000, interval: 100 })

const delivers = async (caseId: string, deliveryMethod: string, deliveredOn = '2025-11-03'): Promise<Answer> =>
  (await cast.person('INTAKE')).decide(caseId, { action: 'deliver', fields: { deliveredOn, deliveryMethod } })

const openIncidents = async (caseId: string): Promise<string[]> =>
  (await house.owner.selectFrom('incident').select('kind').where('case_id', '=', caseId).where('state', '=', 'OPEN').execute()).map(
    ({ kind }) => kind,
  )

describe('the receipt of the message that carries the notice', () => {
  test('is kept with the message, and is what an electronic delivery stands on', async () => {
    const caseId = await noticeSent('approved-couple')
    await learns(caseId, { state: 'SENT', delivery: 'DELIVERED', delivered_on: '2025-11-03', delivery_failure: null })
    expect((await cast.see('INTAKE', caseId)).clock.state).toBe('RUNNING')
    expect(await delivers(caseId, '电子送达')).toMatchObject({ status: 200 })
    expect((await cast.see('INTAKE', caseId)).clock.state).toBe('PAUSED')
  }, 60_000)

  test('is waited for: without one nothing counts as delivered by message, and by hand it does', async () => {
    await gateway({ kind: 'late', queries: 100 })
    const caseId = await noticeSent('approved-single')
    await learns(caseId, { state: 'SENT', delivery: 'PENDING' })
    expect(await delivers(caseId, '电子送达')).toMatchObject({ status: 409, body: { detail: expect.stringContaining('尚无送达回执') } })
    expect((await cast.see('INTAKE', caseId)).clock.state).toBe('RUNNING')
    expect(await delivers(caseId, '直接送达')).toMatchObject({ status: 200 })
  }, 60_000)

  test('that says it cannot arrive calls the clerk, who delivers by hand', async () => {
    await gateway({ kind: 'returned' })
    const caseId = await noticeSent('approved-second-home')
    await learns(caseId, { delivery: 'UNDELIVERABLE', delivery_failure: '号码不存在' })
    expect((await cast.see('INTAKE', caseId)).case.previousOpinion).toContain('一次性告知消息未能送达（号码不存在）')
    expect(await openIncidents(caseId)).toEqual(['NOTICE_UNDELIVERED'])
    expect(await delivers(caseId, '电子送达')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('未能送达（号码不存在）') },
    })
    expect(await delivers(caseId, '邮寄送达')).toMatchObject({ status: 200 })
    expect(await openIncidents(caseId)).toEqual([])
  }, 60_000)

  test('never comes for a message that the gateway would not take: the clerk is called as well', async () => {
    await house.sandbox.script({
      service: 'messages',
      operation: '/send',
      match: 'LOAN_SUPPLEMENT',
      count: 1_000,
      behaviour: { kind: 'down' },
    })
    const caseId = await noticeSent('approved-many-children')
    // The last of its tries is at hand.
    await house.owner
      .updateTable('outbox')
      .set({ attempts: 7, next_at: '2025-01-01T00:00:00Z' })
      .where('case_id', '=', caseId)
      .where('state', '=', 'WAITING')
      .execute()
    await learns(caseId, { state: 'PARKED', delivery: null })
    expect((await cast.see('INTAKE', caseId)).case.previousOpinion).toContain('消息多次未能发出')
    expect((await openIncidents(caseId)).sort()).toEqual(['MESSAGE_PARKED', 'NOTICE_UNDELIVERED'])
    expect(await delivers(caseId, '电子送达')).toMatchObject({ status: 409, body: { detail: expect.stringContaining('尚未发出') } })
    expect(await delivers(caseId, '直接送达')).toMatchObject({ status: 200 })
    expect(await openIncidents(caseId)).toEqual(['MESSAGE_PARKED'])
    await house.sandbox.clearScripts()
    const { incident_id: incident } = await house.owner
      .selectFrom('incident')
      .select('incident_id')
      .where('case_id', '=', caseId)
      .where('state', '=', 'OPEN')
      .executeTakeFirstOrThrow()
    const retried = await (await cast.person('SYS_ADMIN')).command('POST', `/api/incidents/${incident}/retry`, { reason: '网关已恢复' })
    expect(retried.status).toBe(200)
    await learns(caseId, { state: 'SENT', delivery: 'DELIVERED' })
  }, 60_000)

  test('is asked for again when the gateway is away, and nothing is sent twice', async () => {
    await house.sandbox.script({ service: 'messages', operation: '/receipts', count: 2, behaviour: { kind: 'down' } })
    const caseId = await noticeSent('approved-price-differs')
    await learns(caseId, { delivery: 'DELIVERED' })
    const { caseNumber } = (await cast.see('INTAKE', caseId)).case
    const { messages } = (await (await fetch(house.sandbox.origin + sandboxPaths.messages)).json()) as {
      messages: { template: string; text: string }[]
    }
    expect(messages.filter(({ template, text }) => template === 'LOAN_SUPPLEMENT' && text.includes(caseNumber))).toHaveLength(1)
    const asked = await house.owner
      .selectFrom('outbox')
      .select('receipt_asks')
      .where('receipt_asks', '>', 0)
      .where('case_id', '=', caseId)
      .execute()
    expect(asked.length).toBeGreaterThan(0)
  }, 60_000)
})

describe('a delivery that is registered days later', () => {
  let caseId: string
  beforeAll(async () => {
    caseId = await noticeSent('approved-price-limits')
    expect((await (await cast.person('INTAKE')).command('POST', '/api/clock/advance', { to: '2025-11-06' })).status).toBe(200)
  }, 60_000)

  test.each([
    ['the day before the notice was issued', '2025-11-02', '不得早于'],
    ['tomorrow', '2025-11-07', '不得晚于'],
  ])('is not taken for %s', async (_when, day, words) => {
    expect(await delivers(caseId, '直接送达', day)).toMatchObject({ status: 409, body: { detail: expect.stringContaining(words) } })
  })

  test('makes the clock stand from the day of delivery, and the applicant’s time run from it', async () => {
    expect(await delivers(caseId, '直接送达', '2025-11-04')).toMatchObject({ status: 200 })
    const spans = await house.owner
      .selectFrom('clock_span')
      .select(['state', 'from_on', 'to_on'])
      .where('case_id', '=', caseId)
      .orderBy('seq')
      .execute()
    expect(spans.slice(-2)).toEqual([
      { state: 'RUNNING', from_on: '2025-11-03', to_on: '2025-11-04' },
      { state: 'PAUSED', from_on: '2025-11-04', to_on: null },
    ])
    const answer = await house.owner
      .selectFrom('deadline')
      .select('due_on')
      .where('case_id', '=', caseId)
      .where('code', '=', 'ANSWER_DUE')
      .executeTakeFirst()
    expect(answer?.due_on).toBe('2025-12-05')
    // Shown as the applicant's thirty days, the last of them included; the step's own time of the officers is not theirs.
    const { case: row, tasks } = await cast.see('INTAKE', caseId)
    expect(row).toMatchObject({ paused: true, dueOn: '2025-12-04', daysUnit: 'CALENDAR', daysLeft: 28 })
    expect(tasks.map(({ dueOn }) => dueOn)).toEqual([null])
  }, 30_000)
})

test('what a decision wanted goes with it when it is taken back', async () => {
  const caseId = await cast.accepted('approved-capacity-limits')
  const pass = { action: 'pass', wants: [{ item: '收入证明', reason: '未加盖单位公章' }] }
  await cast.decides('PRELIMINARY_REVIEWER', caseId, pass)
  await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'recall', opinion: '须再核对' })
  expect((await cast.see('PRELIMINARY_REVIEWER', caseId)).wants).toEqual([])
  await cast.decides('PRELIMINARY_REVIEWER', caseId, pass)
  expect((await cast.see('REVIEWER', caseId)).wants).toHaveLength(1)
})

test('and leaves the house in order', () => expectOrder(house), 60_000)

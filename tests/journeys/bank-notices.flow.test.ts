import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { armFaults } from '#db/fault.ts'
import { expectOrder } from '../setup/order.ts'
import { struckBy } from '../setup/struck-by.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

openJourneys()
afterEach(() => (armFaults(undefined), house.sandbox.clearScripts()))

const ORDERED_ON = '2025-11-03'

test('what it answers to a query is learnt although the worker fails on its way there or back, and is booked once', async () => {
  const caseId = await cast.readyToPay('approved-second-home')
  await house.sandbox.script({ service: 'bank', operation: '/payments/submit', behaviour: { kind: 'late', notices: 0 } })
  await Promise.all([struckBy('bank/payments/query.before-call#1=throw'), cast.pays(caseId)])
  const serial = await serialOf(caseId)
  // The answer that is lost is the one that would have settled it.
  const failing = struckBy('bank/payments/query.after-call#1=throw')
  await Promise.all([failing, house.sandbox.release(serial, ORDERED_ON), nudgedUntil(caseId, 'DISBURSED')])
  const { vouchers, payments } = await cast.see('CASHIER', caseId)
  expect([vouchers.length, payments.map(({ state }) => state)]).toEqual([1, ['SUCCEEDED']])
  expect(payments[0]?.events.filter(({ state }) => state === 'SUCCEEDED')).toMatchObject([{ source: 'query' }])
}, 120_000)

describe('what the bank tells of its own accord', () => {
  let caseId: string
  beforeAll(async () => {
    caseId = await cast.readyToPay('approved-single')
    await silentBank()
    await cast.pays(caseId)
    await nudgedUntil(caseId, 'PAY_UNKNOWN')
  }, 120_000)

  test('that it has accepted the order is no end of it: the money stays set aside, and nobody can ask for it again', async () => {
    await notice(caseId, 'phantom-acceptance')
    const { case: row, payments, actions } = await cast.see('CASHIER', caseId)
    expect(row.stage).toBe('PAY_UNKNOWN')
    expect(payments).toMatchObject([{ state: 'ACCEPTED', failure: null }])
    expect(actions.map(({ action }) => action)).not.toContain('request-release')
    expect(await reservationOf(caseId)).toBe('HELD')
    expect(await openIncidents(caseId)).toEqual([])
  }, 60_000)

  test('that it has accepted another amount is nobody’s order of ours', async () => {
    await notice(caseId, 'phantom-acceptance', { amountFen: '123' })
    expect(await openIncidents(caseId)).toEqual([['PAYMENT_CONTRADICTED', expect.stringContaining('受理的金额1.23元与本笔划款不符')]])
    expect(await reservationOf(caseId)).toBe('HELD')
  }, 60_000)

  test.each([
    ['before the order', '2025-11-02', `早于划款指令之日（${ORDERED_ON}）`],
    ['on a day that is still to come', '2025-11-04', `尚在今日（${ORDERED_ON}）之后`],
  ])(
    'that it has booked the payment %s is not believed, and nothing is posted',
    async (_when, businessDate, words) => {
      await notice(caseId, 'phantom-success', { businessDate })
      const { case: row, vouchers } = await cast.see('CASHIER', caseId)
      expect([row.stage, vouchers]).toEqual(['PAY_UNKNOWN', []])
      expect(await reservationOf(caseId)).toBe('HELD')
      expect((await openIncidents(caseId)).map(([, detail]) => detail)).toContainEqual(expect.stringContaining(words))
    },
    60_000,
  )

  test('what it has booked yesterday was paid yesterday: the loan and its interest begin then, and the voucher says so', async () => {
    await advanceTo('2025-11-05')
    await house.sandbox.release(await serialOf(caseId), '2025-11-04')
    await nudgedUntil(caseId, 'DISBURSED')
    const loan = await house.owner.selectFrom('loan').select(['disbursed_on']).where('case_id', '=', caseId).executeTakeFirstOrThrow()
    const account = await house.owner
      .selectFrom('loan_account')
      .select(['disbursed_on'])
      .where('case_id', '=', caseId)
      .executeTakeFirstOrThrow()
    expect([loan.disbursed_on, account.disbursed_on]).toEqual(['2025-11-04', '2025-11-04'])
    const { vouchers, payments } = await cast.see('CASHIER', caseId)
    expect(vouchers).toMatchObject([{ bookedOn: '2025-11-05', summary: '发放个人住房贷款（银行2025-11-04入账）' }])
    expect(payments[0]?.events.at(-1)).toMatchObject({ state: 'SUCCEEDED', detail: expect.stringContaining('2025-11-04入账') })
    const plan = await house.owner
      .selectFrom('paper')
      .select('input')
      .where('case_id', '=', caseId)
      .where('kind', '=', 'REPAYMENT_PLAN')
      .executeTakeFirstOrThrow()
    expect(plan.input).toContain('"disbursedOn":"2025-11-04"')
  }, 120_000)
})

test('and leaves the house in order', () => expectOrder(house), 60_000)

/** Takes the order, and neither answers queries nor gives a file: only its notices can tell. */
async function silentBank(): Promise<void> {
  await house.sandbox.script({ service: 'bank', operation: '/payments/submit', count: 100, behaviour: { kind: 'late', notices: 1 } })
  await house.sandbox.script({ service: 'bank', operation: '/payments/query', count: 10_000, behaviour: { kind: 'down' } })
}

type Kind = 'phantom-success' | 'phantom-acceptance'

/** A notice with nothing behind it arrives, and the case has taken it. */
async function notice(caseId: string, kind: Kind, differently: { amountFen?: string; businessDate?: string } = {}): Promise<void> {
  const [serial, amountFen] = [await serialOf(caseId), (await cast.see('CASHIER', caseId)).payments[0]?.amountFen ?? '']
  const before = (await noticeStates()).length
  await silentBank()
  const behaviour = { kind, serial, amountFen, businessDate: ORDERED_ON, ...differently }
  await house.sandbox.script({ service: 'bank', behaviour })
  await vi.waitFor(
    async () => {
      const states = await noticeStates()
      expect(states).toHaveLength(before + 1)
      expect(states).not.toContain('RECEIVED')
    },
    { timeout: 60_000, interval: 200 },
  )
}

const noticeStates = async () =>
  (await house.owner.selectFrom('machine_message').select('state').where('state', '<>', 'UNMATCHED').execute()).map(({ state }) => state)

const serialOf = async (caseId: string): Promise<string> => (await cast.see('CASHIER', caseId)).payments[0]?.paymentId.toUpperCase() ?? ''

const reservationOf = async (caseId: string) =>
  (
    await house.owner
      .selectFrom('reservation')
      .innerJoin('payment', 'payment.payment_id', 'reservation.payment_id')
      .select('reservation.state')
      .where('payment.case_id', '=', caseId)
      .executeTakeFirstOrThrow()
  ).state

async function openIncidents(caseId: string): Promise<[string, string][]> {
  const { rows } = await (
    await cast.person('CASHIER')
  ).get<{ rows: { kind: string; caseId: string | null; detail: string }[] }>('/api/incidents')
  return rows.filter((one) => one.caseId === caseId).map(({ kind, detail }) => [kind, detail])
}

async function advanceTo(to: string): Promise<void> {
  expect((await (await cast.person('INTAKE')).command('POST', '/api/clock/advance', { to })).status).toBe(200)
}

/** Somebody keeps asking, so that the pauses between the queries are not sat out. */
const nudgedUntil = (caseId: string, stage: string): Promise<void> =>
  vi.waitFor(
    async () => {
      await house.engine.lookAgain('loan', caseId)
      expect((await cast.see('CASHIER', caseId)).case.stage).toBe(stage)
    },
    { timeout: 90_000, interval: 200 },
  )

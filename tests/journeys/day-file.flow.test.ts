import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { DayFileFlaw } from '#contracts/machine/sandbox.ts'
import { armFaults } from '#db/fault.ts'
import { struckBy } from '../setup/struck-by.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

openJourneys()
afterEach(() => armFaults(undefined))
const cases: Record<'amount' | 'key' | 'twice' | 'result', string> = { amount: '', key: '', twice: '', result: '' }

beforeAll(async () => {
  await silenceBank()
  const stories = ['approved-single', 'approved-couple', 'approved-second-home', 'approved-many-children']
  for (const [index, name] of (Object.keys(cases) as (keyof typeof cases)[]).entries()) {
    cases[name] = await cast.readyToPay(stories[index] ?? '')
    await cast.pays(cases[name])
    await nudgedUntil(cases[name], 'PAY_UNKNOWN')
  }
}, 240_000)

describe('the bank’s day file, attached by the cashier', () => {
  test('does not settle by a line of another amount, and says both amounts', async () => {
    // That the worker fails on its way to the bank or back is no reason to say anything twice, or to leave it unsaid.
    const failing = struckBy('bank/day-files/2025-11-03.before-call#1=throw', 'bank/day-files/2025-11-03.after-call#1=throw')
    await Promise.all([failing, attach(cases.amount, 'OTHER_AMOUNT')])
    const said = await saidOf(cases.amount)
    expect(said.opinion).toMatch(
      /银行日终文件未能核定：第2行金额不符：银行所载[\d,]+\.01元，本笔划款[\d,]+\.00元，不予核定。划款结果不明，只可查询，不得重发/,
    )
    // Line by line with the payment itself, and before the cashier as the word that came with the case.
    expect(said.events).toEqual([
      expect.stringMatching(/^2025-11-03的日终文件（校验 [0-9a-f]{12}）共1行，其中0行为他笔划款、与记录一致$/),
      expect.stringMatching(/^第2行（本笔）：金额不符/),
      expect.stringMatching(/^未能核定：第2行金额不符/),
    ])
    expect(said.task).toContain('未能核定：第2行金额不符')
    expect(await openIncidents(cases.amount)).toEqual([
      ['DAY_FILE_UNSETTLED', expect.stringMatching(/^银行日终文件未能核定：第2行金额不符/)],
    ])
  }, 120_000)

  test('read again without news, it says the same thing once', async () => {
    const before = await saidOf(cases.amount)
    const queries = await queriesOf(cases.amount)
    await vi.waitFor(
      async () => {
        await house.engine.lookAgain('loan', cases.amount)
        expect(await queriesOf(cases.amount)).toBeGreaterThan(queries + 2)
      },
      { timeout: 60_000, interval: 250 },
    )
    expect((await saidOf(cases.amount)).events).toEqual(before.events)
  }, 90_000)

  test('does not settle by a serial that is nobody’s: the payment is missed in the file, and the line stands on the incidents page', async () => {
    await attach(cases.key, 'UNKNOWN_KEY')
    const { opinion, events } = await saidOf(cases.key)
    expect(opinion).toContain('未能核定：2025-11-03的文件中没有本笔划款')
    expect(events).toEqual(
      expect.arrayContaining([expect.stringMatching(/^第\d行（流水号 GHOST-\w{8}）：流水号不是本中心的划款（[\d,]+\.00元，划款成功/)]),
    )
    const rows = await incidents('CASHIER')
    const ghost = rows.find(({ kind }) => kind === 'DAY_FILE_UNMATCHED')
    expect(ghost?.detail).toMatch(/^2025-11-03的银行日终文件第\d行：流水号不是本中心的划款/)
    expect(ghost?.caseId).toBeNull()
  }, 120_000)

  test('does not settle by two lines that differ', async () => {
    await attach(cases.twice, 'TWICE')
    const { opinion, events } = await saidOf(cases.twice)
    expect(opinion).toMatch(/未能核定：第\d+、\d+行的流水号相同而内容不一，不予采信/)
    expect(events.filter((one) => /^第\d+行（本笔）：与同一流水号的他行内容不一，不予采信$/.test(one))).toHaveLength(2)
    // The other payments of the file are told as well: theirs to settle, not this case's.
    expect(events.filter((one) => one.includes('属另案结果不明的划款')).length).toBeGreaterThan(0)
  }, 120_000)

  test('that the bank does not give is told as that', async () => {
    await house.sandbox.script({ service: 'bank', operation: '/day-files', count: 1_000, instead: true, behaviour: { kind: 'down' } })
    await askAgain(cases.twice)
    expect((await saidOf(cases.twice)).opinion).toContain('未能核定：2025-11-03的文件未能取得（银行无应答）')
  }, 120_000)

  test('settles as soon as it is right, whenever it is read, and the trouble is over; a worker that fails at it settles once', async () => {
    await rightFile()
    const failing = struckBy('day-file-taken.before-commit#1=throw', 'day-file-taken.after-commit#1=throw')
    await Promise.all([failing, nudgedUntil(cases.twice, 'DISBURSED')])
    const { vouchers, payments } = await cast.see('CASHIER', cases.twice)
    expect([vouchers.length, payments.map(({ state }) => state)]).toEqual([1, ['SUCCEEDED']])
    const { events } = await saidOf(cases.twice)
    expect(events.filter((one) => /^第\d行（本笔）：据此核定为划款成功，银行流水 B-/.test(one))).toHaveLength(1)
    expect(await openIncidents(cases.twice)).toEqual([])
  }, 120_000)

  test('that says otherwise of a payment settled before turns nothing, and says of which and why', async () => {
    await attach(cases.result, 'OTHER_RESULT', 'PAY_FAILED')
    expect((await cast.see('CASHIER', cases.twice)).payments).toMatchObject([{ state: 'SUCCEEDED' }])
    expect(await openIncidents(cases.twice)).toEqual([
      ['PAYMENT_CONTRADICTED', expect.stringMatching(/第\d行：结果矛盾：本笔已核定为划款成功，银行又称划款失败：收款银行拒收，原结果不变/)],
    ])
  }, 120_000)

  test('one booked on a later day is found in the file of that day', async () => {
    const caseId = await cast.readyToPay('approved-price-limits')
    await rightFile()
    await cast.pays(caseId)
    await nudgedUntil(caseId, 'PAY_UNKNOWN')
    const moved = await (await cast.person('INTAKE')).command('POST', '/api/clock/advance', { to: '2025-11-05' })
    expect(moved.status).toBe(200)
    await house.sandbox.release(await serialOf(caseId), '2025-11-04')
    await cast.decides('CASHIER', caseId, { action: 'attach-day-file', opinion: '已与银行核对' })
    await nudgedUntil(caseId, 'DISBURSED')
    expect((await saidOf(caseId)).events[0]).toMatch(/^2025-11-04的日终文件/)
  }, 180_000)
})

/** The bank takes the orders and answers no query, from the first order on: nothing but the day file can tell. */
async function silenceBank(): Promise<void> {
  const late = { service: 'bank' as const, operation: '/payments/submit', count: 1_000, behaviour: { kind: 'late' as const, notices: 0 } }
  await house.sandbox.script(late)
  await house.sandbox.script({ service: 'bank', operation: '/payments/query', count: 10_000, behaviour: { kind: 'down' } })
}

/** What was wrong with the file is over. The bank is not let speak for a moment: the house is asking all the time. */
const rightFile = (): Promise<void> => house.sandbox.clearScripts('/day-files')

/** The bank books the payment, its file is wrong, and the cashier attaches it. */
async function attach(caseId: string, flaw: DayFileFlaw, until = 'PAY_UNKNOWN'): Promise<void> {
  await house.sandbox.script({
    service: 'bank',
    operation: '/day-files',
    count: 10_000,
    instead: true,
    behaviour: { kind: 'day-file', flaw },
  })
  await house.sandbox.release(await serialOf(caseId), '2025-11-03')
  await askAgain(caseId, until)
}

/** Whom the house has forestalled, with what it found out itself a moment ago, looks again and attaches it then. */
async function askAgain(caseId: string, until = 'PAY_UNKNOWN'): Promise<void> {
  const attached = () => cast.decides('CASHIER', caseId, { action: 'attach-day-file', opinion: '已与银行核对日终文件' })
  await vi.waitFor(attached, { timeout: 20_000, interval: 200 })
  await nudgedUntil(caseId, until)
}

const serialOf = async (caseId: string): Promise<string> => (await cast.see('CASHIER', caseId)).payments[0]?.paymentId.toUpperCase() ?? ''

/** What the screens say of the file: on the timeline, with the payment, and before the cashier. */
async function saidOf(caseId: string) {
  const { timeline, payments, case: row } = await cast.see('CASHIER', caseId)
  return {
    opinion: timeline.findLast(({ kind }) => kind === 'MACHINE')?.opinion ?? '',
    events: payments[0]?.events.filter(({ source }) => source === 'day-file').map(({ detail }) => detail ?? '') ?? [],
    task: row.previousOpinion ?? '',
  }
}

const queriesOf = async (caseId: string): Promise<number> =>
  (await house.owner.selectFrom('payment').select('queries').where('case_id', '=', caseId).executeTakeFirstOrThrow()).queries

interface IncidentRow {
  readonly kind: string
  readonly caseId: string | null
  readonly detail: string
}

const incidents = async (post: string): Promise<readonly IncidentRow[]> =>
  (await (await cast.person(post)).get<{ rows: readonly IncidentRow[] }>('/api/incidents')).rows

const openIncidents = async (caseId: string) =>
  (await incidents('CASHIER')).filter((one) => one.caseId === caseId).map(({ kind, detail }) => [kind, detail])

/** Somebody keeps asking, so that the pauses between the queries are not sat out. */
const nudgedUntil = (caseId: string, stage: string): Promise<void> =>
  vi.waitFor(
    async () => {
      await house.engine.lookAgain('loan', caseId)
      await (await cast.person('CASHIER')).waitFor(caseId, [stage], 400)
    },
    { timeout: 90_000, interval: 50 },
  )

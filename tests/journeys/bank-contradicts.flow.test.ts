import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { replayVerdict } from '#activities/loan/replay.ts'
import { checkAll, type CheckOptions } from '#db/checks/check-all.ts'
import { stages } from '#db/checks/busy-city.fixture.ts'
import { smallCity } from '../setup/city.ts'
import { startHouse, type House } from '../setup/house.ts'
import { LoanCast } from './loan-cast.ts'

let house: House
let cast: LoanCast
beforeAll(async () => {
  house = await startHouse({ seed: smallCity() })
  cast = new LoanCast(house)
}, 60_000)
afterAll(() => house.end())
afterEach(() => house.sandbox.clearScripts())

const submits = (behaviour: object) => house.sandbox.script({ service: 'bank', operation: '/payments/submit', behaviour } as never)

/** The payment asked for anew. */
async function asksAgain(caseId: string): Promise<void> {
  await cast.decides('DISBURSEMENT', caseId, { action: 'request-release', opinion: '账户已核对，重新申请划款' })
  await cast.reaches('DISBURSEMENT', caseId, 'RELEASE_REQUESTED')
}
/** Made by a cashier whose one-time code is a fresh one. */
async function pays(caseId: string, ...stages: string[]): Promise<void> {
  await house.owner.deleteFrom('spent_one_time_code').execute()
  await cast.pays(caseId)
  await cast.reaches('CASHIER', caseId, ...stages)
}

const paymentsOf = (caseId: string) =>
  house.owner
    .selectFrom('payment')
    .select(['payment_id', 'state', 'amount_fen'])
    .where('case_id', '=', caseId)
    .orderBy('payment_no')
    .execute()
const serialOf = ({ payment_id }: { payment_id: string }): string => payment_id.toUpperCase()

interface Row {
  readonly id: string
  readonly kind: string
  readonly caseId: string | null
  readonly detail: string
  readonly mayHandle: boolean
  readonly handled: { readonly by: string; readonly reason: string } | null
}
const incidents = async (post: string, caseId: string | null, state = 'OPEN'): Promise<Row[]> =>
  (await (await cast.person(post)).get<{ rows: Row[] }>(`/api/incidents?state=${state}`)).rows.filter((row) => row.caseId === caseId)
const raised = (caseId: string | null, count = 1): Promise<Row[]> =>
  vi.waitFor(
    async () => {
      const rows = await incidents('RISK', caseId)
      expect(rows.length).toBe(count)
      return rows
    },
    { timeout: 30_000, interval: 150 },
  )
const handle = async (post: string, incident: Row | undefined, how: 'settle' | 'retry') =>
  (await cast.person(post)).command('POST', `/api/incidents/${incident?.id}/${how}`, { reason: '已与银行核对流水，确认未到账' })

/** What is wrong with the whole house once it has come to rest, by the names of the questions. */
async function wrongAtRest(expected: readonly string[]): Promise<void> {
  await vi.waitFor(
    async () => {
      const bankPayments = (await house.sandbox.payments()).map((one) => ({ ...one, amountFen: BigInt(one.amountFen) }))
      const options: CheckOptions = { stages, bankPayments, replay: replayVerdict, openWorkflows: () => running() }
      const found = await checkAll(house.owner, options)
      expect(found.map(({ invariant, what }) => `${invariant} ${what}`)).toEqual(expected)
    },
    { timeout: 40_000, interval: 300 },
  )
}
async function running(): Promise<string[]> {
  const ids: string[] = []
  for await (const { kind, caseId } of house.engine.listRunning()) ids.push(`${kind}/${caseId}`)
  return ids
}

describe('a bank that takes back what it has said', () => {
  test('of a loan that was paid out, or of an earlier payment of it: nothing flips, and each word stands on the incidents page', async () => {
    const caseId = await cast.readyToPay('approved-couple')
    await submits({ kind: 'failure' })
    await pays(caseId, 'PAY_FAILED')
    await asksAgain(caseId)
    await pays(caseId, 'DISBURSED')
    const [failed, paid] = await paymentsOf(caseId)
    if (!failed || !paid) throw new Error('it was paid at the second time')
    await wrongAtRest([])

    const phantom = {
      kind: 'phantom-success',
      serial: serialOf(failed),
      amountFen: String(failed.amount_fen),
      businessDate: '2025-11-03',
    } as const
    await house.sandbox.script({ service: 'bank', behaviour: phantom })
    const [first] = await raised(caseId)
    expect(first).toMatchObject({
      kind: 'PAYMENT_CONTRADICTED',
      detail: expect.stringMatching(/^银行通知：结果矛盾：本笔已核定为划款失败/),
    })
    await house.sandbox.script({
      service: 'bank',
      behaviour: { ...phantom, serial: serialOf(paid), amountFen: String(paid.amount_fen + 1n) },
    })
    const [second] = await raised(caseId, 2)
    expect(second?.detail).toMatch(/^银行通知：金额不符/)
    expect((await paymentsOf(caseId)).map(({ state }) => state)).toEqual(['FAILED', 'SUCCEEDED'])
    expect((await cast.see('CASHIER', caseId)).case.stage).toBe('DISBURSED')
    await wrongAtRest([])
  }, 120_000)

  test('by sending the money back after it was booked', async () => {
    const caseId = await cast.readyToPay('approved-second-home')
    await submits({ kind: 'sent-back' })
    await pays(caseId, 'DISBURSED')
    const [paid] = await paymentsOf(caseId)
    if (!paid) throw new Error('it was paid')
    await house.sandbox.release(serialOf(paid))
    expect((await raised(caseId))[0]?.detail).toMatch(/^银行通知：结果矛盾：本笔已核定为划款成功，银行又称划款失败/)
    // The books still have a loan whose money is back at the bank: that is what somebody must look into.
    await wrongAtRest([BANK_DIFFERS, SUMS_DIFFER])
  }, 120_000)

  test('by paying after all: the loan is not paid a second time before somebody apart from case and machines has settled it', async () => {
    const caseId = await cast.readyToPay('approved-single')
    await submits({ kind: 'contradictory' })
    await pays(caseId, 'PAY_FAILED')
    const [failed] = await paymentsOf(caseId)
    if (!failed) throw new Error('it was tried')
    await house.sandbox.release(serialOf(failed))
    const [incident] = await raised(caseId)

    await asksAgain(caseId)
    const why = '银行对本案此前划款的说法与记录矛盾'
    expect(await obstaclesOfPay(caseId)).toContain(why)
    await house.owner.deleteFrom('spent_one_time_code').execute()
    const oneTimeCode = await cast.freshCode('CASHIER')
    const refused = await (await cast.person('CASHIER')).decide(caseId, { action: 'pay', oneTimeCode })
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining(why) } })
    expect(await paymentsOf(caseId)).toHaveLength(1)

    expect(await handle('SYS_ADMIN', incident, 'settle')).toMatchObject({ status: 403 })
    expect(await handle('RISK', incident, 'retry')).toMatchObject({ status: 409 })
    expect(await obstaclesOfPay(caseId), 'a retry of nothing settles nothing').toContain(why)
    expect(await handle('RISK', incident, 'settle')).toMatchObject({ status: 200 })
    expect(await obstaclesOfPay(caseId)).not.toContain(why)
    expect((await incidents('RISK', caseId, 'CLOSED'))[0]?.handled).toMatchObject({ reason: '已与银行核对流水，确认未到账' })
  }, 120_000)

  test('or speaks of a payment that nobody here has ordered', async () => {
    const serial = 'GHOST-20251103-0001'
    await house.sandbox.script({
      service: 'bank',
      behaviour: { kind: 'phantom-success', serial, amountFen: '100', businessDate: '2025-11-03' },
    })
    const told = () =>
      house.owner
        .selectFrom('incident')
        .innerJoin('org', 'org.org_id', 'incident.org_id')
        .select(['incident_id', 'incident.state', 'org.name'])
        .where('detail', 'like', `%${serial}%`)
        .executeTakeFirst()
    await vi.waitFor(async () => expect(await told()).toMatchObject({ state: 'OPEN' }), { timeout: 30_000, interval: 150 })
    const [incident, reason] = [await told(), '银行已更正，系错发']
    // Where somebody can do something about it.
    const answer = await (
      await house.as('RISK', incident?.name)
    ).command('POST', `/api/incidents/${incident?.incident_id}/settle`, { reason })
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    expect(await told()).toMatchObject({ state: 'CLOSED' })
  }, 60_000)
})

const BANK_DIFFERS = 'I3 银行的付款与本中心的划款不符'
const SUMS_DIFFER = 'I3 银行付出的总额，不等于账上放款的总额加结果未明而银行已付的总额'

/** What the cashier reads on the button. */
async function obstaclesOfPay(caseId: string): Promise<string> {
  const { actions } = await cast.see('CASHIER', caseId)
  return JSON.stringify(actions.find(({ action }) => action === 'pay'))
}

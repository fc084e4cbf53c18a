import { afterEach, describe, expect, test, vi } from 'vitest'
import { replayVerdict } from '#activities/loan/replay.ts'
import { armFaults } from '#db/fault.ts'
import { checkAll, type CheckOptions } from '#db/checks/check-all.ts'
import { stages } from '#db/checks/busy-city.fixture.ts'
import { amongRelatives, denied, findsPastTheRule, timesDisputed, whileClaimed, whileSetAside } from './bank-contradicts-acts.ts'
import { struckBy } from '../setup/struck-by.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

openJourneys()
afterEach(() => (armFaults(undefined), house.sandbox.clearScripts()))

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
  readonly claim: { readonly claim: string; readonly against: readonly string[] } | null
  readonly finding: {
    readonly state: string
    readonly by: string
    readonly decided: { readonly by: string | null; readonly remark: string } | null
  } | null
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

/** Somebody of risk management has found that the bank was right, with its reference and its day. */
const finds = async (incident: Row | undefined, claim: 'PAID' | 'RETURNED', bankDay = '2025-11-03') =>
  (await cast.person('RISK')).command('POST', `/api/incidents/${incident?.id}/findings`, {
    claim,
    bankReference: 'B-20251103-77',
    bankDay,
    reason: '已调取银行对账单核对',
  })

/** The cashier, with a one-time code that is a fresh one. */
async function decidesFinding(caseId: string, action: string): Promise<{ status: number; body: unknown }> {
  await house.owner.deleteFrom('spent_one_time_code').execute()
  const oneTimeCode = await cast.freshCode('CASHIER')
  return (await cast.person('CASHIER')).decide(caseId, { action, opinion: '已与对账单核对', oneTimeCode })
}

const offered = async (post: string, caseId: string, action: string) =>
  (await cast.see(post, caseId)).actions.find((one) => one.action === action)

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
  test('of a payment that failed: nobody pays, grants anew or ends before somebody apart from case and machines has settled it', async () => {
    const caseId = await cast.readyToPay('approved-couple')
    await submits({ kind: 'failure' })
    await pays(caseId, 'PAY_FAILED')
    const [failed] = await paymentsOf(caseId)
    if (!failed) throw new Error('it was tried')
    await phantom(failed)
    const [incident] = await raised(caseId)
    expect(incident).toMatchObject({
      kind: 'PAYMENT_CONTRADICTED',
      detail: expect.stringMatching(/^银行通知：结果矛盾：本笔已核定为划款失败/),
      claim: { claim: 'PAID', against: [] },
    })

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
    await pays(caseId, 'DISBURSED')

    // The same said once more is a double payment now, and is never booked: the question stays until the money is back.
    await phantom(failed)
    const [again] = await raised(caseId)
    expect(again?.claim).toMatchObject({
      claim: 'PAID',
      against: [expect.stringMatching(/第2笔划款已经成功.*重复付款/), expect.any(String)],
    })
    expect(await finds(again, 'PAID')).toMatchObject({ status: 409, body: { detail: expect.stringMatching(/重复付款，不得补记/) } })
    await findsPastTheRule(again?.id)
    expect((await incidents('RISK', caseId))[0]?.finding?.decided).toMatchObject({ by: null, remark: expect.stringContaining('重复付款') })
    const [, paid] = await paymentsOf(caseId)
    await phantom(paid, 1n)
    const told = await raised(caseId, 2)
    expect(told.find(({ detail }) => detail.startsWith('银行通知：金额不符'))).toMatchObject({ claim: null })
    expect((await paymentsOf(caseId)).map(({ state }) => state)).toEqual(['FAILED', 'SUCCEEDED'])
    expect((await cast.see('CASHIER', caseId)).case.stage).toBe('DISBURSED')
    await wrongAtRest([])
  }, 180_000)

  test('by sending the money back after it was booked: two people take the loan off the books, and it is paid anew', async () => {
    const caseId = await cast.readyToPay('approved-second-home')
    await submits({ kind: 'sent-back' })
    await pays(caseId, 'DISBURSED')
    const [paid] = await paymentsOf(caseId)
    if (!paid) throw new Error('it was paid')
    await house.sandbox.release(serialOf(paid))
    const [incident] = await raised(caseId)
    expect(incident?.detail).toMatch(/^银行通知：结果矛盾：本笔已核定为划款成功，银行又称划款失败/)
    // The books still have a loan whose money is back at the bank: that is what somebody must look into.
    await wrongAtRest([BANK_DIFFERS, SUMS_DIFFER])

    expect(await finds(incident, 'RETURNED', '2025-11-02')).toMatchObject({ status: 422, body: { errors: [{ pointer: '#/bankDay' }] } })
    // Whoever applies meanwhile for the same home comes first: the case is not opened beside theirs.
    await whileClaimed(caseId, async () => {
      expect(await finds(incident, 'RETURNED')).toMatchObject({ status: 200 })
      await denied(caseId)
    })
    expect((await incidents('RISK', caseId))[0]?.finding?.decided?.remark).toContain('另有在办的贷款申请')
    expect((await cast.see('CASHIER', caseId)).case).toMatchObject({ stage: 'DISBURSED', open: false })
    expect(await finds(incident, 'RETURNED')).toMatchObject({ status: 200 })
    await cast.reaches('CASHIER', caseId, 'PAY_DISPUTED')
    expect(await offered('CASHIER', caseId, 'confirm-paid')).toMatchObject({ allowed: false })
    expect(await decidesFinding(caseId, 'confirm-returned')).toMatchObject({ status: 200 })
    await cast.reaches('DISBURSEMENT', caseId, 'PAY_FAILED')
    const { vouchers, payments } = await cast.see('CASHIER', caseId)
    const [release, reversal] = vouchers
    expect(reversal?.summary).toBe(`红字冲销 ${release?.voucherNumber}：银行2025-11-03退汇`)
    expect(reversal?.postings.map(({ debitFen, creditFen }) => [creditFen, debitFen])).toEqual(
      release?.postings.map(({ debitFen, creditFen }) => [debitFen, creditFen]),
    )
    expect(payments).toMatchObject([
      { state: 'FAILED', failure: '款项已被退回（退汇）', findings: [{ state: 'DENIED' }, { state: 'CONFIRMED' }] },
    ])
    expect(await loansOf(caseId)).toEqual([{ state: 'RETURNED', balance_fen: 0n }])
    expect(await incidents('RISK', caseId)).toEqual([])

    await asksAgain(caseId)
    await pays(caseId, 'DISBURSED')
    expect(await loansOf(caseId)).toEqual([
      { state: 'NORMAL', balance_fen: paid.amount_fen },
      { state: 'RETURNED', balance_fen: 0n },
    ])
    await wrongAtRest([])
  }, 240_000)

  test('by paying after all: one person finds it, another confirms it, and it is booked like any other', async () => {
    const caseId = await cast.readyToPay('approved-single')
    await submits({ kind: 'contradictory' })
    await pays(caseId, 'PAY_FAILED')
    const [failed] = await paymentsOf(caseId)
    if (!failed) throw new Error('it was tried')
    await house.sandbox.release(serialOf(failed))
    const [incident] = await raised(caseId)
    await asksAgain(caseId)

    expect(await finds(incident, 'RETURNED')).toMatchObject({ status: 409 })
    await amongRelatives(caseId, async () =>
      expect(await finds(incident, 'PAID')).toMatchObject({ status: 409, body: { code: 'RECUSAL' } }),
    )
    const failing = struckBy('finding-taken-up.before-commit#1=throw', 'finding-taken-up.after-commit#1=throw')
    expect(await finds(incident, 'PAID')).toMatchObject({ status: 200 })
    await Promise.all([failing, cast.reaches('CASHIER', caseId, 'PAY_DISPUTED')])
    expect(await timesDisputed(caseId), 'however often a worker failed at it').toBe(1)
    const finder = house.logins.people.find(({ staffNumber }) => staffNumber === cast.numberOf('RISK'))?.name
    expect(await incidents('CASHIER', caseId)).toMatchObject([{ mayHandle: false, finding: { state: 'FOUND', by: finder } }])
    expect(await finds(incident, 'PAID')).toMatchObject({ status: 409 })
    expect(await handle('RISK', incident, 'settle'), 'what awaits another is not settled past them').toMatchObject({ status: 409 })
    expect((await cast.see('CASHIER', caseId)).case.previousOpinion).toContain(
      `${finder}认定银行确已付款（银行流水 B-20251103-77，2025-11-03入账）`,
    )

    // Not believed: the case is where it was, the money stays where it is, and the question is asked again.
    await cast.decides('CASHIER', caseId, { action: 'deny-paid', opinion: '对账单不清晰，请重新调取' })
    await cast.reaches('DISBURSEMENT', caseId, 'PAY_FAILED')
    expect(await incidents('RISK', caseId)).toMatchObject([{ mayHandle: true, finding: { state: 'DENIED' } }])
    expect(await offered('DISBURSEMENT', caseId, 'request-release')).toMatchObject({ allowed: true })
    expect(await finds(incident, 'PAID')).toMatchObject({ status: 200 })
    await cast.reaches('CASHIER', caseId, 'PAY_DISPUTED')
    const own = house.owner.updateTable('payment_finding').where('state', '=', 'FOUND')
    await expect(
      own.set((eb) => ({ state: 'DENIED', decided_by: eb.ref('found_by'), decided_at: '2025-11-03T08:00:00Z' })).execute(),
    ).rejects.toMatchObject({ constraint: 'payment_finding_four_eyes' })
    await whileSetAside(failed.amount_fen, async () =>
      expect(await decidesFinding(caseId, 'confirm-paid')).toMatchObject({
        status: 409,
        body: { detail: expect.stringContaining('可用余额不足以补记') },
      }),
    )
    const without = await (await cast.person('CASHIER')).decide(caseId, { action: 'confirm-paid', opinion: '已核对' })
    expect(without).toMatchObject({ status: 403, body: { code: 'STEP_UP_NEEDED' } })
    expect(await decidesFinding(caseId, 'confirm-paid')).toMatchObject({ status: 200 })
    await cast.reaches('CASHIER', caseId, 'DISBURSED')

    const { vouchers, payments, papers } = await cast.see('CASHIER', caseId)
    expect(vouchers).toMatchObject([{ summary: '发放个人住房贷款' }])
    expect(payments).toMatchObject([{ state: 'SUCCEEDED', bankReference: 'B-20251103-77', failure: null }])
    expect(papers.map(({ kind }) => kind)).toContain('REPAYMENT_PLAN')
    expect(await loansOf(caseId)).toEqual([{ state: 'NORMAL', balance_fen: failed.amount_fen }])
    expect((await incidents('RISK', caseId, 'CLOSED')).map(({ finding }) => finding?.state)).toEqual(['CONFIRMED'])
    await wrongAtRest([])
  }, 240_000)

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

const loansOf = (caseId: string) =>
  house.owner.selectFrom('loan_account').select(['state', 'balance_fen']).where('case_id', '=', caseId).orderBy('state').execute()

/** A notice of success with nothing behind it. */
const phantom = async (payment: { payment_id: string; amount_fen: bigint } | undefined, moreFen = 0n): Promise<void> => {
  if (!payment) throw new Error('there is no such payment')
  const amountFen = String(payment.amount_fen + moreFen)
  await house.sandbox.script({
    service: 'bank',
    behaviour: { kind: 'phantom-success', serial: serialOf(payment), amountFen, businessDate: '2025-11-03' },
  })
}

const BANK_DIFFERS = 'I3 银行的付款与本中心的划款不符'
const SUMS_DIFFER = 'I3 银行付出的总额，不等于账上放款的总额加结果未明而银行已付的总额'

/** What the cashier reads on the button. */
async function obstaclesOfPay(caseId: string): Promise<string> {
  const { actions } = await cast.see('CASHIER', caseId)
  return JSON.stringify(actions.find(({ action }) => action === 'pay'))
}

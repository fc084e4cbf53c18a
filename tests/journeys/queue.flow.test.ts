import { beforeAll, expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { parameterRow } from '#db/write/founding.ts'
import { expectOrder } from '../setup/order.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

openJourneys()
let [earlier, later] = ['', '']

beforeAll(async () => {
  // Approved in this order, both to be paid from the account at the same bank.
  earlier = await cast.secured('approved-couple')
  await house.owner
    .updateTable('loan')
    .set({ approved_on: plainDate('2025-11-02') })
    .where('case_id', '=', earlier)
    .execute()
  later = await cast.secured('approved-single')
}, 120_000)

const approvedFen = async (caseId: string): Promise<bigint> => {
  const loan = await house.owner.selectFrom('loan').select('approved_fen').where('case_id', '=', caseId).executeTakeFirstOrThrow()
  return loan.approved_fen ?? 0n
}

/** The centre keeps so much on the account that this is left to lend: nobody's balance is touched. */
async function leaves(fen: bigint): Promise<void> {
  const account = await house.owner
    .selectFrom('ledger_balance')
    .innerJoin('bank_account', 'bank_account.bank_account_id', 'ledger_balance.sub_account')
    .innerJoin('loan', 'loan.bank_org_id', 'bank_account.bank_org_id')
    .select(['ledger_balance.amount_fen', 'ledger_balance.reserved_fen'])
    .where('loan.case_id', '=', earlier)
    .where('bank_account.reporting_entity', '=', 'xinxiang')
    .where('bank_account.ledger_code', 'like', '101%')
    .orderBy('bank_account_id')
    .executeTakeFirstOrThrow()
  const floorFen = account.amount_fen - account.reserved_fen - fen
  await house.owner.deleteFrom('parameter').where('key', '=', 'releaseFloorFen').where('source', '=', '测试文件').execute()
  const own = { scope: 'xinxiang', standing: 'PUBLISHED', source: '测试文件', article: '第一条' } as const
  const floor = { ...own, key: 'releaseFloorFen', effectiveOn: plainDate('2025-11-01'), value: String(floorFen) }
  await house.owner.insertInto('parameter').values(parameterRow(floor)).execute()
}

const asksForMoney = async (caseId: string): Promise<string> => {
  await cast.decides('DISBURSEMENT', caseId, { action: 'request-release' })
  return cast.reaches('DISBURSEMENT', caseId, 'QUEUED', 'RELEASE_REQUESTED', 'RELEASE_HELD')
}
const admission = async (caseId: string) => (await cast.see('TREASURY', caseId)).actions.find(({ action }) => action === 'admit')
const words = async (caseId: string): Promise<string> => (await admission(caseId))?.obstacles.map(({ text }) => text).join() ?? ''

test('a case that may be paid waits when the account would fall below its floor, and the officer reads why', async () => {
  await leaves((await approvedFen(later)) - 1n)
  expect(await asksForMoney(later)).toBe('QUEUED')
  const waiting = await cast.see('TREASURY', later)
  expect(waiting.verdicts.find(({ kind }) => kind === 'RELEASE_CHECK')).toMatchObject({ outcome: 'approved' })
  expect(waiting.case.previousOpinion).toMatch(/资金不足：专户可用余额.*本笔需.*划款后须保留/)
  expect(await admission(later)).toMatchObject({ allowed: false, obstacles: [{ text: expect.stringContaining('轮候第1位，资金不足') }] })
  const refused = await (await cast.person('TREASURY')).decide(later, { action: 'admit' })
  expect(refused).toMatchObject({ status: 409, body: { code: 'RULES_REFUSE', detail: expect.stringContaining('资金不足') } })
}, 60_000)

test('one approved earlier goes before it, although it came to the queue later', async () => {
  expect(await asksForMoney(earlier)).toBe('QUEUED')
  expect(await words(earlier)).toContain('轮候第1位')
  expect(await words(later)).toContain('轮候第2位，按批准日期前面还有1件')
}, 60_000)

test('money for the smaller one alone does not let it pass the one before it', async () => {
  const [small, large] = [await approvedFen(later), await approvedFen(earlier)]
  expect(small).toBeLessThan(large)
  await leaves(small)
  expect(await admission(earlier)).toMatchObject({ allowed: false })
  expect(await (await cast.person('TREASURY')).decide(later, { action: 'admit' })).toMatchObject({
    status: 409,
    body: { code: 'RULES_REFUSE' },
  })
})

test('with money for one the first is admitted, and what it has asked for is gone for the next', async () => {
  await leaves(await approvedFen(earlier))
  await cast.decides('TREASURY', earlier, { action: 'admit' })
  expect(await cast.reaches('TREASURY', earlier, 'RELEASE_REQUESTED', 'QUEUED', 'RELEASE_HELD')).toBe('RELEASE_REQUESTED')
  expect(await words(later)).toMatch(/轮候第1位，资金不足.*其中他案已申请放款/)
  await cast.pays(earlier)
  expect(await cast.reaches('CASHIER', earlier, 'DISBURSED', 'PAY_FAILED', 'PAY_UNKNOWN')).toBe('DISBURSED')
}, 60_000)

test('the cashier is refused what would take the account below its floor', async () => {
  await leaves(await approvedFen(later))
  await cast.decides('TREASURY', later, { action: 'admit' })
  expect(await cast.reaches('TREASURY', later, 'RELEASE_REQUESTED', 'QUEUED', 'RELEASE_HELD')).toBe('RELEASE_REQUESTED')
  await leaves((await approvedFen(later)) - 1n)
  const cashiers = house.logins.people.filter(({ posts }) => posts.includes('CASHIER'))
  const cashier = await house.signIn(cashiers[1]?.staffNumber ?? cast.numberOf('CASHIER'))
  const code = await cashier.send('POST', '/api/demo/one-time-code', { staffNumber: cashiers[1]?.staffNumber ?? cast.numberOf('CASHIER') })
  const answer = await cashier.decide(later, { action: 'pay', oneTimeCode: (code.body as { oneTimeCode: string }).oneTimeCode })
  expect(answer).toMatchObject({ status: 409, body: { code: 'RULES_REFUSE', detail: expect.stringContaining('最低保留余额') } })
}, 60_000)

test('and leaves the house in order', () => expectOrder(house), 60_000)

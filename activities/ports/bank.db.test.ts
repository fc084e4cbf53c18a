import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import type { PaymentOrder } from '#contracts/machine/bank.ts'
import type { Behaviour } from '#contracts/machine/sandbox.ts'
import { fen } from '#contracts/money.ts'
import { openNoticeDesk, type NoticeDesk } from '#sandbox/notice-desk.ts'
import { newMachineKeys, spawnSandbox, type SpawnedSandbox } from '#sandbox/spawned.ts'
import { testDatabase, type TestDatabase } from '../../tests/setup/database.ts'
import { downloadDayFile, queryPayment, signingCheck, submitPayment } from './bank.ts'

const keys = newMachineKeys()
const today = plainDate('2025-11-03')
const amountFen = fen(65_000_000n)
const fund = { accountNo: '4100001702001', ownerName: '新乡市住房公积金管理中心', bankName: '中国建设银行新乡分行' }
const developer = { accountNo: '4100001702999', ownerName: '新乡某置业有限公司', bankName: '中国银行新乡分行' }

let database: TestDatabase
let sandbox: SpawnedSandbox
let centre: NoticeDesk
let asked = 0

const head = (businessDate = today) => ({ requestId: `question-${(asked += 1)}`, businessDate, authorisationRef: 'ORDER-2025-0001' })
const order = (serial: string, change: Partial<PaymentOrder> = {}): PaymentOrder => ({
  ...head(),
  serial,
  businessType: 'LOAN_RELEASE',
  settlement: 'OTHER_BANK_REAL_TIME',
  amountFen,
  currency: 'CNY',
  payer: fund,
  payee: developer,
  summary: '公积金贷款放款',
  ...change,
})
const submit = (serial: string, change?: Partial<PaymentOrder>, timeoutMs?: number) =>
  submitPayment(sandbox.portTo('bank', timeoutMs), order(serial, change))
const query = (serial: string, businessDate = today) =>
  queryPayment(sandbox.portTo('bank'), { ...head(businessDate), serial, amountFen, currency: 'CNY' })
const stateOf = async (serial: string, businessDate = today) => (await query(serial, businessDate)).result.state
const atBank = async (serial: string) => (await sandbox.payments()).find((payment) => payment.serial === serial)
const script = (behaviour: Behaviour, match: string) => sandbox.script({ service: 'bank', match, operation: '/payments/submit', behaviour })

beforeAll(async () => {
  database = await testDatabase()
  centre = await openNoticeDesk(keys)
  sandbox = await spawnSandbox(database.ownerUrl, keys, centre.origin)
  await sandbox.load({
    accounts: [
      { accountNo: '6217000000000001', ownerName: '张建国', bankName: '中国建设银行', state: 'ACTIVE', debitAgreement: true },
      { accountNo: '6217000000000002', ownerName: '张建国', bankName: '中国建设银行', state: 'DORMANT', debitAgreement: false },
      { accountNo: '4100001702888', ownerName: '新乡某置业有限公司', bankName: '中国银行', state: 'CLOSED', debitAgreement: false },
    ],
  })
})
afterEach(() => sandbox.clearScripts())
afterAll(async () => {
  await sandbox?.kill('SIGTERM')
  centre?.close()
  await database?.drop()
})

describe('an order the bank carries out', () => {
  it('has succeeded, was booked once, and a notice says so', async () => {
    expect(await submit('PAY-GOOD-0001')).toMatchObject({
      state: 'SUCCEEDED',
      bankReference: 'B-PAY-GOOD-0001',
      bookedOn: today,
      provenance: { authorisationRef: 'ORDER-2025-0001' },
    })
    expect(await atBank('PAY-GOOD-0001')).toMatchObject({ state: 'SUCCEEDED', successes: 1 })
    expect(await centre.noticesOf('PAY-GOOD-0001', 1)).toMatchObject([{ payment: { state: 'SUCCEEDED', amountFen } }])
  })
  it('sent ten times at once, and again on the next day, is paid once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => submit('PAY-GOOD-0002')))
    const again = await submit('PAY-GOOD-0002', head(plainDate('2025-11-04')))
    expect(new Set([...outcomes, again].map((outcome) => outcome.state))).toEqual(new Set(['SUCCEEDED']))
    expect(await atBank('PAY-GOOD-0002')).toMatchObject({ successes: 1, bookedOn: today })
  })
  it('with other terms under a used serial is not paid, and nothing is claimed about it', async () => {
    await submit('PAY-GOOD-0003')
    expect(await submit('PAY-GOOD-0003', { payee: fund })).toEqual({ state: 'UNKNOWN', because: 'refused' })
    expect(await atBank('PAY-GOOD-0003')).toMatchObject({ payeeAccountNo: developer.accountNo, successes: 1 })
  })
  it('to a closed account, or to another name, has failed', async () => {
    expect(await submit('PAY-BAD-0001', { payee: { ...developer, accountNo: '4100001702888' } })).toMatchObject({
      state: 'FAILED',
      failure: 'ACCOUNT_CLOSED',
    })
    expect(await submit('PAY-BAD-0002', { payee: { ...developer, accountNo: '6217000000000001' } })).toMatchObject({
      state: 'FAILED',
      failure: 'NAME_MISMATCH',
    })
  })
  it('nobody sent is not found', async () => {
    expect((await query('PAY-NEVER-0001')).result).toEqual({ state: 'NOT_FOUND', serial: 'PAY-NEVER-0001' })
  })
})

describe('when the answer is no answer, the payment is UNKNOWN and the query tells', () => {
  const lost: [name: string, serial: string, behaviour: Behaviour, because: string, later: string, successes: number | undefined][] = [
    ['the money moved and the line was cut', 'PAY-LOST-0001', { kind: 'answer-lost', notices: 0 }, 'unreachable', 'SUCCEEDED', 1],
    ['the bank was down', 'PAY-LOST-0002', { kind: 'down', how: '503' }, 'unreachable', 'NOT_FOUND', undefined],
    ['the line was cut before the order was read', 'PAY-LOST-0003', { kind: 'down', how: 'cut' }, 'unreachable', 'NOT_FOUND', undefined],
    ['the bank hangs', 'PAY-LOST-0004', { kind: 'hang' }, 'timeout', 'NOT_FOUND', undefined],
    ['the bank pays after our deadline', 'PAY-LOST-0005', { kind: 'slow', delayMs: 1_500 }, 'timeout', 'SUCCEEDED', 1],
    ['a web page came back', 'PAY-LOST-0006', { kind: 'garbage', garbage: 'html' }, 'garbled', 'SUCCEEDED', 1],
    ['100 MB came back', 'PAY-LOST-0007', { kind: 'garbage', garbage: 'huge' }, 'garbled', 'SUCCEEDED', 1],
    ['an error came with 200', 'PAY-LOST-0008', { kind: 'garbage', garbage: 'error-200' }, 'garbled', 'SUCCEEDED', 1],
    ['the answer was not signed', 'PAY-LOST-0009', { kind: 'garbage', garbage: 'unsigned' }, 'garbled', 'SUCCEEDED', 1],
    ['the answer names another amount', 'PAY-LOST-0010', { kind: 'garbage', garbage: 'wrong-amount' }, 'mismatch', 'SUCCEEDED', 1],
    ['the answer names another currency', 'PAY-LOST-0011', { kind: 'garbage', garbage: 'wrong-currency' }, 'mismatch', 'SUCCEEDED', 1],
    ['the answer names another serial', 'PAY-LOST-0012', { kind: 'garbage', garbage: 'other-id' }, 'mismatch', 'SUCCEEDED', 1],
  ]
  it.each(lost)('%s', async (_, serial, behaviour, because, later, successes) => {
    await script(behaviour, serial)
    const short = behaviour.kind === 'hang' || behaviour.kind === 'slow' ? 400 : undefined
    expect(await submit(serial, {}, short)).toEqual({ state: 'UNKNOWN', because })
    await expect.poll(() => stateOf(serial)).toBe(later)
    expect((await atBank(serial))?.successes).toBe(successes)
    expect((await submit(serial)).state, 'the same serial may be handed over again').toBe('SUCCEEDED')
    expect(await atBank(serial)).toMatchObject({ successes: 1 })
  })
  it('a query that gets no good answer throws, and does not say NOT_FOUND', async () => {
    await submit('PAY-LOST-0020')
    for (const [garbage, kind] of [
      ['wrong-amount', 'mismatch'],
      ['other-id', 'mismatch'],
      ['error-200', 'garbled'],
    ] as const) {
      await sandbox.script({ service: 'bank', operation: '/payments/query', behaviour: { kind: 'garbage', garbage } })
      await expect(query('PAY-LOST-0020')).rejects.toMatchObject({ name: 'PortFault', kind })
    }
  })
})

describe('news that is bad, late or contradictory', () => {
  it('a failure is told with its reason', async () => {
    await script({ kind: 'failure', failure: 'INSUFFICIENT_FUNDS', notices: 1 }, 'PAY-NEWS-0001')
    expect(await submit('PAY-NEWS-0001')).toMatchObject({ state: 'FAILED', failure: 'INSUFFICIENT_FUNDS' })
    expect(await atBank('PAY-NEWS-0001')).toMatchObject({ successes: 0 })
    expect(await centre.noticesOf('PAY-NEWS-0001', 1)).toMatchObject([{ payment: { state: 'FAILED' } }])
  })
  it('an accepted order may have failed', async () => {
    await script({ kind: 'accepted-then-failed', failure: 'REJECTED_BY_PAYEE_BANK', notices: 0 }, 'PAY-NEWS-0002')
    expect(await submit('PAY-NEWS-0002')).toMatchObject({ state: 'ACCEPTED' })
    expect((await query('PAY-NEWS-0002')).result).toMatchObject({ state: 'FAILED', failure: 'REJECTED_BY_PAYEE_BANK' })
  })
  it('a late one stays accepted for as many queries as scripted, and is booked on the day it comes', async () => {
    await script({ kind: 'late', queries: 2, outcome: 'SUCCEEDED', notices: 1 }, 'PAY-NEWS-0003')
    expect((await submit('PAY-NEWS-0003')).state).toBe('ACCEPTED')
    expect([await stateOf('PAY-NEWS-0003'), await stateOf('PAY-NEWS-0003')]).toEqual(['ACCEPTED', 'ACCEPTED'])
    expect((await query('PAY-NEWS-0003', plainDate('2025-11-04'))).result).toMatchObject({ state: 'SUCCEEDED', bookedOn: '2025-11-04' })
  })
  it('a late one without a number waits for its release', async () => {
    await script({ kind: 'late', outcome: 'FAILED', notices: 1 }, 'PAY-NEWS-0004')
    await submit('PAY-NEWS-0004')
    for (let times = 0; times < 5; times += 1) expect(await stateOf('PAY-NEWS-0004')).toBe('ACCEPTED')
    await sandbox.release('PAY-NEWS-0004')
    expect(await stateOf('PAY-NEWS-0004')).toBe('FAILED')
    expect(await centre.noticesOf('PAY-NEWS-0004', 1)).toMatchObject([{ payment: { state: 'FAILED' } }])
  })
  it('a failure may become a success; the bank still paid once', async () => {
    await script({ kind: 'contradictory', failure: 'REJECTED_BY_PAYEE_BANK', queries: 1 }, 'PAY-NEWS-0005')
    expect((await submit('PAY-NEWS-0005')).state).toBe('FAILED')
    expect([await stateOf('PAY-NEWS-0005'), await stateOf('PAY-NEWS-0005')]).toEqual(['FAILED', 'SUCCEEDED'])
    expect(await centre.noticesOf('PAY-NEWS-0005', 2)).toMatchObject([
      { payment: { state: 'FAILED' } },
      { payment: { state: 'SUCCEEDED' } },
    ])
    expect(await atBank('PAY-NEWS-0005')).toMatchObject({ successes: 1 })
  })
})

describe('account notices', () => {
  it('come twice with the same number', async () => {
    await script({ kind: 'twice' }, 'PAY-NOTE-0001')
    await submit('PAY-NOTE-0001')
    const [first, second] = await centre.noticesOf('PAY-NOTE-0001', 2)
    expect(second).toEqual(first)
  })
  it('come before the reply', async () => {
    await script({ kind: 'early-notice' }, 'PAY-NOTE-0002')
    const submitted = submit('PAY-NOTE-0002').then((outcome) => ({
      outcome,
      arrived: centre.received.some((notice) => notice.payment.serial === 'PAY-NOTE-0002'),
    }))
    expect(await submitted).toMatchObject({ outcome: { state: 'SUCCEEDED' }, arrived: true })
  })
  it('come for a key that was never sent', async () => {
    await sandbox.script({
      service: 'bank',
      behaviour: { kind: 'phantom-success', serial: 'PAY-GHOST-0001', amountFen: '100', businessDate: '2025-11-03' },
    })
    expect(await centre.noticesOf('PAY-GHOST-0001', 1)).toMatchObject([{ payment: { state: 'SUCCEEDED', amountFen: 100n } }])
    expect(await atBank('PAY-GHOST-0001')).toBeUndefined()
  })
  it('are repeated until the centre has signed for them', async () => {
    centre.refuse = 2
    await submit('PAY-NOTE-0003')
    await centre.noticesOf('PAY-NOTE-0003', 1)
    expect(centre.refuse).toBe(0)
    centre.unsigned = 1
    await submit('PAY-NOTE-0004')
    const twice = await centre.noticesOf('PAY-NOTE-0004', 2)
    expect(twice[1]).toEqual(twice[0])
  })
})

describe('the day file', () => {
  const day = plainDate('2025-12-01')
  const download = (date = day) => downloadDayFile(sandbox.portTo('bank'), date)
  const spoil = (garbage: Extract<Behaviour, { kind: 'garbage' }>['garbage']) =>
    sandbox.script({ service: 'bank', operation: '/day-files', match: day, behaviour: { kind: 'garbage', garbage } })

  it('holds what was booked or failed on the day, the same bytes each time', async () => {
    await script({ kind: 'failure', failure: 'ACCOUNT_FROZEN', notices: 0 }, 'PAY-DAY-0002')
    await script({ kind: 'late', outcome: 'SUCCEEDED', notices: 0 }, 'PAY-DAY-0003')
    for (const serial of ['PAY-DAY-0001', 'PAY-DAY-0002', 'PAY-DAY-0003']) await submit(serial, head(day))
    const first = await download()
    expect(first.file).toEqual({
      date: day,
      lines: [
        { serial: 'PAY-DAY-0001', amountFen, state: 'SUCCEEDED', bankReference: 'B-PAY-DAY-0001' },
        { serial: 'PAY-DAY-0002', amountFen, state: 'FAILED', failure: 'ACCOUNT_FROZEN' },
      ],
      unreadableLines: [],
    })
    expect((await download()).sha256).toBe(first.sha256)
    expect((await download(plainDate('2025-12-02'))).file.lines).toEqual([])
  })
  it.each([
    ['truncated', 'unreachable'],
    ['short-file', 'garbled'],
    ['other-charset', 'garbled'],
    ['wrong-amount', 'garbled'],
    ['html', 'garbled'],
    ['huge', 'garbled'],
    ['unsigned', 'garbled'],
    ['other-id', 'mismatch'],
  ] as const)('spoilt as %s is not taken', async (garbage, kind) => {
    await spoil(garbage)
    await expect(download()).rejects.toMatchObject({ kind, counterpart: 'bank' })
  })
  it('with one bad line names it and keeps the rest', async () => {
    await spoil('bad-line')
    expect((await download()).file).toMatchObject({ lines: [{ serial: 'PAY-DAY-0002' }], unreadableLines: [2] })
  })
})

describe('the check at signing', () => {
  const check = (repaymentCardNo: string, repaymentCardOwner = '张建国') =>
    signingCheck(sandbox.portTo('bank'), {
      ...head(),
      contractNo: 'HT-1',
      borrower: { name: '张建国', idNumber: '410702198503150018' },
      repaymentCardNo,
      repaymentCardOwner,
      receivingAccount: { ...developer, accountNo: '4100001702888' },
    })
  it('tells a good card, a dormant one, another name and an unknown number', async () => {
    expect((await check('6217000000000001')).result).toMatchObject({
      repaymentCard: 'ACTIVE',
      debitAgreement: 'SIGNED',
      receivingAccount: 'CLOSED',
    })
    expect((await check('6217000000000002')).result).toMatchObject({ repaymentCard: 'DORMANT', debitAgreement: 'MISSING' })
    expect((await check('6217000000000001', '李秀英')).result.repaymentCard).toBe('NAME_MISMATCH')
    expect((await check('6217000000000009')).result.repaymentCard).toBe('NOT_FOUND')
  })
})

describe('a bank that loses power', () => {
  it('still knows every serial, keeps its scripts, and delivers the notices it owed', async () => {
    centre.refuse = 1_000
    await submit('PAY-POWER-0001')
    await script({ kind: 'failure', failure: 'ACCOUNT_CLOSED', notices: 0 }, 'PAY-POWER-0002')
    await sandbox.kill()
    expect(await submit('PAY-POWER-0001')).toEqual({ state: 'UNKNOWN', because: 'unreachable' })
    centre.refuse = 0
    sandbox = await spawnSandbox(database.ownerUrl, keys, centre.origin)
    expect(await submit('PAY-POWER-0001')).toMatchObject({ state: 'SUCCEEDED' })
    expect(await atBank('PAY-POWER-0001')).toMatchObject({ successes: 1 })
    expect(await submit('PAY-POWER-0002')).toMatchObject({ state: 'FAILED' })
    expect(await centre.noticesOf('PAY-POWER-0001', 1)).toHaveLength(1)
  })
})

import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { HandAnswer } from '#contracts/hand-answers.ts'
import { canonicalJson } from '#db/canonical.ts'
import { armFaults } from '#db/fault.ts'
import { demoApplicant } from '#db/seed/people.ts'
import { expectOrder } from '../setup/order.ts'
import { struckBy } from '../setup/struck-by.ts'
import { LoanCast } from './loan-cast.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

/** What becomes of a loan when a source is silent or says otherwise, until the money has moved: nothing is waved through on anybody's word alone. */
openJourneys()
afterEach(() => armFaults(undefined))

const reference = '个人信用报告（打印件）2025110300123'
const credit = (change: Partial<Extract<HandAnswer, { question: 'CREDIT' }>> = {}): HandAnswer => ({
  question: 'CREDIT',
  person: 'BORROWER',
  overdueNowFen: '0',
  overdueRunMonths: 0,
  overdueTimes24Months: 1,
  monthlyRepaymentFen: '0',
  reference,
  ...change,
})
const listed = (yes: boolean): HandAnswer => ({
  question: 'DISHONESTY',
  person: 'BORROWER',
  listed: yes,
  reference: '执行信息公开网查询页20251103',
})
const clean = [credit(), listed(false)]

const verdictOf = async (caseId: string, kind = 'ASSESSMENT') => {
  const found = (await cast.see('REVIEWER', caseId)).verdicts.find((one) => one.kind === kind)
  if (!found) throw new Error(`no ${kind} yet`)
  return found
}
const codesOf = async (caseId: string, kind?: string) => (await verdictOf(caseId, kind)).reasons.map(({ code }) => code)
const refusalOf = async (post: string, caseId: string, decision: Record<string, unknown>) => {
  const { status, body } = await (await cast.person(post)).decide(caseId, decision)
  return { status, ...(body as { code?: string; detail?: string }) }
}
const released = (caseId: string) => cast.reaches('DISBURSEMENT', caseId, 'RELEASE_REQUESTED', 'RELEASE_HELD')
const learns = (person: { idNumber: string; name: string }, news: Record<string, unknown>) =>
  house.sandbox.load({ persons: [{ idNumber: person.idNumber, name: person.name, ...news }] })

describe('in the county', () => {
  test('a loan is carried to the money, both registers of homes having been asked', async () => {
    const county = new LoanCast(house, '苇泽镇管理部', '长垣市住房公积金管理中心（演示）')
    // A worker that fails on its way there or back asks again: that is nobody's silence.
    const failing = struckBy('housing/homes.before-call#1=throw', 'housing/homes.after-call#1=throw')
    const [caseId] = await Promise.all([county.readyToPay('approved-changyuan'), failing])
    const view = await county.see('CASHIER', caseId)
    expect(view.sources.filter(({ source }) => source === 'HOUSING').map(({ outcome }) => outcome)).toEqual(['MATCHED'])
    expect(view.verdicts.find(({ kind }) => kind === 'ASSESSMENT')).toMatchObject({
      outcome: 'approved',
      homeOrder: 'first',
      ratePercent: '2.60',
    })
    await county.pays(caseId)
    expect(await county.reaches('CASHIER', caseId, 'DISBURSED', 'PAY_FAILED', 'PAY_UNKNOWN')).toBe('DISBURSED')
  }, 120_000)
})

describe('a credit bureau that does not answer', () => {
  let caseId: string
  beforeAll(async () => {
    caseId = await cast.accepted('manual-credit-silent')
  }, 60_000)

  test('is replaced by what its paper says, question by question', async () => {
    const { questions } = await cast.see('PRELIMINARY_REVIEWER', caseId)
    expect(questions.map(({ what, answeredBy }) => [what, answeredBy])).toEqual([
      ['借款人征信报告', null],
      ['借款人失信被执行人名单', null],
    ])
    const confirm = { action: 'confirm', opinion: '已核对纸质信用报告' }
    expect(await refusalOf('PRELIMINARY_REVIEWER', caseId, confirm)).toMatchObject({
      code: 'RULES_REFUSE',
      detail: '尚未登记核验结果：借款人征信报告、借款人失信被执行人名单',
    })
    expect(
      await refusalOf('PRELIMINARY_REVIEWER', caseId, { ...confirm, answers: [credit(), { ...listed(false), person: 'SPOUSE' }] }),
    ).toMatchObject({
      detail: '不是本案须核验的数据：配偶失信被执行人名单；尚未登记核验结果：借款人失信被执行人名单',
    })
    expect(
      await refusalOf('PRELIMINARY_REVIEWER', caseId, { ...confirm, answers: [credit({ overdueRunMonths: -1 }), listed(false)] }),
    ).toMatchObject({ status: 422 })
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { ...confirm, answers: clean })
    const verdict = await verdictOf(caseId)
    expect(verdict).toMatchObject({ outcome: 'approved', reasons: [], homeOrder: 'first' })
    expect(verdict.notes.map(({ code }) => code)).toEqual(expect.arrayContaining(['VERIFIED_BY_HAND']))
    expect((await cast.see('PRELIMINARY_REVIEWER', caseId)).sources.find(({ source }) => source === 'HAND/CREDIT/BORROWER')).toMatchObject({
      label: '人工核验',
      authorisation: reference,
    })
    const chained = house.owner
      .selectFrom('audit_row')
      .select('body')
      .where('stream', '=', `case/${caseId}`)
      .where('act', '=', 'check-by-hand')
    expect(JSON.stringify((await chained.executeTakeFirstOrThrow()).body)).toContain('overdueTimes24Months')
  }, 60_000)

  test('and asked again it is answered by the same paper, until it speaks', async () => {
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'check-again' })
    expect(await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW', 'MANUAL_CHECK')).toBe('PRELIM_REVIEW')
    expect(await verdictOf(caseId)).toMatchObject({ outcome: 'approved' })
  }, 60_000)

  test('switches off no ceiling, and calls a higher level', async () => {
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'pass', opinion: '资料齐全' })
    const terms = await cast.granted(caseId)
    const more = { amountFen: String(BigInt(terms.amountFen) + 100_000n), months: terms.months }
    expect(await refusalOf('REVIEWER', caseId, { action: 'pass', terms: more })).toMatchObject({ code: 'RULES_REFUSE' })
    await cast.decides('REVIEWER', caseId, { action: 'pass', terms })
    expect(await refusalOf('APPROVER', caseId, { action: 'approve', terms, opinion: '同意' })).toMatchObject({ code: 'OVER_LIMIT' })
    await cast.decides('APPROVER', caseId, { action: 'submit-higher' })
    await cast.decides('DEPUTY_DIRECTOR', caseId, { action: 'approve', terms, opinion: '同意' })
  }, 60_000)

  test('holds the release until its paper has been read again, and then the money goes', async () => {
    await cast.signs(caseId)
    expect(await cast.entersMortgage(caseId)).toBe('SECURED')
    await cast.decides('DISBURSEMENT', caseId, { action: 'request-release' })
    expect(await released(caseId)).toBe('RELEASE_HELD')
    const confirm = { action: 'confirm-release', opinion: '已核对当日打印的信用报告' }
    expect(await refusalOf('APPROVER', caseId, confirm)).toMatchObject({
      detail: expect.stringContaining('尚未登记核验结果：借款人征信报告'),
    })
    expect(await refusalOf('APPROVER', caseId, { ...confirm, answers: [credit(), listed(true)] })).toMatchObject({
      code: 'RULES_REFUSE',
      detail: '按核验结果仍不能放款：借款人被列入失信被执行人名单',
    })
    await cast.decides('APPROVER', caseId, { ...confirm, answers: clean })
    expect(await verdictOf(caseId, 'RELEASE_CHECK')).toMatchObject({ outcome: 'approved', ratePercent: '2.60' })
    await cast.pays(caseId)
    expect(await cast.reaches('CASHIER', caseId, 'DISBURSED', 'PAY_FAILED', 'PAY_UNKNOWN')).toBe('DISBURSED')
  }, 120_000)
})

test('a release above the approver’s limit is confirmed by the level whose limit holds it', async () => {
  const story = 'approved-many-children'
  const caseId = await cast.secured(story)
  const { application } = demoApplicant(story)
  expect((await cast.see('APPROVER', caseId)).case.amountFen?.length).toBeGreaterThan('50000000'.length - 1)
  await house.sandbox.script({ service: 'credit', match: application.borrower.idNumber, count: 1, behaviour: { kind: 'down' } })
  await cast.decides('DISBURSEMENT', caseId, { action: 'request-release' })
  expect(await released(caseId)).toBe('RELEASE_HELD')
  const confirm = { action: 'confirm-release', opinion: '已核对当日打印的信用报告', answers: clean }
  expect(await refusalOf('APPROVER', caseId, confirm)).toMatchObject({ code: 'OVER_LIMIT' })
  await cast.decides('APPROVER', caseId, { action: 'submit-higher-release', opinion: '超出本岗权限' })
  await cast.decides('DEPUTY_DIRECTOR', caseId, confirm)
  expect((await cast.see('CASHIER', caseId)).case.stage).toBe('RELEASE_REQUESTED')
}, 120_000)

describe('a paper that speaks against the loan', () => {
  test('refuses it, as the bureau would have, and nobody lifts that', async () => {
    const caseId = await cast.accepted('manual-credit-silent-2')
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'confirm', opinion: '核对纸质报告', answers: [credit(), listed(true)] })
    expect(await verdictOf(caseId)).toMatchObject({ outcome: 'refused' })
    expect(await codesOf(caseId)).toEqual(['DISHONEST_DEBTOR'])
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'propose-refusal', reasonCode: 'DISHONEST_DEBTOR', opinion: '拟不予' })
    await cast.decides('REVIEWER', caseId, { action: 'propose-refusal', reasonCode: 'DISHONEST_DEBTOR', opinion: '拟不予' })
    await cast.decides('APPROVER', caseId, { action: 'escalate', opinion: '提请特审' })
    const { actions } = await cast.see('DIRECTOR', caseId)
    expect(actions.find(({ action }) => action === 'approve-specially')).toMatchObject({ allowed: false })
  }, 60_000)
})

describe('special approval', () => {
  test('lifts a refusal, and no question that nobody has answered', async () => {
    const story = 'refused-one-month-short'
    await house.sandbox.script({
      service: 'credit',
      match: demoApplicant(story).application.borrower.idNumber,
      count: 100,
      behaviour: { kind: 'down' },
    })
    const caseId = await cast.accepted(story)
    expect(await verdictOf(caseId)).toMatchObject({ outcome: 'refused' })
    const { application } = demoApplicant(story)
    const upward = async (): Promise<void> => {
      await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'pass', opinion: '提请特审' })
      await cast.decides('REVIEWER', caseId, {
        action: 'pass',
        terms: { amountFen: String(application.amountFen), months: application.months },
      })
      await cast.decides('APPROVER', caseId, { action: 'escalate', opinion: '家庭确有困难' })
    }
    await upward()
    const terms = { amountFen: String(application.amountFen), months: application.months }
    const specially = { action: 'approve-specially', reasonCode: 'CONTRIBUTION_SHORT', opinion: '特审准予', terms }
    expect(await refusalOf('DIRECTOR', caseId, specially)).toMatchObject({
      detail: expect.stringContaining('尚有数据没有查明（借款人征信报告'),
    })
    const above = { ...terms, amountFen: '45100000' }

    await cast.decides('DIRECTOR', caseId, { action: 'return', to: 'REVIEW', opinion: '先核验征信' })
    await cast.decides('REVIEWER', caseId, { action: 'return', to: 'PRELIM_REVIEW', opinion: '先核验征信' })
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'check-by-hand', opinion: '' })
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'confirm', opinion: '已核对', answers: clean })
    expect(await codesOf(caseId)).toEqual(['CONTRIBUTION_SHORT'])
    await upward()
    // The committee's maximum binds special approval as well.
    expect(await refusalOf('DIRECTOR', caseId, { ...specially, terms: above })).toMatchObject({
      code: 'RULES_REFUSE',
      detail: expect.stringContaining('金额超过规则结论允许的上限'),
    })
    await cast.decides('DIRECTOR', caseId, specially)
    expect((await cast.see('DIRECTOR', caseId)).case.stage).toBe('APPROVED')
  }, 120_000)
})

describe('the spouse of the form', () => {
  test('is held against the register, and what the certificate says counts', async () => {
    const application = structuredClone(demoApplicant('approved-couple').application)
    const other = demoApplicant('approved-price-differs').application.borrower
    application.spouse = other
    // Everything else is in order: the home was filed for the two of them.
    const { filingNumber: filingNo, homeNumber: homeNo, contractPriceFen } = application.home
    const buyers = [application.borrower.idNumber, other.idNumber]
    await house.sandbox.load({
      filings: [{ filingNo, homeNo, priceFen: String(contractPriceFen), filedOn: '2025-09-01', buyers, state: 'VALID' }],
    })
    const clerk = await cast.person('INTAKE')
    const answer = await clerk.command('POST', '/api/loans', JSON.parse(canonicalJson({ ...application, children: [] })))
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    const { caseId } = answer.body as { caseId: string }
    await cast.bringsMaterials(caseId)
    await cast.decides('INTAKE', caseId, { action: 'accept' })
    expect(await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW', 'MANUAL_CHECK')).toBe('MANUAL_CHECK')
    const { sources, questions } = await cast.see('PRELIMINARY_REVIEWER', caseId)
    expect(sources.find(({ source }) => source === 'CIVIL')).toMatchObject({ outcome: 'MISMATCHED' })
    expect(questions).toMatchObject([{ question: 'FAMILY', cause: '申报已婚，婚姻登记为已婚（配偶不是申报的配偶），须人工核验' }])
    const family = {
      question: 'FAMILY',
      marriage: 'MARRIED',
      spouseDeclared: false,
      minorChildren: 0,
      reference: '结婚证J410701-2012-000123',
    }
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'confirm', opinion: '结婚证载明的配偶另有其人', answers: [family] })
    expect(await verdictOf(caseId)).toMatchObject({ outcome: 'refused' })
    expect(await codesOf(caseId)).toContain('FAMILY_NOT_AS_DECLARED')
  }, 60_000)

  test('who appears before the money moves stops it', async () => {
    const caseId = await cast.secured('approved-single')
    const [{ borrower }, other] = [
      demoApplicant('approved-single').application,
      demoApplicant('approved-capacity-limits').application.borrower,
    ]
    await learns(borrower, { marriage: { state: 'MARRIED', spouse: { name: other.name, idNumber: other.idNumber }, since: '2025-11-03' } })
    await cast.decides('DISBURSEMENT', caseId, { action: 'request-release' })
    expect(await released(caseId)).toBe('RELEASE_HELD')
    const held = await verdictOf(caseId, 'RELEASE_CHECK')
    expect(held.reasons).toMatchObject([{ code: 'FAMILY_CHANGED', figures: { before: '无婚姻登记', after: '已婚（配偶不是申报的配偶）' } }])
    expect(await refusalOf('APPROVER', caseId, { action: 'confirm-release', opinion: '无碍' })).toMatchObject({ status: 409 })
  }, 120_000)
})

describe('a check before release', () => {
  test('is good for its day: the next day the money waits for another one, which finds what has happened', async () => {
    const caseId = await cast.readyToPay('approved-second-home')
    const { borrower } = demoApplicant('approved-second-home').application
    const clerk = await cast.person('INTAKE')
    expect((await clerk.command('POST', '/api/clock/advance', { to: '2025-11-04' })).status).toBe(200)
    const dishonest = { listed: true, court: '望禾区人民法院', orderNo: '（2025）望执1号', listedOn: '2025-11-04' }
    await learns(borrower, { dishonestDebtor: dishonest })
    const { actions } = await cast.see('CASHIER', caseId)
    expect(actions.find(({ action }) => action === 'pay')).toMatchObject({
      allowed: false,
      obstacles: [{ text: '放款前复核作于2025-11-03，须为划款当日，请先重新复核' }],
    })
    expect(await refusalOf('CASHIER', caseId, { action: 'pay', oneTimeCode: await cast.freshCode('CASHIER') })).toMatchObject({
      code: 'RULES_REFUSE',
    })
    await cast.decides('CASHIER', caseId, { action: 'check-again' })
    expect(await released(caseId)).toBe('RELEASE_HELD')
    expect(await codesOf(caseId, 'RELEASE_CHECK')).toContain('DISHONEST_DEBTOR')

    await cast.decides('APPROVER', caseId, { action: 'reapprove', opinion: '新增失信记录，重新审批' })
    expect(await cast.reaches('APPROVER', caseId, 'APPROVAL')).toBe('APPROVAL')
    expect(await verdictOf(caseId)).toMatchObject({ outcome: 'refused', reasons: [{ code: 'DISHONEST_DEBTOR' }] })
    const terms = { amountFen: '10000000', months: 120 }
    expect(await refusalOf('APPROVER', caseId, { action: 'approve', terms })).toMatchObject({
      code: 'RULES_REFUSE',
      detail: expect.stringContaining('规则结论为不准予'),
    })
    await cast.decides('APPROVER', caseId, { action: 'refuse', reasonCode: 'DISHONEST_DEBTOR', opinion: '借款人为失信被执行人' })
  }, 120_000)
})

test('and leaves the house in order', () => expectOrder(house), 60_000)

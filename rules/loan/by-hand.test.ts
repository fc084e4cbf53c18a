import { describe, expect, it } from 'vitest'
import type { HandAnswer } from '#contracts/hand-answers.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import { OPEN_QUESTIONS } from '#contracts/loan-record.ts'
import { REASON_CODES, type ReasonCode } from '../reason-codes.ts'
import { approverFor } from './approver.ts'
import { assessLoan } from './assess.ts'
import { handQuestions, openQuestions, withAnswers } from './by-hand.ts'
import { but, changyuan, contributing, example, silent, told, xinxiang, xinxiangWith, yuan, type Change } from './loan.fixture.ts'
import { recheckRelease } from './recheck.ts'

const reference = '个人信用报告（打印件）2025110300123'
const creditSilent: Change = (f) => {
  f.borrower.credit = silent
  f.borrower.dishonestDebtor = silent
}
const clean: HandAnswer = {
  question: 'CREDIT',
  person: 'BORROWER',
  overdueNowFen: '0',
  overdueRunMonths: 0,
  overdueTimes24Months: 2,
  monthlyRepaymentFen: '0',
  reference,
}
const notListed: HandAnswer = { question: 'DISHONESTY', person: 'BORROWER', listed: false, reference: '中国执行信息公开网查询页20251103' }
const answered = (facts: LoanFacts, ...answers: HandAnswer[]) => withAnswers(facts, assessLoan(facts, xinxiang).reasons, answers, 'MARRIED')
const codesOf = (facts: LoanFacts, policy = xinxiang) => assessLoan(facts, policy).reasons.map(({ code }) => code)

describe('what an officer reads on paper is judged like any answer', () => {
  it('asks for each silent source by its name', () => {
    expect(openQuestions(but(creditSilent), []).map(({ what }) => what)).toEqual(['借款人征信报告', '借款人失信被执行人名单'])
  })

  it('a clean report approves, under the same ceilings as if the bureau had answered', () => {
    const facts = answered(but(creditSilent), clean, notListed)
    const [byHand, online] = [assessLoan(facts, xinxiang), assessLoan(example, xinxiang)]
    expect(byHand).toMatchObject({ outcome: 'approved', amountFen: online.amountFen, months: online.months, ceilings: online.ceilings })
    expect(byHand.notes.filter(({ code }) => code === 'VERIFIED_BY_HAND').map(({ figures }) => figures)).toContainEqual({
      what: '借款人征信报告',
      reference,
    })
  })

  it('is looked at one level higher, as the silence would have been', () => {
    const facts = answered(but(creditSilent), clean, notListed)
    const levelOf = (of: LoanFacts) =>
      approverFor({ amountFen: yuan(400_000), assessment: assessLoan(of, xinxiang), specially: false }, xinxiang)
    expect([levelOf(example), levelOf(facts)]).toEqual(['APPROVER', 'DEPUTY_DIRECTOR'])
  })

  it.each<[string, HandAnswer[], string[]]>([
    ['arrears', [{ ...clean, overdueNowFen: '100' }, notListed], ['CREDIT_OVERDUE_NOW']],
    ['a run of three', [{ ...clean, overdueRunMonths: 3 }, notListed], ['CREDIT_OVERDUE_RUN']],
    ['six times in two years', [{ ...clean, overdueTimes24Months: 6 }, notListed], ['CREDIT_OVERDUE_TIMES']],
    ['the list of dishonest debtors', [clean, { ...notListed, listed: true }], ['DISHONEST_DEBTOR']],
    ['debts beyond the income', [{ ...clean, monthlyRepaymentFen: '9000000' }, notListed], ['INCOME_INSUFFICIENT', 'AMOUNT_BELOW_MINIMUM']],
    ['one of two papers missing', [clean], ['SOURCE_UNAVAILABLE']],
  ])('%s on paper is what it is on the wire', (_sentence, answers, codes) => {
    expect(codesOf(answered(but(creditSilent), ...answers))).toEqual(codes)
  })

  it('a source that has spoken goes before a paper', () => {
    expect(answered(example, { ...clean, overdueNowFen: '100' })).toEqual(example)
  })

  it('a wrong answer is answered again, and nothing of it remains', () => {
    const wrong = answered(but(creditSilent), { ...clean, monthlyRepaymentFen: '9000000' }, notListed)
    expect(handQuestions(wrong, []).map(({ what, answeredBy }) => [what, answeredBy])).toContainEqual(['借款人征信报告', reference])
    expect(answered(wrong, clean)).toEqual(answered(but(creditSilent), clean, notListed))
  })

  it.each<[string, Change, HandAnswer, string[]]>([
    ['homes', (f) => (f.homesInPlace = silent), { question: 'HOMES', homes: 2, reference }, ['HOME_THIRD']],
    ['loans', (f) => (f.fundLoans = silent), { question: 'FUND_LOANS', used: 2, outstanding: 0, reference }, ['LOANS_USED_UP']],
    ['a seizure', (f) => (f.home.seized = silent), { question: 'SEIZURE', seized: true, otherMortgages: 0, reference }, ['HOME_SEIZED']],
    [
      'a filing that is void',
      (f) => (f.home.filing = silent),
      { question: 'FILING', priceFen: '96000000', valid: false, homeMatches: true, buyersMatch: true, projectSuspended: true, reference },
      ['PROJECT_SUSPENDED', 'FILING_INVALID'],
    ],
    [
      'a death',
      (f) => f.spouse && (f.spouse.identity = silent),
      { question: 'IDENTITY', person: 'SPOUSE', matched: true, alive: false, reference },
      ['PERSON_DECEASED'],
    ],
  ])('%s', (_sentence, change, answer, codes) => {
    expect(codesOf(but(change))).toEqual(['SOURCE_UNAVAILABLE'])
    expect(codesOf(answered(but(change), answer))).toEqual(codes)
  })
})

describe('in the county the housing department is asked as well', () => {
  const departmentSilent: Change = (f) => (f.homesByHousingDepartment = silent)
  it.each<[string, Change[], number, string | null, string[]]>([
    ['neither has a home', [], 0, 'first', []],
    ['the department has one that the registry has not', [], 1, 'second', []],
    ['the department has two', [], 2, null, ['HOME_THIRD']],
    ['the registry has one more', [(f) => (f.homesInPlace = told(1))], 0, 'second', []],
  ])('%s', (_sentence, changes, homes, order, codes) => {
    const facts = answered(but(departmentSilent, ...changes), { question: 'HOUSING_DEPARTMENT', homes, reference })
    const verdict = assessLoan(facts, changyuan)
    expect(verdict.homeOrder).toBe(order)
    expect(verdict.reasons.map(({ code }) => code).filter((code) => code === 'HOME_THIRD' || code === 'SOURCE_UNAVAILABLE')).toEqual(codes)
  })

  it('what one register has found is too many, whatever the silent one would have said', () => {
    const facts = but(departmentSilent, (f) => (f.homesInPlace = told(2)))
    expect(assessLoan(facts, changyuan)).toMatchObject({ outcome: 'refused', homeOrder: null })
    expect(codesOf(facts, changyuan)).toEqual(expect.arrayContaining(['HOME_THIRD', 'SOURCE_UNAVAILABLE']))
    // As it was judged before, on record.
    expect(assessLoan(facts, changyuan, 'loan-1').reasons.map(({ code }) => code)).not.toContain('HOME_THIRD')
  })
})

describe('the spouse of the form is the spouse of the register', () => {
  const family =
    (state: 'MARRIED' | 'NO_RECORD' | 'DIVORCED', spouseDeclared: boolean): Change =>
    (f) => {
      f.family = told({ maritalStatus: 'MARRIED', minorChildren: 1, registered: { state, spouseDeclared } })
    }
  const certificate = (spouseDeclared: boolean): HandAnswer => ({
    question: 'FAMILY',
    marriage: 'MARRIED',
    spouseDeclared,
    minorChildren: 1,
    reference: '结婚证J410701-2025-000123',
  })
  it.each<[string, Change, string[]]>([
    ['the same', family('MARRIED', true), []],
    ['another', family('MARRIED', false), ['FAMILY_CONTRADICTED']],
    ['nobody', family('NO_RECORD', false), ['FAMILY_CONTRADICTED']],
    ['a former one', family('DIVORCED', false), ['FAMILY_CONTRADICTED']],
  ])('%s', (_sentence, change, codes) => {
    expect(codesOf(but(change))).toEqual(codes)
    expect(assessLoan(but(change), xinxiang).outcome).toBe(codes.length === 0 ? 'approved' : 'manual')
  })

  it('a certificate newer than the register settles it; one that names somebody else refuses, for everybody', () => {
    const contradicted = but(family('NO_RECORD', false))
    expect(openQuestions(contradicted, [])).toMatchObject([{ question: 'FAMILY', cause: '申报已婚，婚姻登记为无婚姻登记，须人工核验' }])
    expect(codesOf(answered(contradicted, certificate(true)))).toEqual([])
    expect(assessLoan(answered(contradicted, certificate(false)), xinxiang)).toMatchObject({
      outcome: 'refused',
      reasons: [{ code: 'FAMILY_NOT_AS_DECLARED', override: 'NEVER', figures: { found: '已婚（配偶不是申报的配偶）' } }],
    })
  })
})

describe('where the city multiplies balances and publishes coefficients from 24 months on', () => {
  const policy = xinxiangWith({
    key: 'balanceFormula',
    value: { kind: 'MULTIPLE', multiple: 20, coefficients: [{ monthsMin: 24, percent: 100 }] },
  })
  const alone: Change = (f) => {
    f.spouse = null
    f.family = told({ maritalStatus: 'SINGLE', minorChildren: 0 })
  }
  const young = but(alone, contributing({ monthsContinuous: 20, balanceFen: yuan(30_000) }))
  const judged = assessLoan(young, policy)
  const eighty: HandAnswer = { question: 'COEFFICIENT', person: 'BORROWER', percent: 80, reference: '管委会〔2025〕12号' }
  const worked = withAnswers(young, judged.reasons, [eighty], 'SINGLE')

  it('asks for the coefficient of whoever has paid in for less', () => {
    expect(judged).toMatchObject({ outcome: 'manual', reasons: [{ code: 'COEFFICIENT_NOT_PUBLISHED' }] })
    expect(openQuestions(young, judged.reasons)).toMatchObject([
      { question: 'COEFFICIENT', person: 'BORROWER', what: '借款人余额倍数的时间系数', cause: judged.reasons[0]?.text },
    ])
  })

  it('what was worked out by a paper is judged by, named as such, and asked no more', () => {
    const found = assessLoan(worked, policy)
    // 30 000 × 20 × 80 %
    expect(found.ceilings.find(({ code }) => code === 'BALANCE_FORMULA')?.limitFen).toBe(yuan(480_000))
    expect(found).toMatchObject({ outcome: 'approved', reasons: [] })
    expect(found.notes.map(({ code }) => code)).toContain('VERIFIED_BY_HAND')
    expect(openQuestions(worked, judged.reasons)).toEqual([])
    expect(handQuestions(worked, judged.reasons)).toMatchObject([{ question: 'COEFFICIENT', answeredBy: eighty.reference }])
  })

  it('holds until the money is paid, and gives way to what is published', () => {
    const approved = { amountFen: yuan(300_000), months: 240, ratePercent: '2.60', homeOrder: 'first', facts: worked, lifted: [] } as const
    const under = { ruling: policy, release: policy }
    expect(recheckRelease(approved, young, under).differences.map(({ reason }) => reason.code)).not.toContain('COEFFICIENT_NOT_PUBLISHED')
    expect(recheckRelease({ ...approved, facts: young }, young, under).differences.map(({ reason }) => reason.code)).toContain(
      'COEFFICIENT_NOT_PUBLISHED',
    )
    const inTime = structuredClone(worked)
    contributing({ monthsContinuous: 24 })(inTime)
    expect(assessLoan(inTime, policy).ceilings.find(({ code }) => code === 'BALANCE_FORMULA')?.limitFen).toBe(yuan(600_000))
  })

  it('an answer that nobody has asked for changes nothing', () => {
    expect(withAnswers(example, assessLoan(example, policy).reasons, [eighty], 'MARRIED')).toEqual(example)
  })
})

it('every reason that is a question is known as one to the record', () => {
  const open = (Object.keys(REASON_CODES) as ReasonCode[]).filter((code) => REASON_CODES[code].effect === 'MANUAL')
  expect([...OPEN_QUESTIONS].sort()).toEqual(open.sort())
})

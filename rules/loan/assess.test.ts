import { describe, expect, it } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import { fen } from '#contracts/money.ts'
import { policyAt, type PolicySnapshot } from '#policy/policy-at.ts'
import { publishedRows } from '#policy/published.ts'
import { assessLoan } from './assess.ts'
import { but, changyuan, contributing, example, silent, told, xinxiang, type Change } from './loan.fixture.ts'

const codesOf = (facts: LoanFacts, policy: PolicySnapshot = xinxiang): string[] => assessLoan(facts, policy).reasons.map(({ code }) => code)

it('a couple that pays in, with a first home they can afford, gets what it asks for', () => {
  expect(assessLoan(example, xinxiang)).toMatchObject({
    outcome: 'approved',
    amountFen: 65000000n,
    months: 360,
    ratePercent: '2.60',
    homeOrder: 'first',
    reasons: [],
    notes: [],
    automaticAllowed: false,
  })
})

describe('each reason, and nothing else', () => {
  const cases: readonly [string, string, Change, 'refused' | 'manual'][] = [
    ['five months of contributions are one short', 'CONTRIBUTION_SHORT', contributing({ monthsContinuous: 5 }), 'refused'],
    ['a sealed account does not pay in', 'CONTRIBUTION_NOT_NORMAL', contributing({ status: 'SEALED' }), 'refused'],
    ['a third home', 'HOME_THIRD', (f) => (f.homesInPlace = told(2)), 'refused'],
    ['two fund loans before, both settled', 'LOANS_USED_UP', (f) => (f.fundLoans = told({ used: 2, outstanding: 0 })), 'refused'],
    ['one fund loan before, not settled', 'LOAN_OUTSTANDING', (f) => (f.fundLoans = told({ used: 1, outstanding: 1 })), 'refused'],
    ['a home to let', 'NOT_OWN_OCCUPIED', (f) => (f.home.use = 'OTHER'), 'refused'],
    ['a home elsewhere', 'HOME_OUTSIDE_AREA', (f) => (f.home.inPlace = false), 'refused'],
    ['a seized home', 'HOME_SEIZED', (f) => (f.home.seized = told(true)), 'refused'],
    ['a project that stands still', 'PROJECT_SUSPENDED', (f) => (f.home.projectSuspended = true), 'refused'],
    ['the same home at another counter', 'DUPLICATE_APPLICATION', (f) => (f.home.otherOpenApplications = 1), 'refused'],
    ['a contract that was never filed', 'FILING_NOT_FOUND', (f) => (f.home.filing = told(null)), 'refused'],
    [
      'a filing that was cancelled',
      'FILING_INVALID',
      (f) => (f.home.filing = told({ priceFen: f.home.contractPriceFen, valid: false, buyersMatch: true })),
      'refused',
    ],
    [
      'a filing in another name',
      'FILING_OTHER_BUYER',
      (f) => (f.home.filing = told({ priceFen: f.home.contractPriceFen, valid: true, buyersMatch: false })),
      'refused',
    ],
    ['a pre-sold home paid to escrow', 'RECEIVING_ACCOUNT_WRONG', (f) => (f.home.receivingAccount = 'ESCROW'), 'refused'],
    ['a fen less than 20 % paid down', 'DOWN_PAYMENT_SHORT', (f) => (f.home.downPaymentPaidFen = fen(19_199_999n)), 'refused'],
    ['a dishonest debtor', 'DISHONEST_DEBTOR', (f) => (f.borrower.dishonestDebtor = told(true)), 'refused'],
    [
      'arrears today',
      'CREDIT_OVERDUE_NOW',
      (f) => (f.borrower.credit = told({ overdueNowFen: fen(1n), overdueRunMonths: 0, overdueTimes24Months: 0 })),
      'refused',
    ],
    [
      'three months of arrears in a row',
      'CREDIT_OVERDUE_RUN',
      (f) => (f.borrower.credit = told({ overdueNowFen: fen(0n), overdueRunMonths: 3, overdueTimes24Months: 3 })),
      'refused',
    ],
    [
      'six times in arrears',
      'CREDIT_OVERDUE_TIMES',
      (f) => (f.borrower.credit = told({ overdueNowFen: fen(0n), overdueRunMonths: 1, overdueTimes24Months: 6 })),
      'refused',
    ],
    ['a restricted account', 'ACCOUNT_RESTRICTED', (f) => (f.borrower.accountRestricted = true), 'refused'],
    [
      'a ban on its last day',
      'UNDER_BAN',
      (f) => (f.borrower.bans = [{ kind: 'LOAN_FRAUD', until: plainDate('2025-11-03'), decisionNumber: '测试1号' }]),
      'refused',
    ],
    ['a borrower of fifteen', 'NOT_ADULT', (f) => (f.borrower.bornOn = plainDate('2009-11-04')), 'refused'],
    ['a borrower who is dead', 'PERSON_DECEASED', (f) => (f.borrower.identity = told({ matched: true, alive: false })), 'refused'],
    [
      'an identity that does not match',
      'IDENTITY_MISMATCH',
      (f) => (f.borrower.identity = told({ matched: false, alive: true })),
      'refused',
    ],
    ['a borrower too old for any term', 'NO_TERM_LEFT', (f) => (f.borrower.bornOn = plainDate('1955-01-01')), 'refused'],
    ['a silent registry', 'SOURCE_UNAVAILABLE', (f) => (f.homesInPlace = silent), 'manual'],
    ['a silent credit bureau', 'SOURCE_UNAVAILABLE', (f) => (f.borrower.credit = silent), 'manual'],
    ['a silent list of dishonest debtors', 'SOURCE_UNAVAILABLE', (f) => (f.borrower.dishonestDebtor = silent), 'manual'],
    ['a silent loan exchange', 'SOURCE_UNAVAILABLE', (f) => (f.fundLoans = silent), 'manual'],
  ]
  it.each(cases)('%s: %s', (_sentence, code, change, outcome) => {
    const { reasons, ...assessment } = assessLoan(but(change), xinxiang)
    const alone = code === 'NO_TERM_LEFT' ? ['NO_TERM_LEFT', 'AMOUNT_BELOW_MINIMUM'] : [code]
    expect(reasons.map((one) => one.code)).toEqual(alone)
    expect(assessment.outcome).toBe(outcome)
    expect(reasons[0]?.text).not.toMatch(/[{}]|undefined/)
  })

  it.each<[string, Change]>([
    ['exactly six months of contributions', contributing({ monthsContinuous: 6 })],
    ['exactly 20 % paid down', (f) => (f.home.downPaymentPaidFen = fen(19_200_000n))],
    [
      'a ban that ended yesterday',
      (f) => (f.borrower.bans = [{ kind: 'LOAN_FRAUD', until: plainDate('2025-11-02'), decisionNumber: '测试1号' }]),
    ],
    ['an eighteenth birthday today', (f) => (f.borrower.bornOn = plainDate('2007-11-03'))],
    ['one settled fund loan', (f) => (f.fundLoans = told({ used: 1, outstanding: 0 }))],
    [
      'two months in arrears in a row, long over',
      (f) => (f.borrower.credit = told({ overdueNowFen: fen(0n), overdueRunMonths: 2, overdueTimes24Months: 5 })),
    ],
  ])('%s refuse nothing', (_sentence, change) => expect(assessLoan(but(change), xinxiang).outcome).toBe('approved'))
})

it('all reasons are told, not only the first, and a refusal outweighs an open question', () => {
  const facts = but((f) => {
    contributing({ monthsContinuous: 5 })(f)
    f.homesInPlace = told(2)
    f.borrower.dishonestDebtor = told(true)
    f.borrower.credit = silent
  })
  expect(assessLoan(facts, xinxiang)).toMatchObject({ outcome: 'refused', amountFen: 0n, months: 0 })
  expect(codesOf(facts)).toEqual(['CONTRIBUTION_SHORT', 'DISHONEST_DEBTOR', 'SOURCE_UNAVAILABLE', 'HOME_THIRD'])
})

describe('counting homes', () => {
  it('Changyuan counts the higher of registry and housing department, Xinxiang the registry only', () => {
    const facts = but((f) => (f.homesByHousingDepartment = told(1)))
    expect(assessLoan(facts, changyuan).homeOrder).toBe('second')
    expect(assessLoan(facts, xinxiang).homeOrder).toBe('first')
  })
  it('Changyuan must have asked the housing department', () => {
    const facts = but((f) => (f.homesByHousingDepartment = told(null)))
    expect(codesOf(facts, changyuan)).toEqual(['HOUSING_DEPARTMENT_NOT_ASKED'])
    expect(assessLoan(facts, xinxiang).outcome).toBe('approved')
  })
  it('Changyuan has no clause on earlier loans, only on outstanding ones', () => {
    expect(
      codesOf(
        but((f) => (f.fundLoans = told({ used: 2, outstanding: 0 }))),
        changyuan,
      ),
    ).toEqual([])
    expect(
      codesOf(
        but((f) => (f.fundLoans = told({ used: 2, outstanding: 1 }))),
        changyuan,
      ),
    ).toEqual(['LOAN_OUTSTANDING'])
  })
  it('a talent in Changyuan may apply in the first month, in Xinxiang not', () => {
    const facts = but((f) => {
      f.borrower.talentClass = told(4)
      contributing({ monthsContinuous: 1 })(f)
    })
    expect(codesOf(facts, changyuan)).toEqual([])
    expect(codesOf(facts)).toEqual(['CONTRIBUTION_SHORT'])
  })
})

describe('dated values', () => {
  const rateOn = (date: string, months = 360): string | null =>
    assessLoan({ ...example, applied: { ...example.applied, months } }, policyAt(publishedRows, 'xinxiang', plainDate(date))).ratePercent
  it('the rate changes on 18 May 2024 and on 8 May 2025, not a day earlier', () => {
    expect(['2024-05-17', '2024-05-18', '2025-05-07', '2025-05-08'].map((date) => rateOn(date))).toEqual(['3.10', '2.85', '2.85', '2.60'])
  })
  it('five years belong to the lower bucket, a month more does not', () => {
    expect([rateOn('2025-11-03', 60), rateOn('2025-11-03', 61)]).toEqual(['2.10', '2.60'])
  })
})

it('a restricted account is refused in the same words for every kind of hold, without a figure that tells', () => {
  const [found] = assessLoan(
    but((f) => (f.borrower.accountRestricted = true)),
    xinxiang,
  ).reasons
  expect(found).toMatchObject({ figures: { who: '借款人' }, override: 'NEVER', text: '借款人的账户当前受限，暂不能办理' })
})

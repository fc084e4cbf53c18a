import { describe, expect, it } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { fen } from '#contracts/money.ts'
import { policyAt } from '#policy/policy-at.ts'
import { publishedRows } from '#policy/published.ts'
import { assessLoan } from './assess.ts'
import { but, contributing, example, silent, told, xinxiang, yuan, type Change } from './loan.fixture.ts'
import { liftable, recheckRelease, type ApprovedTerms } from './recheck.ts'

const approved: ApprovedTerms = {
  amountFen: yuan(650_000),
  months: 360,
  ratePercent: '2.60',
  homeOrder: 'first',
  facts: example,
  lifted: [],
}
const registered = { effective: true, homeMatches: true, holderMatches: true, amountFen: yuan(650_000) }
const policies = { ruling: xinxiang, release: xinxiang }

it('nothing has changed: the money goes', () => {
  expect(recheckRelease(approved, example, policies)).toEqual({
    consequence: 'CONTINUE',
    release: true,
    differences: [],
    ratePercent: '2.60',
  })
})

it('the mortgage is in the registry as it was entered: the money goes', () => {
  expect(
    recheckRelease(
      approved,
      but((f) => (f.mortgage = told(registered))),
      policies,
    ),
  ).toMatchObject({ release: true, differences: [] })
})

describe('what stops a release, and how', () => {
  it.each<[string, Change, string, string[]]>([
    ['the borrower has died', (f) => (f.borrower.identity = told({ matched: true, alive: false })), 'VOID', ['PERSON_DECEASED']],
    [
      'the borrower no longer pays in: one contributor is left, and the amount is too high',
      contributing({ status: 'SEALED' }),
      'REAPPROVE',
      ['CONTRIBUTION_NOT_NORMAL', 'CEILING_LOWERED'],
    ],
    ['the account is restricted', (f) => (f.borrower.accountRestricted = true), 'PAUSE', ['ACCOUNT_RESTRICTED']],
    ['the spouse is a dishonest debtor', (f) => f.spouse && (f.spouse.dishonestDebtor = told(true)), 'REAPPROVE', ['DISHONEST_DEBTOR']],
    [
      'the couple has divorced',
      (f) => Object.assign(f, { spouse: null, family: told({ maritalStatus: 'DIVORCED', minorChildren: 1 }) }),
      'REAPPROVE',
      ['FAMILY_CHANGED', 'CEILING_LOWERED'],
    ],
    ['money was withdrawn for the same home', (f) => (f.home.withdrawnFen = yuan(310_001)), 'REAPPROVE', ['CEILING_LOWERED']],
    ['the home is seized', (f) => (f.home.seized = told(true)), 'PAUSE', ['HOME_SEIZED']],
    ['the mortgage is not in the registry', (f) => (f.mortgage = told(null)), 'PAUSE', ['MORTGAGE_NOT_REGISTERED']],
    ['the mortgage has been cancelled', (f) => (f.mortgage = told({ ...registered, effective: false })), 'PAUSE', ['MORTGAGE_CANCELLED']],
    ['the registry does not answer about the mortgage', (f) => (f.mortgage = silent), 'PAUSE', ['SOURCE_UNAVAILABLE']],
    ['building has stopped', (f) => (f.home.projectSuspended = true), 'PAUSE', ['PROJECT_SUSPENDED']],
    ['a source is silent', (f) => (f.fundLoans = silent), 'PAUSE', ['SOURCE_UNAVAILABLE']],
    ['another home has appeared', (f) => (f.homesInPlace = told(1)), 'REAPPROVE', ['HOME_ORDER_CHANGED']],
    ['another fund loan runs elsewhere', (f) => (f.fundLoans = told({ used: 1, outstanding: 1 })), 'REAPPROVE', ['LOAN_OUTSTANDING']],
  ])('%s', (_sentence, change, consequence, codes) => {
    const recheck = recheckRelease(approved, but(change), policies)
    expect(recheck.differences.map((one) => one.reason.code)).toEqual(codes)
    expect(recheck).toMatchObject({ consequence, release: false })
  })
})

it('a small loan whose borrower no longer pays in only waits', () => {
  const facts = but((f) => (f.applied.amountFen = yuan(300_000)))
  const small = { ...approved, amountFen: yuan(300_000), facts }
  expect(recheckRelease(small, but(contributing({ status: 'SEALED' })), policies)).toMatchObject({
    consequence: 'PAUSE',
    differences: [{ reason: { code: 'CONTRIBUTION_NOT_NORMAL' } }],
  })
})

describe('what does not stop it', () => {
  it('withdrawals that still leave room', () => {
    expect(
      recheckRelease(
        approved,
        but((f) => (f.home.withdrawnFen = yuan(310_000))),
        policies,
      ).release,
    ).toBe(true)
  })
  it('what a special approval lifted', () => {
    const facts = but(contributing({ monthsContinuous: 5 }, 'borrower'), (f) => (f.applied.amountFen = yuan(450_000)))
    const specially: ApprovedTerms = {
      ...approved,
      amountFen: yuan(450_000),
      facts,
      lifted: [{ code: 'CONTRIBUTION_SHORT', figures: { who: '借款人', months: 5, monthsMin: 6 } }],
    }
    expect(recheckRelease(specially, facts, policies).release).toBe(true)
    expect(recheckRelease({ ...specially, lifted: [] }, facts, policies)).toMatchObject({ consequence: 'PAUSE', release: false })
  })
  it('an income that was lifted, and has not become less', () => {
    const poor = but((f) => (f.borrower.otherMonthlyDebtFen = yuan(90_000)))
    const specially: ApprovedTerms = { ...approved, facts: poor, lifted: liftable(assessLoan(poor, xinxiang).reasons) }
    expect(recheckRelease(specially, poor, policies).differences).toEqual([])
    const poorer = but((f) => (f.borrower.otherMonthlyDebtFen = yuan(91_000)))
    expect(recheckRelease(specially, poorer, policies).differences.map(({ reason }) => reason.code)).toContain('INCOME_INSUFFICIENT')
  })
  it('a marriage that the register did not have when a certificate was read, and still has not', () => {
    const family = {
      maritalStatus: 'MARRIED' as const,
      minorChildren: 1,
      registered: { state: 'NO_RECORD' as const, spouseDeclared: false },
    }
    const then = but((f) => (f.family = told({ ...family, onPaper: { state: 'MARRIED', spouseDeclared: true } })))
    const now = (registered: { state: 'MARRIED' | 'NO_RECORD' | 'DIVORCED'; spouseDeclared: boolean }) =>
      recheckRelease(
        { ...approved, facts: then },
        but((f) => (f.family = told({ ...family, registered }))),
        policies,
      ).differences.map(({ reason }) => reason.code)
    expect(now({ state: 'NO_RECORD', spouseDeclared: false })).toEqual([])
    expect(now({ state: 'MARRIED', spouseDeclared: true })).toEqual([])
    expect(now({ state: 'MARRIED', spouseDeclared: false })).toEqual(['FAMILY_CHANGED'])
    expect(now({ state: 'DIVORCED', spouseDeclared: false })).toEqual(['FAMILY_CHANGED'])
  })
  it('an amount granted above a ceiling that has not moved since', () => {
    const facts = but((f) => (f.home.withdrawnFen = yuan(400_000)))
    expect(recheckRelease({ ...approved, facts }, facts, policies).release).toBe(true)
  })
})

describe('a lifted refusal comes back when it is graver, or somebody else’s', () => {
  const arrears =
    (borrowerFen: bigint, spouseFen = 0n): Change =>
    (f) => {
      const credit = (overdueNowFen: bigint) => told({ overdueNowFen: fen(overdueNowFen), overdueRunMonths: 0, overdueTimes24Months: 0 })
      f.borrower.credit = credit(borrowerFen)
      if (f.spouse) f.spouse.credit = credit(spouseFen)
    }
  const specially: ApprovedTerms = {
    ...approved,
    facts: but(arrears(10_000n)),
    lifted: [{ code: 'CREDIT_OVERDUE_NOW', figures: { who: '借款人', overdueFen: '10000' } }],
  }
  it.each<[string, Change, string[]]>([
    ['the same', arrears(10_000n), []],
    ['less', arrears(9_999n), []],
    ['a fen more', arrears(10_001n), ['CREDIT_OVERDUE_NOW']],
    ['of the spouse as well', arrears(10_000n, 1n), ['CREDIT_OVERDUE_NOW']],
  ])('%s', (_sentence, change, codes) => {
    expect(recheckRelease(specially, but(change), policies).differences.map(({ reason }) => reason.code)).toEqual(codes)
  })
  it('what loan-1 lifted it lifted whatever the figures', () => {
    const lifted = [{ code: 'CREDIT_OVERDUE_NOW' }]
    expect(recheckRelease({ ...specially, lifted }, but(arrears(99_999n, 1n)), policies).release).toBe(true)
  })
  it('an open question is nothing that could be lifted', () => {
    const figures = { what: '借款人征信报告' }
    expect(
      liftable([
        { code: 'SOURCE_UNAVAILABLE', figures },
        { code: 'HOME_THIRD', figures: {} },
        { code: 'CREDIT_OVERDUE_NOW', figures: {} },
      ]),
    ).toEqual([{ code: 'CREDIT_OVERDUE_NOW', figures: {} }])
  })
})

describe('a rate cut between approval and release', () => {
  const before = policyAt(publishedRows, 'xinxiang', plainDate('2025-05-07'))
  const old = { ...approved, ratePercent: '2.85' }
  it.each([
    ['2025-05-07', [], '2.85'],
    ['2025-05-08', ['RATE_CHANGED'], '2.60'],
  ])('released on %s', (date, codes, ratePercent) => {
    const recheck = recheckRelease(old, example, {
      ruling: before,
      release: policyAt(publishedRows, 'xinxiang', plainDate(date)),
    })
    expect(recheck).toMatchObject({ consequence: 'CONTINUE', release: true, ratePercent })
    expect(recheck.differences.map((one) => one.reason.code)).toEqual(codes)
  })
  it('waits for a new signature when the contract prints the rate', () => {
    expect(recheckRelease(old, { ...example, contractRatePercent: '2.85' }, { ruling: before, release: xinxiang })).toMatchObject({
      consequence: 'PAUSE',
      release: false,
    })
  })
})

it('a corrected birth date that shortens the term goes back to the approver', () => {
  const recheck = recheckRelease(
    approved,
    but((f) => (f.borrower.bornOn = plainDate('1980-01-01'))),
    policies,
  )
  expect(recheck.differences.map((one) => one.reason.code)).toEqual(['TERM_LOWERED'])
  expect(recheck.consequence).toBe('REAPPROVE')
})

it('the gravest consequence wins and every difference is told', () => {
  const facts = but((f) => {
    f.borrower.identity = told({ matched: true, alive: false })
    f.home.projectSuspended = true
    f.borrower.credit = told({ overdueNowFen: fen(1n), overdueRunMonths: 0, overdueTimes24Months: 0 })
  })
  const recheck = recheckRelease(approved, facts, policies)
  expect(recheck.consequence).toBe('VOID')
  expect(recheck.differences.map((one) => one.consequence)).toEqual(['VOID', 'REAPPROVE', 'PAUSE'])
})

import { describe, expect, it } from 'vitest'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import { fen } from '#contracts/money.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { assessLoan } from './assess.ts'
import { but, changyuan, childrenOf, contributing, told, xinxiang, xinxiangWith, yuan, type Change } from './loan.fixture.ts'

const codesOf = (facts: LoanFacts, policy: PolicySnapshot = xinxiang): string[] => assessLoan(facts, policy).reasons.map(({ code }) => code)
const ceilingOf = (facts: LoanFacts, policy: PolicySnapshot, code: string) =>
  assessLoan(facts, policy).ceilings.find((one) => one.code === code)
const bindingOf = (facts: LoanFacts, policy: PolicySnapshot = xinxiang): readonly (readonly [string, bigint])[] =>
  assessLoan(facts, policy)
    .ceilings.filter((one) => one.binding)
    .map((one) => [one.code, one.limitFen])

/** Two million for a home of two million, with an income that bears it. */
const asksMuch: Change = (f) => {
  f.applied.amountFen = yuan(2_000_000)
  f.home.contractPriceFen = yuan(2_000_000)
  f.home.downPaymentPaidFen = yuan(700_000)
  f.home.filing = told({ priceFen: yuan(2_000_000), valid: true, buyersMatch: true })
}
const filedAt =
  (priceFen: number): Change =>
  (f) =>
    (f.home.filing = told({ priceFen: yuan(priceFen), valid: true, buyersMatch: true }))
const talent =
  (talentClass: number): Change =>
  (f) =>
    (f.borrower.talentClass = told(talentClass))

describe('the ceiling that binds', () => {
  const cases: readonly [string, PolicySnapshot, Change, string, number][] = [
    ['two contributors in Xinxiang get 650 000', xinxiang, () => {}, 'MAX_LOAN', 650_000],
    ['two contributors in Changyuan get 600 000', changyuan, () => {}, 'MAX_LOAN', 600_000],
    [
      'one contributor in Xinxiang gets 450 000',
      xinxiang,
      contributing({ status: 'NONE', monthsContinuous: 0 }, 'spouse'),
      'MAX_LOAN',
      450_000,
    ],
    [
      'one contributor in Changyuan gets 400 000',
      changyuan,
      contributing({ status: 'NONE', monthsContinuous: 0 }, 'spouse'),
      'MAX_LOAN',
      400_000,
    ],
    [
      'a spouse of five months does not count as the second',
      xinxiang,
      contributing({ monthsContinuous: 5 }, 'spouse'),
      'MAX_LOAN',
      450_000,
    ],
    ['two children raise a first home in Xinxiang by 150 000', xinxiang, childrenOf(2), 'MAX_LOAN', 800_000],
    ['two children raise a first home in Changyuan by 100 000', changyuan, childrenOf(2), 'MAX_LOAN', 700_000],
    ['one child raises nothing', xinxiang, childrenOf(1), 'MAX_LOAN', 650_000],
    ['a talent of class 2 gets a million in Changyuan', changyuan, talent(2), 'MAX_LOAN', 1_000_000],
    ['a talent of class 3 gets 800 000 in Changyuan', changyuan, talent(3), 'MAX_LOAN', 800_000],
    ['a talent means nothing in Xinxiang', xinxiang, talent(1), 'MAX_LOAN', 650_000],
    [
      'withdrawals and loan stay within the price',
      xinxiang,
      (f) => (f.home.withdrawnFen = yuan(1_440_000)),
      'PRICE_LESS_WITHDRAWALS',
      560_000,
    ],
    ['more withdrawn than the price leaves nothing', xinxiang, (f) => (f.home.withdrawnFen = yuan(2_000_001)), 'PRICE_LESS_WITHDRAWALS', 0],
    ['the filed price counts when it is lower', xinxiang, filedAt(700_000), 'LOAN_TO_VALUE', 560_000],
    ['the contract price counts when it is lower', xinxiang, (f) => (f.home.contractPriceFen = yuan(700_000)), 'LOAN_TO_VALUE', 560_000],
  ]
  it.each(cases)('%s', (_sentence, policy, change, code, amount) => {
    expect(bindingOf(but(asksMuch, change), policy)).toEqual([[code, yuan(amount)]])
  })

  it('a fen that does not divide stays with the buyer', () => {
    const facts = but(asksMuch, (f) => (f.home.contractPriceFen = fen(70_000_003n)))
    expect(ceilingOf(facts, xinxiang, 'LOAN_TO_VALUE')?.limitFen).toBe(56_000_002n)
  })
})

it('a second home has no uplift, 30 % down and the second-home rate', () => {
  const facts = but(
    asksMuch,
    childrenOf(3),
    (f) => (f.homesInPlace = told(1)),
    (f) => (f.homesByHousingDepartment = told(1)),
  )
  expect(assessLoan(facts, xinxiang)).toMatchObject({
    outcome: 'approved',
    homeOrder: 'second',
    ratePercent: '3.075',
    amountFen: yuan(650_000),
  })
  expect(ceilingOf(facts, xinxiang, 'LOAN_TO_VALUE')).toMatchObject({ limitFen: yuan(1_400_000), standing: 'ASSUMED' })
  expect(ceilingOf(facts, changyuan, 'LOAN_TO_VALUE')).toMatchObject({ limitFen: yuan(1_400_000), standing: 'PUBLISHED' })
})

it('an uplift that rests on an assumed number of children says so', () => {
  expect(ceilingOf(but(childrenOf(2)), xinxiang, 'MAX_LOAN')?.standing).toBe('ASSUMED')
  expect(ceilingOf(but(childrenOf(1)), xinxiang, 'MAX_LOAN')?.standing).toBe('PUBLISHED')
})

describe('what a household can bear', () => {
  const income =
    (monthly: number, debt: number): Change =>
    (f) => {
      f.borrower.monthlyIncomeFen = yuan(monthly)
      f.borrower.otherMonthlyDebtFen = yuan(debt)
      if (f.spouse) f.spouse.monthlyIncomeFen = fen(0n)
    }
  it('three thousand a month bear 749 363.58 over thirty years, granted as 749 000', () => {
    const facts = but(childrenOf(2), income(5000, 0), (f) => (f.applied.amountFen = yuan(760_000)))
    expect(bindingOf(facts)).toEqual([['REPAYMENT_CAPACITY', 74936358n]])
    expect(assessLoan(facts, xinxiang)).toMatchObject({ outcome: 'approved', amountFen: yuan(749_000) })
  })
  it('other debts come off first', () => {
    const facts = but(childrenOf(2), income(6000, 600), (f) => (f.applied.amountFen = yuan(760_000)))
    expect(bindingOf(facts)).toEqual([['REPAYMENT_CAPACITY', 74936358n]])
  })
  it('equal principal is measured by its first and dearest instalment', () => {
    const facts = but(income(5000, 0), (f) => (f.applied.method = 'EQUAL_PRINCIPAL'))
    // 3 000 ÷ (1/360 + 2.6 %/12)
    expect(ceilingOf(facts, xinxiang, 'REPAYMENT_CAPACITY')?.limitFen).toBe(60674157n)
  })
  it('debts beyond the share of the income refuse, and nothing is left to grant', () => {
    expect(codesOf(but(income(5000, 3000)))).toEqual(['INCOME_INSUFFICIENT', 'AMOUNT_BELOW_MINIMUM'])
  })
})

describe('a city that multiplies balances', () => {
  const multiplied = (multiple: number): PolicySnapshot =>
    xinxiangWith({ key: 'balanceFormula', value: { kind: 'MULTIPLE', multiple, coefficients: [{ monthsMin: 24, percent: 100 }] } })
  const single: Change = (f) => {
    f.spouse = null
    f.family = told({ maritalStatus: 'SINGLE', minorChildren: 0 })
    contributing({ balanceFen: yuan(32_000) })(f)
  }
  it('grants 32 000 × 30 = 960 000, and 640 000 at 20 times', () => {
    expect(ceilingOf(but(single), multiplied(30), 'BALANCE_FORMULA')?.limitFen).toBe(yuan(960_000))
    expect(ceilingOf(but(single), multiplied(20), 'BALANCE_FORMULA')?.limitFen).toBe(yuan(640_000))
  })
  it('adds up two contributors', () => {
    const facts = but(contributing({ balanceFen: yuan(10_000) }), contributing({ balanceFen: yuan(5_000) }, 'spouse'))
    expect(ceilingOf(facts, multiplied(30), 'BALANCE_FORMULA')?.limitFen).toBe(yuan(450_000))
  })
  it('leaves 23 months to a person where coefficients are published from 24', () => {
    const facts = but(contributing({ monthsContinuous: 23 }))
    expect(assessLoan(facts, multiplied(30))).toMatchObject({ outcome: 'manual', reasons: [{ code: 'COEFFICIENT_NOT_PUBLISHED' }] })
  })
})

describe('less than was asked', () => {
  const asked = (amount: bigint): LoanFacts => but((f) => (f.applied.amountFen = fen(amount)))
  it('is approved in whole thousands, with a note', () => {
    expect(assessLoan(asked(65_050_000n), xinxiang)).toMatchObject({
      outcome: 'approved',
      amountFen: yuan(650_000),
      notes: [{ code: 'AMOUNT_LIMITED' }],
    })
  })
  it('is refused below the least loan there is', () => {
    expect(assessLoan(asked(1_000_000n), xinxiang).outcome).toBe('approved')
    expect(codesOf(asked(999_999n))).toEqual(['AMOUNT_BELOW_MINIMUM'])
  })
})

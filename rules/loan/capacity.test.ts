import { expect, it } from 'vitest'
import { assessLoan } from './assess.ts'
import { bearableInstalment } from './capacity.ts'
import { but, contributing, example, told, xinxiang, yuan, type Change } from './loan.fixture.ts'

const notes = (...changes: Change[]): string[] => assessLoan(but(...changes), xinxiang).notes.map(({ code }) => code)

it('an income above the base is counted at the base, and shown', () => {
  const more: Change = (f) => (f.borrower.monthlyIncomeFen = yuan(30_000))
  expect(bearableInstalment(but(more), xinxiang)).toBe(bearableInstalment(example, xinxiang))
  expect(notes()).not.toContain('INCOME_ABOVE_BASE')
  expect(notes(more)).toContain('INCOME_ABOVE_BASE')
})

it('an income below the base is counted as it is, and that of who pays in nowhere as it is proved', () => {
  const less: Change = (f) => (f.borrower.monthlyIncomeFen = yuan(5_000))
  expect(bearableInstalment(but(less), xinxiang)).toBeLessThan(bearableInstalment(example, xinxiang))
  const outside = (income: number): Change[] => [
    contributing({ status: 'NONE', baseFen: yuan(0) }, 'spouse'),
    (f) => f.spouse && (f.spouse.monthlyIncomeFen = yuan(income)),
  ]
  expect(bearableInstalment(but(...outside(10_000)), xinxiang) - bearableInstalment(but(...outside(0)), xinxiang)).toBe(yuan(6_000))
})

it('debts are counted no lower than the credit report has them', () => {
  const reported: Change = (f) =>
    (f.borrower.credit = told({ overdueNowFen: yuan(0), overdueRunMonths: 0, overdueTimes24Months: 0, monthlyRepaymentFen: yuan(2_200) }))
  expect(bearableInstalment(example, xinxiang) - bearableInstalment(but(reported), xinxiang)).toBe(yuan(1_000))
})

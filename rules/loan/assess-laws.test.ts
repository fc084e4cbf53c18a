import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import { fen } from '#contracts/money.ts'
import { assessLoan } from './assess.ts'
import { but, told, xinxiang } from './loan.fixture.ts'

describe('laws of the assessment', () => {
  const household = fc.record({
    income: fc.bigInt({ min: 0n, max: 5_000_000n }),
    debt: fc.bigInt({ min: 0n, max: 2_000_000n }),
    applied: fc.bigInt({ min: 1_000_000n, max: 120_000_000n }),
    months: fc.integer({ min: 1, max: 360 }),
    method: fc.constantFrom('EQUAL_INSTALMENT' as const, 'EQUAL_PRINCIPAL' as const),
    homes: fc.integer({ min: 0, max: 2 }),
    withdrawn: fc.bigInt({ min: 0n, max: 100_000_000n }),
    more: fc.bigInt({ min: 0n, max: 5_000_000n }),
  })
  type Household = typeof household extends fc.Arbitrary<infer T> ? T : never
  const factsOf = (any: Household): LoanFacts =>
    but((f) => {
      f.borrower.monthlyIncomeFen = fen(any.income)
      f.borrower.otherMonthlyDebtFen = fen(any.debt)
      f.homesInPlace = told(any.homes)
      f.home.withdrawnFen = fen(any.withdrawn)
      f.applied = { ...f.applied, amountFen: fen(any.applied), months: any.months, method: any.method }
    })

  it('raising the income never turns a yes into a no, nor lowers the amount', () => {
    fc.assert(
      fc.property(household, (any) => {
        const [before, after] = [
          assessLoan(factsOf(any), xinxiang),
          assessLoan(factsOf({ ...any, income: any.income + any.more }), xinxiang),
        ]
        if (before.outcome === 'approved') expect(after.outcome).toBe('approved')
        expect(after.amountFen).toBeGreaterThanOrEqual(before.amountFen)
      }),
    )
  })

  it('asking for less, down to the least loan there is, never turns a yes into a no', () => {
    fc.assert(
      fc.property(household, (any) => {
        const less = any.applied - any.more < 1_000_000n ? 1_000_000n : any.applied - any.more
        const [before, after] = [assessLoan(factsOf(any), xinxiang), assessLoan(factsOf({ ...any, applied: less }), xinxiang)]
        if (before.outcome === 'approved') expect(after.outcome).toBe('approved')
      }),
    )
  })

  it('what is granted is within every ceiling and in whole steps', () => {
    fc.assert(
      fc.property(household, (any) => {
        const { amountFen, ceilings } = assessLoan(factsOf(any), xinxiang)
        expect(amountFen % 100_000n).toBe(0n)
        expect(ceilings.every(({ limitFen }) => amountFen <= limitFen)).toBe(true)
        if (ceilings.length > 0) expect(ceilings.some(({ binding }) => binding)).toBe(true)
      }),
    )
  })
})

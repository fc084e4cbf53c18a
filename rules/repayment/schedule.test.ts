import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addFen, fen, parseYuan, yuanText, type Fen } from '#contracts/money.ts'
import { equalInstalment, firstInstalment, principalFor, type RepaymentMethod } from './instalment.ts'
import { oneOffRepayment, repaymentSchedule, totalAmount, totalInterest, type ScheduleTerms } from './schedule.ts'

const yuan = (text: string): Fen => parseYuan(text) ?? fen(-1n)

describe('plans computed by hand elsewhere, to the fen', () => {
  type Row = readonly [string, string, number, RepaymentMethod, string, string, string, string, string, string]
  const cases: readonly Row[] = [
    ['1000000.00', '2.6', 30, 'EQUAL_INSTALMENT', '4003.40', '1836.73', '2166.67', '998163.27', '4001.75', '441222.35'],
    ['1000000.00', '2.6', 30, 'EQUAL_PRINCIPAL', '4944.45', '2777.78', '2166.67', '997222.22', '2783.00', '391083.03'],
    ['650000.00', '2.6', 30, 'EQUAL_INSTALMENT', '2602.21', '1193.88', '1408.33', '648806.12', '2601.22', '286794.61'],
    ['650000.00', '2.85', 30, 'EQUAL_INSTALMENT', '2688.12', '1144.37', '1543.75', '648855.63', '2690.03', '317725.11'],
    ['650000.00', '3.1', 30, 'EQUAL_INSTALMENT', '2775.61', '1096.44', '1679.17', '648903.56', '2773.59', '349217.58'],
    ['450000.00', '2.6', 20, 'EQUAL_INSTALMENT', '2406.55', '1431.55', '975.00', '448568.45', '2405.36', '127570.81'],
    ['450000.00', '2.6', 20, 'EQUAL_PRINCIPAL', '2850.00', '1875.00', '975.00', '448125.00', '1879.06', '117487.80'],
    ['500000.00', '2.1', 5, 'EQUAL_INSTALMENT', '8785.77', '7910.77', '875.00', '492089.23', '8785.84', '27146.27'],
    ['800000.00', '3.075', 25, 'EQUAL_INSTALMENT', '3824.97', '1774.97', '2050.00', '798225.03', '3825.47', '347491.50'],
  ]
  it.each(cases)('%s at %s %% over %i years, %s', (principal, ratePercent, years, method, amount, part, interest, closing, last, total) => {
    const plan = repaymentSchedule({ principalFen: yuan(principal), ratePercent, months: years * 12, method })
    const [first, end] = [plan[0], plan.at(-1)]
    expect([first?.amountFen, first?.principalFen, first?.interestFen, first?.closingFen].map((sum) => yuanText(sum ?? fen(-1n)))).toEqual([
      amount,
      part,
      interest,
      closing,
    ])
    expect(yuanText(end?.amountFen ?? fen(-1n))).toBe(last)
    expect(yuanText(totalInterest(plan))).toBe(total)
  })

  it.each([
    ['2.6', 360, '40.03'],
    ['2.6', 240, '53.48'],
    ['2.6', 120, '94.73'],
    ['2.1', 60, '175.72'],
    ['3.075', 360, '42.57'],
  ])('ten thousand at %s %% over %i months costs %s a month', (rate, months, amount) => {
    expect(yuanText(equalInstalment(yuan('10000.00'), rate, months))).toBe(amount)
  })

  it('three thousand a month bears 749 363.58 at 2.6 % over 360 months', () => {
    expect(yuanText(principalFor('EQUAL_INSTALMENT', yuan('3000.00'), '2.6', 360))).toBe('749363.58')
  })
})

const terms: fc.Arbitrary<ScheduleTerms> = fc.record({
  principalFen: fc.bigInt({ min: 1n, max: 200_000_000n }).map(fen),
  ratePercent: fc
    .integer({ min: 0, max: 240_000 })
    .map((units) => `${Math.floor(units / 10_000)}.${String(units % 10_000).padStart(4, '0')}`),
  months: fc.integer({ min: 1, max: 360 }),
  method: fc.constantFrom<RepaymentMethod>('EQUAL_INSTALMENT', 'EQUAL_PRINCIPAL'),
})

describe('laws of every plan', () => {
  it('principal sums to the loan, the end is zero, nothing is negative, and amounts are what they are made of', () => {
    fc.assert(
      fc.property(terms, (any) => {
        const plan = repaymentSchedule(any)
        expect(plan).toHaveLength(any.months)
        expect(addFen(...plan.map((one) => one.principalFen))).toBe(any.principalFen)
        expect(plan.at(-1)?.closingFen).toBe(0n)
        expect(totalAmount(plan)).toBe(addFen(any.principalFen, totalInterest(plan)))
        expect(
          plan.every((one) => one.principalFen >= 0n && one.interestFen >= 0n && one.amountFen === one.principalFen + one.interestFen),
        ).toBe(true)
        expect(plan.every((one, index) => one.closingFen <= (plan[index - 1]?.closingFen ?? any.principalFen))).toBe(true)
      }),
    )
  })

  it('the last instalment absorbs rounding only: at most half a fen per month, grown by interest', () => {
    fc.assert(
      fc.property(
        terms.filter((any) => any.method === 'EQUAL_INSTALMENT'),
        (any) => {
          const plan = repaymentSchedule(any)
          const [first, last] = [plan[0]?.amountFen ?? 0n, plan.at(-1)?.amountFen ?? 0n]
          const growth = (1 + Number(any.ratePercent) / 1200) ** any.months
          expect(Number(last > first ? last - first : first - last)).toBeLessThanOrEqual(any.months * growth + 1)
        },
      ),
    )
  })

  it('what a payment can bear is borne by it, and one yuan more is not', () => {
    fc.assert(
      fc.property(terms, fc.bigInt({ min: 10_000n, max: 10_000_000n }).map(fen), (any, payment) => {
        const principal = principalFor(any.method, payment, any.ratePercent, any.months)
        expect(firstInstalment(any.method, principal, any.ratePercent, any.months)).toBeLessThanOrEqual(payment)
        expect(firstInstalment(any.method, fen(principal + 100n * BigInt(any.months)), any.ratePercent, any.months)).toBeGreaterThan(
          payment,
        )
      }),
    )
  })
})

it('a loan of ten months is repaid at once with ten months of interest', () => {
  expect(oneOffRepayment(yuan('120000.00'), '2.1', 10)).toMatchObject({ interestFen: 210000n, amountFen: 12210000n, closingFen: 0n })
})
it('thirteen months are too long for one repayment', () => expect(() => oneOffRepayment(fen(1n), '2.1', 13)).toThrow(RangeError))

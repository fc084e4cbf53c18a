import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dateOf, plainDate } from '#contracts/dates.ts'
import { addFen, fen, parseYuan, yuanText, type Fen } from '#contracts/money.ts'
import { datedSchedule, type LoanTerms } from './dated-schedule.ts'

const yuan = (text: string): Fen => parseYuan(text) ?? fen(-1n)
const rates = [
  { effectiveOn: plainDate('2022-10-01'), ratePercent: '3.1' },
  { effectiveOn: plainDate('2024-05-18'), ratePercent: '2.85' },
  { effectiveOn: plainDate('2025-05-08'), ratePercent: '2.6' },
]
const loan: LoanTerms = {
  principalFen: yuan('650000.00'),
  months: 360,
  method: 'EQUAL_INSTALMENT',
  releasedOn: plainDate('2023-06-15'),
  repaymentDay: 15,
  rates,
  firstPeriod: 'ACTUAL_DAYS',
  repricingSplit: 'WHOLE_PERIOD',
}

describe('a loan of June 2023 through the cuts of 2024 and 2025', () => {
  const cases = [
    ['WHOLE_PERIOD', '2024-12-15', 18, '2775.61', '1630.01', '629824.61'],
    ['WHOLE_PERIOD', '2025-01-15', 19, '2691.73', '1495.83', '628628.71'],
    ['WHOLE_PERIOD', '2025-02-15', 20, '2691.73', '1492.99', '627429.97'],
    ['WHOLE_PERIOD', '2026-01-15', 31, '2611.76', '1333.12', '614006.26'],
    ['WHOLE_PERIOD', '2026-02-15', 32, '2611.76', '1330.35', '612724.85'],
    ['SPLIT_AT_JAN1', '2024-12-15', 18, '2775.61', '1630.01', '629824.61'],
    ['SPLIT_AT_JAN1', '2025-01-15', 19, '2691.73', '1565.81', '628698.69'],
    ['SPLIT_AT_JAN1', '2025-02-15', 20, '2691.73', '1493.16', '627500.12'],
    ['SPLIT_AT_JAN1', '2026-01-15', 31, '2612.06', '1401.65', '614146.33'],
    ['SPLIT_AT_JAN1', '2026-02-15', 32, '2612.06', '1330.65', '612864.92'],
  ] as const
  it.each(cases)('%s: due %s, no. %i', (repricingSplit, dueOn, no, amount, interest, closing) => {
    const found = datedSchedule({ ...loan, repricingSplit }).find((one) => one.no === no)
    expect(found?.dueOn).toBe(dueOn)
    expect([found?.amountFen, found?.interestFen, found?.closingFen].map((sum) => yuanText(sum ?? fen(-1n)))).toEqual([
      amount,
      interest,
      closing,
    ])
  })

  it('a loan of a year or less keeps its rate across 1 January', () => {
    const short = datedSchedule({ ...loan, months: 12, releasedOn: plainDate('2024-05-17') })
    expect(new Set(short.map((one) => one.ratePercent))).toEqual(new Set(['3.1']))
  })

  it('a loan released on the day of the cut has the new rate at once, one released the day before from 1 January', () => {
    const first = (releasedOn: string): string | undefined => datedSchedule({ ...loan, releasedOn: plainDate(releasedOn) })[0]?.ratePercent
    expect(first('2024-05-17')).toBe('3.1')
    expect(first('2024-05-18')).toBe('2.85')
  })
})

describe('the first period', () => {
  const broken: LoanTerms = { ...loan, releasedOn: plainDate('2026-03-20') }
  it('of 26 days costs 26 days when the contract counts them', () => {
    expect(datedSchedule(broken)[0]).toMatchObject({ dueOn: '2026-04-15', interestFen: 122056n })
  })
  it('of 26 days costs a month when the contract says a full month', () => {
    expect(datedSchedule({ ...broken, firstPeriod: 'FULL_MONTH' })[0]).toMatchObject({ interestFen: 140833n, amountFen: 260221n })
  })
  it('changes no later instalment', () => {
    const later = (terms: LoanTerms) => datedSchedule(terms).slice(1)
    expect(later(broken)).toEqual(later({ ...broken, firstPeriod: 'FULL_MONTH' }))
  })
})

it('a repayment day of 31 falls on the last day of a short month and returns to the 31st', () => {
  const due = datedSchedule({ ...loan, releasedOn: plainDate('2025-12-31'), repaymentDay: 31, months: 24 }).map((one) => one.dueOn)
  expect(due.slice(0, 3)).toEqual(['2026-01-31', '2026-02-28', '2026-03-31'])
})

it('whatever the day, the method and the repricing, principal sums to the loan and ends at zero', () => {
  const any = fc.record({
    principalFen: fc.bigInt({ min: 100_000n, max: 200_000_000n }).map(fen),
    months: fc.integer({ min: 1, max: 360 }),
    method: fc.constantFrom('EQUAL_INSTALMENT' as const, 'EQUAL_PRINCIPAL' as const),
    releasedOn: fc
      .record({ year: fc.integer({ min: 2023, max: 2026 }), month: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 1, max: 28 }) })
      .map(dateOf),
    repaymentDay: fc.integer({ min: 1, max: 31 }),
    rates: fc.constant(rates),
    firstPeriod: fc.constantFrom('ACTUAL_DAYS' as const, 'FULL_MONTH' as const),
    repricingSplit: fc.constantFrom('WHOLE_PERIOD' as const, 'SPLIT_AT_JAN1' as const),
  })
  fc.assert(
    fc.property(any, (terms) => {
      const plan = datedSchedule(terms)
      expect(addFen(...plan.map((one) => one.principalFen))).toBe(terms.principalFen)
      expect(plan.at(-1)?.closingFen).toBe(0n)
    }),
  )
})

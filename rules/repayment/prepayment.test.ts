import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fen, parseYuan, yuanText, type Fen } from '#contracts/money.ts'
import { equalInstalment } from './instalment.ts'
import { prepaymentInterest, reduceInstalment, shortenTerm, type RunningLoan } from './prepayment.ts'
import { repaymentSchedule } from './schedule.ts'

const yuan = (text: string): Fen => parseYuan(text) ?? fen(-1n)
const after24: RunningLoan = {
  balanceFen: yuan('414772.96'),
  ratePercent: '2.6',
  monthsLeft: 216,
  method: 'EQUAL_INSTALMENT',
  monthlyFen: yuan('2406.55'),
}

it('after two years 414 772.96 of 450 000 are left', () => {
  const plan = repaymentSchedule({ principalFen: yuan('450000.00'), ratePercent: '2.6', months: 240, method: 'EQUAL_INSTALMENT' })
  expect(plan[23]?.closingFen).toBe(after24.balanceFen)
})

it('prepaying 100 000 to reduce keeps 216 months at 1 826.34', () => {
  expect(reduceInstalment(after24, yuan('100000.00'))).toMatchObject({ balanceFen: 31477296n, monthsLeft: 216, monthlyFen: 182634n })
})

it('prepaying 100 000 to shorten leaves 154 months at 2 406.11; 153 would cost 2 419.36', () => {
  expect(shortenTerm(after24, yuan('100000.00'), 'RECOMPUTE')).toMatchObject({ monthsLeft: 154, monthlyFen: 240611n })
  expect(shortenTerm(after24, yuan('100000.00'), 'KEEP')).toMatchObject({ monthsLeft: 154, monthlyFen: 240655n })
  expect(yuanText(equalInstalment(yuan('314772.96'), '2.6', 153))).toBe('2419.36')
})

it('an equal-principal loan is shortened by whole monthly principals', () => {
  const loan: RunningLoan = { ...after24, method: 'EQUAL_PRINCIPAL', balanceFen: yuan('405000.00'), monthlyFen: yuan('1875.00') }
  expect(shortenTerm(loan, yuan('100000.00'), 'RECOMPUTE').monthsLeft).toBe(163)
})

it('ten days of interest are due on what is prepaid', () =>
  expect(yuanText(prepaymentInterest(yuan('100000.00'), '2.6', 10))).toBe('72.22'))

it.each(['0.00', '414772.96', '500000.00'])('%s is no partial prepayment', (text) => {
  expect(() => reduceInstalment(after24, yuan(text))).toThrow(RangeError)
})

it('shortening finds the fewest months: one less would cost more than today', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: after24.balanceFen - 1n }).map(fen), (prepaid) => {
      const { balanceFen, monthsLeft, monthlyFen } = shortenTerm(after24, prepaid, 'RECOMPUTE')
      expect(monthlyFen).toBeLessThanOrEqual(after24.monthlyFen)
      if (monthsLeft > 1) expect(equalInstalment(balanceFen, '2.6', monthsLeft - 1)).toBeGreaterThan(after24.monthlyFen)
    }),
  )
})

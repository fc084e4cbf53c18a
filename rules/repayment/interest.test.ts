import { expect, it } from 'vitest'
import { fen, parseYuan, yuanText, type Fen } from '#contracts/money.ts'
import { daysInterest, interestOf, monthsInterest, rateUnits } from './interest.ts'

const yuan = (text: string): Fen => parseYuan(text) ?? fen(-1n)

it.each([
  ['ten thousand at 1.5 % for a year of twelve months', '10000.00', 12, '150.00'],
  ['seventy thousand at 1.5 % for a year of twelve months', '70000.00', 12, '1050.00'],
])('%s', (_sentence, balance, months, interest) => expect(yuanText(monthsInterest(yuan(balance), '1.5', months))).toBe(interest))

it('ten thousand at 1.5 % by daily product over 365 days of a 360-day year', () => {
  expect(yuanText(daysInterest(yuan('10000.00'), '1.5', 365))).toBe('152.08')
})

it('the broken first period of 26 days', () => expect(yuanText(daysInterest(yuan('650000.00'), '2.6', 26))).toBe('1220.56'))

it('a period of two rates is rounded once, not twice', () => {
  const spans = [
    { ratePercent: '3.6', days: 5 },
    { ratePercent: '3.6', days: 5 },
  ]
  // Half a fen and half a fen: one when added first, two when each is rounded.
  expect(interestOf(fen(1000n), spans)).toBe(1n)
  expect(daysInterest(fen(1000n), '3.6', 5) * 2n).toBe(2n)
})

it.each(['', '2,6', '-1', '1e1', '2.60001', '２.6', ' 2.6'])('"%s" is no rate', (text) => expect(() => rateUnits(text)).toThrow(RangeError))

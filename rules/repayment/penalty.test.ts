import { expect, it } from 'vitest'
import { fen, yuanText } from '#contracts/money.ts'
import { penaltyInterest } from './penalty.ts'

const overdue = { principalFen: fen(150000n), interestFen: fen(110025n), ratePercent: '2.6', days: 23 }

it.each([
  ['on the principal only', 'PRINCIPAL_ONLY', '3.74'],
  ['on principal and interest', 'PRINCIPAL_AND_INTEREST', '6.48'],
] as const)('23 days overdue, %s', (_sentence, penaltyBase, amount) => {
  expect(yuanText(penaltyInterest(overdue, { penaltyBase, penaltyPercentOfRate: 150 }))).toBe(amount)
})

it('paid on the due date there is none', () => {
  expect(penaltyInterest({ ...overdue, days: 0 }, { penaltyBase: 'PRINCIPAL_AND_INTEREST', penaltyPercentOfRate: 150 })).toBe(0n)
})

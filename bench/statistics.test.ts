import { expect, test } from 'vitest'
import { inTurns, percentile, ratioOf } from './statistics.ts'

test.each([
  { percent: 50, value: 50 },
  { percent: 95, value: 95 },
  { percent: 99, value: 99 },
  { percent: 100, value: 100 },
  { percent: 0, value: 1 },
])('the $percent th percentile of one to a hundred is $value', ({ percent, value }) => {
  const shuffled = Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) + 1)
  expect(percentile(shuffled, percent)).toBe(value)
})

test('a ratio is taken round by round, so that a slow round does not make its halves look unlike', () => {
  expect(ratioOf([10, 200, 10], [5, 100, 5])).toEqual({ median: 2, p10: 2, p90: 2, rounds: 3 })
  expect(() => ratioOf([1], [])).toThrow(RangeError)
})

test('whoever comes second in one round comes first in the next', async () => {
  const order: string[] = []
  const [ours, contender] = await inTurns(
    3,
    async (round) => order.push(`A${round}`),
    async (round) => order.push(`B${round}`),
  )
  expect(order).toEqual(['A0', 'B0', 'B1', 'A1', 'A2', 'B2'])
  expect([ours.length, contender.length]).toEqual([3, 3])
})

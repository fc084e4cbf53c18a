import { expect, it } from 'vitest'
import { xinxiang, xinxiangWith } from './loan.fixture.ts'
import { loanRate, rateAfterShortening } from './rate.ts'

it.each([
  [60, 'first', '2.10'],
  [61, 'first', '2.60'],
  [60, 'second', '2.525'],
  [61, 'second', '3.075'],
] as const)('%i months of a %s home cost %s %%', (months, order, percent) => {
  expect(Number(loanRate(xinxiang, order, months).value)).toBe(Number(percent))
})

const shortened = { contractMonths: 120, monthsAfter: 60 }

it('a loan shortened to five years keeps the rate of its contract, where the city says nothing else', () => {
  expect(rateAfterShortening(xinxiang, 'first', shortened)).toEqual(loanRate(xinxiang, 'first', 120))
})

it('and moves to the lower bucket where the city reclassifies, from five years down', () => {
  const reclassifying = xinxiangWith({ key: 'bucketOnShorten', value: 'RECLASSIFY' })
  expect(rateAfterShortening(reclassifying, 'first', shortened)).toEqual(loanRate(reclassifying, 'first', 60))
  expect(rateAfterShortening(reclassifying, 'first', { ...shortened, monthsAfter: 61 })).toEqual(loanRate(reclassifying, 'first', 120))
})

import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

const commands = ['doctor', 'clock', 'end-of-day', 'verify', 'schedule']

test.each([
  ['docter', 'doctor'],
  ['veryfi', 'verify'],
  ['end-off-day', 'end-of-day'],
  ['shedule', 'schedule'],
  ['贷款', undefined],
  ['backup', undefined],
])('%s: did you mean %s?', (typed, meant) => {
  expect(nearest(typed, commands)).toBe(meant)
})

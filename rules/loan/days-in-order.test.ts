import { expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { dayMayBeRegistered } from './days-in-order.ts'

const today = plainDate('2025-11-03')
const approved = { what: '准予之日', on: plainDate('2025-10-20') }

test.each([
  ['the day itself', '2025-11-03', []],
  ['the first day possible', '2025-10-20', []],
  ['tomorrow', '2025-11-04', ['签订日期2025-11-04尚未到来']],
  ['the day before the approval', '2025-10-19', ['签订日期2025-10-19早于准予之日（2025-10-20）']],
])('%s', (_what, day, words) =>
  expect(dayMayBeRegistered('签订日期', plainDate(day), approved, today).map(({ text }) => text)).toEqual(words),
)

test('what is not known is not held against it', () => {
  expect(dayMayBeRegistered('签订日期', null, approved, today)).toEqual([])
  expect(dayMayBeRegistered('签订日期', plainDate('2020-01-01'), { what: '准予之日', on: null }, today)).toEqual([])
})

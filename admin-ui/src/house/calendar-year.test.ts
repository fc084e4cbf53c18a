import { expect, test } from 'vitest'
import { CALENDAR_YEARS, isCalendarYear, yearAsked, yearsBeside } from './calendar-year.ts'

test.each([
  ['没有写年份的，看营业日期所在的一年', null, 2025],
  ['写的不是年份的，也是', 'abc', 2025],
  ['空的，也是', '', 2025],
  ['带小数、正负号或空格的，也是', '2026.5', 2025],
  ['不是四位数的，也是', '-1', 2025],
  ['写明一年的，看那一年', '2026', 2026],
  ['工作日历之外的一年照样是所问的一年：页面说明查不到', '1999', 1999],
])('%s', (_sentence, text, year) => expect(yearAsked(text, 2025)).toBe(year))

test('可查的年份与接口一致', () => {
  expect(CALENDAR_YEARS).toEqual({ first: 2000, last: 2100 })
  expect([1999, 2000, 2100, 2101].map(isCalendarYear)).toEqual([false, true, true, false])
})

test.each([
  ['在两端之间，前后各一年', 2025, { before: 2024, after: 2026 }],
  ['在之前，往后一步就到第一年', 1500, { before: 1499, after: 2000 }],
  ['在之后，往前一步就到最后一年', 2300, { before: 2100, after: 2301 }],
])('%s', (_sentence, year, beside) => expect(yearsBeside(year)).toEqual(beside))

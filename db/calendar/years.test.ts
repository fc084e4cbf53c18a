import chineseDays from 'chinese-days'
import { expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { arrangedCalendar, calendarYears, daysOfYear } from './years.ts'

// An independent collection of the same notices. It is asked about these years only: for a year it does not know it answers Monday–Friday.
test.each(calendarYears)('$year agrees day by day with an independent collection of the notices', (year) => {
  const ours = daysOfYear(year).map(({ day, working }) => [day, working])
  const theirs = daysOfYear(year).map(({ day }) => [day, chineseDays.isWorkday(day)])
  expect(ours).toEqual(theirs)
})

test('each year is complete, in order and names its notice', () => {
  for (const year of calendarYears) {
    const days = daysOfYear(year).map(({ day }) => day)
    expect([days[0], days.at(-1)]).toEqual([`${year.year}-01-01`, `${year.year}-12-31`])
    expect(new Set(days).size).toBe(days.length)
    expect(year.source).toContain(`国务院办公厅关于${year.year}年`)
  }
})

test('a made-up day is a weekend day, or it would make nothing up', () => {
  for (const { madeUp, ...year } of calendarYears) {
    const ordinary = daysOfYear({ ...year, holidays: [], madeUp: [] })
    for (const { day } of madeUp) expect([day, ordinary.find((one) => one.day === day)?.working]).toEqual([day, false])
  }
})

test.each([
  ['2025-09-30', 'WORKDAY', 'the day before the holiday begins'],
  ['2025-10-01', 'REST', 'the day it begins'],
  ['2025-10-08', 'REST', 'its last day'],
  ['2025-10-09', 'WORKDAY', 'the day after'],
  ['2025-10-11', 'WORKDAY', 'a Saturday worked to make up'],
  ['2025-11-03', 'WORKDAY', 'the day on which the demo opens'],
  ['2026-12-31', 'WORKDAY', 'the last day that is known'],
  ['2027-01-01', 'UNKNOWN', 'the first that is not'],
  ['2027-01-04', 'UNKNOWN', 'a Monday of the unknown year is no working day either'],
  ['2023-12-29', 'UNKNOWN', 'a Friday before the first arranged year'],
])('%s is %s: %s', (day, kind) => {
  expect(arrangedCalendar()(plainDate(day))).toBe(kind)
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, plainDate, weekdayOf, type PlainDate } from '#contracts/dates.ts'
import { clockOn, dueDate, type Budget, type Calendar, type Pause } from './due-date.ts'

/** October 2025 as the State Council arranged it: off from the 1st to the 8th, made up for on 28 September and 11 October. */
const OFF = ['01', '02', '03', '04', '05', '06', '07', '08'].map((day) => `2025-10-${day}`)
const MADE_UP = ['2025-09-28', '2025-10-11']
const calendar: Calendar = (date) => {
  if (date < '2025-01-01' || date > '2026-12-31') return 'UNKNOWN'
  if (OFF.includes(date)) return 'REST'
  if (MADE_UP.includes(date)) return 'WORKDAY'
  return weekdayOf(date) >= 6 ? 'REST' : 'WORKDAY'
}
const budget = (startedOn: string, daysAllowed: number, unit: Budget['unit'], ...paused: readonly Pause[]): Budget => ({
  startedOn: plainDate(startedOn),
  daysAllowed,
  unit,
  paused,
  calendar,
})
const pause = (from: string, to: string | null): Pause => ({ from: plainDate(from), to: to === null ? null : plainDate(to) })

describe('the due date', () => {
  it.each<[string, Budget, string]>([
    ['the day of acceptance does not count', budget('2025-11-03', 15, 'CALENDAR'), '2025-11-18'],
    ['an end on a Saturday moves to Monday', budget('2025-10-31', 15, 'CALENDAR'), '2025-11-17'],
    ['an end in the long holiday moves behind it', budget('2025-09-18', 15, 'CALENDAR'), '2025-10-09'],
    ['an end on a Saturday that is worked stands', budget('2025-09-26', 15, 'CALENDAR'), '2025-10-11'],
    ['working days skip weekends', budget('2025-11-03', 10, 'WORKING'), '2025-11-17'],
    ['working days skip the holiday and count the Saturday worked for it', budget('2025-09-30', 3, 'WORKING'), '2025-10-11'],
    ['five days of pause put the end off by five', budget('2025-11-03', 15, 'CALENDAR', pause('2025-11-06', '2025-11-11')), '2025-11-24'],
    [
      'two pauses that overlap count once',
      budget('2025-11-03', 15, 'CALENDAR', pause('2025-11-06', '2025-11-10'), pause('2025-11-08', '2025-11-11')),
      '2025-11-24',
    ],
    [
      'a notice answered on the day it came costs nothing',
      budget('2025-11-03', 15, 'CALENDAR', pause('2025-11-06', '2025-11-06')),
      '2025-11-18',
    ],
  ])('%s', (_sentence, given, dueOn) => expect(dueDate(given)).toEqual({ known: true, dueOn }))

  it('an end in a year that is not loaded is unknown, not a Monday to Friday', () => {
    expect(dueDate(budget('2026-12-25', 10, 'CALENDAR'))).toEqual({ known: false, year: 2027 })
    expect(dueDate(budget('2026-12-25', 10, 'WORKING'))).toEqual({ known: false, year: 2027 })
    expect(dueDate(budget('2026-12-25', 3, 'CALENDAR'))).toEqual({ known: true, dueOn: '2026-12-28' })
  })

  it('has no answer while the clock stands, unless it ran out before', () => {
    expect(dueDate(budget('2025-11-03', 15, 'CALENDAR', pause('2025-11-06', null)))).toEqual({ known: false, pausedSince: '2025-11-06' })
    expect(dueDate(budget('2025-11-03', 3, 'CALENDAR', pause('2025-11-06', null)))).toEqual({ known: true, dueOn: '2025-11-06' })
  })
})

describe('days used and left', () => {
  const running = budget('2025-11-03', 15, 'CALENDAR', pause('2025-11-06', '2025-11-11'))
  it.each([
    ['2025-11-03', 0, 15, false],
    ['2025-11-06', 3, 12, false],
    ['2025-11-07', 3, 12, true],
    ['2025-11-11', 3, 12, true],
    ['2025-11-12', 4, 11, false],
    ['2025-11-24', 16, -1, false],
  ])('on %s: %i used, %i left', (today, daysUsed, daysLeft, pausedToday) => {
    expect(clockOn(running, plainDate(today))).toEqual({ known: true, daysUsed, daysLeft, pausedToday })
  })
  it('working days of a year that is not loaded are unknown', () => {
    expect(clockOn(budget('2026-12-25', 10, 'WORKING'), plainDate('2027-01-04'))).toEqual({ known: false, year: 2027 })
  })
})

it('whatever the pauses, the due date is a working day, and the budget is used up by then and not before', () => {
  const start = plainDate('2025-02-03')
  const day = fc.integer({ min: 0, max: 120 }).map((days) => addDays(start, days))
  const pauses = fc.array(
    fc.tuple(day, fc.integer({ min: 0, max: 20 })).map(([from, days]): Pause => ({ from, to: addDays(from, days) })),
    { maxLength: 4 },
  )
  fc.assert(
    fc.property(
      pauses,
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom('CALENDAR' as const, 'WORKING' as const),
      (paused, daysAllowed, unit) => {
        const any: Budget = { startedOn: start, daysAllowed, unit, paused, calendar }
        const due = dueDate(any)
        if (!due.known) throw new Error('the years are loaded')
        expect(calendar(due.dueOn)).toBe('WORKDAY')
        const left = (today: PlainDate): number => {
          const reading = clockOn(any, today)
          return reading.known ? reading.daysLeft : Number.NaN
        }
        expect(left(due.dueOn)).toBeLessThanOrEqual(0)
        if (unit === 'WORKING' && !paused.some(({ from, to }) => from < due.dueOn && to !== null && due.dueOn <= to))
          expect(left(addDays(due.dueOn, -1))).toBe(1)
      },
    ),
  )
})

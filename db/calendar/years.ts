import { addDays, dateOf, isLeapYear, plainDate, weekdayOf, type PlainDate } from '#contracts/dates.ts'

/** A year as the State Council arranged it: what differs from Monday to Friday, and nothing else. */
export interface CalendarYear {
  readonly year: number
  /** The notice that arranged it (国务院办公厅关于部分节假日安排的通知). */
  readonly source: string
  readonly holidays: readonly Holiday[]
  /** Weekend days worked to make up for a holiday (调休上班). */
  readonly madeUp: readonly { readonly day: string; readonly name: string }[]
}

interface Holiday {
  readonly name: string
  readonly from: string
  readonly to: string
}

const holiday = (name: string, from: string, to: string = from): Holiday => ({ name, from, to })
const madeUp = (name: string, ...days: string[]) => days.map((day) => ({ day, name }))

/**
 * The years that have been arranged. A year that is not here is unknown, and unknown stops and warns: nothing in the house
 * falls back to Monday–Friday. 2027 stays out on purpose: a demo clock that reaches it must meet the unknown year.
 */
export const calendarYears: readonly CalendarYear[] = [
  {
    year: 2024,
    source: '国务院办公厅关于2024年部分节假日安排的通知（国办发明电〔2023〕7号）',
    holidays: [
      holiday('元旦', '2024-01-01'),
      holiday('春节', '2024-02-10', '2024-02-17'),
      holiday('清明节', '2024-04-04', '2024-04-06'),
      holiday('劳动节', '2024-05-01', '2024-05-05'),
      holiday('端午节', '2024-06-10'),
      holiday('中秋节', '2024-09-15', '2024-09-17'),
      holiday('国庆节', '2024-10-01', '2024-10-07'),
    ],
    madeUp: [
      ...madeUp('春节', '2024-02-04', '2024-02-18'),
      ...madeUp('清明节', '2024-04-07'),
      ...madeUp('劳动节', '2024-04-28', '2024-05-11'),
      ...madeUp('中秋节', '2024-09-14'),
      ...madeUp('国庆节', '2024-09-29', '2024-10-12'),
    ],
  },
  {
    year: 2025,
    source: '国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号）',
    holidays: [
      holiday('元旦', '2025-01-01'),
      holiday('春节', '2025-01-28', '2025-02-04'),
      holiday('清明节', '2025-04-04', '2025-04-06'),
      holiday('劳动节', '2025-05-01', '2025-05-05'),
      holiday('端午节', '2025-05-31', '2025-06-02'),
      holiday('国庆节、中秋节', '2025-10-01', '2025-10-08'),
    ],
    madeUp: [
      ...madeUp('春节', '2025-01-26', '2025-02-08'),
      ...madeUp('劳动节', '2025-04-27'),
      ...madeUp('国庆节、中秋节', '2025-09-28', '2025-10-11'),
    ],
  },
  {
    year: 2026,
    source: '国务院办公厅关于2026年部分节假日安排的通知（2025年11月4日）',
    holidays: [
      holiday('元旦', '2026-01-01', '2026-01-03'),
      holiday('春节', '2026-02-15', '2026-02-23'),
      holiday('清明节', '2026-04-04', '2026-04-06'),
      holiday('劳动节', '2026-05-01', '2026-05-05'),
      holiday('端午节', '2026-06-19', '2026-06-21'),
      holiday('中秋节', '2026-09-25', '2026-09-27'),
      holiday('国庆节', '2026-10-01', '2026-10-07'),
    ],
    madeUp: [
      ...madeUp('元旦', '2026-01-04'),
      ...madeUp('春节', '2026-02-14', '2026-02-28'),
      ...madeUp('劳动节', '2026-05-09'),
      ...madeUp('国庆节', '2026-09-20', '2026-10-10'),
    ],
  },
]

export interface CalendarDay {
  readonly day: PlainDate
  readonly year: number
  readonly working: boolean
  /** The holiday that the day belongs to or makes up for; null on ordinary days. */
  readonly name: string | null
}

/** Every day of an arranged year, 1 January to 31 December. */
export function daysOfYear({ year, holidays, madeUp: worked }: CalendarYear): CalendarDay[] {
  const first = dateOf({ year, month: 1, day: 1 })
  return Array.from({ length: isLeapYear(year) ? 366 : 365 }, (_, index) => {
    const day = addDays(first, index)
    const rest = holidays.find(({ from, to }) => plainDate(from) <= day && day <= plainDate(to))
    const extra = worked.find((one) => one.day === day)
    return {
      day,
      year,
      working: extra !== undefined || (rest === undefined && weekdayOf(day) <= 5),
      name: extra?.name ?? rest?.name ?? null,
    }
  })
}

export type DayKind = 'WORKDAY' | 'REST' | 'UNKNOWN'

/** Every arranged year as one lookup, for whoever has no database at hand. */
export function arrangedCalendar(): (day: PlainDate) => DayKind {
  const known = new Map(calendarYears.flatMap(daysOfYear).map(({ day, working }) => [day, working]))
  return (day) => {
    const working = known.get(day)
    return working === undefined ? 'UNKNOWN' : working ? 'WORKDAY' : 'REST'
  }
}

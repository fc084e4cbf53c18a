import { addDays, partsOf, type PlainDate } from '#contracts/dates.ts'

export type DayKind = 'WORKDAY' | 'REST' | 'UNKNOWN'
/** What the published arrangements say of a day; `UNKNOWN` for a year that is not loaded. */
export type Calendar = (date: PlainDate) => DayKind

/** The clock stands from the day after `from` (notice delivered) through `to` (answer received); `to` is null while it stands. */
export interface Pause {
  readonly from: PlainDate
  readonly to: PlainDate | null
}

export interface Budget {
  readonly startedOn: PlainDate
  readonly daysAllowed: number
  readonly unit: 'CALENDAR' | 'WORKING'
  readonly paused: readonly Pause[]
  readonly calendar: Calendar
}

export type DueDate =
  | { readonly known: true; readonly dueOn: PlainDate }
  /** The answer hangs on a year whose arrangements are not loaded. Never guessed: someone must load it. */
  | { readonly known: false; readonly year: number }
  /** The clock stands: how far it will run depends on when it goes on. */
  | { readonly known: false; readonly pausedSince: PlainDate }

/**
 * 期限届满日. The first day does not count (《民法典》第二百零一条), paused days do not count, and an end on a rest day moves to the next
 * working day (第二百零三条).
 */
export function dueDate(budget: Budget): DueDate {
  let day = budget.startedOn
  for (let left = budget.daysAllowed; left > 0;) {
    day = addDays(day, 1)
    const standing = openPause(budget, day)
    if (standing) return { known: false, pausedSince: standing.from }
    const counts = counted(budget, day)
    if (counts === 'UNKNOWN') return { known: false, year: partsOf(day).year }
    if (counts) left -= 1
  }
  return nextWorkday(day, budget.calendar)
}

export type ClockReading =
  | { readonly known: true; readonly daysUsed: number; readonly daysLeft: number; readonly pausedToday: boolean }
  | { readonly known: false; readonly year: number }

/** Days used and left at the end of a day; `daysLeft` is negative once the budget is exceeded, which a moved end may still excuse. */
export function clockOn(budget: Budget, today: PlainDate): ClockReading {
  let daysUsed = 0
  for (let day = addDays(budget.startedOn, 1); day <= today; day = addDays(day, 1)) {
    const counts = counted(budget, day)
    if (counts === 'UNKNOWN') return { known: false, year: partsOf(day).year }
    if (counts) daysUsed += 1
  }
  return { known: true, daysUsed, daysLeft: budget.daysAllowed - daysUsed, pausedToday: isPaused(budget, today) }
}

/** A paused day needs no calendar; nor does any day of a budget in calendar days. */
function counted(budget: Budget, day: PlainDate): boolean | 'UNKNOWN' {
  if (isPaused(budget, day)) return false
  if (budget.unit === 'CALENDAR') return true
  const kind = budget.calendar(day)
  return kind === 'UNKNOWN' ? 'UNKNOWN' : kind === 'WORKDAY'
}

const isPaused = ({ paused }: Budget, day: PlainDate): boolean => paused.some(({ from, to }) => from < day && (to === null || day <= to))

const openPause = ({ paused }: Budget, day: PlainDate): Pause | undefined => paused.find(({ from, to }) => to === null && from < day)

function nextWorkday(from: PlainDate, calendar: Calendar): DueDate {
  let day = from
  while (calendar(day) === 'REST') day = addDays(day, 1)
  return calendar(day) === 'UNKNOWN' ? { known: false, year: partsOf(day).year } : { known: true, dueOn: day }
}

import type { CaseView } from '#contracts/api/cases.ts'
import type { PlainDate } from '#contracts/dates.ts'
import type { Reader } from '#db/connect.ts'
import { readCalendar } from '#db/read/time.ts'
import { clockOn } from '#rules/deadline/due-date.ts'

type Spans = CaseView['clock']['spans']

interface ClockFile {
  readonly clock_state: CaseView['clock']['state']
  readonly clock_days_allowed: number | null
  readonly clock_unit: 'CALENDAR' | 'WORKING' | null
  readonly clock_rule: string | null
  readonly due_on: PlainDate | null
}

/** How many days of the statutory clock were used by the end of a day; null before it ran, once it has stopped, and where nobody can know. */
export type UsedOn = (day: PlainDate) => number | null

/** The statutory clock with its spans; days used are counted now, from the calendar as it is now. */
export async function presentClock(
  db: Reader,
  kase: ClockFile,
  spans: Spans,
  today: PlainDate,
): Promise<{ clock: CaseView['clock']; usedOn: UsedOn }> {
  const startedOn = spans[0]?.fromOn
  const calendar = startedOn ? await readCalendar(db, startedOn, today) : undefined
  const paused = spans.filter((span) => span.state === 'PAUSED').map((span) => ({ from: span.fromOn, to: span.toOn }))
  const until = kase.clock_state === 'STOPPED' ? (spans.at(-1)?.toOn ?? today) : today
  const budget = { daysAllowed: kase.clock_days_allowed ?? 0, unit: kase.clock_unit ?? 'CALENDAR', paused }
  const usedOn: UsedOn = (day) => {
    if (!startedOn || !calendar || day < startedOn || day > until) return null
    const used = clockOn({ ...budget, startedOn, calendar }, day)
    return used.known ? used.daysUsed : null
  }
  const clock = {
    state: kase.clock_state,
    daysAllowed: kase.clock_days_allowed,
    daysUsed: usedOn(until),
    unit: kase.clock_unit,
    rule: kase.clock_rule,
    dueOn: kase.due_on,
    spans,
  }
  return { clock, usedOn }
}

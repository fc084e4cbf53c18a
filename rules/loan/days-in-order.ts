import type { PlainDate } from '#contracts/dates.ts'
import { obstacle, type Obstacle } from '../cases/obstacle.ts'

/**
 * A day that an officer registers: not still to come, and not before what had to come first. Each has its reason.
 * @param what the day's name, as it stands on the form
 * @param after what had to come first, and when; nothing is said where that day is not known
 */
export function dayMayBeRegistered(
  what: string,
  day: PlainDate | null,
  after: { readonly what: string; readonly on: PlainDate | null },
  today: PlainDate,
): Obstacle[] {
  if (day === null) return []
  return [
    ...(day > today ? [obstacle('RULES_REFUSE', `${what}${day}尚未到来`)] : []),
    ...(after.on !== null && day < after.on ? [obstacle('RULES_REFUSE', `${what}${day}早于${after.what}（${after.on}）`)] : []),
  ]
}

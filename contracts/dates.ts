import { z } from 'zod'

/** A civil date `YYYY-MM-DD` in Asia/Shanghai. No time, no zone, no `Date`. */
export type PlainDate = string & { readonly unit: 'date' }

/** A civil month `YYYY-MM`. */
export type PlainMonth = string & { readonly unit: 'month' }

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

/** By the Gregorian rule. */
export const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** Days of a month, 1 = January. */
export const daysInMonth = (year: number, month: number): number => (month === 2 && isLeapYear(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0))

/** The text as a date, or undefined when it is not a day of the calendar between 1900 and 2199. */
export function parsePlainDate(text: string): PlainDate | undefined {
  const match = DATE.exec(text)
  if (!match) return undefined
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const exists = year >= 1900 && year <= 2199 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
  return exists ? (text as PlainDate) : undefined
}

/** As `parsePlainDate`, for text that must be right. @throws RangeError when it is not a day of the calendar. */
export function plainDate(text: string): PlainDate {
  const date = parsePlainDate(text)
  if (!date) throw new RangeError(`not a date: ${text}`)
  return date
}

export interface DateParts {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** Year, month and day as numbers; 1 = January. */
export const partsOf = (date: PlainDate): DateParts => ({
  year: Number(date.slice(0, 4)),
  month: Number(date.slice(5, 7)),
  day: Number(date.slice(8, 10)),
})

const pad = (value: number, width: number): string => String(value).padStart(width, '0')

/** The inverse of `partsOf`. @throws RangeError when it is not a day of the calendar between 1900 and 2199 */
export const dateOf = ({ year, month, day }: DateParts): PlainDate => plainDate(`${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`)

/** Days since 1970-01-01, by the civil calendar. */
export function dayNumber(date: PlainDate): number {
  const { year, month, day } = partsOf(date)
  const marchYear = month > 2 ? year : year - 1
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468
}

/** The inverse of `dayNumber`. */
export function dateOfDayNumber(number: number): PlainDate {
  const shifted = number + 719468
  const era = Math.floor(shifted / 146097)
  const dayOfEra = shifted - era * 146097
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return dateOf({ year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1 })
}

/** So many calendar days later, or earlier when negative. @throws RangeError beyond 1900 to 2199 */
export const addDays = (date: PlainDate, days: number): PlainDate => dateOfDayNumber(dayNumber(date) + days)

/** `to` minus `from`, in days. */
export const daysBetween = (from: PlainDate, to: PlainDate): number => dayNumber(to) - dayNumber(from)

/** The same day `months` later; a day the month does not have becomes its last. `day` keeps the 31st across a short month. */
export function addMonths(date: PlainDate, months: number, day: number = partsOf(date).day): PlainDate {
  const { year, month } = partsOf(date)
  const index = year * 12 + month - 1 + months
  const [toYear, toMonth] = [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1]
  return dateOf({ year: toYear, month: toMonth, day: Math.min(day, daysInMonth(toYear, toMonth)) })
}

/** The month a day lies in. */
export const monthOf = (date: PlainDate): PlainMonth => date.slice(0, 7) as PlainMonth

/** Whole months from `from` to `to`, counting calendar months only. */
export const monthsBetween = (from: PlainMonth, to: PlainMonth): number =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7))

/** Monday = 1 … Sunday = 7. */
export const weekdayOf = (date: PlainDate): number => ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1

/** Full years of age on a day (周岁): the birthday itself counts; 29 February comes of age on 1 March. */
export function ageOn(born: PlainDate, on: PlainDate): number {
  const [birth, day] = [partsOf(born), partsOf(on)]
  const hadBirthday = day.month > birth.month || (day.month === birth.month && day.day >= birth.day)
  return day.year - birth.year - (hadBirthday ? 0 : 1)
}

export const plainDateText = z
  .string()
  .refine((text) => parsePlainDate(text) !== undefined, { error: '日期须为真实存在的 YYYY-MM-DD' })
  .transform((text) => text as PlainDate)
  .meta({ id: 'PlainDate', description: '公历日期（北京时间）', example: '2025-11-03' })

export const plainMonthText = z
  .string()
  .regex(/^(19|20|21)\d{2}-(0[1-9]|1[0-2])$/, { error: '月份须为 YYYY-MM' })
  .transform((text) => text as PlainMonth)
  .meta({ id: 'PlainMonth', description: '公历月份', example: '2025-11' })

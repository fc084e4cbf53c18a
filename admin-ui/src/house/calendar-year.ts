import { houseApi } from '#contracts/api/house.ts'

const { minValue, maxValue } = houseApi.readCalendar.params.shape.year

/** The years that a calendar may be asked for, by the contract. */
export const CALENDAR_YEARS = { first: Number(minValue), last: Number(maxValue) }

export const isCalendarYear = (year: number): boolean => year >= CALENDAR_YEARS.first && year <= CALENDAR_YEARS.last

/** The year an address asks for; what is no year at all asks for that of the business date. */
export const yearAsked = (text: string | null, businessYear: number): number => (text && /^\d{4}$/.test(text) ? Number(text) : businessYear)

/** Where one comes to by a step back or on: from beyond the calendar, to the nearest year that is in it. */
export const yearsBeside = (year: number): { before: number; after: number } => ({
  before: Math.min(year - 1, CALENDAR_YEARS.last),
  after: Math.max(year + 1, CALENDAR_YEARS.first),
})

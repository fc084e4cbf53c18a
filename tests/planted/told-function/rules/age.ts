/** Whole years on a day. */
export const ageOn = (born: number, on: number): number => on - born

export function isOfAge(years: number): boolean { // ✗
  return years >= 18
}

export const isMinor = (years: number): boolean => !isOfAge(years) // ✗

export const ADULT_YEARS = 18

const inWords = (years: number): string => `${years}周岁`
/** The same for people. */
export function ageInWords(years: number): string {
  return inWords(years)
}

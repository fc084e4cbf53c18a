import { plainDate } from '#contracts/dates.ts'
import { idNumberOf } from '#db/seed/identities.ts'

/** A good identity number of nobody: of a region that is not, and in no city of the seed; another for each sequence. */
export const nobodysNumber = (sequence: number): string => idNumberOf('419898', plainDate('1990-03-07'), sequence, 'FEMALE')

/** The same with another last place, which is the check digit. */
export const withWrongCheckDigit = (idNumber: string): string => idNumber.slice(0, 17) + (idNumber.endsWith('1') ? '2' : '1')

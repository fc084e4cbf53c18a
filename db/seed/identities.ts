import { checkDigitOf, usccCheckCharacterOf, type Sex } from '#contracts/identity.ts'
import type { PlainDate } from '#contracts/dates.ts'
import type { Random } from './random.ts'

/**
 * Identity numbers, unit codes, cards and telephones with good check digits, of places, registrars and banks that do not exist: whatever
 * is typed here cannot be anybody's.
 */

/** Prefecture 98 of the province has never been assigned; its ending numbers the invented counties. */
export const REGIONS = ['419801', '419802', '419803', '419804', '419805', '419806', '419821'] as const

/** Eighteen places for a birth, a sex and a sequence of the day. */
export function idNumberOf(region: string, bornOn: PlainDate, sequence: number, sex: Sex): string {
  const odd = sex === 'MALE' ? 1 : 0
  const place = String((sequence % 500) * 2 + odd).padStart(3, '0')
  const first17 = `${region}${bornOn.replaceAll('-', '')}${place}`
  return first17 + checkDigitOf(first17)
}

/** A maker of identity numbers that never gives one twice, nor one that is taken. */
export function idNumbers(random: Random, taken: readonly string[] = []): (bornOn: PlainDate, sex: Sex) => string {
  const given = new Set(taken)
  return (bornOn, sex) => {
    for (;;) {
      const made = idNumberOf(random.pick(REGIONS), bornOn, random.int(0, 499), sex)
      if (given.has(made)) continue
      given.add(made)
      return made
    }
  }
}

/** Registrar 9, class Y: no registrar uses that class. */
export function usccOf(sequence: number): string {
  const first17 = `9Y419800${String(sequence).padStart(9, '0')}`
  return first17 + usccCheckCharacterOf(first17)
}

/** A bank card of nineteen places under an unassigned issuer (699…), with its Luhn digit. */
export function cardOf(sequence: number): string {
  const first18 = `699988${String(sequence).padStart(12, '0')}`
  const sum = Array.from(first18, Number)
    .reverse()
    .reduce((total, digit, place) => total + (place % 2 === 0 ? luhnDouble(digit) : digit), 0)
  return first18 + String((10 - (sum % 10)) % 10)
}

const luhnDouble = (digit: number): number => (digit > 4 ? digit * 2 - 9 : digit * 2)

/** Mobile numbers of a block (1990 0…) that rings nowhere. */
export const mobileOf = (sequence: number): string => `19900${String(sequence % 1_000_000).padStart(6, '0')}`

import { z } from 'zod'

/** An amount of money in whole fen (分). The only shape money has in code; a fraction of a fen does not exist. */
export type Fen = bigint & { readonly unit: 'fen' }

/** 10^15 fen, ten thousand 亿 yuan: far above any fund, far below what an eight-byte column holds. */
const FEN_MAX = 10n ** 15n

/** Brands a bigint as fen. @throws RangeError outside ±10^15 fen. */
export function fen(amount: bigint): Fen {
  if (amount > FEN_MAX || amount < -FEN_MAX) throw new RangeError('amount of money out of range')
  return amount as Fen
}

export const ZERO_FEN = fen(0n)

/** The sum; of nothing, zero. @throws RangeError outside ±10^15 fen */
export const addFen = (...amounts: Fen[]): Fen => fen(amounts.reduce((sum, amount) => sum + amount, 0n))
/** `from` less `amount`; may be negative. @throws RangeError outside ±10^15 fen */
export const subtractFen = (from: Fen, amount: Fen): Fen => fen(from - amount)
/** The least of them. */
export const minFen = (first: Fen, ...rest: Fen[]): Fen => rest.reduce((least, amount) => (amount < least ? amount : least), first)
/** The greatest of them. */
export const maxFen = (first: Fen, ...rest: Fen[]): Fen => rest.reduce((most, amount) => (amount > most ? amount : most), first)

/** a ÷ b, a half away from zero (四舍五入). @throws RangeError when b is zero. */
export function divideHalfUp(a: bigint, b: bigint): bigint {
  const sign = a < 0n !== b < 0n ? -1n : 1n
  const [dividend, divisor] = [a < 0n ? -a : a, b < 0n ? -b : b]
  return sign * ((2n * dividend + divisor) / (2n * divisor))
}

/** a ÷ b toward zero, for what may never be exceeded. @throws RangeError when b is zero. */
export const divideDown = (a: bigint, b: bigint): bigint => a / b

/** Down to a whole multiple of `step`: a loan is granted in steps. */
export const floorToStep = (amount: Fen, step: Fen): Fen => fen((amount / step) * step)

const YUAN = /^(-?)(0|[1-9]\d{0,12})(?:\.(\d{1,2}))?$/

/** `"1234.5"` → 123450 fen. Plain ASCII digits, at most two decimals, no exponent, no separators; undefined for anything else. */
export function parseYuan(text: string): Fen | undefined {
  const match = YUAN.exec(text)
  if (!match) return undefined
  const [, sign, whole = '0', cents = ''] = match
  const amount = BigInt(whole) * 100n + BigInt(cents.padEnd(2, '0'))
  return fen(sign ? -amount : amount)
}

/** 123450 fen → `"1234.50"`: yuan with two decimals, for JSON and files. */
export function yuanText(amount: Fen): string {
  const absolute = amount < 0n ? -amount : amount
  return `${amount < 0n ? '-' : ''}${absolute / 100n}.${String(absolute % 100n).padStart(2, '0')}`
}

/** 123450 fen → `"1,234.50"`: yuan for people, with thousands separators and a true minus sign. */
export function formatYuan(amount: Fen): string {
  const [whole = '', cents = ''] = yuanText(amount).replace('-', '').split('.')
  return `${amount < 0n ? '\u2212' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`
}

/** Fen in JSON: a decimal string of whole fen, `"123450"`. Refuses signs, exponents, full-width digits and leading zeros. */
export const fenText = z
  .string()
  .regex(/^(0|[1-9]\d{0,14})$/, { error: '金额须为不带小数点的整数分' })
  .transform((text) => fen(BigInt(text)))
  .meta({ id: 'FenText', description: '金额，单位：分；以十进制整数文本表示', example: '65000000' })

/** The most that any one sum of a loan case may be, 10 亿元: what the rules add up and divide stays within a fen's bounds. */
const CASE_FEN_MAX = 10n ** 11n

/** Fen of one loan case in JSON: what somebody earns, owes, pays or asks for. */
export const caseFenText = fenText.refine((amount) => amount <= CASE_FEN_MAX, { error: '金额不超过10亿元' })

/** Fen of one loan case in JSON where zero makes no sense. */
export const positiveCaseFenText = caseFenText.refine((amount) => amount > 0n, { error: '金额须大于零' })

/** Fen in JSON where zero makes no sense. */
export const positiveFenText = fenText.refine((amount) => amount > 0n, { error: '金额须大于零' })

/** An annual rate or a share in percent as decimal text, `"2.60"`; never a binary fraction. */
export const percentText = z
  .string()
  .regex(/^(0|[1-9]\d{0,2})(\.\d{1,4})?$/, { error: '百分数须为至多四位小数的十进制文本' })
  .meta({ id: 'PercentText', description: '百分数，十进制文本', example: '2.60' })

import { fen, formatYuan, parseYuan, type Fen } from '#contracts/money.ts'

/** `"123450"` → `"1,234.50"`. Amounts travel as whole fen in text; nothing in between is a binary fraction. */
export const yuan = (fenText: string): string => formatYuan(fen(BigInt(fenText)))

export const sumFen = (texts: readonly string[]): string => texts.reduce((sum, text) => sum + BigInt(text), 0n).toString()

/**
 * Reads an amount as officers type it: `1234567.8`, `1,234,567.80`, `123.45万`, full-width digits. Undefined when it is not exactly one
 * amount, or would have a fraction of a fen.
 */
export function parseAmount(text: string): Fen | undefined {
  const plain = text.normalize('NFKC').replace(/\s|元$/g, '')
  const [, number = '', wan] = /^([\d,.]+)(万)?$/.exec(plain) ?? []
  if (number.includes(',') && !/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(number)) return undefined
  const digits = number.replaceAll(',', '')
  return parseYuan(wan ? timesTenThousand(digits) : digits)
}

/** Moves the point four places to the right, in text. */
function timesTenThousand(digits: string): string {
  const [whole = '', decimals = ''] = digits.split('.')
  const moved = `${whole}${decimals.slice(0, 4).padEnd(4, '0')}`.replace(/^0+(?=\d)/, '')
  const rest = decimals.slice(4).replace(/0+$/, '')
  return rest ? `${moved}.${rest}` : moved
}

/** `"65000000"` → `"650,000"`, `"65000050"` → `"650,000.50"`: what an input shows when a stored amount is opened again. */
export const amountInputText = (fenText: string): string => yuan(fenText).replace(/\.00$/, '')

const clock = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', ...options })
const day = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
const MINUTES = clock({ ...day, hour: '2-digit', minute: '2-digit' })
const SECONDS = clock({ ...day, hour: '2-digit', minute: '2-digit', second: '2-digit' })
const TIME = clock({ hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** An instant as Beijing time: `2025-11-03 14:32`. */
export const minuteText = (instant: string): string => MINUTES.format(Date.parse(instant))
export const secondText = (instant: string): string => SECONDS.format(Date.parse(instant))
export const timeText = (instant: string): string => TIME.format(Date.parse(instant))
/** The machine's own time, for the watermark and for "saved at" only: no deadline is ever told by it. */
export const nowText = (): string => MINUTES.format()
export const clockText = (): string => TIME.format()

export const DAY_UNITS = { CALENDAR: '个自然日', WORKING: '个工作日' } as const

export const monthsText = (months: number): string => (months % 12 === 0 ? `${months}个月（${months / 12}年）` : `${months}个月`)

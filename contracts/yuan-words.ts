import { fen, type Fen } from './money.ts'

/**
 * 大写金额: the amount as financial characters, by annex 1 of 支付结算办法 (银发〔1997〕393号). 整 closes an amount in whole yuan and nothing else.
 * Where the annex leaves 零 open, the first of its two forms is taken: 零 before 角 when the yuan end in 0 (壹仟陆佰捌拾元零叁角贰分), none before
 * 仟 when the 万 end in 0 (壹拾万柒仟元). Without the leading 人民币, which the paper prints.
 * @throws RangeError for a negative amount: a paper says in its own words which way money goes.
 */
export function yuanWords(amount: Fen): string {
  if (amount < 0n) throw new RangeError('a negative amount has no words')
  const [yuan, jiao, cents] = [amount / 100n, (amount / 10n) % 10n, amount % 10n]
  const yuanPart = yuan === 0n ? '' : `${integerWords(yuan)}元`
  if (jiao === 0n && cents === 0n) return `${yuanPart || '零元'}整`
  const gap = yuan > 0n && (yuan % 10n === 0n || jiao === 0n) ? '零' : ''
  const jiaoPart = jiao === 0n ? '' : `${digitWord(jiao)}角`
  const centsPart = cents === 0n ? '' : `${digitWord(cents)}分`
  return yuanPart + gap + jiaoPart + centsPart
}

/** The amount that `yuanWords` writes in exactly this way; undefined for any other text, be it readable to a person or not. */
export function parseYuanWords(text: string): Fen | undefined {
  const match = /^(?:([^元角分整]+)元)?零?(?:([^元角分整零])角)?(?:([^元角分整零])分)?整?$/u.exec(text)
  if (!match) return undefined
  const [, yuan = '', jiao = '', cents = ''] = match
  const read = integerOfWords(yuan) * 100n + digitOfWord(jiao) * 10n + digitOfWord(cents)
  // Reading is lenient about 零 and 整; writing the amount again is not.
  return read <= WORDS_FEN_MAX && yuanWords(fen(read)) === text ? fen(read) : undefined
}

const WORDS_FEN_MAX = 10n ** 15n
const DIGITS = '零壹贰叁肆伍陆柒捌玖'
const UNITS = [
  ['亿', 10n ** 8n],
  ['万', 10n ** 4n],
  ['仟', 1000n],
  ['佰', 100n],
  ['拾', 10n],
] as const

/** One rule at every unit: the words above it, the unit, 零 if the place right below it is empty, the words below it. */
function integerWords(value: bigint): string {
  const unit = UNITS.find(([, size]) => value >= size)
  if (!unit) return digitWord(value)
  const [word, size] = unit
  const below = value % size
  return integerWords(value / size) + word + (below === 0n ? '' : (below < size / 10n ? '零' : '') + integerWords(below))
}

function integerOfWords(words: string): bigint {
  const unit = UNITS.find(([word]) => words.includes(word))
  if (!unit) return digitOfWord(words.replace('零', ''))
  const [word, size] = unit
  const place = words.indexOf(word)
  return integerOfWords(words.slice(0, place)) * size + integerOfWords(words.slice(place + 1))
}

const digitWord = (digit: bigint): string => DIGITS.charAt(Number(digit))

const digitOfWord = (word: string): bigint => (word.length === 1 ? BigInt(Math.max(DIGITS.indexOf(word), 0)) : 0n)

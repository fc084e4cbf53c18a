import { paperFonts, type PaperFonts } from './fonts.ts'
import type { PaperInput } from './input.ts'

/**
 * A character that the fonts of the papers do not have. The paper is not rendered: a name with a box in it is not the person's name. The
 * message gives the place and the code point, not the text around it.
 */
export class MissingGlyph extends Error {
  readonly character: string
  /** Where in the input, `borrowers[0].name`. */
  readonly field: string

  constructor(character: string, field: string) {
    super(`字体缺字：${character}（${codePointText(character)}），字段 ${field}`)
    this.name = 'MissingGlyph'
    this.character = character
    this.field = field
  }
}

/**
 * Which fonts a paper is set in: the common set where it has every character; the whole one where a name needs a rarer ideograph. A paper is
 * set in one of them throughout, so the same input has the same bytes, and no name stands out by its letters.
 * @throws MissingGlyph for the first character that neither has
 */
export async function fontsFor(input: PaperInput): Promise<PaperFonts> {
  const common = await paperFonts('COMMON')
  const lacking = [...textsOf(input, '')].flatMap(({ text, field }) =>
    [...text].filter((character) => !isPrintable(character, common)).map((character) => ({ character, field })),
  )
  if (lacking.length === 0) return common
  const whole = await paperFonts('WHOLE')
  for (const { character, field } of lacking) {
    // Only ideographs are looked for further: what is invisible or a symbol is a slip of the pen, not a name.
    if (!/\p{Script=Han}/u.test(character) || !isPrintable(character, whole)) throw new MissingGlyph(character, field)
  }
  return whole
}

/** Whether both weights have the character. A line break is no glyph and is laid out as one; a tab or another control is not. */
const isPrintable = (character: string, { opened }: PaperFonts): boolean =>
  character === '\n' || opened.every((font) => font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0))

function* textsOf(value: unknown, field: string): Generator<{ text: string; field: string }> {
  if (typeof value === 'string') yield { text: value, field }
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    const place = Array.isArray(value) ? `[${key}]` : field === '' ? key : `.${key}`
    yield* textsOf(inner, field + place)
  }
}

const codePointText = (character: string): string => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

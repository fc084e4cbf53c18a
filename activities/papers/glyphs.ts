import type { PaperFonts } from './fonts.ts'
import type { PaperInput } from './input.ts'

/**
 * A character that the font of the papers does not have. The paper is not rendered: a name with a box in it is not the person's name. The
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

/** Looks at every text of the input, in order. @throws MissingGlyph for the first character that a font lacks. */
export function refuseMissingGlyphs(input: PaperInput, fonts: PaperFonts): void {
  for (const { text, field } of textsOf(input, '')) {
    for (const character of text) {
      if (!isPrintable(character, fonts)) throw new MissingGlyph(character, field)
    }
  }
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

/** The forms under which a text may lie in something that was written down: as it is, escaped, in an address, in base64 at any place. */
export interface Needle {
  readonly what: string
  readonly text: string
  readonly forms: readonly Buffer[]
}

export function needle(what: string, text: string): Needle {
  const escaped = Array.from(text, (character) =>
    character.charCodeAt(0) > 127 ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : character,
  ).join('')
  const forms = new Set([text, escaped, escaped.replaceAll('\\', '\\\\'), encodeURIComponent(text), ...inBase64(text)])
  return { what, text, forms: [...forms].map((form) => Buffer.from(form)) }
}

/** What stays the same of a text's base64 wherever in the encoded bytes it begins. */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text)
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes])
    const inner = whole.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((whole.length * 8) / 6))
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

/** What of the needles lies in the hay; each once. */
export const findIn = (hay: string | Buffer, needles: readonly Needle[]): string[] => {
  const bytes = typeof hay === 'string' ? Buffer.from(hay) : hay
  return needles.filter(({ forms }) => forms.some((form) => bytes.includes(form))).map(({ what }) => what)
}

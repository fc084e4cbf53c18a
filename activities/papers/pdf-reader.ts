/**
 * For tests only: reads the files that pdfkit writes, so that they can be checked on any machine. Text alone would not do: there are PDF
 * libraries whose Chinese can be copied out but not seen, so the outlines of the embedded fonts are looked at as well.
 */
import { inflateSync } from 'node:zlib'

export interface PdfContent {
  /** Visible text of each page, one line per base line. */
  readonly pages: readonly string[]
  readonly embeddedFonts: number
  /** Characters that stand on a page but have no outline in the embedded font; blanks aside. */
  readonly invisible: readonly string[]
  readonly createdAt: string
}

/** Reads a paper of ours back, as a person would see it. It knows what our own renderer writes and no other PDF. */
export function readPdf(bytes: Uint8Array): PdfContent {
  const objects = objectsOf(Buffer.from(bytes))
  const fonts = new Map<string, EmbeddedFont>()
  const pages: string[] = []
  for (const { dictionary } of objects.values()) {
    for (const [, name = '', id = ''] of dictionary.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      if (!fonts.has(name)) fonts.set(name, fontOf(objects, id))
    }
  }
  for (const { dictionary } of objects.values()) {
    if (!/\/Type \/Page\n/.test(dictionary)) continue
    pages.push(textOf(streamOf(objects, idIn(dictionary, 'Contents')).toString('latin1'), fonts))
  }
  const invisible = Array.from(fonts.values()).flatMap(({ characters, outlined }) =>
    characters.filter((character, glyph) => glyph > 0 && /\S/u.test(character) && !outlined(glyph)),
  )
  const embeddedFonts = Array.from(objects.values()).filter(({ dictionary }) => dictionary.includes('/FontFile2')).length
  const createdAt = /\(D:(\d{14}Z)\)/.exec(Buffer.from(bytes).toString('latin1'))?.[1] ?? ''
  return { pages, embeddedFonts, invisible, createdAt }
}

interface PdfObject {
  readonly dictionary: string
  readonly stream: Buffer
}

function objectsOf(file: Buffer): Map<string, PdfObject> {
  const raw = file.toString('latin1')
  const objects = new Map<string, PdfObject>()
  for (const match of raw.matchAll(/^(\d+) 0 obj\n(<<[\s\S]*?>>)\n(?:endobj|stream\n)/gm)) {
    const [whole, id = '', dictionary = ''] = match
    const start = match.index + whole.length
    const packed = file.subarray(start, start + Number(/\/Length (\d+)/.exec(dictionary)?.[1] ?? 0))
    const isPacked = whole.endsWith('stream\n') && dictionary.includes('/FlateDecode')
    objects.set(id, { dictionary, stream: isPacked ? inflateSync(packed) : packed })
  }
  return objects
}

const idIn = (dictionary: string, key: string): string => new RegExp(`/${key} \\[?(\\d+) 0 R`).exec(dictionary)?.[1] ?? ''

const streamOf = (objects: Map<string, PdfObject>, id: string): Buffer => objects.get(id)?.stream ?? Buffer.alloc(0)

interface EmbeddedFont {
  /** By glyph number of the subset. */
  readonly characters: readonly string[]
  readonly outlined: (glyph: number) => boolean
}

function fontOf(objects: Map<string, PdfObject>, id: string): EmbeddedFont {
  const dictionary = (reference: string): string => objects.get(reference)?.dictionary ?? ''
  const font = dictionary(id)
  const descriptor = dictionary(idIn(dictionary(idIn(font, 'DescendantFonts')), 'FontDescriptor'))
  const ranges = streamOf(objects, idIn(font, 'ToUnicode'))
    .toString('latin1')
    .matchAll(/<[0-9a-f]{4}> <[0-9a-f]{4}> \[(.*?)\]/g)
  const lists = Array.from(ranges, ([, list = '']) => list).join(' ')
  const characters = Array.from(lists.matchAll(/<([0-9a-f ]*)>/g), ([, hex = '']) => utf16OfHex(hex))
  return { characters, outlined: outlinesOf(streamOf(objects, idIn(descriptor, 'FontFile2'))) }
}

const utf16OfHex = (hex: string): string =>
  Array.from(hex.matchAll(/[0-9a-f]{4}/g), ([unit]) => String.fromCharCode(Number.parseInt(unit, 16))).join('')

/** A glyph has an outline when its entry in `loca` is not empty (OpenType, tables head and loca). */
function outlinesOf(font: Buffer): (glyph: number) => boolean {
  const tables = new Map<string, number>()
  for (let entry = 12; entry < 12 + 16 * font.readUInt16BE(4); entry += 16) {
    tables.set(font.toString('latin1', entry, entry + 4), font.readUInt32BE(entry + 8))
  }
  const [head = 0, loca = 0] = [tables.get('head'), tables.get('loca')]
  const isLong = font.readInt16BE(head + 50) === 1
  const offsetOf = (glyph: number): number => (isLong ? font.readUInt32BE(loca + 4 * glyph) : font.readUInt16BE(loca + 2 * glyph))
  return (glyph) => offsetOf(glyph + 1) > offsetOf(glyph)
}

function textOf(content: string, fonts: Map<string, EmbeddedFont>): string {
  const lines: string[] = []
  let [baseLine, font, line] = ['', '', '']
  for (const [, y, name, shown] of content.matchAll(/1 0 0 1 [\d.-]+ ([\d.-]+) Tm|\/(F\d+) [\d.]+ Tf|\[(.*?)\] TJ/g)) {
    if (name !== undefined) font = name
    if (y !== undefined && y !== baseLine) {
      if (line !== '') lines.push(line)
      ;[baseLine, line] = [y, '']
    }
    if (shown === undefined) continue
    for (const [, glyphs = ''] of shown.matchAll(/<([0-9a-f]*)>/g)) {
      for (const [glyph] of glyphs.matchAll(/[0-9a-f]{4}/g)) line += fonts.get(font)?.characters[Number.parseInt(glyph, 16)] ?? '?'
    }
  }
  return [...lines, line].join('\n')
}

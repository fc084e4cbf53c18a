import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { brotliDecompressSync } from 'node:zlib'
import { create, type Font } from 'fontkit'
import { unpackWoff } from './woff.ts'

/** The names under which layouts ask for the fonts of `assets/fonts`: the common set, and the whole one for rare characters. */
export const FONT_FAMILIES = { COMMON: 'NotoSansSC', WHOLE: 'NotoSansSCWhole' } as const
export type FontSet = keyof typeof FONT_FAMILIES

export interface PaperFonts {
  readonly set: FontSet
  /** Unpacked font files, for embedding. */
  readonly regular: Buffer
  readonly bold: Buffer
  /** The same two, opened, for asking what they hold. */
  readonly opened: readonly Font[]
}

const FILES = {
  COMMON: { stem: 'noto-sans-sc-chinese-simplified', suffix: 'woff', unpack: unpackWoff },
  WHOLE: { stem: 'noto-sans-sc-whole', suffix: 'ttf.br', unpack: brotliDecompressSync as (packed: Buffer) => Buffer },
} as const satisfies Record<FontSet, { stem: string; suffix: string; unpack: (packed: Buffer) => Buffer }>

const read = new Map<FontSet, Promise<PaperFonts>>()

/**
 * The fonts of the papers, read once per process, the whole set only when a paper needs it.
 * @throws Error when a file is not the one whose digest is recorded beside it
 */
export function paperFonts(set: FontSet = 'COMMON'): Promise<PaperFonts> {
  const reading = read.get(set) ?? readFonts(set)
  read.set(set, reading)
  return reading
}

async function readFonts(set: FontSet): Promise<PaperFonts> {
  const { stem, suffix, unpack } = FILES[set]
  const [regular, bold] = [
    unpack(await readVerified(`${stem}-400-normal.${suffix}`)),
    unpack(await readVerified(`${stem}-700-normal.${suffix}`)),
  ]
  return { set, regular, bold, opened: [create(regular), create(bold)] }
}

async function readVerified(name: string): Promise<Buffer> {
  const [content, sums] = await Promise.all([readFile(new URL(name, FOLDER)), readFile(new URL('SHA256SUMS', FOLDER), 'utf8')])
  const digest = createHash('sha256').update(content).digest('hex')
  if (!sums.split('\n').includes(`${digest}  ${name}`)) throw new Error(`font file ${name} is not the recorded one`)
  return content
}

const FOLDER = new URL('../../assets/fonts/', import.meta.url)

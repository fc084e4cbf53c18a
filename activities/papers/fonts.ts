import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { create, type Font } from 'fontkit'
import { unpackWoff } from './woff.ts'

/** The name under which layouts ask for the fonts of `assets/fonts`. */
export const FONT_FAMILY = 'NotoSansSC'

export interface PaperFonts {
  /** Unpacked font files, for embedding. */
  readonly regular: Buffer
  readonly bold: Buffer
  /** The same two, opened, for asking what they hold. */
  readonly opened: readonly Font[]
}

let fonts: Promise<PaperFonts> | undefined

/** The fonts of the papers, read once per process. @throws Error when a file is not the one whose digest is recorded beside it. */
export function paperFonts(): Promise<PaperFonts> {
  fonts ??= readFonts()
  return fonts
}

async function readFonts(): Promise<PaperFonts> {
  const regular = unpackWoff(await readVerified('noto-sans-sc-chinese-simplified-400-normal.woff'))
  const bold = unpackWoff(await readVerified('noto-sans-sc-chinese-simplified-700-normal.woff'))
  return { regular, bold, opened: [create(regular), create(bold)] }
}

async function readVerified(name: string): Promise<Buffer> {
  const [content, sums] = await Promise.all([readFile(new URL(name, FOLDER)), readFile(new URL('SHA256SUMS', FOLDER), 'utf8')])
  const digest = createHash('sha256').update(content).digest('hex')
  if (!sums.split('\n').includes(`${digest}  ${name}`)) throw new Error(`font file ${name} is not the recorded one`)
  return content
}

const FOLDER = new URL('../../assets/fonts/', import.meta.url)

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { paperFonts } from './fonts.ts'
import { samples } from './samples.ts'
import { unpackWoff } from './woff.ts'

const asset = (name: string): string => fileURLToPath(new URL(`../../assets/fonts/${name}`, import.meta.url))
const names = ['noto-sans-sc-chinese-simplified-400-normal.woff', 'noto-sans-sc-chinese-simplified-700-normal.woff']

describe('the fonts of the papers', () => {
  test.each(names)('%s is the file of the package it came from', async (name) => {
    const packaged = fileURLToPath(import.meta.resolve(`@fontsource/noto-sans-sc/files/${name}`))
    expect(Buffer.compare(await readFile(asset(name)), await readFile(packaged))).toBe(0)
  })

  test.each(names)('%s, unpacked, is a font whose tables are whole', async (name) => {
    const font = unpackWoff(await readFile(asset(name)))
    const count = font.readUInt16BE(4)
    expect(count).toBeGreaterThan(8)
    for (let entry = 12; entry < 12 + 16 * count; entry += 16) {
      const [tag, checksum] = [font.toString('latin1', entry, entry + 4), font.readUInt32BE(entry + 4)]
      const [offset, length] = [font.readUInt32BE(entry + 8), font.readUInt32BE(entry + 12)]
      // The checksum of `head` leaves out the field that sums up the whole file.
      if (tag !== 'head') expect([tag, sumOf(font.subarray(offset, offset + length))]).toEqual([tag, checksum])
    }
  })

  test('the whole set is that of the package it came from, as the notes beside it say', async () => {
    const [{ regular, bold }, notes] = [await paperFonts('WHOLE'), await readFile(asset('README.md'), 'utf8')]
    for (const font of [regular, bold]) expect(notes).toContain(createHash('sha256').update(font).digest('hex'))
  }, 30_000)

  test('the whole set has every character of the national table for names and places, as far as it is asked for here', async () => {
    const { opened } = await paperFonts('WHOLE')
    const has = (codePoint: number): boolean => opened.every((font) => font.hasGlyphForCodePoint(codePoint))
    const between = (first: number, last: number) =>
      Array.from({ length: last - first + 1 }, (_, index) => first + index).filter(has).length
    expect([between(0x4e00, 0x9fff), between(0x3400, 0x4dbf)]).toEqual([20_976, 6_582])
    expect([...'骉㛃𬱖䶮㵘𫖯𬸚𬭎'].filter((character) => !has(character.codePointAt(0) ?? 0))).toEqual([])
  }, 30_000)

  test('have what official writing needs', async () => {
    const { opened } = await paperFonts()
    const needed = '〔〕《》（）：；，。、“”…—·￥¥％%×㎡　壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整零' + samples.APPROVAL.centreName
    const has = (character: string): boolean => opened.every((font) => font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0))
    expect(Array.from(needed).filter((character) => !has(character))).toEqual([])
  })

  test.each([
    ['a file of another kind', (woff: Buffer) => Buffer.concat([Buffer.from('OTTO'), woff.subarray(4)])],
    ['a file cut short', (woff: Buffer) => woff.subarray(0, -1)],
  ])('are refused: %s', async (_, damaged) => {
    const woff = await readFile(asset(names[0] ?? ''))
    expect(() => unpackWoff(damaged(woff))).toThrow()
  })
})

function sumOf(table: Buffer): number {
  const padded = Buffer.concat([table, Buffer.alloc((4 - (table.length % 4)) % 4)])
  let sum = 0
  for (let place = 0; place < padded.length; place += 4) sum = (sum + padded.readUInt32BE(place)) >>> 0
  return sum
}

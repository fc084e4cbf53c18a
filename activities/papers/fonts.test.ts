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

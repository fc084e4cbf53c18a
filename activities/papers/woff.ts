import { inflateSync } from 'node:zlib'

/**
 * A WOFF 1.0 font as the plain TrueType or CFF font it was packed from. fontkit reads WOFF by itself, but unpacks the whole outline table
 * again for every glyph, which made one page of Chinese take twenty seconds; unpacked once, it takes a fraction of one.
 * @throws Error when the file is not a whole WOFF font.
 */
export function unpackWoff(woff: Buffer): Buffer {
  if (woff.toString('latin1', 0, 4) !== 'wOFF' || woff.readUInt32BE(8) !== woff.length) throw new Error('not a WOFF font')
  const tables = Array.from({ length: woff.readUInt16BE(12) }, (_, index) => tableAt(woff, WOFF_HEADER + index * WOFF_ENTRY))
  const directory = Buffer.alloc(SFNT_HEADER + tables.length * SFNT_ENTRY)
  directory.writeUInt32BE(woff.readUInt32BE(4), 0)
  directory.writeUInt16BE(tables.length, 4)
  // The three search hints of the header: the largest power of two of the count, as bytes, as exponent, and what is left.
  const exponent = Math.floor(Math.log2(tables.length))
  directory.writeUInt16BE(2 ** exponent * SFNT_ENTRY, 6)
  directory.writeUInt16BE(exponent, 8)
  directory.writeUInt16BE((tables.length - 2 ** exponent) * SFNT_ENTRY, 10)
  const parts: Buffer[] = [directory]
  let offset = directory.length
  for (const [index, { tag, checksum, data }] of tables.entries()) {
    const entry = SFNT_HEADER + index * SFNT_ENTRY
    directory.writeUInt32BE(tag, entry)
    directory.writeUInt32BE(checksum, entry + 4)
    directory.writeUInt32BE(offset, entry + 8)
    directory.writeUInt32BE(data.length, entry + 12)
    const padding = Buffer.alloc((4 - (data.length % 4)) % 4)
    parts.push(data, padding)
    offset += data.length + padding.length
  }
  return Buffer.concat(parts)
}

/** Bytes of the header and of one directory entry, in the packed and in the plain form. */
const [WOFF_HEADER, WOFF_ENTRY, SFNT_HEADER, SFNT_ENTRY] = [44, 20, 12, 16] as const

interface FontTable {
  readonly tag: number
  readonly checksum: number
  readonly data: Buffer
}

function tableAt(woff: Buffer, entry: number): FontTable {
  const [tag, offset, packedLength, length, checksum] = [0, 4, 8, 12, 16].map((place) => woff.readUInt32BE(entry + place)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const packed = woff.subarray(offset, offset + packedLength)
  const data = packedLength < length ? inflateSync(packed) : packed
  if (data.length !== length) throw new Error('a WOFF table is not as long as it says')
  return { tag, checksum, data }
}

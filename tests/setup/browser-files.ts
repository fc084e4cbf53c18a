import { deflateSync, crc32 } from 'node:zlib'

/** A file as a person would choose it. */
export interface ChosenFile {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

/** A scanned page: grey, as large as asked for. Every call makes another, by its shade. */
export function scan(name: string, shade = 235): ChosenFile {
  const [width, height] = [200, 280]
  const rows = Buffer.alloc((width * 3 + 1) * height, shade)
  for (let y = 0; y < height; y++) rows[y * (width * 3 + 1)] = 0
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]
  return { name, mimeType: 'image/png', buffer: Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]) }
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** The smallest file that every reader takes for a PDF of one page. */
export function onePagePdf(name: string): ChosenFile {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>',
  ]
  const text = objects.map((body, index) => `${index + 1} 0 obj\n${body}\nendobj\n`).join('')
  return { name, mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.4\n${text}trailer\n<< /Size 4 /Root 1 0 R >>\n%%EOF\n`) }
}

/** Calls itself a PDF, and is a program. */
export const disguised = (name: string): ChosenFile => ({
  name,
  mimeType: 'application/pdf',
  buffer: Buffer.concat([Buffer.from('MZ'), Buffer.alloc(2048, 7)]),
})

/** A real picture, with as many bytes behind it as it takes to be too large. */
export const tooLarge = (name: string, bytes: number): ChosenFile => {
  const file = scan(name)
  return { ...file, buffer: Buffer.concat([file.buffer, Buffer.alloc(bytes)]) }
}

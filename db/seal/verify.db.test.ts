import type { KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openArchive, type Archive } from './archive.fixture.ts'
import { exportWithin } from './export.ts'
import { keyIdOf, publicHalf } from './head.ts'
import { altered, rewritten, seals, type Tampered } from './tampered.fixture.ts'
import { verifyBundle, type BundleReport } from './verify.ts'

let archive: Archive

/** Three seals over two streams (a: rows 1–4, b: rows 1–3), and a row of each that is not sealed yet. */
beforeAll(async () => {
  archive = await openArchive()
  for (const streams of [
    ['a', 'b', 'a'],
    ['a', 'b'],
    ['a', 'b'],
  ]) {
    await archive.append(...streams)
    await archive.seal()
  }
  await archive.append('a', 'b')
})
afterAll(() => archive.end())

describe('an archive in order agrees', () => {
  test('with everything that is kept outside', async () => {
    const report = await check(async () => {}, { heads: true, key: true })
    expect(report.findings).toEqual([])
    expect(report).toMatchObject({
      intact: true,
      rows: 9,
      streams: 2,
      seals: 3,
      unsealedRows: 2,
      keysTrusted: true,
      headsCompared: 3,
      headsUnread: 0,
    })
  })

  test('by itself, and says what it has not looked at', async () => {
    expect(await check(async () => {}, { heads: false, key: false })).toMatchObject({ intact: true, keysTrusted: false, headsCompared: 0 })
  })

  test('with an older copy of the heads, and with half a line in it', async () => {
    const bundle = await bundleOf(async () => {})
    const report = await verifyBundle(linesOf(bundle), {
      trusted: [publicHalf(archive.key)],
      headLines: [...archive.heads.slice(0, 2), '{"kind":"se', ''],
    })
    expect(report).toMatchObject({ intact: true, headsCompared: 2, headsUnread: 1 })
  })
})

describe('what was done to the archive is found, and the first bad row named', () => {
  test.each([...altered, ...seals, ...rewritten])('$done', async ({ by, found, only, signer }) => {
    const report = await check(by, { heads: true, key: true, ...(signer ? { signer } : {}) })
    expect(report.intact).toBe(false)
    const { what, ...place } = found
    expect(report.findings[0]).toMatchObject(place)
    expect(report.findings[0]?.what).toMatch(what)
    const alone = await check(by, { heads: only === 'key', key: only === 'heads', ...(signer ? { signer } : {}) })
    if (only === undefined) expect(alone.findings[0]?.what).toMatch(what)
  })

  test.each(rewritten.filter(({ only }) => only !== undefined))('only what is kept outside tells that $done', async ({ by, signer }) => {
    expect(await check(by, { heads: false, key: false, ...(signer ? { signer } : {}) })).toMatchObject({ intact: true })
  })
})

describe('what was done to the bundle is found too', () => {
  const spoilt: readonly { readonly done: string; readonly by: (lines: string[]) => string[]; readonly what: RegExp }[] = [
    { done: 'it ends early', by: (lines) => lines.slice(0, -3), what: /文件不完整/ },
    { done: 'a line is missing', by: (lines) => lines.toSpliced(4, 1), what: /缺行/ },
    { done: 'a seal is missing', by: (lines) => lines.toSpliced(-2, 1), what: /删改/ },
    {
      done: 'a word is changed',
      by: (lines) => lines.map((line, index) => (index === 3 ? line.replace('同意', '退回') : line)),
      what: /内容与其散列不符/,
    },
    {
      done: 'its key is none',
      by: (lines) => lines.map((line, index) => (index === 0 ? line.replace('BEGIN', 'BEGUN') : line)),
      what: /不认识的密钥/,
    },
  ]
  test.each(spoilt)('$done', async ({ by, what }) => {
    const report = await verifyBundle(linesOf(by(await bundleOf(async () => {}))))
    expect(report.intact).toBe(false)
    expect(report.findings[0]?.what).toMatch(what)
  })

  const unreadable: readonly { readonly done: string; readonly by: (lines: string[]) => string[]; readonly error: RegExp }[] = [
    { done: 'another file', by: () => ['hello'], error: /第1行：不是 JSON/ },
    { done: 'no first line', by: (lines) => lines.slice(1), error: /首行/ },
    { done: 'something after the end', by: (lines) => [...lines, lines[1] ?? ''], error: /结尾之后/ },
    {
      done: 'a number that is none',
      by: (lines) => lines.map((line, index) => (index === 2 ? line.replace(/"seq":"\d+"/, '"seq":"one"') : line)),
      error: /第3行：seq 不是整数文本/,
    },
  ]
  test.each(unreadable)('$done cannot be read', async ({ by, error }) => {
    const lines = by(await bundleOf(async () => {}))
    await expect(verifyBundle(linesOf(lines))).rejects.toThrow(error)
  })
})

interface Looking {
  readonly heads: boolean
  readonly key: boolean
  readonly signer?: KeyObject
}

async function check(by: Tampered['by'], { heads, key, signer }: Looking): Promise<BundleReport> {
  const bundle = await bundleOf(by, signer)
  return verifyBundle(linesOf(bundle), {
    ...(key ? { trusted: [publicHalf(archive.key)] } : {}),
    ...(heads ? { headLines: archive.heads } : {}),
  })
}

class TakenBack extends Error {}

/** The bundle of an archive to which something was done, with every trigger off; the damage is taken back. */
async function bundleOf(by: Tampered['by'], signer = archive.key): Promise<string[]> {
  const lines: string[] = []
  const damage = archive.superuser.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx)
    await by(tx, archive.key)
    const keys = [{ keyId: keyIdOf(signer), publicKey: publicHalf(signer).export({ type: 'spki', format: 'pem' }).toString() }]
    await exportWithin(tx, keys, async (line) => void lines.push(line))
    throw new TakenBack()
  })
  await expect(damage).rejects.toThrow(TakenBack)
  return lines
}

async function* linesOf(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}

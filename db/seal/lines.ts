import type { ChainRow } from './chain.ts'
import type { Seal } from './head.ts'

/** Who signed, by key id, with the public key in PEM. A bundle's own keys prove nothing about who made it. */
export interface BundleKey {
  readonly keyId: string
  readonly publicKey: string
}

export type BundleLine =
  | { readonly kind: 'bundle'; readonly v: 1; readonly madeAt: string; readonly keys: readonly BundleKey[] }
  | ({ readonly kind: 'row'; readonly sealNo: string | null } & ChainRow)
  | { readonly kind: 'stream'; readonly stream: string; readonly lastSeq: string; readonly head: string }
  | ({ readonly kind: 'seal' } & Seal)
  | { readonly kind: 'end'; readonly rows: number; readonly streams: number; readonly seals: number }

/** A line that is none of ours; the message says why. */
export class UnreadableLine extends Error {
  override readonly name = 'UnreadableLine'
}

/** One line of a bundle. @throws UnreadableLine */
export function parseBundleLine(text: string): BundleLine {
  const line = recordOf(parseJson(text))
  switch (line['kind']) {
    case 'bundle':
      if (line['v'] !== 1) throw new UnreadableLine('审计包的版本不认识')
      return { kind: 'bundle', v: 1, madeAt: textOf(line, 'madeAt'), keys: listOf(line, 'keys').map(keyOf) }
    case 'row':
      return { kind: 'row', sealNo: line['sealNo'] === null ? null : numberTextOf(line, 'sealNo'), ...chainRowOf(line) }
    case 'stream':
      return { kind: 'stream', stream: textOf(line, 'stream'), lastSeq: numberTextOf(line, 'lastSeq'), head: textOf(line, 'head') }
    case 'seal':
      return { kind: 'seal', ...sealOf(line) }
    case 'end':
      return { kind: 'end', rows: countOf(line, 'rows'), streams: countOf(line, 'streams'), seals: countOf(line, 'seals') }
    default:
      throw new UnreadableLine('不是审计包的一行')
  }
}

/** One line of a heads file: a seal. @throws UnreadableLine */
export function parseSealLine(text: string): Seal {
  const line = recordOf(parseJson(text))
  if (line['kind'] !== 'seal') throw new UnreadableLine('不是封签')
  return sealOf(line)
}

type Line = Readonly<Record<string, unknown>>

const chainRowOf = (line: Line): ChainRow => ({
  auditId: numberTextOf(line, 'auditId'),
  stream: textOf(line, 'stream'),
  seq: numberTextOf(line, 'seq'),
  at: textOf(line, 'at'),
  actor: textOf(line, 'actor'),
  act: textOf(line, 'act'),
  body: textOf(line, 'body'),
  prevHash: textOf(line, 'prevHash'),
  hash: textOf(line, 'hash'),
})

const sealOf = (line: Line): Seal => ({
  sealNo: numberTextOf(line, 'sealNo'),
  at: textOf(line, 'at'),
  rowCount: countOf(line, 'rowCount'),
  lastAuditId: numberTextOf(line, 'lastAuditId'),
  merkleRoot: textOf(line, 'merkleRoot'),
  prevHead: textOf(line, 'prevHead'),
  head: textOf(line, 'head'),
  signature: textOf(line, 'signature'),
  keyId: textOf(line, 'keyId'),
})

const keyOf = (value: unknown): BundleKey => {
  const line = recordOf(value)
  return { keyId: textOf(line, 'keyId'), publicKey: textOf(line, 'publicKey') }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UnreadableLine('不是 JSON')
  }
}

function recordOf(value: unknown): Line {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UnreadableLine('不是一个对象')
  return Object.fromEntries(Object.entries(value))
}

function textOf(line: Line, name: string): string {
  const value = line[name]
  if (typeof value !== 'string') throw new UnreadableLine(`${name} 不是文本`)
  return value
}

function numberTextOf(line: Line, name: string): string {
  const value = textOf(line, name)
  if (!/^-?\d{1,19}$/.test(value)) throw new UnreadableLine(`${name} 不是整数文本`)
  return value
}

function countOf(line: Line, name: string): number {
  const value = line[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new UnreadableLine(`${name} 不是整数`)
  return value
}

function listOf(line: Line, name: string): readonly unknown[] {
  const value: unknown = line[name]
  if (!Array.isArray(value)) throw new UnreadableLine(`${name} 不是列表`)
  return value
}

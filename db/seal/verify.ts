import { createPublicKey, type KeyObject } from 'node:crypto'
import { chainCheck, type BadRow, type ChainRow } from './chain.ts'
import { headOf, isSignedBy, keyIdOf, NO_HEAD, type Seal } from './head.ts'
import { parseBundleLine, parseSealLine, UnreadableLine, type BundleKey } from './lines.ts'
import { merkleTree, type MerkleTree } from './merkle.ts'

/** One thing that is wrong. `stream` and `seq` name the row; where a seal alone tells, they name the first row it may be. */
export interface Finding {
  readonly what: string
  readonly stream?: string
  readonly seq?: string
  readonly sealNo?: string
}

export interface BundleReport {
  readonly intact: boolean
  readonly madeAt: string
  readonly rows: number
  readonly streams: number
  readonly seals: number
  /** Rows of the last minutes: chained, not yet signed. */
  readonly unsealedRows: number
  /** False: signatures were checked with the keys that came in the bundle, which whoever made the bundle has chosen. */
  readonly keysTrusted: boolean
  /** Heads kept outside that were compared; lines of the file that could not be read. */
  readonly headsCompared: number
  readonly headsUnread: number
  /** The first is the first bad row; at most a hundred are kept. */
  readonly findings: readonly Finding[]
}

const FINDINGS_MAX = 100

/**
 * Checks an exported bundle without any database: each chain row by row, each Merkle root, each head and its signature, and the heads
 * that have left the house against the seals that are still there. Memory grows with streams and seals, not with rows.
 * @param trusted public keys from somewhere else than the bundle; without them the bundle's own are used and the report says so
 * @param headLines lines of a heads file
 */
export async function verifyBundle(
  lines: AsyncIterable<string>,
  { trusted = [], headLines = [] }: { trusted?: readonly KeyObject[]; headLines?: readonly string[] } = {},
): Promise<BundleReport> {
  const findings: Finding[] = []
  const found = (finding: Finding | undefined): void => void (finding && findings.length < FINDINGS_MAX && findings.push(finding))
  const bundle = await readBundle(lines, found)
  const keys = new Map(trusted.length > 0 ? trusted.map((key) => [keyIdOf(key), key]) : bundle.keys.flatMap(openKey))
  sealFindings(bundle, keys).forEach(found)
  const heads = readHeads(headLines)
  headFindings(bundle, heads.seals, keys).forEach(found)
  return {
    intact: findings.length === 0,
    madeAt: bundle.madeAt,
    rows: bundle.rows,
    streams: bundle.streams,
    seals: bundle.seals.length,
    unsealedRows: bundle.unsealedRows,
    keysTrusted: trusted.length > 0,
    headsCompared: heads.seals.length,
    headsUnread: heads.unread,
    findings,
  }
}

/** What the rows say of one seal. */
interface Sealed {
  readonly tree: MerkleTree
  readonly first: ChainRow
  last: ChainRow
}

interface Bundle {
  madeAt: string
  keys: readonly BundleKey[]
  rows: number
  streams: number
  unsealedRows: number
  readonly seals: Seal[]
  readonly sealed: Map<string, Sealed>
}

/** One pass over the lines; chains are followed on the way. @throws UnreadableLine naming the line */
async function readBundle(lines: AsyncIterable<string>, found: (finding: Finding | undefined) => void): Promise<Bundle> {
  const bundle: Bundle = { madeAt: '', keys: [], rows: 0, streams: 0, unsealedRows: 0, seals: [], sealed: new Map() }
  const chains = chainCheck()
  let [number, complete] = [0, false]
  for await (const text of lines) {
    number += 1
    if (text === '') continue
    const line = parseNumbered(text, number)
    if ((number === 1) !== (line.kind === 'bundle')) throw new UnreadableLine(`第${number}行：审计包的首行不在首行`)
    if (complete) throw new UnreadableLine(`第${number}行：结尾之后还有内容`)
    if (line.kind === 'bundle') Object.assign(bundle, { madeAt: line.madeAt, keys: line.keys })
    if (line.kind === 'row') takeRow(bundle, line, line.sealNo, (row) => found(chains.take(row)))
    if (line.kind === 'stream') {
      bundle.streams += 1
      found(chains.end(line))
    }
    if (line.kind === 'seal') bundle.seals.push(line)
    if (line.kind === 'end') {
      complete = true
      const all = line.rows === bundle.rows && line.streams === bundle.streams && line.seals === bundle.seals.length
      if (!all) found({ what: '审计包的行数与其结尾所记不符：包被删改' })
    }
  }
  if (!complete) found({ what: '审计包没有结尾：文件不完整' })
  else for (const stream of chains.unended()) found({ stream, seq: '1', what: '这条链没有登记' })
  return bundle
}

function parseNumbered(text: string, number: number): ReturnType<typeof parseBundleLine> {
  try {
    return parseBundleLine(text)
  } catch (error) {
    throw error instanceof UnreadableLine ? new UnreadableLine(`第${number}行：${error.message}`) : error
  }
}

function takeRow(bundle: Bundle, row: ChainRow, sealNo: string | null, chain: (row: ChainRow) => void): void {
  bundle.rows += 1
  chain(row)
  if (sealNo === null) {
    bundle.unsealedRows += 1
    return
  }
  const sealed = bundle.sealed.get(sealNo) ?? { tree: merkleTree(), first: row, last: row }
  sealed.tree.add(Buffer.from(row.hash, 'hex'))
  sealed.last = row
  bundle.sealed.set(sealNo, sealed)
}

/** A key that is none leaves its seals signed by nobody we know. */
function openKey({ publicKey }: BundleKey): [string, KeyObject][] {
  try {
    const key = createPublicKey(publicKey)
    return [[keyIdOf(key), key]]
  } catch {
    return []
  }
}

const placeOf = (row: ChainRow | undefined): Pick<BadRow, 'stream' | 'seq'> | undefined => row && { stream: row.stream, seq: row.seq }

/** Every seal by its number, its root by its rows, its head by all of these, its signature by the key. */
function sealFindings({ seals, sealed }: Bundle, keys: ReadonlyMap<string, KeyObject>): Finding[] {
  const findings: Finding[] = []
  let before = { no: 0n, head: NO_HEAD }
  for (const seal of seals) {
    const what = wrongWithSeal(seal, sealed.get(seal.sealNo), before, keys)
    if (what) findings.push({ what, sealNo: seal.sealNo, ...placeOf(sealed.get(seal.sealNo)?.first) })
    before = { no: BigInt(seal.sealNo), head: seal.head }
  }
  const known = new Set(seals.map((seal) => seal.sealNo))
  for (const [sealNo, { first }] of sealed)
    if (!known.has(sealNo)) findings.push({ what: `第${sealNo}号封签不在`, sealNo, ...placeOf(first) })
  return findings
}

function wrongWithSeal(
  seal: Seal,
  rows: Sealed | undefined,
  before: { readonly no: bigint; readonly head: string },
  keys: ReadonlyMap<string, KeyObject>,
): string | undefined {
  if (BigInt(seal.sealNo) !== before.no + 1n) return `第${before.no + 1n}号封签不在，其后是第${seal.sealNo}号`
  if (headOf(seal) !== seal.head) return '封签所记与其封首不符：封签被改'
  const key = keys.get(seal.keyId)
  if (!key) return `封签由不认识的密钥 ${seal.keyId} 签署`
  if (!isSignedBy(seal, key)) return '封签的签名不对'
  if (seal.prevHead !== before.head) return '封签与上一号封签不相接'
  const count = rows?.tree.size() ?? 0
  if (count !== seal.rowCount) return `封签封存${seal.rowCount}行，实有${count}行：其中有行被删除或插入`
  if (rows?.tree.root().toString('hex') !== seal.merkleRoot) return `封签所封${count}行中有行被改写，最早为所示之行`
  return rows.last.auditId === seal.lastAuditId ? undefined : '封签所记的末行编号与实际不符'
}

/** Lines that cannot be read are counted: half a line is what a power cut leaves. */
function readHeads(lines: readonly string[]): { seals: Seal[]; unread: number } {
  const seals: Seal[] = []
  let unread = 0
  for (const line of lines.filter((text) => text !== '')) {
    try {
      seals.push(parseSealLine(line))
    } catch {
      unread += 1
    }
  }
  return { seals, unread }
}

/** What has left the house must still be in it, unchanged. This alone finds a tail that was cut, and a rewriting by whoever holds the key. */
function headFindings({ seals, sealed }: Bundle, heads: readonly Seal[], keys: ReadonlyMap<string, KeyObject>): Finding[] {
  const inside = new Map(seals.map((seal) => [seal.sealNo, seal]))
  return heads.flatMap((head): Finding[] => {
    const { sealNo, rowCount, lastAuditId } = head
    const key = keys.get(head.keyId)
    if (!key || headOf(head) !== head.head || !isSignedBy(head, key)) return [{ what: `库外留存的第${sealNo}号封首签名不对`, sealNo }]
    const seal = inside.get(sealNo)
    if (!seal) {
      const lost = `库外留存有第${sealNo}号封签（${rowCount}行，至审计号${lastAuditId}），库中没有`
      return [{ what: `${lost}：尾部被截去，或库被恢复到从前`, sealNo }]
    }
    if (seal.head === head.head) return []
    return [{ what: `第${sealNo}号封签与库外留存的不同：各行被整体改写，最早为所示之行`, sealNo, ...placeOf(sealed.get(sealNo)?.first) }]
  })
}

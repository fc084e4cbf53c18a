import { auditHash, auditRowText, GENESIS } from '../write/audit.ts'

/** A row of the chain as it is stored or exported. Numbers are decimal text, as in the hashed form. */
export interface ChainRow {
  readonly auditId: string
  readonly stream: string
  readonly seq: string
  readonly at: string
  readonly actor: string
  readonly act: string
  readonly body: string
  readonly prevHash: string
  readonly hash: string
}

/** The row that does not fit, by its place in its stream, and what is wrong with it. */
export interface BadRow {
  readonly stream: string
  readonly seq: string
  readonly what: string
}

export interface ChainCheck {
  /** Takes the next row. Rows of one stream come in their order; streams may be mixed. @returns the row that is wrong, if one is */
  take(row: ChainRow): BadRow | undefined
  /** Compares what the house has noted as a stream's end with the rows taken. */
  end(stream: { readonly stream: string; readonly lastSeq: string; readonly head: string }): BadRow | undefined
  /** Streams whose end has not been compared: rows of a stream that the house does not know. */
  unended(): string[]
}

interface End {
  readonly seq: bigint
  readonly hash: string
}

/** Hashes every row again and follows each stream from its first row to its noted end. Offline and live checks are this one. */
export function chainCheck(): ChainCheck {
  const ends = new Map<string, End>()
  const ended = new Set<string>()
  return {
    take(row) {
      const before = ends.get(row.stream) ?? { seq: 0n, hash: GENESIS }
      ends.set(row.stream, { seq: BigInt(row.seq), hash: row.hash })
      return misfit(row, before)
    },
    end({ stream, lastSeq, head }) {
      ended.add(stream)
      const last = ends.get(stream) ?? { seq: 0n, hash: GENESIS }
      if (last.seq < BigInt(lastSeq))
        return { stream, seq: String(last.seq + 1n), what: `缺行：登记至第${lastSeq}行，实有至第${last.seq}行` }
      if (last.seq > BigInt(lastSeq)) return { stream, seq: String(BigInt(lastSeq) + 1n), what: `多出的行：登记只至第${lastSeq}行` }
      if (last.hash !== head) return { stream, seq: lastSeq, what: '末行的散列与登记的链首不符' }
      return undefined
    },
    unended: () => [...ends.keys()].filter((stream) => !ended.has(stream)),
  }
}

function misfit(row: ChainRow, before: End): BadRow | undefined {
  const { stream, seq } = row
  const expected = before.seq + 1n
  if (BigInt(seq) > expected) return { stream, seq: String(expected), what: `缺行：第${expected}行不在，其后是第${seq}行` }
  if (BigInt(seq) < expected) return { stream, seq, what: `行序颠倒或重复：应为第${expected}行` }
  const { at, actor, act, body, prevHash: prev, hash } = row
  if (auditHash(auditRowText({ stream, seq, at, actor, act, body, prev })) !== hash) return { stream, seq, what: '内容与其散列不符' }
  if (prev === before.hash) return undefined
  // The row agrees with itself but not with the one before it: that one was rewritten, and its own hash with it.
  return before.seq === 0n
    ? { stream, seq, what: '首行之前另有所指：链的开头被截去' }
    : { stream, seq: String(before.seq), what: `内容连同散列被改写：第${seq}行所记的上一行散列与之不同` }
}

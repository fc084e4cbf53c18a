import { sql } from 'kysely'
import { canonicalJson } from '../canonical.ts'
import type { Db, Tx } from '../connect.ts'
import type { ChainRow } from './chain.ts'
import { sealLine } from './head.ts'
import type { BundleKey } from './lines.ts'
import { readSealsAfter } from './seal-rows.ts'

const BATCH = 5_000

export interface BundleCounts {
  rows: number
  streams: number
  seals: number
}

/**
 * Writes everything the offline check needs as lines of JSON: rows by audit id, streams, seals, and how many of each. One snapshot,
 * so that nothing moves while it is read; batch by batch, so that its size does not matter.
 * @param write called once per line, without the line break, and awaited
 */
export const exportBundle = (db: Db, keys: readonly BundleKey[], write: Write): Promise<BundleCounts> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) => exportWithin(tx, keys, write))

type Write = (line: string) => Promise<void>

/** The same within a transaction of the caller's. */
export async function exportWithin(tx: Tx, keys: readonly BundleKey[], write: Write): Promise<BundleCounts> {
  const { rows } = await sql<{ at: string }>`select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at`.execute(tx)
  await write(canonicalJson({ kind: 'bundle', v: 1, madeAt: rows[0]?.at ?? '', keys }))
  const counts: BundleCounts = { rows: 0, streams: 0, seals: 0 }
  for await (const row of rowsById(tx)) {
    await write(canonicalJson({ kind: 'row', ...row }))
    counts.rows += 1
  }
  for await (const stream of streams(tx)) {
    await write(canonicalJson({ kind: 'stream', ...stream }))
    counts.streams += 1
  }
  for await (const seal of seals(tx)) {
    await write(sealLine(seal))
    counts.seals += 1
  }
  await write(canonicalJson({ kind: 'end', ...counts }))
  return counts
}

/** Every row of the archive by audit id. Within a stream that is the order of its chain: the stream's lock is held while one is added. */
export async function* rowsById(tx: Tx): AsyncGenerator<ChainRow & { readonly sealNo: string | null }> {
  for (let after = '-9223372036854775808'; ;) {
    const { rows } = await sql<ChainRow & { sealNo: string | null }>`
      select audit_id::text as "auditId", stream, seq::text as seq, at, actor, act, body, prev_hash as "prevHash", hash, sealed_in::text as "sealNo"
      from audit_row where audit_id > ${after} order by audit_id limit ${BATCH}`.execute(tx)
    yield* rows
    const last = rows.at(-1)
    if (!last || rows.length < BATCH) return
    after = last.auditId
  }
}

interface StreamEnd {
  readonly stream: string
  readonly lastSeq: string
  readonly head: string
}

/** Where each stream ends, as the house has noted it. */
export async function* streams(tx: Tx): AsyncGenerator<StreamEnd> {
  for (let after = ''; ;) {
    const { rows } = await sql<StreamEnd>`
      select stream, last_seq::text as "lastSeq", head from audit_stream where stream > ${after} order by stream limit ${BATCH}`.execute(tx)
    yield* rows
    const last = rows.at(-1)
    if (!last || rows.length < BATCH) return
    after = last.stream
  }
}

async function* seals(tx: Tx) {
  for (let after = '-1'; ;) {
    const found = await readSealsAfter(tx, after, BATCH)
    yield* found
    const last = found.at(-1)
    if (!last || found.length < BATCH) return
    after = last.sealNo
  }
}

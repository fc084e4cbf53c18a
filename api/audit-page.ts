import type { Reader } from '#db/connect.ts'
import { readAuditRows, readAuditStream } from '#db/read/case-audit.ts'
import { chainCheck } from '#db/seal/chain.ts'

/**
 * The case's chain with its own verdict, by the check that live and offline verification use: every row hashed again, and the last of them
 * held against what the house has noted as the end of the stream. The first row that does not fit is named.
 */
export async function readAuditTrail(db: Reader, caseId: string) {
  const rows = await readAuditRows(db, caseId)
  const noted = rows[0] ?? (await readAuditStream(db, caseId))
  const [lastSeq, head] = [noted?.stream_last_seq ?? null, noted?.stream_head ?? null]
  const check = chainCheck()
  const bad = rows.flatMap(
    (row) => check.take({ ...row, auditId: String(row.audit_id), seq: String(row.seq), prevHash: row.prev_hash }) ?? [],
  )
  const end = lastSeq === null || head === null ? undefined : check.end({ stream: `case/${caseId}`, lastSeq: String(lastSeq), head })
  // Rows of a stream that the house does not know belong to nothing.
  const [unknown] = check.unended().map((name) => ({ stream: name, seq: '1', what: '链首未登记' }))
  const first = bad[0] ?? end ?? unknown
  return {
    intact: first === undefined,
    firstBadSeq: first?.seq ?? null,
    what: first?.what ?? null,
    head: rows.at(-1)?.hash ?? head ?? '',
    rows: rows.map((row) => ({
      seq: String(row.seq),
      at: row.at,
      actor: row.actor,
      act: row.act,
      body: row.body,
      hash: row.hash,
      sealed: row.sealed_in !== null,
    })),
  }
}

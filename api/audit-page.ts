import type { Reader } from '#db/connect.ts'
import { readAuditRows } from '#db/read/case-page.ts'
import { auditHash, auditRowText, GENESIS } from '#db/write/audit.ts'

/** The case's chain with its own verdict: every row hashed again, the first that does not fit named. */
export async function readAuditTrail(db: Reader, caseId: string) {
  const rows = await readAuditRows(db, caseId)
  let [prev, expected, firstBadSeq]: [string, bigint, string | null] = [GENESIS, 1n, null]
  for (const row of rows) {
    const text = auditRowText({
      stream: row.stream,
      seq: String(row.seq),
      at: row.at,
      actor: row.actor,
      act: row.act,
      body: row.body,
      prev,
    })
    if (firstBadSeq === null && (row.seq !== expected || row.prev_hash !== prev || row.hash !== auditHash(text)))
      firstBadSeq = String(row.seq)
    prev = row.hash
    expected = row.seq + 1n
  }
  return {
    intact: firstBadSeq === null,
    firstBadSeq,
    head: prev,
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

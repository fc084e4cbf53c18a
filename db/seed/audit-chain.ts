import type { Insertable } from 'kysely'
import { canonicalJson } from '../canonical.ts'
import type { AuditRowTable, AuditStreamTable, DecisionTable, Instant } from '../tables.ts'
import { auditHash, auditRowText, GENESIS } from '../write/audit.ts'

export interface Fact {
  readonly at: Instant
  readonly actor: string
  readonly act: string
  readonly body: Record<string, unknown>
}

/**
 * The chain of a case that already has a history, linked exactly as `appendAudit` links one row at a time: the next real decision goes on
 * from its head, and the verifier sees no seam.
 */
export function auditChain(
  caseId: string,
  orgId: string,
  facts: readonly Fact[],
): { audit_stream: Insertable<AuditStreamTable>[]; audit_row: Insertable<AuditRowTable>[] } {
  const stream = `case/${caseId}`
  const common = { stream, case_id: caseId, org_id: orgId, access_group_id: 'OPEN' }
  let head = GENESIS
  const rows = facts.map((fact, index) => {
    // The hashed spelling of an instant has six decimals, as the database prints it.
    const at = fact.at.replace(/Z$/, '.000000Z')
    const seq = BigInt(index + 1)
    const body = canonicalJson(fact.body)
    const hash = auditHash(auditRowText({ stream, seq: String(seq), at, actor: fact.actor, act: fact.act, body, prev: head }))
    const row = { ...common, seq, at, actor: fact.actor, act: fact.act, body, prev_hash: head, hash, sealed_in: null }
    head = hash
    return row
  })
  return { audit_stream: [{ ...common, last_seq: BigInt(rows.length), head }], audit_row: rows }
}

/** A decision in the same words as the deciding transaction writes. */
export const decisionFact = (row: Insertable<DecisionTable>): Fact => ({
  at: row.decided_at,
  actor: row.actor_id ? `staff/${row.actor_id}` : 'system',
  act: `decide/${row.action}`,
  body: {
    seq: row.seq,
    from: row.stage,
    to: row.to_stage,
    version: row.stage_version + 1,
    decision: row.decision_id,
    opinion: row.opinion ?? '',
    on: row.decided_on,
  },
})

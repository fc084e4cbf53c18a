import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { canonicalJson } from '../canonical.ts'
import type { Tx } from '../connect.ts'
import { KEPT } from '../kept-plans.ts'

/** One fact for the chain. Bodies hold ids, codes, counts and amounts: no names, no identity numbers. */
export interface AuditFact {
  /** `case/<id>` for everything about a case, `desk/<staffId>` for what a person did outside of one, `system` for the house itself. */
  readonly stream: string
  readonly caseId?: string
  readonly orgId: string
  readonly accessGroupId?: string
  /** `staff/<id>`, `machine/<client>` or `system`. */
  readonly actor: string
  readonly act: string
  readonly body: Record<string, unknown>
}

/** Whose a case is: what decides who may read of it. */
export interface AuditedCase {
  readonly case_id: string
  readonly org_id: string
  readonly access_group_id: string
}

/** A fact about a case, in its own chain. @param actor as in `AuditFact` */
export const auditCase = (tx: Tx, kase: AuditedCase, actor: string, act: string, body: Record<string, unknown>): Promise<void> =>
  appendAudit(tx, {
    stream: `case/${kase.case_id}`,
    caseId: kase.case_id,
    orgId: kase.org_id,
    accessGroupId: kase.access_group_id,
    actor,
    act,
    body,
  })

/** What a person did outside of a case, in their own chain. */
export const auditDesk = (
  tx: Tx,
  { staffId, orgId }: { readonly staffId: string; readonly orgId: string },
  act: string,
  body: Record<string, unknown>,
): Promise<void> => appendAudit(tx, { stream: `desk/${staffId}`, orgId, actor: `staff/${staffId}`, act, body })

export const GENESIS = '0'.repeat(64)

/** The hashed form of a row. The offline verifier builds the very same text; changing it means a new version beside this one. */
export const auditRowText = (row: {
  stream: string
  seq: string
  at: string
  actor: string
  act: string
  body: string
  prev: string
}): string => canonicalJson({ v: 1, ...row })

/** The hash that chains audit rows: SHA-256 over the UTF-8 of a canonical text, in hex. */
export const auditHash = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

/**
 * Adds a row to its stream's chain in the transaction of the fact itself: no fact without its row, no row without its fact.
 * Takes the stream's row lock, so one case is written by one transaction at a time; different cases never wait for one another.
 */
export async function appendAudit(tx: Tx, fact: AuditFact): Promise<void> {
  const group = fact.accessGroupId ?? 'OPEN'
  const stream = (await lockStream(tx, fact.stream)) ?? (await openStream(tx, fact, group))
  const seq = stream.last_seq + 1n
  const body = canonicalJson(fact.body)
  const text = auditRowText({
    stream: fact.stream,
    seq: String(seq),
    at: stream.at,
    actor: fact.actor,
    act: fact.act,
    body,
    prev: stream.head,
  })
  const hash = auditHash(text)
  await sql`
    ${KEPT} with row as (
      insert into audit_row (stream, seq, case_id, org_id, access_group_id, at, actor, act, body, prev_hash, hash)
      values (${fact.stream}, ${seq}, ${fact.caseId ?? null}, ${fact.orgId}, ${group}, ${stream.at}, ${fact.actor}, ${fact.act}, ${body},
        ${stream.head}, ${hash}))
    update audit_stream set last_seq = ${seq}, head = ${hash} where stream = ${fact.stream}`.execute(tx)
}

interface Stream {
  readonly last_seq: bigint
  readonly head: string
  readonly at: string
}

/** The end of a stream under its lock, and the moment at which it was got; undefined while it has no row. */
async function lockStream(tx: Tx, stream: string): Promise<Stream | undefined> {
  const { rows } = await sql<Stream>`
    ${KEPT} select last_seq, head, to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
    from audit_stream where stream = ${stream} for update`.execute(tx)
  return rows[0]
}

/** Its first row. Whoever comes second waits for the first one here, and goes on from there. */
async function openStream(tx: Tx, fact: AuditFact, group: string): Promise<Stream> {
  await tx
    .insertInto('audit_stream')
    .values({ stream: fact.stream, case_id: fact.caseId ?? null, org_id: fact.orgId, access_group_id: group, last_seq: 0n, head: GENESIS })
    .onConflict((conflict) => conflict.column('stream').doNothing())
    .execute()
  const stream = await lockStream(tx, fact.stream)
  if (!stream) throw new Error(`audit stream ${fact.stream} vanished`)
  return stream
}

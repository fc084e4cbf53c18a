import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { canonicalJson, sha256Hex } from '../canonical.ts'
import type { Tx } from '../connect.ts'
import type { LockedCase } from './cases.ts'

/** Keeps what a source said in this round; the round is the version of the case that asked. */
export async function keepSource(
  tx: Tx,
  kase: LockedCase,
  reply: { source: string; outcome: 'MATCHED' | 'MISMATCHED' | 'UNAVAILABLE'; authorisation: string; content: Readonly<Record<string, unknown>> },
): Promise<void> {
  await tx
    .insertInto('source_reply')
    .values({
      reply_id: randomUUID(),
      case_id: kase.case_id,
      org_id: kase.org_id,
      access_group_id: kase.access_group_id,
      round: kase.stage_version,
      source: reply.source,
      outcome: reply.outcome,
      authorisation: reply.authorisation,
      content: JSON.stringify(reply.content),
      fetched_at: sql<string>`business_now()`,
    })
    .onConflict((conflict) => conflict.columns(['case_id', 'round', 'source']).doNothing())
    .execute()
}

/** Keeps a verdict with everything it was made of, as canonical JSON: the same rules on the same record give the same bytes again. */
export async function keepVerdict(
  tx: Tx,
  kase: LockedCase,
  verdict: {
    kind: 'ASSESSMENT' | 'RELEASE_CHECK'
    outcome: string
    ruleVersion: string
    snapshotId: string
    content: { readonly facts: unknown; readonly result: unknown }
  },
): Promise<void> {
  const text = canonicalJson({ facts: verdict.content.facts, result: verdict.content.result, rule: verdict.ruleVersion, snapshot: verdict.snapshotId })
  await tx
    .insertInto('verdict')
    .values({
      verdict_id: randomUUID(),
      case_id: kase.case_id,
      org_id: kase.org_id,
      access_group_id: kase.access_group_id,
      kind: verdict.kind,
      round: kase.stage_version,
      outcome: verdict.outcome,
      rule_version: verdict.ruleVersion,
      snapshot_id: verdict.snapshotId,
      content: text,
      hash: sha256Hex(text),
      made_at: sql<string>`business_now()`,
    })
    .onConflict((conflict) => conflict.columns(['case_id', 'kind', 'round']).doNothing())
    .execute()
}

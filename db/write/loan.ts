import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import type { HomeOrder } from '#contracts/loan-assessment.ts'
import { canonicalJson, sha256Hex } from '../canonical.ts'
import type { Tx } from '../connect.ts'
import type { LockedCase } from './cases.ts'

/** The money came back: the loan is as if it had not been paid out, and its account stays, as what it was, with nothing on it. */
export async function undoDisbursement(tx: Tx, caseId: string, today: PlainDate): Promise<void> {
  await tx
    .updateTable('loan')
    .set({ disbursed_on: null, disbursed_fen: null, rate_percent: null, rate_snapshot_id: null })
    .where('case_id', '=', caseId)
    .execute()
  await tx
    .updateTable('loan_account')
    .set({ state: 'RETURNED', balance_fen: 0n, settled_on: today })
    .where('case_id', '=', caseId)
    .where('state', '<>', 'RETURNED')
    .execute()
}

/** Keeps what a source said in this round; the round is the version of the case that asked. */
export async function keepSource(
  tx: Tx,
  kase: LockedCase,
  reply: {
    source: string
    outcome: 'MATCHED' | 'MISMATCHED' | 'UNAVAILABLE'
    authorisation: string
    content: Readonly<Record<string, unknown>>
  },
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

/** What a verdict is about: whether to lend, or whether the money may go. */
export type VerdictKind = 'ASSESSMENT' | 'RELEASE_CHECK'

/** Keeps a verdict with everything it was made of, as canonical JSON: the same rules on the same record give the same bytes again. */
export async function keepVerdict(
  tx: Tx,
  kase: LockedCase,
  verdict: {
    kind: VerdictKind
    outcome: string
    ruleVersion: string
    snapshotId: string
    content: { readonly facts: unknown; readonly result: unknown }
  },
): Promise<void> {
  const text = canonicalJson({
    facts: verdict.content.facts,
    result: verdict.content.result,
    rule: verdict.ruleVersion,
    snapshot: verdict.snapshotId,
  })
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

/** Which home it is that the loan is for, as the last assessment has it; null while that is open. */
export async function keepHomeOrder(tx: Tx, caseId: string, homeOrder: HomeOrder | null): Promise<void> {
  await tx.updateTable('loan').set({ home_order: homeOrder }).where('case_id', '=', caseId).execute()
}

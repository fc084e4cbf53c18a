import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { BankClaim } from '#contracts/findings.ts'
import type { PlainDate } from '#contracts/dates.ts'
import type { Db, Tx } from '../connect.ts'

export interface NewFinding {
  readonly incidentId: string
  readonly paymentId: string
  readonly caseId: string
  readonly orgId: string
  readonly accessGroupId: string
  readonly claim: BankClaim
  readonly bankReference: string
  readonly bankDay: PlainDate
  readonly reason: string
  readonly foundBy: string
  /** For whom, where somebody acts for another (代理). */
  readonly foundFor: string | null
}

/** Keeps what somebody has found (认定), for another to confirm. @returns false when another finding of the case is awaited already */
export async function keepFinding(tx: Tx, finding: NewFinding): Promise<boolean> {
  const kept = await tx
    .insertInto('payment_finding')
    .values({
      finding_id: randomUUID(),
      incident_id: finding.incidentId,
      payment_id: finding.paymentId,
      case_id: finding.caseId,
      org_id: finding.orgId,
      access_group_id: finding.accessGroupId,
      claim: finding.claim,
      bank_reference: finding.bankReference,
      bank_day: finding.bankDay,
      reason: finding.reason,
      found_by: finding.foundBy,
      found_for: finding.foundFor,
      found_at: sql<string>`business_now()`,
      decided_by: null,
      decided_at: null,
      remark: null,
    })
    .onConflict((conflict) => conflict.column('case_id').where('state', '=', 'FOUND').doNothing())
    .returning('finding_id')
    .executeTakeFirst()
  return kept !== undefined
}

/** Findings whose case has not been brought before a second person yet, the oldest first. */
export const findingsToTakeUp = (db: Db, limit: number) =>
  db
    .selectFrom('payment_finding as f')
    .innerJoin('case_file as c', 'c.case_id', 'f.case_id')
    .select(['f.finding_id', 'f.case_id'])
    .where('f.state', '=', 'FOUND')
    .where('c.stage', '<>', 'PAY_DISPUTED')
    .orderBy('f.finding_no')
    .limit(limit)
    .execute()

/** Ends a finding, once. @param by null where the machine has seen that it cannot be carried out any more */
export async function decideFinding(
  tx: Tx,
  findingId: string,
  { state, by, remark }: { state: 'CONFIRMED' | 'DENIED'; by: string | null; remark: string },
): Promise<void> {
  await tx
    .updateTable('payment_finding')
    .set({ state, decided_by: by, decided_at: sql<string>`business_now()`, remark })
    .where('finding_id', '=', findingId)
    .where('state', '=', 'FOUND')
    .execute()
}

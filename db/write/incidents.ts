import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { BankClaim } from '#contracts/findings.ts'
import { INCIDENTS, incidentWord, type IncidentKind } from '#contracts/incidents.ts'
import type { Db, Tx } from '../connect.ts'

/**
 * Puts something on the incidents page (异常); the same trouble stands there once. What puts a settled payment in question is never lost behind
 * a lesser word of the same payment: it joins what stands there already.
 */
export async function raiseIncident(
  tx: Tx,
  incident: {
    kind: IncidentKind
    caseId: string | null
    orgId: string
    accessGroupId?: string
    reference: string
    detail: string
    /** Which settled payment is put in question, and what is said of it. */
    claim?: { readonly paymentId: string; readonly claim: BankClaim } | undefined
  },
): Promise<void> {
  await tx
    .insertInto('incident')
    .values({
      incident_id: randomUUID(),
      kind: incident.kind,
      case_id: incident.caseId,
      org_id: incident.orgId,
      ...(incident.accessGroupId ? { access_group_id: incident.accessGroupId } : {}),
      reference: incident.reference,
      detail: incident.detail,
      payment_id: incident.claim?.paymentId ?? null,
      claim: incident.claim?.claim ?? null,
      retry_reason: null,
      handled_by: null,
      handled_at: null,
    })
    .onConflict((conflict) => {
      const standing = conflict.columns(['kind', 'reference']).where('state', '=', 'OPEN')
      if (!incident.claim) return standing.doNothing()
      return standing
        .doUpdateSet({
          payment_id: (eb) => eb.ref('excluded.payment_id'),
          claim: (eb) => eb.ref('excluded.claim'),
          detail: sql<string>`incident.detail || '；' || excluded.detail`,
        })
        .where('incident.claim', 'is', null)
    })
    .execute()
}

/**
 * The centre whose people look into what is of no case: one where somebody may settle it, because what stands on a page that nobody reads is
 * nobody's. Of several it is that with the most branches, whose house it is before the others.
 */
export async function centreOfNobody(tx: Tx): Promise<string> {
  const centre = await tx
    .selectFrom('org')
    .select('org_id')
    .where('kind', '=', 'CENTRE')
    .orderBy(
      (eb) =>
        eb.exists(
          eb
            .selectFrom('staff_post')
            .select('staff_id')
            .where('post', '=', 'RISK')
            .where('to_on', 'is', null)
            .whereRef('staff_post.org_id', '=', 'org.org_id'),
        ),
      'desc',
    )
    .orderBy(
      (eb) =>
        eb
          .selectFrom('org as branch')
          .select(eb.fn.countAll().as('branches'))
          .where('branch.kind', '=', 'BRANCH')
          .whereRef('branch.parent_org_id', '=', 'org.org_id'),
      'desc',
    )
    .orderBy('org_id')
    .executeTakeFirstOrThrow()
  return centre.org_id
}

/** Takes a case's trouble of one kind off the page once it is over. */
export async function closeIncidents(tx: Tx, kind: IncidentKind, caseId: string): Promise<void> {
  await tx
    .updateTable('incident')
    .set({ state: 'CLOSED', handled_at: sql<string>`now()` })
    .where('kind', '=', kind)
    .where('case_id', '=', caseId)
    .where('state', '=', 'OPEN')
    .execute()
}

const RETRYABLE = Object.keys(INCIDENTS).filter((kind) => incidentWord(kind).handling === 'RETRY')

/** Incidents that a person has asked to retry, those first that have waited longest. */
export const readRetried = (db: Db, limit: number) =>
  db
    .selectFrom('incident')
    .leftJoin('case_file', 'case_file.case_id', 'incident.case_id')
    .select(['incident_id', 'incident.kind', 'reference', 'incident.case_id', 'case_file.kind as case_kind'])
    .where('incident.state', '=', 'RETRIED')
    .where('incident.kind', 'in', RETRYABLE)
    .orderBy('handled_at')
    .limit(limit)
    .execute()

/** @returns whether it was still to be retried, and nobody else has it */
export async function closeRetried(tx: Tx, incidentId: string): Promise<boolean> {
  const closed = tx.updateTable('incident').set({ state: 'CLOSED' }).where('incident_id', '=', incidentId).where('state', '=', 'RETRIED')
  return (await closed.returning('incident_id').executeTakeFirst()) !== undefined
}

/** Holds an incident against everybody else who would handle it, until the transaction ends. */
export const lockIncident = (tx: Tx, incidentId: string) =>
  tx.selectFrom('incident').select('incident_id').where('incident_id', '=', incidentId).forUpdate().executeTakeFirst()

/** A person asks for another try, with the reason on record; the relay carries it out. */
export const askForRetry = (tx: Tx, incidentId: string, staffId: string, reason: string): Promise<void> =>
  handle(tx, incidentId, staffId, reason, 'RETRIED')

/** A person has looked into it and says what came of it; nothing is left to be carried out. */
export const settleIncident = (tx: Tx, incidentId: string, staffId: string, reason: string): Promise<void> =>
  handle(tx, incidentId, staffId, reason, 'CLOSED')

/** What was found true settles everything that the bank has said of the payment to the same effect. */
export async function settleClaims(tx: Tx, paymentId: string, claim: BankClaim, staffId: string, reason: string): Promise<void> {
  await tx
    .updateTable('incident')
    .set({ state: 'CLOSED', retry_reason: reason, handled_by: staffId, handled_at: sql<string>`now()` })
    .where('payment_id', '=', paymentId)
    .where('claim', '=', claim)
    .where('state', '=', 'OPEN')
    .execute()
}

async function handle(tx: Tx, incidentId: string, staffId: string, reason: string, state: 'RETRIED' | 'CLOSED'): Promise<void> {
  await tx
    .updateTable('incident')
    .set({ state, retry_reason: reason, handled_by: staffId, handled_at: sql<string>`now()` })
    .where('incident_id', '=', incidentId)
    .where('state', '=', 'OPEN')
    .execute()
}

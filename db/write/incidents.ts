import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../connect.ts'

/** Puts something on the incidents page (异常); the same trouble stands there once. */
export async function raiseIncident(
  tx: Tx,
  incident: { kind: string; caseId: string | null; orgId: string; accessGroupId?: string; reference: string; detail: string },
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
      retry_reason: null,
      handled_by: null,
      handled_at: null,
    })
    .onConflict((conflict) => conflict.columns(['kind', 'reference']).where('state', '=', 'OPEN').doNothing())
    .execute()
}

/** Takes a case's trouble of one kind off the page once it is over. */
export async function closeIncidents(tx: Tx, kind: string, caseId: string): Promise<void> {
  await tx
    .updateTable('incident')
    .set({ state: 'CLOSED', handled_at: sql<string>`now()` })
    .where('kind', '=', kind)
    .where('case_id', '=', caseId)
    .where('state', '=', 'OPEN')
    .execute()
}

/** Incidents of these kinds that a person has asked to retry, locked by this transaction; what another relay holds is skipped. */
export const takeRetried = (tx: Tx, kinds: readonly string[], limit: number) =>
  tx
    .selectFrom('incident')
    .leftJoin('case_file', 'case_file.case_id', 'incident.case_id')
    .select(['incident_id', 'incident.kind', 'reference', 'incident.case_id', 'case_file.kind as case_kind'])
    .where('incident.state', '=', 'RETRIED')
    .where('incident.kind', 'in', kinds)
    .orderBy('handled_at')
    .limit(limit)
    .forUpdate('incident')
    .skipLocked()
    .execute()

export async function closeIncident(tx: Tx, incidentId: string): Promise<void> {
  await tx.updateTable('incident').set({ state: 'CLOSED' }).where('incident_id', '=', incidentId).execute()
}

/** A person asks for another try, with the reason on record; the relay carries it out. */
export async function askForRetry(tx: Tx, incidentId: string, staffId: string, reason: string): Promise<void> {
  await tx
    .updateTable('incident')
    .set({ state: 'RETRIED', retry_reason: reason, handled_by: staffId, handled_at: sql<string>`now()` })
    .where('incident_id', '=', incidentId)
    .execute()
}

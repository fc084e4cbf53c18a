import { forSql, type Reader } from '../connect.ts'

/** An open page is worked off from the oldest; one that is longer than this has a reason of its own. */
const ROWS_MAX = 200

const incidents = (db: Reader, readerId: string) =>
  forSql(db)
    .selectFrom('incident')
    .leftJoin('case_file', 'case_file.case_id', 'incident.case_id')
    .leftJoin('staff', 'staff.staff_id', 'incident.handled_by')
    .leftJoin('case_actor', (join) => join.onRef('case_actor.case_id', '=', 'incident.case_id').on('case_actor.staff_id', '=', readerId))
    .select((eb) => [
      'incident_id',
      'incident.kind',
      'incident.case_id',
      'case_file.case_number',
      'incident.reference',
      'incident.detail',
      'incident.payment_id',
      'incident.state',
      'incident.created_at',
      'incident.handled_at',
      'incident.retry_reason',
      'staff.name as handled_by_name',
      eb('case_actor.staff_id', 'is not', null).as('is_actor'),
    ])

export type IncidentRow = Awaited<ReturnType<typeof readIncidents>>[number]

/** Incidents in one state, the newest first, each with whether the reader has had a hand in its case. */
export const readIncidents = (db: Reader, state: 'OPEN' | 'RETRIED' | 'CLOSED', readerId: string) =>
  incidents(db, readerId).where('incident.state', '=', state).orderBy('incident.created_at', 'desc').limit(ROWS_MAX).execute()

/** One incident as its reader sees it; undefined when the reader's context does not show it. */
export const readIncident = (db: Reader, incidentId: string, readerId: string): Promise<IncidentRow | undefined> =>
  incidents(db, readerId).where('incident_id', '=', incidentId).executeTakeFirst()

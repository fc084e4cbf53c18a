import { sql } from 'kysely'
import { forSql, type Reader } from '../connect.ts'
import { beyondMoment, cutPage, momentCursor, type Page, type Window } from './moment-page.ts'

const ORDER = { at: 'incident.created_at', id: 'incident.incident_id' } as const

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
      momentCursor(ORDER).as('cursor'),
    ])

export type IncidentRow = Awaited<ReturnType<ReturnType<typeof incidents>['execute']>>[number]
type State = 'OPEN' | 'RETRIED' | 'CLOSED'

/**
 * A page of the incidents in one state by keyset, each with whether the reader has had a hand in its case, and how many there are in all. Open ones
 * are worked off from the oldest; of the others the last is what somebody looks for.
 */
export async function readIncidents(
  db: Reader,
  state: State,
  readerId: string,
  { after, limit }: Window,
): Promise<Page<IncidentRow> & { readonly total: number }> {
  const direction = state === 'OPEN' ? 'asc' : 'desc'
  const counted = forSql(db).selectFrom('incident').select(sql<number>`count(*)::int`.as('total')).where('state', '=', state)
  const [rows, { total }] = await Promise.all([
    incidents(db, readerId)
      .where('incident.state', '=', state)
      .where(beyondMoment(ORDER, direction, after))
      .orderBy(ORDER.at, direction)
      .orderBy(ORDER.id, direction)
      .limit(limit + 1)
      .execute(),
    counted.executeTakeFirstOrThrow(),
  ])
  return { ...cutPage(rows, limit, ({ cursor }) => cursor), total }
}

/** One incident as its reader sees it; undefined when the reader's context does not show it. */
export const readIncident = (db: Reader, incidentId: string, readerId: string): Promise<IncidentRow | undefined> =>
  incidents(db, readerId).where('incident_id', '=', incidentId).executeTakeFirst()

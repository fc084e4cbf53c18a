import { sql } from 'kysely'
import { forSql, type Db, type Reader } from '../connect.ts'

/** What PostgreSQL had committed at a moment, as it writes it itself: `xmin:xmax:` and whatever was still open between. */
export type Snapshot = string

/**
 * How far somebody has been told: all that is in `seen`; and, of what `within` holds besides, the events up to `after`. Without `within`
 * nothing is begun that would not be finished.
 */
export interface Place {
  readonly seen: Snapshot
  readonly within: Snapshot | null
  readonly after: bigint
}

export interface ToldEvent {
  readonly caseId: string
  readonly kind: string
  readonly stageVersion: number
  /** Where whoever has been told this one stands. */
  readonly place: Place
}

/** Before everything: no transaction of ours is in it. */
export const NOTHING_SEEN: Snapshot = '1:1:'

/** Everything up to now is told. */
export async function placeOfNow(db: Db): Promise<Place> {
  const { rows } = await sql<{ now: Snapshot }>`select pg_current_snapshot()::text as now`.execute(db)
  return { seen: rows[0]?.now ?? NOTHING_SEEN, within: null, after: 0n }
}

/** Whether the database has come as far as this place. One that was restored elsewhere counts its transactions anew, and may not have. */
export async function hasCome(db: Db, { seen, within }: Place): Promise<boolean> {
  const { rows } = await sql<{ come: boolean }>`
    select pg_snapshot_xmax(${within ?? seen}::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot()) as come`.execute(db)
  return rows[0]?.come ?? false
}

/** Whether anything has come in that is not in the snapshot, whoever may see it, and the snapshot of this look. */
export async function lookForEvents(db: Db, seen: Snapshot): Promise<{ news: boolean; now: Snapshot }> {
  const { rows } = await sql<{ news: boolean; now: Snapshot }>`
    select pg_current_snapshot()::text as now, exists (
      select 1 from case_event
      where transaction_id >= pg_snapshot_xmin(${seen}::pg_snapshot) and not pg_visible_in_snapshot(transaction_id, ${seen}::pg_snapshot)
        and pg_visible_in_snapshot(transaction_id, pg_current_snapshot())) as news`.execute(db)
  return rows[0] ?? { news: false, now: seen }
}

/**
 * The next events after a place, each once, whatever the order in which their transactions were committed: what was told is known by the
 * snapshot in which it was read, not by the last id. A transaction that stays open for long holds back its own events and nobody else's;
 * what it costs is that until it ends every reading looks again at all that was written since it began.
 * @returns the events in the order of their ids, where that leaves the reader, and whether more may be there already
 */
export async function readEvents(db: Reader, place: Place, limit: number): Promise<{ events: ToldEvent[]; place: Place; more: boolean }> {
  const { seen, within, after } = place
  // One statement, and so one snapshot: what it names is exactly what it has looked at.
  const { rows } = await sql<{ upto: Snapshot; event_id: bigint | null; case_id: string; kind: string; stage_version: number }>`
    with looked as materialized (select coalesce(${within}::pg_snapshot, pg_current_snapshot()) as upto)
    select looked.upto::text, event.event_id, event.case_id, event.kind, event.stage_version
    from looked left join lateral (
      select event_id, case_id, kind, stage_version from case_event
      where transaction_id >= pg_snapshot_xmin(${seen}::pg_snapshot) and not pg_visible_in_snapshot(transaction_id, ${seen}::pg_snapshot)
        and pg_visible_in_snapshot(transaction_id, looked.upto) and event_id > ${after}
      order by event_id limit ${limit}) event on true
    order by event.event_id`.execute(forSql(db))
  const upto = rows[0]?.upto ?? seen
  const events = rows.flatMap(({ event_id, case_id: caseId, kind, stage_version: stageVersion }) =>
    event_id === null ? [] : [{ caseId, kind, stageVersion, place: { seen, within: upto, after: event_id } }],
  )
  const last = events.at(-1)
  if (last && events.length === limit) return { events, place: last.place, more: true }
  // A page that was begun earlier ends where that one looked; what has come since is asked for next.
  return { events, place: { seen: upto, within: null, after: 0n }, more: within !== null }
}

import { sql } from 'kysely'
import type { CaseKind } from '#contracts/cases.ts'
import type { Db, Tx } from '../connect.ts'

/** `MACHINE`: cases that stand in a stage of the machine's and have not moved for a while. `ALL`: every open case. */
export type WatchRound = 'MACHINE' | 'ALL'

export interface WatchedCase {
  readonly caseId: string
  readonly kind: CaseKind
  /** It stands in a stage of the machine's for longer than the machine ever waits there, and not because it is stuck. */
  readonly overdue: boolean
}

/** Stages in which nobody's decision would miss the workflow. */
export interface MachineStage {
  readonly kind: CaseKind
  readonly stage: string
}

/** Questions to the engine at one time, by one worker. */
const PAGE = 50

/** From the end of a round to the next: a lost workflow is missed within this, plus the length of the round. */
const PAUSE_SECONDS = { MACHINE: 5, ALL: 300 } as const satisfies Record<WatchRound, number>

/** The machine's own stages take seconds. A case that came to one this long ago is asked about. */
const QUIET_SECONDS = 15
/** Longer than a workflow ever waits in a stage of the machine's: half a minute, between queries to a bank. */
const OVERDUE_SECONDS = 35

/** Begins every round again at once when the engine's store is not the one that the rounds were made on: what it held is gone. */
export async function noteEngine(db: Db, engineId: string): Promise<void> {
  await db
    .updateTable('engine_watch')
    .set({ engine_id: engineId, after_case: null, next_at: sql<string>`now()` })
    .where((eb) => eb.or([eb('engine_id', 'is', null), eb('engine_id', '<>', engineId)]))
    .execute()
}

/**
 * Takes the next page of a round and moves the round on. Whoever dies before they have asked about their page leaves it to the next round;
 * a worker that finds the round taken leaves it to whoever has it. Cases that wait for their first start are the outbox's.
 */
export async function takePage(tx: Tx, round: WatchRound, machineStages: readonly MachineStage[]): Promise<WatchedCase[]> {
  const turn = await tx
    .selectFrom('engine_watch')
    .select('after_case')
    .where('round', '=', round)
    .where('next_at', '<=', sql<string>`now()`)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  if (!turn) return []
  const page = await pageAfter(tx, turn.after_case, round === 'MACHINE' ? machineStages : undefined)
  const last = page.length === PAGE ? (page.at(-1)?.caseId ?? null) : null
  const pause = last === null ? PAUSE_SECONDS[round] : 0
  await tx
    .updateTable('engine_watch')
    .set({ after_case: last, next_at: sql<string>`now() + make_interval(secs => ${pause})` })
    .where('round', '=', round)
    .execute()
  return page
}

/** A round whose page could not be asked about begins again shortly: an engine that did not answer once is no reason to wait for the next. */
export async function beginRoundAgain(db: Db, round: WatchRound): Promise<void> {
  const next = sql<string>`now() + make_interval(secs => ${PAUSE_SECONDS.MACHINE})`
  await db.updateTable('engine_watch').set({ after_case: null, next_at: next }).where('round', '=', round).execute()
}

async function pageAfter(tx: Tx, after: string | null, stages: readonly MachineStage[] | undefined): Promise<WatchedCase[]> {
  const quietInStages = stages
    ? sql`and not ${movedWithin(QUIET_SECONDS)} and (c.kind, c.stage) in
        (select * from unnest(${stages.map(({ kind }) => kind)}::text[], ${stages.map(({ stage }) => stage)}::text[]))`
    : sql``
  const overdue = stages
    ? sql`(not ${movedWithin(OVERDUE_SECONDS)}
        and not exists (select 1 from incident i where i.case_id = c.case_id and i.kind = 'CASE_STUCK' and i.state = 'OPEN'))`
    : sql`false`
  const { rows } = await sql<WatchedCase>`
    select c.case_id as "caseId", c.kind, ${overdue} as overdue from case_file c
    where c.open and (${after}::uuid is null or c.case_id > ${after}::uuid) ${quietInStages}
      and not exists (select 1 from outbox o where o.case_id = c.case_id and o.kind = 'START_CASE' and o.state <> 'SENT')
    order by c.case_id limit ${PAGE}`.execute(tx)
  return rows
}

/** By the machine's clock: a demo's own may all but stand still. What has just moved is a handful, found by the index on the moment. */
const movedWithin = (seconds: number) => sql`exists (
  select 1 from case_event e where e.at > now() - make_interval(secs => ${seconds}) and e.case_id = c.case_id and e.kind = 'MOVED')`

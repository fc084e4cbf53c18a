import type { CaseKind } from '#contracts/cases.ts'
import type { Db, Tx } from '#db/connect.ts'
import { fault } from '#db/fault.ts'
import { closeIncident, raiseIncident, takeRetried } from '#db/write/incidents.ts'
import { casesToWake, markSent, noteEnd, postpone, takeStarts, type WaitingStart, waitAgain } from '#db/write/outbox.ts'

export type Doing = 'WORKS' | 'WAITS' | 'GONE'

/** What the relay needs of the engine; the only place that knows a workflow client implements it. */
export interface Engine {
  /** Starts the case's workflow if it has never run; an existing one is left alone. */
  start(kind: CaseKind, caseId: string): Promise<void>
  /** Starts it again from its record, which the caller has seen to be open: after the engine lost it, or somebody terminated it. */
  restart(kind: CaseKind, caseId: string): Promise<void>
  /** Tells a running case to look at its record again. @returns false when no workflow is running */
  lookAgain(kind: CaseKind, caseId: string): Promise<boolean>
  /** Whether it answers at all. */
  isUp(): Promise<boolean>
}

const BATCH = 50

/**
 * Starts the workflows of new cases from the outbox. Any number of relays may run: each locks what it takes and skips what others hold.
 * A relay that dies between start and mark starts again, which changes nothing.
 * @returns how many items it handled
 * @throws what the engine threw while it is away: that is no fault of a case's, and counts against none
 */
export async function relayOutbox(db: Db, engine: Engine): Promise<number> {
  const handled = await db.transaction().execute(async (tx) => {
    const items = await takeStarts(tx, BATCH)
    for (const item of items) {
      const failure = await failureToStart(engine, item)
      if (failure === undefined) await markSent(tx, item.outbox_id)
      else await putOff(tx, item, failure)
    }
    if (items.length > 0) await fault('relay.before-commit')
    return items.length
  })
  if (handled > 0) await fault('relay.after-commit')
  return handled
}

/** Starts the case. @returns what went wrong, if anything did, without the engine's words, which may quote what it was given */
async function failureToStart(engine: Engine, item: WaitingStart): Promise<string | undefined> {
  await fault('relay.before-start')
  try {
    await engine.start(item.kind as CaseKind, item.case_id ?? '')
  } catch (error) {
    if (!(await engine.isUp())) throw error
    return error instanceof Error ? error.name : 'unknown'
  }
  await fault('relay.started')
  return undefined
}

async function putOff(tx: Tx, item: WaitingStart, failure: string): Promise<void> {
  if (!(await postpone(tx, item, failure))) return
  const detail = `案件的流程多次未能启动（${failure}），已停止自动重试`
  await raiseIncident(tx, { kind: 'OUTBOX_PARKED', caseId: item.case_id, orgId: item.org_id, reference: String(item.outbox_id), detail })
}

/**
 * Wakes the cases that the engine should look at again: the record is ahead of it (a decision whose answer was lost), something fell due,
 * or a bank has spoken. A case without a running workflow is started again from its record. Then carries out what was asked for on the
 * incidents page. A case that cannot be woken holds up no other.
 * @throws what the engine threw for the first that could not be woken, when all the others have been
 */
export async function wakeCases(db: Db, engine: Engine): Promise<number> {
  const rows = await casesToWake(db)
  const failures: unknown[] = []
  for (const { case_id, kind, open } of rows) {
    try {
      if (open) await wake(engine, kind, case_id)
      // An ended case is told, never started again.
      else if (!(await engine.lookAgain(kind, case_id))) await noteEnd(db, case_id)
    } catch (error) {
      if (!(await engine.isUp())) throw error
      failures.push(error)
    }
  }
  const retried = await retryIncidents(db, engine)
  if (failures.length > 0) throw failures[0]
  return rows.length + retried
}

async function wake(engine: Engine, kind: CaseKind, caseId: string): Promise<void> {
  if (await engine.lookAgain(kind, caseId)) return
  await fault('wake.before-restart')
  await engine.restart(kind, caseId)
}

/**
 * A parked start or message is tried again from the beginning, a stuck case looks again. The person and the reason are on record; whatever
 * fails again is a new incident. Incidents of other kinds have nothing that could be carried out.
 */
const retryIncidents = (db: Db, engine: Engine): Promise<number> =>
  db.transaction().execute(async (tx) => {
    const asked = await takeRetried(tx, ['OUTBOX_PARKED', 'MESSAGE_PARKED', 'CASE_STUCK'], BATCH)
    for (const incident of asked) {
      if (incident.kind === 'CASE_STUCK') await wake(engine, incident.case_kind as CaseKind, incident.case_id ?? '')
      else await waitAgain(tx, BigInt(incident.reference))
      await closeIncident(tx, incident.incident_id)
    }
    return asked.length
  })

import type { CaseKind } from '#contracts/cases.ts'
import type { Db, Tx } from '#db/connect.ts'
import { fault, transact } from '#db/fault.ts'
import { closeRetried, raiseIncident, readRetried } from '#db/write/incidents.ts'
import { casesToWake, claimStarts, giveBack, markSent, noteEnd, postpone, type WaitingStart, waitAgain } from '#db/write/outbox.ts'
import { inTurns } from './in-turns.ts'
import { workOff } from './round.ts'

export type Doing = 'WORKS' | 'WAITS' | 'GONE'

/** What the relay needs of the engine. `api/engine.ts` has it, which alone holds a workflow client. */
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
 * Starts the workflows of new cases from the outbox. Any number of relays may run: each claims what it takes, asks the engine outside of any
 * transaction and then notes what came of it. A relay that dies in between leaves its starts to another, and starting twice changes nothing.
 * @returns how many items it handled
 * @throws what the engine threw while it is away: that is no fault of a case's, and counts against none
 */
export async function relayOutbox(db: Db, engine: Engine): Promise<number> {
  const items = await db.transaction().execute((tx) => claimStarts(tx, BATCH))
  if (items.length > 0) await fault('relay.claimed')
  return workOff(db, items, async (item) => {
    const failure = await failureToStart(engine, item).catch(async (error: unknown) => {
      await giveBack(db, [item])
      throw error
    })
    await transact(db, 'relay', (tx) => (failure === undefined ? markSent(tx, item.outbox_id) : putOff(tx, item, failure)))
  })
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
 * or a payment has ended. A case without a running workflow is started again from its record. A case that cannot be woken holds up no other.
 * @throws what the engine threw for the first that could not be woken, when all the others have been
 */
export async function wakeCases(db: Db, engine: Engine): Promise<number> {
  const failures: unknown[] = []
  let woken = 0
  for (let after: string | null = null; ;) {
    const page = await casesToWake(db, after)
    await inTurns(page, async ({ case_id: caseId, kind, open }) => {
      try {
        if (open) await wake(engine, kind, caseId)
        // An ended case is told, never started again.
        else if (!(await engine.lookAgain(kind, caseId))) await noteEnd(db, caseId)
      } catch (error) {
        if (!(await engine.isUp())) throw error
        failures.push(error)
      }
    })
    woken += page.length
    after = page.at(-1)?.case_id ?? null
    if (after === null) break
  }
  if (failures.length > 0) throw failures[0]
  return woken
}

async function wake(engine: Engine, kind: CaseKind, caseId: string): Promise<void> {
  if (await engine.lookAgain(kind, caseId)) return
  await fault('wake.before-restart')
  await engine.restart(kind, caseId)
}

/**
 * Carries out what was asked for on the incidents page: a parked start or message is tried again from the beginning, a stuck case looks again.
 * The person and the reason are on record; whatever fails again is a new incident. One that cannot be carried out holds up no other.
 */
export async function retryIncidents(db: Db, engine: Engine): Promise<number> {
  const asked = await readRetried(db, BATCH)
  const failures: unknown[] = []
  for (const incident of asked) {
    try {
      if (incident.kind === 'CASE_STUCK') await wake(engine, incident.case_kind as CaseKind, incident.case_id ?? '')
      await transact(db, 'incident-retried', async (tx) => {
        if ((await closeRetried(tx, incident.incident_id)) && incident.kind !== 'CASE_STUCK')
          await waitAgain(tx, BigInt(incident.reference))
      })
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return asked.length
}

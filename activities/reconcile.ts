import { setTimeout as sleep } from 'node:timers/promises'
import type { CaseKind } from '#contracts/cases.ts'
import type { StageTable } from '#contracts/stages.ts'
import type { Db } from '#db/connect.ts'
import { fault } from '#db/fault.ts'
import { isCaseOpen, readOpenCases, type OpenCaseRow } from '#db/read/open-cases.ts'
import { beginRoundAgain, noteEngine, takePage, type MachineStage, type WatchedCase } from '#db/write/engine-watch.ts'
import { stageTables } from '#rules/cases/stage-tables.ts'
import { inTurns } from './in-turns.ts'
import type { Doing, Engine } from './relay.ts'

/** What watching the engine needs of it, besides what the relay needs. */
export interface WatchedEngine extends Engine {
  isRunning(kind: CaseKind, caseId: string): Promise<boolean>
  /** What the case's workflow is doing: an activity or a task of it is under way, or it waits for something, or none runs. */
  doingOf(kind: CaseKind, caseId: string): Promise<Doing>
  /** Which store it keeps its workflows in: another word, and what it held before is gone. */
  storeId(): Promise<string>
}

/** What setting record and engine right at once needs. */
export interface EngineBooks extends WatchedEngine {
  startAfresh(kind: CaseKind, caseId: string): Promise<boolean>
  replaceRun(kind: CaseKind, caseId: string): Promise<void>
  buildOf(kind: CaseKind, caseId: string): Promise<string | undefined>
  listRunning(): AsyncIterable<{ readonly kind: CaseKind; readonly caseId: string }>
}

export interface Reconciled {
  readonly open: number
  /** Open cases without a running workflow: started again from their record, or found so in a dry run. */
  readonly missing: readonly { readonly caseId: string; readonly kind: CaseKind; readonly caseNumber: string }[]
  /** Running workflows whose case has ended: told to look, so that they end themselves. */
  readonly ended: readonly string[]
  /** Running workflows whose case the record does not know. Never touched here: the wrong database would look just like this. */
  readonly strays: readonly string[]
}

const machineStages = Object.entries(stageTables).flatMap(([kind, table]: [string, StageTable]): MachineStage[] =>
  Object.entries(table).flatMap(([stage, { machine }]) => (machine ? [{ kind: kind as CaseKind, stage }] : [])),
)

/**
 * Asks the engine about one page of open cases in every round, and starts again from the record those that it has lost: their workflow was
 * terminated, or its store is gone. Those that wait where the machine should be at work are woken: an engine that dies in the middle of an
 * Update forgets it, with all that the workflow wrote down in the same task, that it had come to the next stage included. For whoever
 * sweeps, every few seconds: any number of workers share the rounds, and a sweep costs a page.
 * @returns the cases it started again
 */
export async function watchEngine(db: Db, engine: WatchedEngine): Promise<string[]> {
  await noteEngine(db, await engine.storeId())
  const restarted: string[] = []
  for (const round of ['MACHINE', 'ALL'] as const) {
    const page = await db.transaction().execute((tx) => takePage(tx, round, machineStages))
    const asked = inTurns(page, async (kase) => {
      const doing = await engine.doingOf(kase.kind, kase.caseId)
      if (doing === 'GONE' && (await restart(db, engine, kase))) restarted.push(kase.caseId)
      // The machine should be at work here and the workflow waits: it has forgotten a decision that the record has.
      if (doing === 'WAITS' && kase.overdue) await engine.lookAgain(kase.kind, kase.caseId)
    })
    await asked.catch(async (error: unknown) => {
      await beginRoundAgain(db, round)
      throw error
    })
  }
  return restarted
}

async function restart(db: Db, engine: WatchedEngine, { kind, caseId }: WatchedCase): Promise<boolean> {
  // Asked again: it may have ended since the page was read, and an ended case is never started.
  if (!(await isCaseOpen(db, caseId))) return false
  await fault('watch.before-restart')
  await engine.restart(kind, caseId)
  return true
}

/**
 * Compares the record with the engine, in both directions. The record is the truth: what is open in it runs afterwards, what has ended in
 * it is told so. Safe to run at any time and beside itself: a start under a case's own id finds what another one has started.
 * @param dryRun find out and change nothing
 */
export async function reconcile(db: Db, engine: EngineBooks, { dryRun }: { readonly dryRun: boolean }): Promise<Reconciled> {
  const open = await readOpenCases(db)
  const missing: OpenCaseRow[] = []
  await inTurns(open, async (kase) => {
    if (kase.starting || (await engine.isRunning(kase.kind, kase.caseId))) return
    if (!(await isCaseOpen(db, kase.caseId))) return
    missing.push(kase)
    if (!dryRun) await engine.restart(kase.kind, kase.caseId)
  })

  const [ended, strays]: [string[], string[]] = [[], []]
  const known = new Set(open.map(({ caseId }) => caseId))
  for await (const { kind, caseId } of engine.listRunning()) {
    if (known.has(caseId) || !(await engine.isRunning(kind, caseId))) continue
    const isOpen = await isCaseOpen(db, caseId)
    if (isOpen === undefined) strays.push(`${kind}/${caseId}`)
    if (isOpen === false) {
      ended.push(`${kind}/${caseId}`)
      if (!dryRun) await engine.lookAgain(kind, caseId)
    }
  }
  return { open: open.length, missing: missing.map(({ starting: _, ...kase }) => kase), ended, strays }
}

export interface Upgraded {
  readonly told: number
  /** Open cases without a running workflow: they are the sweep's, or `reconcile`'s, to start. */
  readonly missing: number
  /** Cases that were told and are still on another build: at work, or on a build that nobody serves any more. */
  readonly behind: readonly OpenCaseRow[]
  /** Whether those were started again from the record, on the current build. */
  readonly restarted: boolean
}

/**
 * Sends every open case on in a fresh run, on the current build: those that wait for a person go at once, those at work when they reach the
 * end of their stage.
 * @param to the current build, and how long its cases are given to come to it; undefined where builds are not told apart
 * @param restart starts from the record, on the current build, whoever has not come by then: what their old run was doing is found done or
 *   is done again under the same key, as after any loss of a workflow
 */
export async function upgradeCases(
  db: Db,
  engine: EngineBooks,
  to: { readonly build: string; readonly limitMs: number } | undefined,
  { restart }: { readonly restart: boolean },
): Promise<Upgraded> {
  const open = await readOpenCases(db)
  const told: OpenCaseRow[] = []
  await inTurns(open, async (kase) => {
    if (await engine.startAfresh(kase.kind, kase.caseId)) told.push(kase)
  })
  const behind = to ? await thoseBehind(db, engine, told, to) : []
  if (restart) await inTurns(behind, ({ kind, caseId }) => engine.replaceRun(kind, caseId))
  return { told: told.length, missing: open.length - told.length, behind, restarted: restart && behind.length > 0 }
}

/** Asks again and again about those that have not come to the build, until all have or the time is over. */
async function thoseBehind(
  db: Db,
  engine: EngineBooks,
  told: readonly OpenCaseRow[],
  { build, limitMs }: { readonly build: string; readonly limitMs: number },
): Promise<readonly OpenCaseRow[]> {
  const until = performance.now() + limitMs
  for (let waiting = told; ;) {
    const behind: OpenCaseRow[] = []
    await inTurns(waiting, async (kase) => {
      if ((await engine.buildOf(kase.kind, kase.caseId)) !== build && (await isCaseOpen(db, kase.caseId))) behind.push(kase)
    })
    if (behind.length === 0 || performance.now() > until) return behind
    waiting = behind
    await sleep(ASK_AGAIN_MILLISECONDS)
  }
}

const ASK_AGAIN_MILLISECONDS = 500

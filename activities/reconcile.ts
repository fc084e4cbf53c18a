import type { CaseKind } from '#contracts/cases.ts'
import type { Db } from '#db/connect.ts'
import { isCaseOpen, readOpenCases, type OpenCaseRow } from '#db/read/open-cases.ts'
import type { Engine } from './relay.ts'

/** What setting record and engine right needs of the engine, besides what the relay needs. */
export interface EngineBooks extends Engine {
  isRunning(kind: CaseKind, caseId: string): Promise<boolean>
  startAfresh(kind: CaseKind, caseId: string): Promise<boolean>
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

/** Questions put to the engine at the same time. */
const AT_ONCE = 16

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
    // Asked again: it may have ended since the list was read, and an ended case is never started.
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

/**
 * Sends every open case on in a fresh run, on the newest code: those that wait for a person go at once, those at work when they reach the
 * end of their stage.
 * @returns how many were told, and how many have no running workflow and are `reconcile`'s to start
 */
export async function upgradeCases(db: Db, engine: EngineBooks): Promise<{ readonly told: number; readonly missing: number }> {
  const open = await readOpenCases(db)
  let told = 0
  await inTurns(open, async ({ kind, caseId }) => {
    if (await engine.startAfresh(kind, caseId)) told += 1
  })
  return { told, missing: open.length - told }
}

/** Works through a list, so many at a time. */
async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items[Symbol.iterator]()
  const hand = async (): Promise<void> => {
    for (const item of waiting) await work(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, hand))
}

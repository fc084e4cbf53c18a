import type { CaseState, DecisionAnswer } from '#contracts/cases.ts'
import type { Db } from '#db/connect.ts'
import { transact } from '#db/fault.ts'
import { caseState, lockCase } from '#db/write/cases.ts'
import { Bug } from './bug.ts'
import { countFirstStage } from './case/clock.ts'
import { decideCase } from './case/decide.ts'
import { nextWait, settleDue } from './case/deadlines.ts'
import { guarded } from './guard.ts'
import type { Parts } from './parts.ts'

/** The activities every kind of case shares. */
export interface CaseActivities {
  /** Judges and writes a decision in one transaction. Idempotent by command id. */
  decide(caseId: string, commandId: string): Promise<DecisionAnswer>
  /**
   * Counts the days of the first stage, fires what has fallen due, reads where the case stands, notes that the engine knows it, and says how
   * long nothing will be due (at most 30 days). Reminders and escalations only: nothing is granted or refused here.
   */
  enterStage(caseId: string): Promise<{ state: CaseState; waitMilliseconds: number }>
}

/** @param parts what activities are made of: the working connection, the vault, the ports */
export function caseActivities(parts: Parts): CaseActivities {
  return {
    decide: guarded(parts, (caseId, commandId: string) => decideCase(parts.db, parts, caseId, commandId)),

    enterStage: guarded(parts, (caseId) => enterStage(parts.db, caseId)),
  }
}

/** Looks at the record and settles what is due in it, in one transaction. @throws Bug when there is no such case */
export const enterStage = (db: Db, caseId: string): Promise<{ state: CaseState; waitMilliseconds: number }> =>
  transact(db, 'enter-stage', async (tx) => {
    const kase = await lockCase(tx, caseId)
    if (!kase) throw new Bug('no such case')
    await countFirstStage(tx, kase)
    await settleDue(tx, kase)
    // That the engine knows of an end is noted by the sweep, when no workflow runs any more: an answer of this one may still be lost.
    if (kase.open) await tx.updateTable('case_file').set({ engine_version: kase.stage_version }).where('case_id', '=', caseId).execute()
    return { state: caseState(kase), waitMilliseconds: await nextWait(tx, caseId) }
  })

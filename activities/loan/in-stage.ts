import type { CaseState } from '#contracts/cases.ts'
import type { Tx } from '#db/connect.ts'
import { transact } from '#db/fault.ts'
import { businessTime, type BusinessTime } from '#db/read/time.ts'
import { caseState, lockCase, type LockedCase } from '#db/write/cases.ts'
import type { LoanStage } from '#rules/loan/stages.ts'
import { Bug } from '../bug.ts'
import type { Parts } from '../parts.ts'

/** The decision of a machine stage: nobody's, with what it found as its words. */
export const byMachine = (action: string, toStage: LoanStage, opinion: string) => ({
  commandId: null,
  action,
  toStage,
  actorId: null,
  onBehalfOf: null,
  post: null,
  stepGroup: null,
  opinion,
  reasonCode: null,
  terms: null,
  fields: {},
})

/** Runs a machine stage's transaction: under the case's lock, and only while the case still is in that stage. A retry finds it gone and agrees. */
export function inStage(
  parts: Parts,
  name: string,
  caseId: string,
  stages: readonly LoanStage[],
  work: (tx: Tx, kase: LockedCase, time: BusinessTime) => Promise<LockedCase>,
): Promise<CaseState> {
  return transact(parts.db, name, async (tx) => {
    const kase = await lockCase(tx, caseId)
    if (!kase) throw new Bug('no such case')
    if (!(stages as readonly string[]).includes(kase.stage)) return caseState(kase)
    return caseState(await work(tx, kase, await businessTime(tx)))
  })
}

import { decideCase } from '#activities/case/decide.ts'
import { checkData, checkRelease, openFile } from '#activities/loan/machine.ts'
import { checkMortgage, fileMortgage } from '#activities/loan/mortgage.ts'
import { closePayment, queryPayment, sendPayment } from '#activities/loan/payment.ts'
import { checkSigning } from '#activities/loan/signing.ts'
import type { Parts } from '#activities/parts.ts'
import type { CaseEngine } from '#api/engine.ts'
import type { CaseState } from '#contracts/cases.ts'

/** The machine's own stages as the workflow has them, without its retries and waits: the sandbox's bank settles at once. */
export const FLOOR_STAGES: Readonly<Record<string, (parts: Parts, caseId: string) => Promise<CaseState>>> = {
  ACCEPTED: openFile,
  DATA_CHECK: checkData,
  SIGNING_CHECK: checkSigning,
  MORTGAGE_FILING: fileMortgage,
  MORTGAGE_CHECK: checkMortgage,
  RELEASE_CHECK: checkRelease,
  PAYING: async (parts, caseId) => {
    const { settled } = await sendPayment(parts, caseId)
    if (!settled) await queryPayment(parts, caseId)
    return closePayment(parts, caseId)
  },
}

/** Where an engine would be: a decision is its transaction and nothing else, and what follows by machine runs in this process. */
export function floorEngine(parts: Parts): CaseEngine {
  /** The machine's own stages, one after the other, until a person is awaited or the case has ended. */
  const carryOn = async (from: CaseState): Promise<void> => {
    for (let state = from; state.open;) {
      const step = FLOOR_STAGES[state.stage]
      if (!step) return
      state = await step(parts, state.caseId)
    }
  }

  return {
    start: () => Promise.resolve(),
    restart: () => Promise.resolve(),
    lookAgain: () => Promise.resolve(true),
    startAfresh: () => Promise.resolve(true),
    isRunning: () => Promise.resolve(true),
    async *listRunning() {},
    async decide(_kind, caseId, { commandId }) {
      const outcome = await decideCase(parts.db, parts, caseId, commandId)
      carryOn(outcome.state).catch((error: unknown) => console.error(error))
      return { kind: 'ANSWERED', outcome }
    },
    isUp: () => Promise.resolve(true),
    doingOf: () => Promise.resolve('WORKS'),
    storeId: () => Promise.resolve('none'),
    replaceRun: () => Promise.resolve(),
    currentBuild: () => Promise.resolve(undefined),
    makeCurrent: () => Promise.resolve(true),
    buildOf: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  }
}

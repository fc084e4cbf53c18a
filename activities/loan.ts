import type { CaseState } from '#contracts/cases.ts'
import { checkData, checkRelease, openFile } from './loan/machine.ts'
import { checkMortgage } from './loan/mortgage.ts'
import { closePayment, queryPayment, sendPayment } from './loan/payment.ts'
import { guarded } from './guard.ts'
import type { Parts } from './parts.ts'

/** What a loan's workflow can have done. Each is idempotent: a retry finds what is done and agrees. */
export interface LoanActivities {
  openFile(caseId: string): Promise<CaseState>
  checkData(caseId: string): Promise<CaseState>
  checkMortgage(caseId: string): Promise<CaseState>
  checkRelease(caseId: string): Promise<CaseState>
  sendPayment(caseId: string): Promise<{ settled: boolean }>
  queryPayment(caseId: string): Promise<{ settled: boolean }>
  closePayment(caseId: string): Promise<CaseState>
}

export const loanActivities = (parts: Parts): LoanActivities => ({
  openFile: guarded(parts, (caseId) => openFile(parts, caseId)),
  checkData: guarded(parts, (caseId) => checkData(parts, caseId)),
  checkMortgage: guarded(parts, (caseId) => checkMortgage(parts, caseId)),
  checkRelease: guarded(parts, (caseId) => checkRelease(parts, caseId)),
  sendPayment: guarded(parts, (caseId) => sendPayment(parts, caseId)),
  queryPayment: guarded(parts, (caseId) => queryPayment(parts, caseId)),
  closePayment: guarded(parts, (caseId) => closePayment(parts, caseId)),
})

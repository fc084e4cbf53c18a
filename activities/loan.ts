import type { CaseState } from '#contracts/cases.ts'
import { checkData, checkRelease, openFile } from './loan/machine.ts'
import { checkMortgage, fileMortgage } from './loan/mortgage.ts'
import { checkSigning } from './loan/signing.ts'
import { closePayment, queryPayment, sendPayment } from './loan/payment.ts'
import { guarded } from './guard.ts'
import type { Parts } from './parts.ts'

/** What a loan's workflow can have done. Each is idempotent: a retry finds what is done and agrees. */
export interface LoanActivities {
  openFile(caseId: string): Promise<CaseState>
  checkData(caseId: string): Promise<CaseState>
  checkSigning(caseId: string): Promise<CaseState>
  fileMortgage(caseId: string): Promise<CaseState>
  checkMortgage(caseId: string): Promise<CaseState>
  checkRelease(caseId: string): Promise<CaseState>
  sendPayment(caseId: string): Promise<{ settled: boolean }>
  queryPayment(caseId: string): Promise<{ settled: boolean }>
  closePayment(caseId: string): Promise<CaseState>
}

/** What the loan's workflow may call, by the names under which histories know them: a name stays as it is. */
export const loanActivities = (parts: Parts): LoanActivities => ({
  openFile: guarded(parts, (caseId) => openFile(parts, caseId)),
  checkData: guarded(parts, (caseId) => checkData(parts, caseId)),
  checkSigning: guarded(parts, (caseId) => checkSigning(parts, caseId)),
  fileMortgage: guarded(parts, (caseId) => fileMortgage(parts, caseId)),
  checkMortgage: guarded(parts, (caseId) => checkMortgage(parts, caseId)),
  checkRelease: guarded(parts, (caseId) => checkRelease(parts, caseId)),
  sendPayment: guarded(parts, (caseId) => sendPayment(parts, caseId)),
  queryPayment: guarded(parts, (caseId) => queryPayment(parts, caseId)),
  closePayment: guarded(parts, (caseId) => closePayment(parts, caseId)),
})

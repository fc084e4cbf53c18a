import type { LoanApplication } from '#contracts/loan.ts'
import { canonicalJson } from '#db/canonical.ts'
import type { Office } from './clerk.ts'

/** Everybody who acts in the story, so that they can be signed in before the first fault. */
export const CAST = [
  'INTAKE',
  'PRELIMINARY_REVIEWER',
  'REVIEWER',
  'APPROVER',
  'CONTRACTING',
  'COLLATERAL',
  'DISBURSEMENT',
  'CASHIER',
] as const

/**
 * One whole loan, from the counter to money paid out, with countersigning by bank and guarantor.
 * @param opened is told the case as soon as it has one, for whoever wants to look at a story that breaks off
 * @throws Error when a command is refused or the case does not get where it should
 */
export async function wholeLoan(office: Office, application: LoanApplication, opened: (caseId: string) => void): Promise<void> {
  const clerk = await office.person('INTAKE')
  const { caseId } = (await clerk.command('/api/loans', JSON.parse(canonicalJson(application)))) as { caseId: string }
  opened(caseId)
  const decide = async (post: string, decision: Readonly<Record<string, unknown>>) => (await office.person(post)).decide(caseId, decision)

  await decide('INTAKE', { action: 'accept' })
  await clerk.waitFor(caseId, 'PRELIM_REVIEW')
  await decide('PRELIMINARY_REVIEWER', { action: 'pass', opinion: '资料齐全' })
  const terms = { amountFen: String(application.amountFen), months: application.months }
  await decide('REVIEWER', { action: 'pass', terms })
  await decide('APPROVER', { action: 'approve', terms, opinion: '同意' })
  await decide('CONTRACTING', { action: 'sign', fields: { contractNumber: `JK-${caseId.slice(0, 8)}`, signedOn: '2025-11-03' } })
  const contracting = await office.person('CONTRACTING')
  for (const task of (await contracting.see(caseId)).tasks) {
    await (await office.person(task.post, task.orgName)).decide(caseId, { action: 'confirm', opinion: '核验无误' })
  }
  await decide('COLLATERAL', { action: 'secure', fields: { mortgageNumber: `DY-${caseId.slice(0, 8)}`, mortgageOn: '2025-11-03' } })
  await decide('DISBURSEMENT', { action: 'request-release' })
  await clerk.waitFor(caseId, 'RELEASE_REQUESTED')
  const cashier = await office.person('CASHIER')
  await cashier.decide(caseId, { action: 'pay', oneTimeCode: await cashier.oneTimeCode() })
  await cashier.waitFor(caseId, 'DISBURSED')
}

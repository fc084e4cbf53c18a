import type { LoanApplication } from '#contracts/loan.ts'
import { normaliseIdNumber, type Vault } from '#db/vault.ts'

/** What an application claims for itself: the couple, and the home. Keyed hashes, so the lock table tells nothing. */
export function lockKeysOf(vault: Vault, application: LoanApplication): Buffer[] {
  const couple = [application.borrower, ...(application.spouse ? [application.spouse] : [])]
  return [
    ...couple.map((person) => vault.hash(`loan-person/${normaliseIdNumber(person.idNumber)}`)),
    vault.hash(`loan-home/${application.home.homeNumber}`),
  ]
}

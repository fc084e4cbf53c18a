import type { LoanApplication } from '#contracts/loan.ts'
import { normaliseIdNumber, type Vault } from '#db/vault.ts'
import { coupleOf } from './application.ts'

/** What a counter is told, and nothing of whose the other case is. */
export const ALREADY_BEFORE_US = '同一家庭或同一住房已有在办的贷款申请'

/** What an application claims for itself: the couple, and the home. Keyed hashes, so the lock table tells nothing. */
export function lockKeysOf(vault: Vault, application: LoanApplication): Buffer[] {
  return [
    ...coupleOf(application).map((person) => vault.hash(`loan-person/${normaliseIdNumber(person.idNumber)}`)),
    homeKeyOf(vault, application),
  ]
}

/** The home of an application, as a keyed hash. */
export const homeKeyOf = (vault: Vault, { home }: LoanApplication): Buffer => vault.hash(`loan-home/${home.homeNumber}`)

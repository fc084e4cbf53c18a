import { loanApplication, type LoanApplication } from '#contracts/loan.ts'
import { canonicalJson } from '#db/canonical.ts'
import type { Db, Tx } from '#db/connect.ts'
import { readApplication } from '#db/read/loan.ts'
import type { Vault } from '#db/vault.ts'
import { Bug } from '../bug.ts'

/** The whole form as it is kept: sealed, because it holds names, numbers and accounts. */
export const sealApplication = (vault: Vault, application: LoanApplication): Buffer => vault.seal(canonicalJson(application))

/** Opens a kept form. It was checked when it was entered; what no longer parses is a bug, not a refusal. */
export const openApplication = (vault: Vault, sealed: Buffer): LoanApplication => loanApplication.parse(JSON.parse(vault.open(sealed)))

/** The application of a case in its newest version. @throws Bug when the case has none */
export async function applicationOf(from: Db | Tx, vault: Vault, caseId: string): Promise<LoanApplication> {
  const row = await readApplication(from, caseId)
  if (!row) throw new Bug('a loan case has an application')
  return openApplication(vault, row.content_enc)
}

/** The borrower, and the spouse where there is one. */
export const coupleOf = ({ borrower, spouse }: LoanApplication): LoanApplication['borrower'][] => [borrower, ...(spouse ? [spouse] : [])]

/** Everybody who will owe the loan. */
export const owingOf = (application: LoanApplication): LoanApplication['borrower'][] => [
  ...coupleOf(application),
  ...application.coBorrowers,
]

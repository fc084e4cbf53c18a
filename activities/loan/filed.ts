import { checkIdNumber } from '#contracts/identity.ts'
import type { LoanApplication } from '#contracts/loan.ts'
import { maskName } from '#contracts/masking.ts'
import type { FiledLoan, PartyRow } from '#db/write/loan-application.ts'
import type { Vault } from '#db/vault.ts'
import { Bug } from '../bug.ts'
import { lockKeysOf } from './locks.ts'

/** What the rows of a case say of its application: who is in it, what it claims, who is to see it. Filed at the counter, and filed again. */
export function filedOf(vault: Vault, application: LoanApplication): FiledLoan {
  const keys = lockKeysOf(vault, application)
  return {
    parties: partiesOf(vault, application),
    applicantMasked: maskName(application.borrower.name),
    amountFen: application.amountFen,
    method: application.method,
    bankOrgId: application.entrustedBankId,
    guarantorOrgId: application.guarantee.institutionId,
    locks: keys.map((key, index) => ({ key, what: index === keys.length - 1 ? 'home' : 'household' })),
  }
}

/** The people of a form as the case keeps them: sealed, hashed, found by their last four. */
function partiesOf(vault: Vault, application: LoanApplication): PartyRow[] {
  const row = (role: PartyRow['role'], person: { name: string; idNumber: string; mobile?: string; employer?: string }): PartyRow => {
    const checked = checkIdNumber(person.idNumber)
    if (!checked.ok) throw new Bug('an accepted application has valid identity numbers')
    return {
      role,
      name: person.name,
      idNumberEnc: vault.seal(checked.normalised),
      idHash: vault.hash(checked.normalised),
      idLast4: checked.normalised.slice(-4),
      phoneEnc: person.mobile ? vault.seal(person.mobile) : null,
      bornOn: checked.bornOn,
      sex: checked.sex,
      unitName: person.employer ?? null,
    }
  }
  return [
    row('BORROWER', application.borrower),
    ...(application.spouse ? [row('SPOUSE', application.spouse)] : []),
    ...application.children.map((child) => row('CHILD', child)),
    ...application.coBorrowers.map((person) => row('CO_BORROWER', person)),
  ]
}

import type { PlainDate } from '#contracts/dates.ts'
import type { Tx } from '../connect.ts'
import { appendAudit } from './audit.ts'
import { openCaseFile, type LockedCase } from './cases.ts'

/** One person of an application, already sealed and hashed. */
export interface PartyRow {
  readonly role: 'BORROWER' | 'SPOUSE' | 'CHILD' | 'CO_BORROWER'
  readonly name: string
  readonly idNumberEnc: Buffer
  readonly idHash: Buffer
  readonly idLast4: string
  readonly phoneEnc: Buffer | null
  readonly bornOn: PlainDate
  readonly sex: 'MALE' | 'FEMALE'
  readonly unitName: string | null
}

export interface NewLoan {
  readonly by: { readonly staffId: string; readonly orgId: string; readonly reportingEntity: string }
  readonly contentEnc: Buffer
  readonly parties: readonly PartyRow[]
  readonly applicantMasked: string
  readonly amountFen: bigint
  readonly method: string
  readonly bankOrgId: string
  readonly guarantorOrgId: string | null
  readonly locks: readonly { readonly key: Buffer; readonly what: string }[]
}

/**
 * Opens a loan case from an application: case, parties, form, locks, the first task and the start of its workflow, all or nothing.
 * @returns undefined when the household or the home is before another counter already; the caller rolls back
 */
export async function openLoan(tx: Tx, loan: NewLoan): Promise<{ caseId: string; caseNumber: string } | undefined> {
  const kase = await openCaseFile(tx, {
    kind: 'loan',
    stage: 'SUBMITTED',
    post: 'INTAKE',
    by: loan.by,
    stepGroup: 'DESK',
    claimed: true,
    applicantMasked: loan.applicantMasked,
    amountFen: loan.amountFen,
    remark: null,
  })
  if (!(await takeLocks(tx, kase.case_id, loan.locks))) return undefined
  const owned = { org_id: kase.org_id, access_group_id: kase.access_group_id }
  await writeParties(tx, kase.case_id, owned, loan.parties)
  await tx
    .insertInto('loan_application')
    .values({ case_id: kase.case_id, version: 1, ...owned, content_enc: loan.contentEnc, entered_by: loan.by.staffId, entered_at: kase.created_at })
    .execute()
  await tx
    .insertInto('loan')
    .values({ case_id: kase.case_id, ...owned, bank_org_id: loan.bankOrgId, guarantor_org_id: loan.guarantorOrgId, repayment_method: loan.method })
    .execute()
  await assign(tx, kase, loan)
  await appendAudit(tx, {
    stream: `case/${kase.case_id}`,
    caseId: kase.case_id,
    orgId: kase.org_id,
    actor: `staff/${loan.by.staffId}`,
    act: 'open/loan',
    body: {
      number: kase.case_number,
      amountFen: loan.amountFen,
      bank: loan.bankOrgId,
      guarantor: loan.guarantorOrgId,
      parties: loan.parties.length,
      on: kase.created_on,
    },
  })
  return { caseId: kase.case_id, caseNumber: kase.case_number }
}

/** Claims what may be before one case at a time. @returns false when another case holds one of them */
async function takeLocks(tx: Tx, caseId: string, locks: NewLoan['locks']): Promise<boolean> {
  for (const lock of locks) {
    const taken = await tx
      .insertInto('case_lock')
      .values({ lock_key: lock.key, case_id: caseId, what: lock.what })
      .onConflict((conflict) => conflict.column('lock_key').doNothing())
      .returning('what')
      .executeTakeFirst()
    if (!taken) return false
  }
  return true
}

/** Its bank and its guarantor see the case while it is assigned to them. */
async function assign(tx: Tx, kase: LockedCase, { bankOrgId, guarantorOrgId }: NewLoan): Promise<void> {
  const assigned = [{ org: bankOrgId, role: 'BANK' }, ...(guarantorOrgId ? [{ org: guarantorOrgId, role: 'GUARANTOR' }] : [])]
  await tx
    .insertInto('case_grant')
    .values(assigned.map(({ org, role }) => ({ case_id: kase.case_id, org_id: org, role, granted_on: kase.created_on, ended_on: null })))
    .execute()
}

export async function writeParties(tx: Tx, caseId: string, owned: { org_id: string; access_group_id: string }, parties: readonly PartyRow[]): Promise<void> {
  await tx
    .insertInto('case_party')
    .values(
      parties.map((party, index) => ({
        case_id: caseId,
        party_no: index + 1,
        ...owned,
        role: party.role,
        name: party.name,
        id_number_enc: party.idNumberEnc,
        id_hash: party.idHash,
        id_last4: party.idLast4,
        phone_enc: party.phoneEnc,
        born_on: party.bornOn,
        sex: party.sex,
        unit_name: party.unitName,
      })),
    )
    .execute()
}

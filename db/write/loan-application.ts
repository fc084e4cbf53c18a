import { sql } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import type { Tx } from '../connect.ts'
import { auditCase, type AuditedCase } from './audit.ts'
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

/** What the rows of a case say of its application, whichever version of the form it stands on. */
export interface FiledLoan {
  readonly parties: readonly PartyRow[]
  readonly applicantMasked: string
  readonly amountFen: bigint
  readonly method: string
  readonly bankOrgId: string
  readonly guarantorOrgId: string | null
  readonly locks: readonly { readonly key: Buffer; readonly what: string }[]
}

export interface NewLoan extends FiledLoan {
  readonly by: { readonly staffId: string; readonly orgId: string; readonly reportingEntity: string }
  readonly contentEnc: Buffer
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
    .values({
      case_id: kase.case_id,
      version: 1,
      ...owned,
      content_enc: loan.contentEnc,
      entered_by: loan.by.staffId,
      entered_at: kase.created_at,
    })
    .execute()
  await tx
    .insertInto('loan')
    .values({
      case_id: kase.case_id,
      ...owned,
      bank_org_id: loan.bankOrgId,
      guarantor_org_id: loan.guarantorOrgId,
      repayment_method: loan.method,
    })
    .execute()
  await tx
    .insertInto('case_grant')
    .values(grantsOf(kase.case_id, loan, kase.created_on))
    .execute()
  await auditCase(tx, kase, `staff/${loan.by.staffId}`, 'open/loan', {
    number: kase.case_number,
    amountFen: loan.amountFen,
    bank: loan.bankOrgId,
    guarantor: loan.guarantorOrgId,
    parties: loan.parties.length,
    on: kase.created_on,
  })
  return { caseId: kase.case_id, caseNumber: kase.case_number }
}

/** Keeps a corrected form beside the earlier ones. @returns its version */
export async function addVersion(
  tx: Tx,
  kase: AuditedCase,
  form: { contentEnc: Buffer; enteredBy: string; onBehalfOf: string | null },
): Promise<number> {
  const { version } = await tx
    .insertInto('loan_application')
    .values((eb) => ({
      case_id: kase.case_id,
      version: eb
        .selectFrom('loan_application')
        .select(sql<number>`max(version) + 1`.as('next'))
        .where('case_id', '=', kase.case_id),
      org_id: kase.org_id,
      access_group_id: kase.access_group_id,
      content_enc: form.contentEnc,
      entered_by: form.enteredBy,
      on_behalf_of: form.onBehalfOf,
      entered_at: sql<string>`business_now()`,
    }))
    .returning('version')
    .executeTakeFirstOrThrow()
  return version
}

/**
 * Files a loan again from a corrected form: parties, locks, assignments, amount, name and terms of the case's rows become those of the form,
 * what it no longer names is given back.
 * @returns false when another case holds what it claims; the caller rolls back
 */
export async function refileLoan(
  tx: Tx,
  kase: LockedCase,
  { version, filed, actorId, today }: { version: number; filed: FiledLoan; actorId: string; today: PlainDate },
): Promise<boolean> {
  const { case_id: caseId, org_id, access_group_id } = kase
  const keys = filed.locks.map(({ key }) => key)
  const givenBack = await tx
    .deleteFrom('case_lock')
    .where('case_id', '=', caseId)
    .where('lock_key', 'not in', keys)
    .returning('what')
    .execute()
  if (!(await takeLocks(tx, caseId, filed.locks))) return false
  await tx.deleteFrom('case_party').where('case_id', '=', caseId).execute()
  await writeParties(tx, caseId, { org_id, access_group_id }, filed.parties)
  await reassign(tx, caseId, filed, today)
  await tx
    .updateTable('loan')
    .set({
      application_version: version,
      bank_org_id: filed.bankOrgId,
      guarantor_org_id: filed.guarantorOrgId,
      repayment_method: filed.method,
    })
    .where('case_id', '=', caseId)
    .execute()
  await tx
    .updateTable('case_file')
    .set({ applicant_masked: filed.applicantMasked, amount_fen: filed.amountFen })
    .where('case_id', '=', caseId)
    .execute()
  await auditCase(tx, kase, `staff/${actorId}`, 'refile/loan', {
    version,
    amountFen: filed.amountFen,
    bank: filed.bankOrgId,
    guarantor: filed.guarantorOrgId,
    parties: filed.parties.length,
    givenBack: givenBack.map(({ what }) => what).sort(),
    on: today,
  })
  return true
}

/**
 * Claims what may be before one case at a time, in one order for everybody, so that two counters never wait for each other crosswise.
 * @returns false when another case holds one of them
 */
export async function takeLocks(tx: Tx, caseId: string, locks: FiledLoan['locks']): Promise<boolean> {
  for (const { key, what } of locks.toSorted((a, b) => Buffer.compare(a.key, b.key))) {
    await tx
      .insertInto('case_lock')
      .values({ lock_key: key, case_id: caseId, what })
      .onConflict((conflict) => conflict.column('lock_key').doNothing())
      .execute()
    const holder = await tx.selectFrom('case_lock').select('case_id').where('lock_key', '=', key).executeTakeFirst()
    if (holder?.case_id !== caseId) return false
  }
  return true
}

/** Its bank and its guarantor see the case while it is assigned to them. */
const grantsOf = (caseId: string, { bankOrgId, guarantorOrgId }: FiledLoan, on: PlainDate) =>
  [{ org: bankOrgId, role: 'BANK' }, ...(guarantorOrgId ? [{ org: guarantorOrgId, role: 'GUARANTOR' }] : [])].map(({ org, role }) => ({
    case_id: caseId,
    org_id: org,
    role,
    granted_on: on,
    ended_on: null,
  }))

/** Who was assigned before and is no longer sees the case no more; who is assigned now does, from today or still. */
async function reassign(tx: Tx, caseId: string, filed: FiledLoan, on: PlainDate): Promise<void> {
  const grants = grantsOf(caseId, filed, on)
  await tx
    .updateTable('case_grant')
    .set({ ended_on: on })
    .where('case_id', '=', caseId)
    .where('ended_on', 'is', null)
    .where((eb) => eb.not(eb.or(grants.map(({ org_id, role }) => eb.and([eb('org_id', '=', org_id), eb('role', '=', role)])))))
    .execute()
  await tx
    .insertInto('case_grant')
    .values(grants)
    .onConflict((conflict) => conflict.columns(['case_id', 'org_id', 'role']).doUpdateSet({ ended_on: null }))
    .execute()
}

async function writeParties(
  tx: Tx,
  caseId: string,
  owned: { org_id: string; access_group_id: string },
  parties: readonly PartyRow[],
): Promise<void> {
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

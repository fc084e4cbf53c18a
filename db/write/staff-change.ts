import type { Post } from '#contracts/posts.ts'
import type { Newcomer, Relation, StaffChangeWord } from '#contracts/staff-change.ts'
import type { Tx } from '../connect.ts'
import type { ProposedChange } from '../read/staff-change.ts'
import { auditCase } from './audit.ts'
import { openCaseFile } from './cases.ts'

export interface SealedNumber {
  readonly enc: Buffer
  readonly hash: Buffer
}

/** What recusal goes by (回避信息), as far as it is to be set. */
export interface Particulars {
  readonly idNumber: SealedNumber | null
  /** A unit, or that there is none any more; null leaves it as it is. */
  readonly employer: { readonly unitId: string | null; readonly name: string } | null
}

export interface StaffChangeProposal {
  /** Null for somebody who joins, and is the newcomer instead. */
  readonly staffId: string | null
  readonly newcomer: Pick<Newcomer, 'staffNumber' | 'name' | 'orgId'> | null
  readonly particulars: Particulars | null
  /** Declared, or without a relation no longer one. */
  readonly relative: { readonly relation: Relation | null; readonly idNumber: SealedNumber } | null
  readonly change: StaffChangeWord
  readonly post: Post | null
  readonly postOrgId: string | null
  /** Of the identity that is bound; when one is unbound, its provider only. */
  readonly issuer: string | null
  readonly subject: string | null
  readonly reason: string
}

interface Proposer {
  readonly staffId: string
  readonly orgId: string
  readonly reportingEntity: string
}

/**
 * Opens a case that changes somebody's rights: the proposer holds PROPOSE from the start, so another person must confirm.
 * @param words what the confirmer reads with the task
 */
export async function openStaffChange(
  tx: Tx,
  by: Proposer,
  proposal: StaffChangeProposal,
  words: string,
): Promise<{ caseId: string; caseNumber: string }> {
  const kase = await openCaseFile(tx, {
    kind: 'staff-change',
    stage: 'PROPOSED',
    post: 'SEC_ADMIN',
    by,
    stepGroup: 'PROPOSE',
    claimed: false,
    applicantMasked: null,
    amountFen: null,
    remark: words,
  })
  await tx
    .insertInto('staff_change')
    .values({
      case_id: kase.case_id,
      staff_id: proposal.staffId,
      org_id: by.orgId,
      access_group_id: kase.access_group_id,
      change: proposal.change,
      post: proposal.post,
      post_org_id: proposal.postOrgId,
      issuer: proposal.issuer,
      subject: proposal.subject,
      new_staff_number: proposal.newcomer?.staffNumber ?? null,
      new_name: proposal.newcomer?.name ?? null,
      new_org_id: proposal.newcomer?.orgId ?? null,
      ...particularsRow(proposal),
      reason: proposal.reason,
    })
    .execute()
  await auditCase(tx, kase, `staff/${by.staffId}`, 'open/staff-change', {
    number: kase.case_number,
    staff: proposal.staffId,
    change: proposal.change,
    post: proposal.post,
    org: proposal.postOrgId,
    ...(proposal.newcomer ? { newcomer: proposal.newcomer } : {}),
    ...(proposal.particulars ? { particulars: particularsFact(proposal.particulars) } : {}),
    ...(proposal.relative ? { relative: { relation: proposal.relative.relation, subject: subjectOf(proposal.relative.idNumber) } } : {}),
    on: kase.created_on,
  })
  return { caseId: kase.case_id, caseNumber: kase.case_number }
}

const particularsRow = ({ particulars, relative }: StaffChangeProposal) => {
  const employer = particulars?.employer ?? null
  const idNumber = relative?.idNumber ?? particulars?.idNumber ?? null
  return {
    new_id_number_enc: idNumber?.enc ?? null,
    new_id_hash: idNumber?.hash ?? null,
    employer_change: employer && (employer.unitId === null ? ('CLEAR' as const) : ('SET' as const)),
    employer_unit_id: employer?.unitId ?? null,
    relation: relative?.relation ?? null,
  }
}

/** What the trail says of a number: the beginning of its keyed hash, which tells two apart and nobody what they are. */
const subjectOf = ({ hash }: SealedNumber): string => hash.toString('hex').slice(0, 16)

const particularsFact = ({ idNumber, employer }: Particulars) => ({
  ...(idNumber ? { subject: subjectOf(idNumber) } : {}),
  ...(employer ? { employer: employer.unitId } : {}),
})

/** Sets what recusal goes by, with the confirmation of the second person. */
export async function setParticulars(
  tx: Tx,
  staffId: string,
  change: Pick<ProposedChange, 'new_id_number_enc' | 'new_id_hash' | 'employer_change' | 'employer_unit_id'>,
): Promise<void> {
  await tx
    .updateTable('staff')
    .set({
      ...(change.new_id_hash ? { id_number_enc: change.new_id_number_enc, id_hash: change.new_id_hash } : {}),
      ...(change.employer_change ? { employer_unit_id: change.employer_unit_id } : {}),
    })
    .where('staff_id', '=', staffId)
    .execute()
}

/** Declares a relative (近亲属), by number alone. */
export async function addRelative(tx: Tx, given: { staffId: string; relation: Relation; idHash: Buffer; caseId: string }): Promise<void> {
  await tx
    .insertInto('staff_relative')
    .values({ staff_id: given.staffId, relation: given.relation, id_hash: given.idHash, registered_by_case: given.caseId })
    .execute()
}

/** Takes a relative back: after a divorce, or where the wrong number was declared. */
export async function endRelative(tx: Tx, given: { staffId: string; idHash: Buffer }): Promise<void> {
  await tx.deleteFrom('staff_relative').where('staff_id', '=', given.staffId).where('id_hash', '=', given.idHash).execute()
}

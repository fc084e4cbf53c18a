import type { Post } from '#contracts/posts.ts'
import type { Newcomer, StaffChangeWord } from '#contracts/staff-change.ts'
import type { Tx } from '../connect.ts'
import { appendAudit } from './audit.ts'
import { openCaseFile } from './cases.ts'

export interface StaffChangeProposal {
  /** Null for somebody who joins, and is the newcomer instead. */
  readonly staffId: string | null
  readonly newcomer: Newcomer | null
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
      reason: proposal.reason,
    })
    .execute()
  await appendAudit(tx, {
    stream: `case/${kase.case_id}`,
    caseId: kase.case_id,
    orgId: by.orgId,
    actor: `staff/${by.staffId}`,
    act: 'open/staff-change',
    body: {
      number: kase.case_number,
      staff: proposal.staffId,
      change: proposal.change,
      post: proposal.post,
      org: proposal.postOrgId,
      ...(proposal.newcomer ? { newcomer: proposal.newcomer } : {}),
      on: kase.created_on,
    },
  })
  return { caseId: kase.case_id, caseNumber: kase.case_number }
}

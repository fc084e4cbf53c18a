import type { LoanApplication } from '#contracts/loan.ts'
import { canonicalJson } from '#db/canonical.ts'
import { LOAN_MATERIALS } from '#rules/loan/materials.ts'
import type { Clerk, Office } from './clerk.ts'
import type { Applicant } from './households.ts'

export type StoryName = 'loan' | 'desk' | 'staff-change'

/** Whose rights change, and how: nobody who takes part. */
export interface Changed {
  readonly staffId: string
  readonly change: 'LOCK' | 'UNLOCK'
}

/** What a story is told with, drawn anew each time. */
export interface Given {
  readonly office: Office
  readonly applicant: Applicant
  readonly changed: Changed
}

/** Stages to which a case goes only because a source or a bank was silent. What people do there belongs to no story. */
export const DETOURS: readonly string[] = ['MANUAL_CHECK', 'RELEASE_HELD', 'PAY_UNKNOWN']

/** Where the registry's answers can lead: on, or back to a person. */
const SECURITY_ENDS = ['SECURED', 'SECURITY_PENDING', 'MORTGAGE_DOUBTED'] as const

/** Something that people do from beginning to end, over HTTP, and that goes well when nothing happens. */
export interface Story {
  /** Everybody who acts in it, so that they can be signed in before the first fault. */
  readonly cast: readonly string[]
  /** Where its case ends. */
  readonly end: string
  /**
   * @param opened is told the case as soon as it has one, for whoever wants to look at a story that breaks off
   * @throws Error when a command is refused or the case does not get where it should
   */
  tell(given: Given, opened: (caseId: string) => void): Promise<void>
}

/**
 * One for every kind of case, and one for what officers do at their desks without moving a case. First what sends nobody a message: the
 * relay asks what became of one while the next story is told already, and would be taken for a part of that.
 */
export const stories = {
  'staff-change': { cast: ['SYS_ADMIN', 'SEC_ADMIN'], end: 'IN_FORCE', tell: staffChange },
  desk: { cast: ['INTAKE', 'PRELIMINARY_REVIEWER'], end: 'NOT_ACCEPTED', tell: deskWork },
  loan: {
    cast: ['INTAKE', 'PRELIMINARY_REVIEWER', 'REVIEWER', 'APPROVER', 'CONTRACTING', 'COLLATERAL', 'DISBURSEMENT', 'CASHIER'],
    end: 'DISBURSED',
    tell: wholeLoan,
  },
} as const satisfies Record<StoryName, Story>

/** One whole loan, from the counter to money paid out, with countersigning by bank and guarantor. */
async function wholeLoan({ office, applicant: { application } }: Given, opened: (caseId: string) => void): Promise<void> {
  const clerk = await office.person('INTAKE')
  const caseId = await submits(clerk, application)
  opened(caseId)
  const decide = async (post: string, decision: Readonly<Record<string, unknown>>) => (await office.person(post)).decide(caseId, decision)

  await bringsMaterials(clerk, caseId)
  await decide('INTAKE', { action: 'accept' })
  // A source that was down is asked again, by whoever was called.
  while ((await clerk.waitFor(caseId, 'PRELIM_REVIEW', 'MANUAL_CHECK')) === 'MANUAL_CHECK') {
    await decide('PRELIMINARY_REVIEWER', { action: 'check-again' })
  }
  await decide('PRELIMINARY_REVIEWER', { action: 'pass', opinion: '资料齐全' })
  const terms = { amountFen: String(application.amountFen), months: application.months }
  await decide('REVIEWER', { action: 'pass', terms })
  await decide('APPROVER', { action: 'approve', terms, opinion: '同意' })
  await decide('CONTRACTING', { action: 'sign', fields: { contractNumber: `JK-${caseId.slice(0, 8)}`, signedOn: '2025-11-03' } })
  await clerk.waitFor(caseId, 'SIGNED')
  const contracting = await office.person('CONTRACTING')
  for (const task of (await contracting.see(caseId)).tasks) {
    await (await office.person(task.post, task.orgName)).decide(caseId, { action: 'confirm', opinion: '核验无误' })
  }
  await decide('COLLATERAL', { action: 'register' })
  // A registry that was down is asked again: for the registration under the same number, for what it has registered once more.
  for (let at = await clerk.waitFor(caseId, ...SECURITY_ENDS); at !== 'SECURED'; at = await clerk.waitFor(caseId, ...SECURITY_ENDS)) {
    if (at === 'SECURITY_PENDING') await decide('COLLATERAL', { action: 'register' })
    else await decide('REVIEWER', { action: 'check-again' })
  }
  await decide('DISBURSEMENT', { action: 'request-release' })
  while ((await clerk.waitFor(caseId, 'RELEASE_REQUESTED', 'RELEASE_HELD')) === 'RELEASE_HELD') {
    await decide('APPROVER', { action: 'check-again' })
  }
  const cashier = await office.person('CASHIER')
  await cashier.decide(caseId, { action: 'pay', oneTimeCode: await cashier.oneTimeCode() })
  await cashier.waitFor(caseId, 'DISBURSED')
}

/** Everything on the checklist is handed in and looked at, one after the other as at a counter. */
export async function bringsMaterials(clerk: Clerk, caseId: string): Promise<void> {
  for (const { code, label } of LOAN_MATERIALS.filter(({ required }) => required)) {
    const documentId = await clerk.upload(caseId, code, new File([`%PDF-1.4\n% ${caseId}\n`], `${label}.pdf`))
    await clerk.command(`/api/documents/${documentId}/check`, { state: 'VERIFIED' })
  }
}

/** A case that is claimed, passed about, talked over and not accepted in the end: every command of the desk on the way. */
async function deskWork({ office, applicant: { application } }: Given, opened: (caseId: string) => void): Promise<void> {
  const clerk = await office.person('INTAKE')
  const reviewer = await office.person('PRELIMINARY_REVIEWER')
  await clerk.command('/api/contributors/look-up', { idNumber: application.borrower.idNumber })
  await clerk.command('/api/loans/pre-check', JSON.parse(canonicalJson(application)))
  const caseId = await submits(clerk, application)
  opened(caseId)
  const at = (path: string): string => `/api/cases/${caseId}/${path}`
  if (!(await clerk.see(caseId)).tasks.some((task) => task.claimedBy)) await clerk.command(at('claim'), {})
  await clerk.command(at('release'), {})
  await clerk.command(at('claim'), {})
  await clerk.command(at('notes'), { kind: 'NOTE', text: '申请人称材料在同事处' })
  await clerk.command(at('notes'), { kind: 'URGE', text: '请尽快核对' })
  await clerk.command(at('copies'), { staffIds: [await reviewer.staffId()], remark: '请关注' })
  await reviewer.command(at('copies/read'), {})
  await clerk.command(at('reveal'), { partyNo: 1, field: 'phone', reason: '联系申请人补件' })
  const documentId = await clerk.upload(caseId, 'IDENTITY', new File([`%PDF-1.4\n% ${caseId}\n`], '身份证明.pdf'))
  await clerk.command(`/api/documents/${documentId}/check`, { state: 'VERIFIED' })
  await clerk.look(`/api/loans/${caseId}/application`)
  const end = { action: 'not-accept', reasonCode: 'NOT_OWN_OCCUPIED', opinion: '所购房屋不属自住' }
  const { stageVersion } = (await clerk.see(caseId)).case
  await clerk.decide(caseId, end)
  await clerk.decidesTooLate(caseId, stageVersion, end)
  for (const { paperId } of (await clerk.see(caseId)).papers) await clerk.look(`/api/papers/${paperId}`)
}

/** A change of somebody's rights: proposed by one administrator, confirmed by the other. */
async function staffChange({ office, changed }: Given, opened: (caseId: string) => void): Promise<void> {
  const proposer = await office.person('SYS_ADMIN')
  const proposed = await proposer.command('/api/staff-changes', { ...changed, reason: '岗位调整' })
  const { caseId } = proposed as { caseId: string }
  opened(caseId)
  const confirmer = await office.person('SEC_ADMIN')
  await confirmer.decide(caseId, { action: 'confirm', oneTimeCode: await confirmer.oneTimeCode() })
}

const submits = async (clerk: Clerk, application: LoanApplication): Promise<string> =>
  ((await clerk.command('/api/loans', JSON.parse(canonicalJson(application)))) as { caseId: string }).caseId

import type { Insertable } from 'kysely'
import { addDays } from '#contracts/dates.ts'
import { maskName } from '#contracts/masking.ts'
import { fen } from '#contracts/money.ts'
import { materialLabel } from '#rules/loan/materials.ts'
import { loanStages } from '#rules/loan/stages.ts'
import { canonicalJson, snapshotId } from '../canonical.ts'
import type * as tables from '../tables.ts'
import type { Vault } from '../vault.ts'
import { auditChain, decisionFact, type Fact } from './audit-chain.ts'
import { clockOf, deadlineRows, type Clock } from './case-clock.ts'
import { checkedRows } from './case-verdicts.ts'
import type { Doings } from './doings.ts'
import { applicationOf, partyRows } from './household.ts'
import type { Materials } from './materials.ts'
import type { Random } from './random.ts'
import { releaseRate } from './papers.ts'
import { common, decidedOn, fieldOf, type SeededCase } from './seeded-case.ts'

/** The tables of a case, in the order in which their rows may refer to each other. */
export const CASE_TABLES = [
  'case_file',
  'case_grant',
  'case_party',
  'case_actor',
  'decision',
  'task',
  'want',
  'clock_span',
  'deadline',
  'outbox',
  'loan_application',
  'case_lock',
  'source_reply',
  'verdict',
  'loan',
  'document',
  'task_claim',
  'case_note',
  'case_copy',
  'audit_stream',
  'audit_row',
] as const satisfies (keyof tables.Database)[]
export type CaseTable = (typeof CASE_TABLES)[number]

/** Everything one case is, by table. */
export type CaseRows = { readonly [T in CaseTable]: Insertable<tables.Database[T]>[] }

/** What belongs to a case besides its own way: its materials, what colleagues said and did around it. */
export interface Beside {
  readonly materials: Materials
  readonly doings: Doings
}

/** Every row that one case of the city has left, in the tables of a case. */
export function caseRows(kase: SeededCase, { materials, doings }: Beside, vault: Vault, random: Random): CaseRows {
  const { caseId, family, walked } = kase
  const clock = clockOf(kase)
  const terminal = loanStages[walked.stage].terminal === true
  return {
    case_file: [fileRow(kase, clock, terminal)],
    case_grant: grantRows(kase),
    case_party: partyRows(caseId, family, vault),
    case_actor: [...walked.actors],
    decision: [...walked.decisions],
    task: walked.tasks.map((task) => ({ ...task, ...doings.claimed.get(task.task_id) })),
    want: wantRows(kase, random),
    clock_span: clock.spans,
    deadline: terminal ? [] : deadlineRows(kase, clock, random),
    outbox: [{ kind: 'START_CASE', case_id: caseId, payload: '{}', state: 'SENT', last_error: null, sent_at: kase.created.at }],
    loan_application: [applicationRow(kase, vault)],
    case_lock: terminal ? [] : lockRows(kase, vault),
    ...underAuthorisation(checkedRows(kase, random), materials),
    loan: [loanRow(kase)],
    document: materials.document,
    task_claim: doings.task_claim,
    case_note: doings.case_note,
    case_copy: doings.case_copy,
    ...auditChain(caseId, family.branch.orgId, inOrder([...auditFacts(kase), ...materials.facts, ...doings.facts])),
  }
}

/** The bureau was asked under the paper that allows it, where the file keeps that. */
function underAuthorisation(checked: ReturnType<typeof checkedRows>, { document }: Materials): ReturnType<typeof checkedRows> {
  const signed = document.find(({ material }) => material === 'CREDIT_AUTHORISATION')?.document_id
  const of = <T extends { source: string }>(row: T): T => (signed && row.source.startsWith('CREDIT') ? { ...row, authorisation: signed } : row)
  return { ...checked, source_reply: checked.source_reply.map(of) }
}

function fileRow(kase: SeededCase, clock: Clock, terminal: boolean): Insertable<tables.CaseFileTable> {
  const { family, walked, created, snapshot } = kase
  const { decisionDaysMax, decisionDaysUnit } = snapshot.values
  const accepted = clock.acceptedOn !== null
  return {
    ...common(kase),
    kind: 'loan',
    case_number: kase.caseNumber,
    reporting_entity: family.branch.entity,
    stage: walked.stage,
    stage_version: walked.version,
    // What is closed the engine has seen; what is open it must still take up.
    engine_version: terminal ? walked.version : -1,
    open: !terminal,
    applicant_masked: maskName(family.borrower.person.name),
    amount_fen: family.amountFen,
    snapshot_id: accepted ? snapshotId(snapshot) : null,
    created_by: kase.createdBy.staffId,
    created_at: created.at,
    created_on: created.on,
    accepted_on: clock.acceptedOn,
    stage_entered_at: walked.entered.at,
    closed_on: terminal ? walked.entered.on : null,
    clock_days_allowed: accepted ? decisionDaysMax.value : null,
    clock_unit: accepted ? decisionDaysUnit.value : null,
    clock_rule: accepted ? decisionDaysMax.article : null,
    clock_state: clock.state,
    due_on: clock.dueOn,
    resume_stage: walked.stage === 'SUPPLEMENT_PENDING' ? 'REVIEW' : null,
  }
}

function grantRows(kase: SeededCase): Insertable<tables.CaseGrantTable>[] {
  const { caseId, family, created } = kase
  const grant = (org_id: string, role: string) => ({ case_id: caseId, org_id, role, granted_on: created.on, ended_on: null })
  return [grant(family.bankOrgId, 'BANK'), ...(family.guarantorOrgId ? [grant(family.guarantorOrgId, 'GUARANTOR')] : [])]
}

/** What happened at the same moment stays as it was told. */
const inOrder = (facts: readonly Fact[]): Fact[] => facts.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))

const applicationRow = (kase: SeededCase, vault: Vault): Insertable<tables.LoanApplicationTable> => ({
  ...common(kase),
  version: 1,
  content_enc: vault.seal(canonicalJson(applicationOf(kase.family))),
  entered_by: kase.createdBy.staffId,
  entered_at: kase.created.at,
})

/** The same keys that an application takes at the counter; a test holds the two together. */
function lockRows({ caseId, family }: SeededCase, vault: Vault): Insertable<tables.CaseLockTable>[] {
  const couple = [family.borrower, ...(family.spouse ? [family.spouse] : [])]
  return [
    ...couple.map(({ person }) => ({ lock_key: vault.hash(`loan-person/${person.idNumber}`), case_id: caseId, what: 'household' })),
    { lock_key: vault.hash(`loan-home/${family.home.homeNumber}`), case_id: caseId, what: 'home' },
  ]
}

/** What the reviewers or the counter have asked for, answered or not. */
function wantRows(kase: SeededCase, random: Random): Insertable<tables.WantTable>[] {
  const { decisions } = kase.walked
  const asked = decisions.find((one) => one.action === 'supplement' || one.action === 'request-correction')
  if (!asked?.actor_id) return []
  const { actor_id: askedBy } = asked
  const answered = decisions.find((one) => one.action === 'receive')
  return kase.lacks.notice.map(({ material, reason }) => ({
    ...common(kase),
    want_id: random.uuid(),
    item: materialLabel(material),
    reason,
    asked_stage: asked.stage,
    asked_by: askedBy,
    asked_at: asked.decided_at,
    notice_no: 1,
    satisfied_at: answered?.decided_at ?? null,
  }))
}

function loanRow(kase: SeededCase): Insertable<tables.LoanTable> {
  const { family, assessment, snapshot, release, walked } = kase
  const approvedOn = decidedOn(kase, 'approve')
  const disbursedOn = walked.stage === 'DISBURSED' ? walked.entered.on : null
  return {
    ...common(kase),
    bank_org_id: family.bankOrgId,
    guarantor_org_id: family.guarantorOrgId,
    home_order: assessment.homeOrder,
    approved_fen: approvedOn ? assessment.amountFen : null,
    approved_months: approvedOn ? assessment.months : null,
    approved_rate: approvedOn ? assessment.ratePercent : null,
    approved_on: approvedOn,
    approval_valid_to: approvedOn ? addDays(approvedOn, snapshot.values.approvalValidDays.value) : null,
    repayment_method: family.method,
    contract_number: fieldOf(kase, 'sign', 'contractNumber'),
    signed_on: decidedOn(kase, 'sign'),
    mortgage_number: fieldOf(kase, 'secure', 'mortgageNumber'),
    mortgage_on: decidedOn(kase, 'secure'),
    disbursed_on: disbursedOn,
    disbursed_fen: disbursedOn ? fen(assessment.amountFen) : null,
    rate_percent: release ? releaseRate(kase) : null,
    rate_snapshot_id: release ? snapshotId(release) : null,
  }
}

function auditFacts(kase: SeededCase): Fact[] {
  const { created, createdBy, walked, caseNumber } = kase
  const opened: Fact = {
    at: created.at,
    actor: `staff/${createdBy.staffId}`,
    act: 'open/loan',
    body: { number: caseNumber, on: created.on },
  }
  return [opened, ...walked.decisions.map(decisionFact)]
}

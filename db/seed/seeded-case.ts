import type { PlainDate } from '#contracts/dates.ts'
import type { LoanAssessment } from '#contracts/loan-assessment.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import type { Calendar } from '#rules/deadline/due-date.ts'
import type { Household } from './household.ts'
import type { Lacks } from './lacks.ts'
import type { Officer } from './staff.ts'
import type { Stamp, Walked } from './walk.ts'

/** A case as it stands: who wants what, how far it has come, and what the rules have said of it. */
export interface SeededCase {
  readonly caseId: string
  readonly caseNumber: string
  readonly family: Household
  readonly createdBy: Officer
  /** Identity numbers of those who must stay away (回避). */
  readonly barred: ReadonlySet<string>
  readonly created: Stamp
  readonly walked: Walked
  readonly facts: LoanFacts
  readonly assessment: LoanAssessment
  /** The policy of the day of acceptance, which rules the case. */
  readonly snapshot: PolicySnapshot
  /** That of the day of the notice, where there is one: it gives the applicant's time. */
  readonly notice: PolicySnapshot
  /** That of the day of the contract, which rules how it is repaid; null where none was signed. */
  readonly contract: PolicySnapshot | null
  /** That of the day the money was paid out; null where none was. */
  readonly release: PolicySnapshot | null
  /** What would be found wanting, where the case's way leads there. */
  readonly lacks: Lacks
  readonly today: PlainDate
  readonly calendar: Calendar
}

/** What every row of a case carries. */
export const common = ({ caseId, family }: SeededCase) => ({ case_id: caseId, org_id: family.branch.orgId, access_group_id: 'OPEN' })

/** The day on which an action was decided; null where it was not. */
export const decidedOn = ({ walked }: Pick<SeededCase, 'walked'>, action: string): PlainDate | null =>
  walked.decisions.find((one) => one.action === action)?.decided_on ?? null

/** What a decision brought along by name; null where it was not taken or brought none. */
export const fieldOf = ({ walked }: SeededCase, action: string, field: string): string | null => {
  const fields = walked.decisions.find((one) => one.action === action)?.fields
  const value = fields ? (JSON.parse(fields) as Record<string, unknown>)[field] : undefined
  return typeof value === 'string' ? value : null
}

/** Materials and papers are kept with the cases of this year; of those before, they lie in the archive. */
export const isKeptWhole = ({ created }: SeededCase): boolean => created.on >= '2025-01-01'

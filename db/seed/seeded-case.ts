import type { PlainDate } from '#contracts/dates.ts'
import type { LoanAssessment } from '#contracts/loan-assessment.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import type { Calendar } from '#rules/deadline/due-date.ts'
import type { Household } from './household.ts'
import type { Officer } from './staff.ts'
import type { Stamp, Walked } from './walk.ts'

/** A case as it stands: who wants what, how far it has come, and what the rules have said of it. */
export interface SeededCase {
  readonly caseId: string
  readonly caseNumber: string
  readonly family: Household
  readonly createdBy: Officer
  readonly created: Stamp
  readonly walked: Walked
  readonly facts: LoanFacts
  readonly assessment: LoanAssessment
  readonly snapshot: PolicySnapshot
  readonly today: PlainDate
  readonly calendar: Calendar
}

/** What every row of a case carries. */
export const common = ({ caseId, family }: SeededCase) => ({ case_id: caseId, org_id: family.branch.orgId, access_group_id: 'OPEN' })

/** The day on which an action was decided; null where it was not. */
export const decidedOn = ({ walked }: SeededCase, action: string): PlainDate | null =>
  walked.decisions.find((one) => one.action === action)?.decided_on ?? null

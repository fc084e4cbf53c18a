import type { LoanAssessment } from '#contracts/loan-assessment.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import { recordedFacts, verdictContent, type RecordedReason } from '#contracts/recorded-verdict.ts'
import type { Db, Tx } from '#db/connect.ts'
import { readVerdict } from '#db/read/loan.ts'
import type { LockedCase } from '#db/write/cases.ts'
import { keepHomeOrder, keepVerdict, type VerdictKind } from '#db/write/loan.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { LOAN_RULE_VERSION } from '#rules/loan/assess.ts'
import { releaseResult, type ApprovedTerms, type Recheck } from '#rules/loan/recheck.ts'
import { keepSnapshot } from '../policy.ts'

/** What the rules were asked with, and the policy they were asked under. */
interface Asked {
  readonly facts: LoanFacts
  readonly policy: PolicySnapshot
}

/** Keeps what the rules have found of an application, and the order of the home with it: everybody after works with this verdict. */
export async function keepAssessment(tx: Tx, kase: LockedCase, { facts, policy }: Asked, result: LoanAssessment): Promise<void> {
  await keep(tx, kase, 'ASSESSMENT', { facts, policy }, result)
  await keepHomeOrder(tx, kase.case_id, result.homeOrder)
}

/** Keeps what the rules have found before money moves, against what was approved. */
export const keepReleaseCheck = (tx: Tx, kase: LockedCase, asked: Asked, approved: ApprovedTerms, recheck: Recheck): Promise<void> =>
  keep(tx, kase, 'RELEASE_CHECK', asked, releaseResult(approved, recheck))

const keep = async (
  tx: Tx,
  kase: LockedCase,
  kind: VerdictKind,
  { facts, policy }: Asked,
  result: { readonly outcome: string },
): Promise<void> =>
  keepVerdict(tx, kase, {
    kind,
    outcome: result.outcome,
    ruleVersion: LOAN_RULE_VERSION,
    snapshotId: await keepSnapshot(tx, policy),
    content: { facts, result },
  })

/** What the last verdict of a kind was reached with, and its reasons. */
export interface VerdictBefore {
  readonly facts: LoanFacts
  readonly reasons: readonly RecordedReason[]
}

/** The last verdict of a kind, as far as the next one goes on from it. */
export async function readVerdictBefore(from: Db | Tx, caseId: string, kind: VerdictKind): Promise<VerdictBefore | undefined> {
  const verdict = await readVerdict(from, caseId, kind)
  if (!verdict) return undefined
  const content = verdictContent(verdict.content)
  return { facts: recordedFacts(content), reasons: content.result.reasons }
}

import type { LoanAssessment } from '#contracts/loan-assessment.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import { fen } from '#contracts/money.ts'
import { recordedFacts, verdictContent } from '#contracts/recorded-verdict.ts'
import { canonicalJson, snapshotId } from '#db/canonical.ts'
import type { RecordedVerdict } from '#db/checks/verdicts.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { reviveSnapshot } from '#policy/revive.ts'
import { assessLoan, type LoanRuleVersion } from '#rules/loan/assess.ts'
import { liftable, recheckRelease, releaseResult, type ApprovedTerms } from '#rules/loan/recheck.ts'
import { trimRate } from './approved-terms.ts'

/**
 * Judges a recorded verdict again: the recorded version of the rule on the recorded facts under the recorded policy.
 * @returns canonical JSON of the same shape as the record's content; equal byte for byte, or something is not as it was
 * @throws RangeError for a rule version that is not kept here; TypeError or ZodError for a record that cannot be read back
 */
export function replayVerdict(verdict: RecordedVerdict): string {
  const content = verdictContent(verdict.content)
  const [facts, rule] = [recordedFacts(content), content.rule]
  const judge = RULES[rule]?.[verdict.kind]
  if (!judge) throw new RangeError(`规则版本 ${rule} 的 ${verdict.kind} 不在`)
  const snapshot = reviveSnapshot(JSON.parse(verdict.snapshotContent))
  return canonicalJson({ facts, result: judge(facts, snapshot, verdict), rule, snapshot: snapshotId(snapshot) })
}

type Judge = (facts: LoanFacts, snapshot: PolicySnapshot, verdict: RecordedVerdict) => unknown

const judgesOf = (version: LoanRuleVersion): Readonly<Record<string, Judge>> => ({
  ASSESSMENT: (facts, snapshot): LoanAssessment => assessLoan(facts, snapshot, version),
  RELEASE_CHECK: (facts, snapshot, verdict) => checkReleaseAgain(version, facts, snapshot, verdict),
})

/** Every version that has ever judged a case. A rule whose meaning changes gets a line beside the old one; none is ever taken away. */
const RULES: Readonly<Record<string, Readonly<Record<string, Judge>>>> = {
  'loan-1': judgesOf('loan-1'),
  'loan-2': judgesOf('loan-2'),
} satisfies Record<LoanRuleVersion, unknown>

/** The check before release compares with what was approved: the terms of the approval, on the assessment that it rested on. */
function checkReleaseAgain(
  version: LoanRuleVersion,
  facts: LoanFacts,
  release: PolicySnapshot,
  { assessment, approved: terms }: RecordedVerdict,
) {
  if (!assessment || !terms) throw new TypeError('放款前复核之前没有审核结论或审批')
  const content = verdictContent(assessment.content)
  const { result: assessed } = content
  const approved: ApprovedTerms = {
    amountFen: fen(BigInt(terms.amountFen)),
    months: terms.months,
    ratePercent: trimRate(assessed.ratePercent ?? ''),
    homeOrder: assessed.homeOrder ?? 'first',
    facts: recordedFacts(content),
    lifted: version === 'loan-1' ? assessed.reasons.map(({ code }) => ({ code })) : liftable(assessed.reasons),
  }
  const ruling = reviveSnapshot(JSON.parse(assessment.snapshotContent))
  return releaseResult(approved, recheckRelease(approved, facts, { ruling, release, version }))
}

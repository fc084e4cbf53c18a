import type { HomeOrder, LoanAssessment } from '#contracts/loan-assessment.ts'
import { loanFacts, type LoanFacts } from '#contracts/loan-facts.ts'
import { fen } from '#contracts/money.ts'
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
  const { facts, rule } = readContent(verdict.content)
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
  const { result: assessed, facts: factsThen } = readContent(assessment.content)
  const approved: ApprovedTerms = {
    amountFen: fen(BigInt(terms.amountFen)),
    months: terms.months,
    ratePercent: trimRate(assessed.ratePercent ?? ''),
    homeOrder: assessed.homeOrder ?? 'first',
    facts: factsThen,
    lifted: version === 'loan-1' ? assessed.reasons.map(({ code }) => ({ code })) : liftable(assessed.reasons),
  }
  const ruling = reviveSnapshot(JSON.parse(assessment.snapshotContent))
  return releaseResult(approved, recheckRelease(approved, facts, { ruling, release, contractFixesRate: false, version }))
}

interface Content {
  readonly facts: LoanFacts
  readonly rule: string
  readonly result: {
    readonly ratePercent: string | null
    readonly homeOrder: HomeOrder | null
    readonly reasons: readonly { readonly code: string; readonly figures: Readonly<Record<string, unknown>> }[]
  }
}

/** What was written down, as the rules take it. Only the facts are parsed: the result is compared as text. */
function readContent(text: string): Content {
  const content = JSON.parse(text) as Content
  return { ...content, facts: loanFacts.parse(content.facts) }
}

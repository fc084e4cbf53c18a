import type { HomeOrder, LoanAssessment } from '#contracts/loan-assessment.ts'
import { loanFacts, type LoanFacts } from '#contracts/loan-facts.ts'
import { fen } from '#contracts/money.ts'
import { canonicalJson, snapshotId } from '#db/canonical.ts'
import type { RecordedVerdict } from '#db/checks/verdicts.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { reviveSnapshot } from '#policy/revive.ts'
import { assessLoan } from '#rules/loan/assess.ts'
import { recheckRelease, type ApprovedTerms } from '#rules/loan/recheck.ts'
import { trimRate } from './machine.ts'

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

/** Every version that has ever judged a case. A rule whose meaning changes gets a line beside the old one; none is ever taken away. */
const RULES: Readonly<Record<string, Readonly<Record<string, Judge>>>> = {
  'loan-1': {
    ASSESSMENT: (facts, snapshot): LoanAssessment => assessLoan(facts, snapshot),
    RELEASE_CHECK: checkReleaseAgain,
  },
}

/** The check before release compares with what was approved: the terms of the approval, on the assessment that it rested on. */
function checkReleaseAgain(facts: LoanFacts, release: PolicySnapshot, { assessment, approved: terms }: RecordedVerdict) {
  if (!assessment || !terms) throw new TypeError('放款前复核之前没有审核结论或审批')
  const { result: assessed, facts: factsThen } = readContent(assessment.content)
  const approved: ApprovedTerms = {
    amountFen: fen(BigInt(terms.amountFen)),
    months: terms.months,
    ratePercent: trimRate(assessed.ratePercent ?? ''),
    homeOrder: assessed.homeOrder ?? 'first',
    facts: factsThen,
    lifted: assessed.reasons.map(({ code }) => code),
  }
  const ruling = reviveSnapshot(JSON.parse(assessment.snapshotContent))
  const recheck = recheckRelease(approved, facts, { ruling, release, contractFixesRate: false })
  const reasons = recheck.differences.map(({ reason }) => reason)
  return {
    outcome: recheck.release ? 'approved' : 'refused',
    amountFen: approved.amountFen,
    months: approved.months,
    ratePercent: recheck.ratePercent,
    homeOrder: approved.homeOrder,
    ceilings: [],
    reasons: recheck.release ? [] : reasons,
    notes: recheck.release ? reasons : [],
  }
}

interface Content {
  readonly facts: LoanFacts
  readonly rule: string
  readonly result: {
    readonly ratePercent: string | null
    readonly homeOrder: HomeOrder | null
    readonly reasons: readonly { readonly code: string }[]
  }
}

/** What was written down, as the rules take it. Only the facts are parsed: the result is compared as text. */
function readContent(text: string): Content {
  const content = JSON.parse(text) as Content
  return { ...content, facts: loanFacts.parse(content.facts) }
}

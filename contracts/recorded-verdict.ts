import type { LoanAssessment } from './loan-assessment.ts'
import { loanFacts, type LoanFacts } from './loan-facts.ts'

/** Anything of ours as a record keeps it: plain JSON, whole fen as decimal text. */
export type Recorded<T> = T extends bigint
  ? string
  : T extends string
    ? T
    : T extends object
      ? { readonly [K in keyof T]: Recorded<T[K]> }
      : T

/** What the rules found, of an application or before its release. */
export type RecordedResult = Recorded<Omit<LoanAssessment, 'automaticAllowed'>>
export type RecordedReason = RecordedResult['reasons'][number]

/** A verdict as it was written down: what the rules were asked with, what they found, and which version of them. */
export interface VerdictContent {
  readonly facts: Recorded<LoanFacts>
  readonly result: RecordedResult
  readonly rule: string
}

/** Reads a verdict back from its canonical text. It is not judged here: that it is still what was written, its hash and its replay say. */
export const verdictContent = (text: string): VerdictContent => JSON.parse(text) as VerdictContent

/** The facts of a verdict as the rules take them. @throws ZodError for a record that no rule of today can be asked with */
export const recordedFacts = ({ facts }: VerdictContent): LoanFacts => loanFacts.parse(facts)

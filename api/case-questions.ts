import type { CaseView } from '#contracts/api/cases.ts'
import { recordedFacts } from '#contracts/recorded-verdict.ts'
import type { readVerdicts } from '#db/read/case-page.ts'
import { handQuestions } from '#rules/loan/by-hand.ts'

/** Which verdict a stage asks about that waits for what an officer finds out; no other stage asks anything. */
const ASKING: Readonly<Record<string, string>> = {
  MANUAL_CHECK: 'ASSESSMENT',
  RELEASE_HELD: 'RELEASE_CHECK',
  SENIOR_RELEASE: 'RELEASE_CHECK',
}

/** What has to be read on paper (人工核验), by the facts that the rules were asked with. @param verdicts newest first */
export function presentQuestions(stage: string, verdicts: Awaited<ReturnType<typeof readVerdicts>>): CaseView['questions'] {
  const verdict = verdicts.find(({ kind }) => kind === ASKING[stage])
  if (!verdict) return []
  return [...handQuestions(recordedFacts(verdict.content), verdict.content.result.reasons)]
}

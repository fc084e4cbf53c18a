import { PARAMETERS, type ParameterKey } from './catalogue.ts'
import type { PolicySnapshot } from './policy-at.ts'

/**
 * What each paper rests on by itself: a receipt counts days and knows nothing of repricing. What a refusal rests on besides are the
 * articles of its reasons.
 */
const RESTS_ON = {
  ACCEPTANCE_RECEIPT: ['decisionDaysMax', 'decisionDaysUnit'],
  NON_ACCEPTANCE: [],
  SUPPLEMENT: ['answerDays'],
  APPROVAL: ['approvalValidDays'],
  REFUSAL: [],
  REPAYMENT_PLAN: ['firstPeriod', 'repricingSplit', 'penaltyBase', 'penaltyPercentOfRate'],
  // What a letter says of review goes by the day of the letter, whatever day ruled the case.
  REMEDY: ['reviewBody'],
} as const satisfies Record<string, readonly ParameterKey[]>

/**
 * The assumed values that a paper must own up to, each with its name and the reason for it. @param articles what the paper cites
 */
export function assumptionsOn(paper: keyof typeof RESTS_ON, { values }: PolicySnapshot, articles: readonly string[] = []): string[] {
  const own: readonly ParameterKey[] = RESTS_ON[paper]
  return (Object.keys(PARAMETERS) as ParameterKey[]).flatMap((key) => {
    const value = values[key]
    if (value?.standing !== 'ASSUMED' || !(own.includes(key) || articles.includes(value.article))) return []
    return [`${PARAMETERS[key].label}（${value.reason ?? value.article}）`]
  })
}

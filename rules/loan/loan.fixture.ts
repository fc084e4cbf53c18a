import { plainDate } from '#contracts/dates.ts'
import { exampleFacts } from '#contracts/loan-example.ts'
import { loanFacts, type LoanFacts } from '#contracts/loan-facts.ts'
import { fen, type Fen } from '#contracts/money.ts'
import { policyAt, type PolicyRow, type PolicySnapshot } from '#policy/policy-at.ts'
import { publishedRows } from '#policy/published.ts'

/** For tests only: the example loan, the two cities on one day, and ways to change one thing. */
export const example = loanFacts.parse(exampleFacts)
export const xinxiang = policyAt(publishedRows, 'xinxiang', plainDate('2025-11-03'))
export const changyuan = policyAt(publishedRows, 'changyuan', plainDate('2025-11-03'))

export const yuan = (whole: number): Fen => fen(BigInt(whole) * 100n)
export const told = <T>(value: T) => ({ state: 'KNOWN' as const, source: '测试', value })
export const silent = { state: 'UNAVAILABLE' as const, source: '测试', cause: '超时' }

export type Change = (facts: LoanFacts) => unknown

/** The example with one thing changed, so that a case shows nothing but what it is about. */
export const but = (...changes: readonly Change[]): LoanFacts => {
  const facts = loanFacts.parse(exampleFacts)
  changes.forEach((change) => change(facts))
  return facts
}

export type Contribution = Extract<LoanFacts['borrower']['contribution'], { state: 'KNOWN' }>['value']

/** Changes the contributions of the borrower, or of the spouse. */
export const contributing =
  (change: Partial<Contribution>, of: 'borrower' | 'spouse' = 'borrower'): Change =>
  (facts) => {
    const person = facts[of]
    if (person?.contribution.state === 'KNOWN') person.contribution = told({ ...person.contribution.value, ...change })
  }

export const childrenOf =
  (minorChildren: number): Change =>
  (facts) =>
    (facts.family = told({ maritalStatus: 'MARRIED', minorChildren }))

/** Xinxiang's policy of that day with one more row of its own. */
export const xinxiangWith = (row: Pick<PolicyRow, 'key' | 'value'>): PolicySnapshot => {
  const added: PolicyRow = {
    ...row,
    scope: 'xinxiang',
    effectiveOn: plainDate('2025-01-01'),
    standing: 'PUBLISHED',
    source: '测试文件',
    article: '第一条',
  }
  return policyAt([...publishedRows, added], 'xinxiang', plainDate('2025-11-03'))
}

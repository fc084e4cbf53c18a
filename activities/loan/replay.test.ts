import { describe, expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { exampleFacts } from '#contracts/loan-example.ts'
import { loanFacts } from '#contracts/loan-facts.ts'
import { canonicalJson, sha256Hex, snapshotId } from '#db/canonical.ts'
import { replayOne, type RecordedVerdict } from '#db/checks/verdicts.ts'
import { policyAt } from '#policy/policy-at.ts'
import { publishedRows } from '#policy/published.ts'
import { assessLoan, LOAN_RULE_VERSION } from '#rules/loan/assess.ts'
import { replayVerdict } from './replay.ts'

const facts = loanFacts.parse(exampleFacts)
const policy = policyAt(publishedRows, 'xinxiang', plainDate('2025-11-03'))

/** An assessment as the data check writes it down. */
const recorded = (change: Partial<RecordedVerdict> = {}): RecordedVerdict => {
  const result = assessLoan(facts, policy)
  const content = canonicalJson({ facts, result, rule: LOAN_RULE_VERSION, snapshot: snapshotId(policy) })
  return {
    caseNumber: '新贷（2025）1号',
    kind: 'ASSESSMENT',
    round: 3,
    ruleVersion: LOAN_RULE_VERSION,
    outcome: result.outcome,
    snapshotId: snapshotId(policy),
    content,
    hash: sha256Hex(content),
    snapshotContent: canonicalJson(policy),
    ...change,
  }
}

test('a verdict on record is reached again, byte for byte', () => {
  const verdict = recorded()
  expect(replayVerdict(verdict)).toBe(verdict.content)
  expect(replayOne(verdict, replayVerdict)).toEqual({ same: true })
})

describe('what is not as it was does not come out the same', () => {
  const { content } = recorded()
  const otherDay = canonicalJson(policyAt(publishedRows, 'xinxiang', plainDate('2025-11-04')))
  const cases: readonly { readonly name: string; readonly change: Partial<RecordedVerdict>; readonly why: RegExp }[] = [
    {
      name: 'another amount',
      change: { content: content.replace(/"result":\{"amountFen":"\d+"/, '"result":{"amountFen":"1"') },
      why: /结论与记录不同/,
    },
    {
      name: 'other facts',
      change: { content: content.replace(/"monthlyIncomeFen":"\d+"/, '"monthlyIncomeFen":"1"') },
      why: /结论与记录不同/,
    },
    { name: 'the policy of another day', change: { snapshotContent: otherDay }, why: /结论与记录不同/ },
    { name: 'a policy that is gone', change: { snapshotContent: 'null' }, why: /不能重新审核/ },
    { name: 'a rule nobody keeps', change: { content: content.replace(`"rule":"${LOAN_RULE_VERSION}"`, '"rule":"loan-0"') }, why: /规则版本 loan-0/ },
    { name: 'facts that are none', change: { content: content.replace('"sex":"MALE"', '"sex":"OTHER"') }, why: /不能重新审核/ },
    { name: 'a release check without what was approved', change: { kind: 'RELEASE_CHECK' }, why: /没有审核结论或审批/ },
  ]
  test.each(cases)('$name', ({ change, why }) => {
    const replayed = replayOne(recorded(change), replayVerdict)
    expect(replayed.same ? '' : replayed.why).toMatch(why)
  })
})

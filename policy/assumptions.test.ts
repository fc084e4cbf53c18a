import { expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { assumptionsOn } from './assumptions.ts'
import { policyAt } from './policy-at.ts'
import { publishedRows } from './published.ts'

const policy = policyAt(publishedRows, 'xinxiang', plainDate('2025-11-03'))

test('a receipt names the assumption about counting days, and none about interest or ceilings', () => {
  expect(assumptionsOn('ACCEPTANCE_RECEIPT', policy)).toEqual([expect.stringContaining('审批时限的计算单位（')])
})

test('a refusal names what its reasons cite, and nothing else', () => {
  const cited = policy.values.contributionMonthsMin.article
  expect(assumptionsOn('REFUSAL', policy, [cited, '《住房公积金管理条例》第二十六条'])).toEqual([
    expect.stringContaining('申请前连续足额缴存的最少月数（'),
  ])
  expect(assumptionsOn('REFUSAL', policy, [])).toEqual([])
})

test('a plan names how the first period and penalty interest are counted', () => {
  const named = assumptionsOn('REPAYMENT_PLAN', policy).join()
  for (const label of ['首期', '罚息']) expect(named).toContain(label)
})

import { describe, expect, it } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { snapshotId } from '#db/canonical.ts'
import type { ParameterKey } from './catalogue.ts'
import { NoPolicyInForce, policyAt, type PolicyRow } from './policy-at.ts'
import { publishedRows } from './published.ts'
import type { Entity, Scope } from './scopes.ts'

const valueOn = (scope: Scope, date: string, key: ParameterKey): unknown =>
  policyAt(publishedRows, scope, plainDate(date)).values[key]?.value

describe('values the day before and the day they begin', () => {
  const cases: readonly [string, Entity, ParameterKey, string, unknown, string, unknown][] = [
    ['the first-home rate fell on 18 May 2024', 'xinxiang', 'rateFirstLongPercent', '2024-05-17', '3.10', '2024-05-18', '2.85'],
    ['the short second-home rate fell with it', 'changyuan', 'rateSecondShortPercent', '2024-05-17', '3.025', '2024-05-18', '2.775'],
    ['the first-home rate fell again on 8 May 2025', 'xinxiang', 'rateFirstLongPercent', '2025-05-07', '2.85', '2025-05-08', '2.60'],
    ['the second-home floor fell with it', 'changyuan', 'rateSecondLongPercent', '2025-05-07', '3.325', '2025-05-08', '3.075'],
    ['a loan accepted from 20 September 2026 on is decided in 10 days', 'xinxiang', 'decisionDaysMax', '2026-09-19', 15, '2026-09-20', 10],
  ]
  it.each(cases)('%s', (_sentence, scope, key, before, old, from, now) => {
    expect(valueOn(scope, before, key)).toBe(old)
    expect(valueOn(scope, from, key)).toBe(now)
  })

  it('retirement ages stand still until 2024 and slide from 1 January 2025', () => {
    expect(valueOn('xinxiang', '2024-12-31', 'retirementAges')).toMatchObject({ MALE_60: { ageMonths: 720, slide: null } })
    expect(valueOn('xinxiang', '2025-01-01', 'retirementAges')).toMatchObject({
      FEMALE_50: { slide: { monthsPerStep: 2, ageMonthsMax: 660 } },
    })
  })
})

describe('what the centres published', () => {
  const cases: readonly [Entity, ParameterKey, unknown][] = [
    ['xinxiang', 'maxOneContributorFen', 45000000n],
    ['xinxiang', 'maxTwoContributorsFen', 65000000n],
    ['xinxiang', 'multiChildUpliftFenMax', 15000000n],
    ['xinxiang', 'homeCounting', 'REGISTRY'],
    ['changyuan', 'maxOneContributorFen', 40000000n],
    ['changyuan', 'maxTwoContributorsFen', 60000000n],
    ['changyuan', 'multiChildUpliftFenMax', 10000000n],
    ['changyuan', 'downPaymentSecondPercent', '30'],
    ['changyuan', 'homeCounting', 'REGISTRY_AND_HOUSING_DEPARTMENT'],
  ]
  it.each(cases)('%s publishes %s', (scope, key, value) => {
    const found = policyAt(publishedRows, scope, plainDate('2024-06-03')).values[key]
    expect(found).toMatchObject({ value, standing: 'PUBLISHED', source: '新乡（市）住房公积金2024年年度报告' })
  })

  it('Changyuan has no loan-history clause and Xinxiang no talent terms', () => {
    expect(valueOn('changyuan', '2024-06-03', 'loansUsedMax')).toBeUndefined()
    expect(valueOn('xinxiang', '2024-06-03', 'talents')).toBeUndefined()
  })

  it('every assumed value says why it was assumed', () => {
    expect(publishedRows.filter((row) => row.standing === 'ASSUMED' && !row.reason)).toEqual([])
  })
})

describe('dates without a policy', () => {
  it.each([
    ['xinxiang', '2024-03-14', '2024-03-15'],
    ['changyuan', '2023-12-31', '2024-01-01'],
  ] as const)('%s refuses %s by name and says where its policy begins', (scope, date, first) => {
    const ask = (): unknown => policyAt(publishedRows, scope, plainDate(date))
    expect(ask).toThrow(NoPolicyInForce)
    expect(ask).toThrow(`可用的最早日期为${first}`)
    expect(policyAt(publishedRows, scope, plainDate(first)).date).toBe(first)
  })
})

describe('snapshots', () => {
  const date = plainDate('2025-11-03')
  const row = (over: Partial<PolicyRow>): PolicyRow => ({
    key: 'amountStepFen',
    scope: 'xinxiang',
    effectiveOn: plainDate('2025-01-01'),
    value: '1000000',
    standing: 'PUBLISHED',
    source: '测试',
    article: '测试',
    ...over,
  })

  it('rows in another order, through JSON and with null reasons, give the same id', () => {
    const asFromDatabase = publishedRows
      .toReversed()
      .map((one) => ({ ...(JSON.parse(JSON.stringify(one)) as PolicyRow), reason: one.reason ?? null }))
    expect(snapshotId(policyAt(asFromDatabase, 'xinxiang', date))).toBe(snapshotId(policyAt(publishedRows, 'xinxiang', date)))
    expect(snapshotId(policyAt(publishedRows, 'xinxiang', date))).toMatch(/^xinxiang@2025-11-03#[0-9a-f]{12}$/)
  })

  it('one changed value changes the id', () => {
    expect(snapshotId(policyAt([...publishedRows, row({})], 'xinxiang', date))).not.toBe(
      snapshotId(policyAt(publishedRows, 'xinxiang', date)),
    )
  })

  it('a value of the entity goes before the province, the province before the nation', () => {
    const term = { key: 'termMonthsMax', effectiveOn: plainDate('2023-01-01') }
    const rows = [...publishedRows, row({ ...term, scope: 'henan', value: 300 })]
    expect(policyAt(rows, 'xinxiang', date).values.termMonthsMax.value).toBe(300)
    expect(policyAt([...rows, row({ ...term, value: 240 })], 'xinxiang', date).values.termMonthsMax).toMatchObject({
      value: 240,
      scope: 'xinxiang',
    })
  })

  it('an abolished value is absent from its day on, not before', () => {
    const rows = [...publishedRows, row({ key: 'multiChildUpliftFenMax', value: null, effectiveOn: plainDate('2025-11-03') })]
    expect(policyAt(rows, 'xinxiang', plainDate('2025-11-02')).values.multiChildUpliftFenMax?.value).toBe(15000000n)
    expect(policyAt(rows, 'xinxiang', date).values.multiChildUpliftFenMax).toBeUndefined()
  })

  it.each([
    ['an unknown parameter', row({ key: 'maxLoan' })],
    ['an unknown place', row({ scope: 'zhengzhou' })],
    ['money written as a number', row({ value: 1000 })],
    ['a count that is no whole number', row({ key: 'termMonthsMax', value: 30.5 })],
  ])('%s is a fault of the rows, not of the case', (_sentence, bad) => {
    expect(() => policyAt([...publishedRows, bad], 'xinxiang', date)).toThrow(TypeError)
  })

  it('two values for one day are refused', () => {
    expect(() => policyAt([...publishedRows, row({}), row({ value: '1' })], 'xinxiang', date)).toThrow('two values')
  })

  it('is frozen to its depth', () => {
    const { values } = policyAt(publishedRows, 'xinxiang', date)
    expect(Object.isFrozen(values.retirementAges.value.MALE_60.slide)).toBe(true)
  })
})

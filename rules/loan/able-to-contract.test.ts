import { describe, expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { fen } from '#contracts/money.ts'
import { policyAt } from '#policy/policy-at.ts'
import { publishedRows } from '#policy/published.ts'
import { ableToContract } from './able-to-contract.ts'
import { assessLoan } from './assess.ts'
import { but, contributing, silent, xinxiang, type Change } from './loan.fixture.ts'

const born =
  (on: string): Change =>
  (facts) =>
    (facts.borrower.bornOn = plainDate(on))
const codesOf = (...changes: Change[]) => ableToContract(but(...changes), xinxiang).map(({ code }) => code)

describe('whoever will owe may bind themselves', () => {
  test.each<[string, readonly Change[], string[]]>([
    ['on the eighteenth birthday', [born('2007-11-03')], []],
    ['the day before, living on wages of their own: to be looked at', [born('2007-11-04')], ['MINOR_ON_WAGES']],
    ['on the sixteenth birthday, likewise', [born('2009-11-03')], ['MINOR_ON_WAGES']],
    ['the day before that, whatever they earn', [born('2009-11-04')], ['NOT_ADULT']],
    ['at seventeen without an account', [born('2008-06-01'), contributing({ status: 'NONE' })], ['NOT_ADULT']],
    ['at seventeen without income', [born('2008-06-01'), (facts) => (facts.borrower.monthlyIncomeFen = fen(0n))], ['NOT_ADULT']],
    [
      'at seventeen while the books are silent: nothing is said here',
      [born('2008-06-01'), (facts) => (facts.borrower.contribution = silent)],
      [],
    ],
  ])('%s', (_, changes, expected) => {
    expect(codesOf(...changes)).toEqual(expected)
  })

  test('a note refuses nothing; what loan-1 refused it refuses still', () => {
    const facts = but(born('2007-11-04'))
    expect(assessLoan(facts, xinxiang).reasons.map(({ code }) => code)).not.toContain('NOT_ADULT')
    expect(assessLoan(facts, xinxiang, 'loan-1').reasons.map(({ code }) => code)).toContain('NOT_ADULT')
  })
})

describe('a ban for fraud', () => {
  const banned: Change = (facts) =>
    (facts.borrower.bans = [{ kind: 'LOAN_FRAUD', until: plainDate('2027-01-01'), decisionNumber: '测试1号' }])
  const found = (day: string, version: 'loan-1' | 'loan-2') =>
    assessLoan(but(banned), policyAt(publishedRows, 'xinxiang', plainDate(day)), version).reasons.find(({ code }) => code === 'UNDER_BAN')

  test('rests on the Regulation from the day on which it had an article, and before it on the decision', () => {
    expect(['2026-09-19', '2026-09-20'].map((day) => found(day, 'loan-2')?.article)).toEqual([
      '作出限制的生效决定',
      '《住房公积金管理条例》第四十一条',
    ])
    expect(found('2026-09-19', 'loan-2')?.override).toBe('NEVER')
  })

  test('says that its last day belongs to it; what loan-1 has said stays as it was', () => {
    expect(found('2025-11-03', 'loan-2')?.text).toBe('借款人因骗取住房公积金贷款（测试1号）在2027-01-01前（含当日）不得申请贷款')
    expect(found('2025-11-03', 'loan-1')).toMatchObject({
      text: '借款人因骗取住房公积金贷款（测试1号）在2027-01-01前不得申请贷款',
      article: '《住房公积金管理条例》第四十一条',
    })
  })
})

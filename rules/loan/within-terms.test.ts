import { describe, expect, it } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { fen } from '#contracts/money.ts'
import { assessLoan } from './assess.ts'
import { but, contributing, example, silent, told, xinxiang, yuan, type Change } from './loan.fixture.ts'
import { loanRate } from './rate.ts'
import { recheckRelease } from './recheck.ts'
import { grantable, withinTerms } from './within-terms.ts'

const against = (amountYuan: number, months: number, ...changes: Change[]): string[] =>
  withinTerms({ amountFen: yuan(amountYuan), months }, but(...changes), xinxiang).map(({ text }) => text)

describe('the ceilings bind whoever grants', () => {
  const single: Change = (f) => Object.assign(f, { spouse: null, family: told({ maritalStatus: 'SINGLE', minorChildren: 0 }) })
  const creditSilent: Change = (f) => (f.borrower.credit = silent)
  const tooShort = contributing({ monthsContinuous: 5 })
  const arrears: Change = (f) => (f.borrower.credit = told({ overdueNowFen: fen(1n), overdueRunMonths: 0, overdueTimes24Months: 0 }))

  it.each<[string, Change[]]>([
    ['when nothing speaks against the loan', []],
    ['while a source is silent', [creditSilent]],
    ['when a refusal is to be lifted', [tooShort]],
    ['when arrears are to be lifted', [arrears]],
  ])('%s', (_sentence, changes) => {
    expect(against(450_000, 240, single, ...changes, (f) => (f.borrower.monthlyIncomeFen = yuan(9_800)))).toEqual([])
    expect(against(451_000, 240, single, ...changes)).toEqual(['金额超过规则结论允许的上限450,000.00元（最高贷款额度）'])
  })

  it('an approved verdict and what may be granted are the same', () => {
    const { amountFen, months } = assessLoan(example, xinxiang)
    expect(grantable(example, xinxiang)).toMatchObject({ amountFen, months })
  })

  it('a refusal of the income gives way together with the ceiling that says the same, and no other', () => {
    const poor: Change = (f) => (f.borrower.otherMonthlyDebtFen = yuan(90_000))
    expect(assessLoan(but(poor), xinxiang).reasons.map(({ code }) => code)).toContain('INCOME_INSUFFICIENT')
    expect(against(650_000, 360, poor)).toEqual([])
    expect(against(651_000, 360, poor, (f) => (f.applied.amountFen = yuan(700_000)))).toEqual([
      '金额超过规则结论允许的上限650,000.00元（最高贷款额度）',
    ])
  })

  it('a term that is over for the borrower’s age may be lifted up to the longest there is', () => {
    const old: Change = (f) => (f.borrower.bornOn = plainDate('1950-01-01'))
    expect(assessLoan(but(old), xinxiang).reasons.map(({ code }) => code)).toContain('NO_TERM_LEFT')
    expect(against(100_000, 120, old)).toEqual([])
    expect(against(100_000, 361, old)).toEqual(['期限超过规则结论允许的360个月'])
  })

  const modest: Change = (f) => {
    Object.assign(f, { spouse: null, family: told({ maritalStatus: 'SINGLE', minorChildren: 0 }) })
    f.borrower.monthlyIncomeFen = yuan(5_000)
    f.borrower.otherMonthlyDebtFen = yuan(0)
  }

  it('a shorter term is granted no more than the household can bear in it', () => {
    const { amountFen, months } = assessLoan(but(modest), xinxiang)
    expect([amountFen, months]).toEqual([yuan(450_000), 360])
    expect(against(450_000, 360, modest)).toEqual([])
    // 3 000 yuan a month at 2.10 % over 60 months bear 170 710 yuan.
    expect(against(170_000, 60, modest)).toEqual([])
    expect(against(171_000, 60, modest)).toEqual(['金额超过规则结论允许的上限170,000.00元（还款能力，按60个月计）'])
  })

  it.each([12, 60, 61, 120, 240, 359, 360])('what is granted for %i months and stands as it was is released', (months) => {
    const facts = but(modest)
    const most = grantable(facts, xinxiang, months)
    const terms = { amountFen: most?.amountFen ?? fen(0n), months }
    expect(withinTerms(terms, facts, xinxiang)).toEqual([])
    const approved = { ...terms, ratePercent: loanRate(xinxiang, 'first', months).value, homeOrder: 'first' as const, facts, lifted: [] }
    const recheck = recheckRelease(approved, facts, { ruling: xinxiang, release: xinxiang })
    expect(recheck).toMatchObject({ consequence: 'CONTINUE', differences: [] })
  })

  it('in whole thousands, and no less than the smallest loan unless that was lifted', () => {
    expect(withinTerms({ amountFen: 12_345_678n, months: 360 }, example, xinxiang).map(({ text }) => text)).toEqual([
      '金额须为1,000.00元的整数倍',
    ])
    expect(against(9_000, 360)).toEqual(['金额低于最低贷款额10,000.00元'])
    expect(against(10_000, 360)).toEqual([])
    expect(against(9_000, 360, (f) => (f.applied.amountFen = yuan(9_000)))).toEqual([])
  })

  it('nothing can be granted while nobody knows how many homes there are', () => {
    expect(against(1_000, 12, (f) => (f.homesInPlace = silent))).toEqual(['购房地住房套数尚未查明或者已达上限，不能确定可贷的金额与期限'])
  })
})

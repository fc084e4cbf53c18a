import { describe, expect, it } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { policyAt } from '#policy/policy-at.ts'
import { publishedRows } from '#policy/published.ts'
import type { RetirementCategory } from '#policy/value-types.ts'
import { but, xinxiang, xinxiangWith, type Change } from './loan.fixture.ts'
import { loanTerm, retirementAgeMonths } from './term.ts'

describe('statutory retirement', () => {
  const cases: readonly [RetirementCategory, string, string, number][] = [
    ['MALE_60', '1964-12-31', '60 years', 720],
    ['MALE_60', '1965-01-01', '60 years and 1 month', 721],
    ['MALE_60', '1965-04-30', '60 years and 1 month', 721],
    ['MALE_60', '1965-05-01', '60 years and 2 months', 722],
    ['MALE_60', '1976-08-31', '62 years and 11 months', 755],
    ['MALE_60', '1976-09-01', '63 years', 756],
    ['MALE_60', '2000-01-01', '63 years', 756],
    ['FEMALE_55', '1969-12-31', '55 years', 660],
    ['FEMALE_55', '1970-01-01', '55 years and 1 month', 661],
    ['FEMALE_55', '1981-09-01', '58 years', 696],
    ['FEMALE_50', '1974-12-31', '50 years', 600],
    ['FEMALE_50', '1975-01-01', '50 years and 1 month', 601],
    ['FEMALE_50', '1975-03-01', '50 years and 2 months', 602],
    ['FEMALE_50', '1984-10-31', '54 years and 11 months', 659],
    ['FEMALE_50', '1984-11-01', '55 years', 660],
  ]
  it.each(cases)('%s, born %s: %s', (category, bornOn, _words, months) => {
    expect(retirementAgeMonths(plainDate(bornOn), xinxiang.values.retirementAges.value[category])).toBe(months)
  })

  it('the day before the reform, a man of any year retires at 60', () => {
    const before = policyAt(publishedRows, 'xinxiang', plainDate('2024-12-31')).values.retirementAges.value.MALE_60
    expect(retirementAgeMonths(plainDate('1990-01-01'), before)).toBe(720)
  })
})

describe('the term', () => {
  const born =
    (bornOn: string): Change =>
    (f) =>
      (f.borrower.bornOn = plainDate(bornOn))
  const resale =
    (builtYear: number): Change =>
    (f) =>
      Object.assign(f.home, { kind: 'RESALE', builtYear, receivingAccount: 'ESCROW' })

  it.each<[string, Change, number, string]>([
    ['is thirty years for a man of 35', () => {}, 360, '申请期限'],
    ['ends five years after retirement at 63: born 3 November 1987, thirty years are left', born('1987-11-03'), 360, '申请期限'],
    ['born a day earlier, a month is missing', born('1987-11-02'), 359, '借款人年龄'],
    ['is one month for a man who turns 65 in a month', born('1960-12-03'), 1, '借款人年龄'],
    ['is gone on the day he turns 65', born('1960-11-03'), 0, '借款人年龄'],
    ['and is not negative later', born('1950-01-01'), 0, '借款人年龄'],
    ['what is asked, when that is less', (f) => (f.applied.months = 120), 120, '申请期限'],
  ])('%s', (_sentence, change, months, label) => {
    expect(loanTerm(but(change), xinxiang)).toMatchObject({ months, limit: { label } })
  })

  it('knows no limit by the age of the building where the city publishes none', () => {
    expect(loanTerm(but(resale(1990)), xinxiang).months).toBe(360)
  })

  it.each([
    [40, 2010, 300],
    [30, 2010, 180],
    [40, 1985, 0],
    [40, 1980, 0],
  ])('with %i years for building and term together, a home of %i leaves %i months', (limit, builtYear, months) => {
    expect(loanTerm(but(resale(builtYear)), xinxiangWith({ key: 'resaleBuildingAndTermYearsMax', value: limit })).months).toBe(months)
  })
})

import { describe, expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { assessLoan } from './assess.ts'
import { inLendingArea } from './in-lending-area.ts'
import { but, changyuan, told, xinxiang, yuan, type Change } from './loan.fixture.ts'
import { recheckRelease } from './recheck.ts'

const codesOf = (change: Change): string[] => {
  const { reasons, notes } = assessLoan(but(change), xinxiang)
  return [...reasons, ...notes].map(({ code }) => code)
}
const before = codesOf(() => undefined)
const filing =
  (homeMatches: boolean | undefined): Change =>
  (facts) =>
    (facts.home.filing = told({
      priceFen: facts.home.contractPriceFen,
      valid: true,
      buyersMatch: true,
      ...(homeMatches === undefined ? {} : { homeMatches }),
    }))

describe('the home that is lent on', () => {
  test.each<[string, Change, string[]]>([
    ['filed as it was applied for', filing(true), []],
    ['whose filing says nothing of the home, as in older records', filing(undefined), []],
    ['filed as another home', filing(false), ['FILING_OTHER_HOME']],
    ['with a mortgage of another’s', (facts) => (facts.home.otherMortgages = 2), ['HOME_MORTGAGED']],
    ['with none', (facts) => (facts.home.otherMortgages = 0), []],
  ])('%s', (_what, change, codes) => expect(codesOf(change).filter((code) => !before.includes(code))).toEqual(codes))
})

describe('before the money', () => {
  const approved = { amountFen: yuan(400_000), months: 240, ratePercent: '2.60', homeOrder: 'first', facts: but(), lifted: [] } as const
  const policies = { ruling: xinxiang, release: xinxiang }
  test.each<[string, Change, string[]]>([
    ['another’s mortgage that still stands holds it', (facts) => (facts.home.otherMortgages = 1), ['HOME_STILL_MORTGAGED']],
    [
      'a guarantee company that no longer stands for it holds it',
      (facts) => (facts.surety = told({ committed: false, validUntil: null })),
      ['GUARANTEE_DOUBTED'],
    ],
    ['one that stands for it does not', (facts) => (facts.surety = told({ committed: true, validUntil: plainDate('2026-12-31') })), []],
  ])('%s', (_what, change, codes) => {
    const { differences, release } = recheckRelease(approved, but(change), policies)
    expect(differences.map(({ reason }) => reason.code)).toEqual(codes)
    expect(release).toBe(codes.length === 0)
  })
})

describe('the lending area', () => {
  test.each([
    ['the centre’s own', ['410700'], xinxiang, true],
    ['the county’s, at the city’s centre', ['410783'], xinxiang, false],
    ['the county’s, at its own', ['410783'], changyuan, true],
    ['elsewhere', ['OTHER'], xinxiang, false],
    ['one on the form, another in the registry', ['410700', '410100'], xinxiang, false],
    ['on no form and in no registry', [null, undefined], xinxiang, true],
  ] as const)('%s', (_what, places, policy, expected) => expect(inLendingArea(places, policy)).toBe(expected))

  test('is not asked about where none is set', () => {
    const values = Object.fromEntries(Object.entries(xinxiang.values).filter(([key]) => key !== 'lendingArea')) as typeof xinxiang.values
    expect(inLendingArea(['OTHER'], { ...xinxiang, values })).toBe(true)
  })
})

import { expect, it } from 'vitest'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import { silent, told, yuan } from './loan.fixture.ts'
import { mortgageStands } from './mortgage-stands.ts'

const registered = { effective: true, homeMatches: true, holderMatches: true, amountFen: yuan(400_000) }

it.each<[string, LoanFacts['mortgage'], string[]]>([
  ['the registry has it as it was contracted', told(registered), []],
  ['the registry has nothing under the number', told(null), ['MORTGAGE_NOT_REGISTERED']],
  ['it has been cancelled', told({ ...registered, effective: false }), ['MORTGAGE_CANCELLED']],
  ['it is on another home', told({ ...registered, homeMatches: false }), ['MORTGAGE_OTHER_HOME']],
  ['it is for somebody else', told({ ...registered, holderMatches: false }), ['MORTGAGE_OTHER_HOLDER']],
  ['it is over a fen less', told({ ...registered, amountFen: yuan(399_999) }), ['MORTGAGE_AMOUNT_DIFFERS']],
  ['it is over more', told({ ...registered, amountFen: yuan(400_001) }), ['MORTGAGE_AMOUNT_DIFFERS']],
  [
    'nothing about it is right: every reason is told',
    told({ effective: false, homeMatches: false, holderMatches: false, amountFen: yuan(1) }),
    ['MORTGAGE_CANCELLED', 'MORTGAGE_OTHER_HOME', 'MORTGAGE_OTHER_HOLDER', 'MORTGAGE_AMOUNT_DIFFERS'],
  ],
  ['a silent registry is the matter of another rule', silent, []],
  ['nobody has been asked yet', undefined, []],
])('%s', (_sentence, mortgage, codes) => {
  expect(mortgageStands(mortgage, yuan(400_000)).map(({ code }) => code)).toEqual(codes)
})

it('both amounts are printed', () => {
  const [reason] = mortgageStands(told({ ...registered, amountFen: yuan(300_000) }), yuan(400_000))
  expect(reason?.text).toBe('登记的担保金额300,000.00元，批准的贷款金额400,000.00元')
})

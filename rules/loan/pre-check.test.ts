import { describe, expect, test } from 'vitest'
import { assessLoan } from './assess.ts'
import { but, contributing, silent, xinxiang, type Change } from './loan.fixture.ts'
import { ASKED_AFTER_ACCEPTANCE, CREDIT_BUREAU, preCheckLoan } from './pre-check.ts'

const notAsked = { state: 'UNAVAILABLE' as const, source: CREDIT_BUREAU, cause: ASKED_AFTER_ACCEPTANCE }
const bureauLater: Change = (facts) => {
  for (const person of [facts.borrower, ...(facts.spouse ? [facts.spouse] : []), ...facts.coBorrowers]) {
    person.credit = notAsked
    person.dishonestDebtor = notAsked
  }
}

describe('before acceptance, with the bureau not asked', () => {
  test('what the rest allows is said, and that credit is not in it', () => {
    const { outcome, amountFen, reasons, notes } = preCheckLoan(but(bureauLater), xinxiang)
    expect({ outcome, amountFen, reasons }).toEqual({ outcome: 'approved', amountFen: assessLoan(but(), xinxiang).amountFen, reasons: [] })
    expect(notes.map(({ code, text }) => [code, text])).toContainEqual(['CREDIT_ASKED_LATER', expect.stringContaining('本结论未计入')])
  })

  test('a refusal of another rule stays one, and a silence of another source', () => {
    expect(preCheckLoan(but(bureauLater, contributing({ monthsContinuous: 5 })), xinxiang).outcome).toBe('refused')
    expect(
      preCheckLoan(
        but(bureauLater, (facts) => (facts.homesInPlace = silent)),
        xinxiang,
      ).outcome,
    ).toBe('manual')
  })

  test('a bureau that was asked and did not answer is a silence, for a person to look into', () => {
    const down = preCheckLoan(
      but((facts) => (facts.borrower.credit = { ...notAsked, cause: '对方系统超时未答复' })),
      xinxiang,
    )
    expect([down.outcome, down.reasons.map(({ code }) => code)]).toEqual(['manual', ['SOURCE_UNAVAILABLE']])
  })

  test('the case itself never takes it for an answer', () => {
    expect(assessLoan(but(bureauLater), xinxiang).outcome).toBe('manual')
  })
})

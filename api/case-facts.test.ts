import { expect, test } from 'vitest'
import type { RecordedReason, RecordedResult } from '#contracts/recorded-verdict.ts'
import { REASON_CODES } from '#rules/reason-codes.ts'
import { presentResult } from './case-facts.ts'

const reason = (code: string): RecordedReason => ({
  code,
  article: '',
  text: '',
  figures: {},
  override: 'NEVER',
  standing: 'PUBLISHED',
})
const result = (reasons: readonly string[], notes: readonly string[] = []): RecordedResult => ({
  outcome: 'refused',
  amountFen: '0',
  months: 0,
  ratePercent: null,
  homeOrder: null,
  ceilings: [],
  reasons: reasons.map(reason),
  notes: notes.map(reason),
})

test('each reason says what it does to the case: the word of its code, which the record does not hold', () => {
  const shown = presentResult(result(['SOURCE_UNAVAILABLE', 'DISHONEST_DEBTOR', 'RATE_CHANGED'], ['PRICE_DIFFERS']))
  expect([...shown.reasons, ...shown.notes].map(({ code, effect }) => [code, effect])).toEqual([
    ['SOURCE_UNAVAILABLE', 'MANUAL'],
    ['DISHONEST_DEBTOR', 'REFUSE'],
    ['RATE_CHANGED', 'RELEASE'],
    ['PRICE_DIFFERS', 'NOTE'],
  ])
})

test('every code there is has its effect, and one that is no longer known counts as a refusal', () => {
  const codes = Object.keys(REASON_CODES)
  expect(presentResult(result(codes)).reasons.map(({ effect }) => effect)).toEqual(Object.values(REASON_CODES).map(({ effect }) => effect))
  expect(presentResult(result(['LONG_GONE'])).reasons[0]?.effect).toBe('REFUSE')
})

import { expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import type { LoanRecord } from '#contracts/loan-record.ts'
import { mayDecideLoan } from './may-decide.ts'

const today = plainDate('2025-11-03')
const checked: LoanRecord = {
  today,
  openWants: 0,
  noticesSent: 0,
  noticeDelivered: false,
  filed: [],
  releaseCheckedOn: today,
  heldForSilenceOnly: false,
  mortgageUnanswered: false,
}

test.each<[string, Partial<LoanRecord>, RegExp | undefined]>([
  ['what was checked today and of which the bank has said nothing else', {}, undefined],
  ['what was checked the day before', { releaseCheckedOn: plainDate('2025-11-02') }, /须为划款当日/],
  ['what the bank may have paid already', { bankDoubt: 'CONTRADICTED' }, /与记录矛盾，可能已经付款/],
  ['of which the bank has spoken and nobody has looked yet', { bankDoubt: 'UNJUDGED' }, /正在认定/],
])('money is paid, or not: %s', (_, record, against) => {
  const texts = mayDecideLoan('RELEASE_REQUESTED', 'pay', { ...checked, ...record }).map(({ text }) => text)
  expect(texts.join()).toEqual(against ? expect.stringMatching(against) : '')
})

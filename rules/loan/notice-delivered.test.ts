import { expect, it } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { noticeDelivered, type NoticeDelivery } from './notice-delivered.ts'

const [issuedOn, today] = [plainDate('2025-11-03'), plainDate('2025-11-06')]
const byHand: NoticeDelivery = { method: '直接送达', deliveredOn: plainDate('2025-11-05'), issuedOn, today, receipt: { state: 'NOT_SENT' } }
const byMessage: NoticeDelivery = { ...byHand, method: '电子送达' }

it.each<[string, NoticeDelivery, RegExp | undefined]>([
  ['handed over on a day in between', byHand, undefined],
  ['handed over on the day it was issued', { ...byHand, deliveredOn: issuedOn }, undefined],
  ['handed over today', { ...byHand, deliveredOn: today }, undefined],
  ['the day before it was issued', { ...byHand, deliveredOn: plainDate('2025-11-02') }, /不得早于.*2025-11-03/],
  ['tomorrow', { ...byHand, deliveredOn: plainDate('2025-11-07') }, /不得晚于今日2025-11-06/],
  ['by message, not sent yet', byMessage, /尚未发出/],
  ['by message, without a receipt', { ...byMessage, receipt: { state: 'PENDING' } }, /尚无送达回执/],
  ['by message that failed', { ...byMessage, receipt: { state: 'UNDELIVERABLE', because: '号码不存在' } }, /未能送达（号码不存在）/],
  ['by message, on the day of the receipt', { ...byMessage, receipt: { state: 'DELIVERED', on: plainDate('2025-11-05') } }, undefined],
  [
    'by message, on another day',
    { ...byMessage, receipt: { state: 'DELIVERED', on: plainDate('2025-11-04') } },
    /回执载明的送达日期是2025-11-04/,
  ],
])('%s', (_sentence, delivery, against) => {
  const found = noticeDelivered(delivery)
  expect(found).toHaveLength(against ? 1 : 0)
  if (against) expect(found[0]).toMatchObject({ code: 'RULES_REFUSE', text: expect.stringMatching(against) })
})

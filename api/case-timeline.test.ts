import { expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { presentTimeline } from './case-timeline.ts'

type Decision = Parameters<typeof presentTimeline>[1]['decisions'][number]

const DECISION: Decision = {
  decision_id: '00000000-0000-4000-8000-000000000001',
  seq: 1,
  stage: 'APPROVAL',
  stage_version: 4,
  stage_entered_at: '2025-11-03T09:00:00+08:00',
  action: 'refuse',
  to_stage: 'REFUSED',
  actor_id: '00000000-0000-4000-8000-000000000002',
  post: 'APPROVER',
  step_group: 'APPROVAL',
  opinion: '不符合条件',
  reason_code: null,
  fields: {},
  terms: null,
  decided_at: '2025-11-03T10:00:00+08:00',
  decided_on: plainDate('2025-11-03'),
  recalled_by: null,
  person_name: '何审',
  principal_name: null,
}
const NOTHING_ELSE = { notes: [], fired: [], claims: [], copies: [] }
const entryOf = (decision: Partial<Decision>) =>
  presentTimeline('loan', { ...NOTHING_ELSE, decisions: [{ ...DECISION, ...decision }] }, (day) => (day === '2025-11-03' ? 4 : null)).at(0)

test('a decision tells how many days of the clock were used by then, where it ran', () => {
  expect([entryOf({})?.daysUsed, entryOf({ decided_on: plainDate('2025-11-04') })?.daysUsed]).toEqual([4, null])
})

test('a decision tells every reason it was taken for, each in the words of the house, the first before the further ones', () => {
  const fields = { furtherReasonCodes: 'LOANS_USED_UP,INCOME_INSUFFICIENT' }
  expect(entryOf({ reason_code: 'NOT_OWN_OCCUPIED', fields })?.reasons).toEqual([
    { code: 'NOT_OWN_OCCUPIED', label: '非自住住房' },
    { code: 'LOANS_USED_UP', label: '已使用两次及以上公积金贷款' },
    { code: 'INCOME_INSUFFICIENT', label: '收入不足' },
  ])
  expect(entryOf({})?.reasons).toEqual([])
})

test('a reason that has left the catalogue is still told, by its code', () => {
  expect(entryOf({ reason_code: 'OF_AN_OLDER_CATALOGUE' })?.reasons).toEqual([
    { code: 'OF_AN_OLDER_CATALOGUE', label: 'OF_AN_OLDER_CATALOGUE' },
  ])
})

test('a second notice tells why there is one', () => {
  expect(entryOf({ fields: { secondNoticeReason: '发票系补正后才知遗失' } })?.secondNoticeReason).toBe('发票系补正后才知遗失')
  expect(entryOf({})?.secondNoticeReason).toBeNull()
})

import { expect, test } from 'vitest'
import { byGravity, lookOf } from './reason-look.ts'

const REASONS = [
  { code: 'PRICE_DIFFERS', effect: 'NOTE', override: 'NEVER' },
  { code: 'SOURCE_UNAVAILABLE', effect: 'MANUAL', override: 'NEVER' },
  { code: 'CREDIT_OVERDUE_NOW', effect: 'REFUSE', override: 'SPECIAL_APPROVAL' },
  { code: 'RATE_CHANGED', effect: 'RELEASE', override: 'NEVER' },
  { code: 'UNDER_BAN', effect: 'REFUSE', override: 'NEVER' },
  { code: 'ACCOUNT_RESTRICTED', effect: 'REFUSE', override: 'NEVER' },
] as const

test('重的在前，同等的依规则给出的次序', () => {
  expect(byGravity(REASONS).map((one) => `${one.code} ${lookOf(one).word}`)).toEqual([
    'UNDER_BAN 不可特审',
    'ACCOUNT_RESTRICTED 不可特审',
    'CREDIT_OVERDUE_NOW 可特审',
    'RATE_CHANGED 暂缓放款',
    'SOURCE_UNAVAILABLE 待核验',
    'PRICE_DIFFERS 提示',
  ])
})

test('未能取得的数据是待核验，不是不可特审：它并没有否定什么', () => {
  expect(lookOf({ effect: 'MANUAL', override: 'NEVER' })).toMatchObject({ word: '待核验', tone: 'warn' })
})

import { expect, it } from 'vitest'
import type { QueueStanding } from '#contracts/loan-record.ts'
import { policyAt } from '#policy/policy-at.ts'
import { plainDate } from '#contracts/dates.ts'
import { publishedRows } from '#policy/published.ts'
import { xinxiang, xinxiangWith, yuan } from './loan.fixture.ts'
import { roomToRelease } from './room-to-release.ts'

const first: QueueStanding = { place: 1, amountFen: yuan(400_000), freeFen: yuan(1_000_000), askedFen: yuan(0) }
const reserveOf = (whole: number) => xinxiangWith({ key: 'releaseFloorFen', value: String(yuan(whole)) })

it.each<[string, Partial<QueueStanding>, number, RegExp[]]>([
  ['there is money and nobody before', {}, 0, []],
  ['the last fen may go', { freeFen: yuan(400_000) }, 0, []],
  ['a yuan is missing', { freeFen: yuan(399_999) }, 0, [/资金不足.*399,999\.00元.*400,000\.00元/]],
  ['what others have asked for is as good as gone', { askedFen: yuan(600_001) }, 0, [/他案已申请放款600,001\.00元/]],
  ['the floor stays on the account', { freeFen: yuan(500_000) }, 100_000, []],
  ['a yuan below the floor', { freeFen: yuan(499_999) }, 100_000, [/划款后须保留100,000\.00元/]],
  ['somebody is before it, whatever the money', { place: 2 }, 0, [/轮候第2位，按批准日期前面还有1件/]],
  ['both: every reason is told', { place: 3, freeFen: yuan(1) }, 0, [/轮候第3位/, /资金不足/]],
])('%s', (_sentence, change, floor, words) => {
  const against = roomToRelease({ ...first, ...change }, reserveOf(floor))
  expect(against).toHaveLength(words.length)
  words.forEach((word, index) => expect(against[index]).toMatchObject({ code: 'RULES_REFUSE', text: expect.stringMatching(word) }))
})

it('the two cities keep no floor, and say that it is assumed', () => {
  expect(xinxiang.values.releaseFloorFen).toMatchObject({ value: 0n, standing: 'ASSUMED' })
})

it('where a centre has adopted none, nobody waits', () => {
  const without = policyAt(
    publishedRows.filter(({ key }) => key !== 'releaseFloorFen'),
    'xinxiang',
    plainDate('2025-11-03'),
  )
  expect(roomToRelease({ ...first, place: 2, freeFen: yuan(0) }, without)).toEqual([])
})

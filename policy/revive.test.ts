import { describe, expect, test } from 'vitest'
import { addDays, plainDate, type PlainDate } from '#contracts/dates.ts'
import { canonicalJson } from '#db/canonical.ts'
import { NoPolicyInForce, policyAt } from './policy-at.ts'
import { publishedRows } from './published.ts'
import { reviveSnapshot } from './revive.ts'
import { ENTITIES } from './scopes.ts'

const REFERENCE_DAY = plainDate('2025-11-03')

/** Every day on which something begins, and the day before it. */
const days = [
  ...new Set([REFERENCE_DAY, ...publishedRows.flatMap(({ effectiveOn }): PlainDate[] => [addDays(effectiveOn, -1), effectiveOn])]),
]

const inForce = ENTITIES.flatMap((entity) =>
  days.flatMap((day) => {
    try {
      return [policyAt(publishedRows, entity, day)]
    } catch (error) {
      if (error instanceof NoPolicyInForce) return []
      throw error
    }
  }),
)

test('there are snapshots to read back', () => {
  expect(inForce.length).toBeGreaterThanOrEqual(4)
})

test.each(inForce.map((snapshot) => ({ snapshot, name: `${snapshot.scope} on ${snapshot.date}` })))(
  '$name reads back as it was',
  ({ snapshot }) => {
    const text = canonicalJson(snapshot)
    const revived = reviveSnapshot(JSON.parse(text))
    expect(revived).toEqual(snapshot)
    expect(canonicalJson(revived)).toBe(text)
    expect(Object.isFrozen(revived.values)).toBe(true)
  },
)

describe('what is no snapshot is refused', () => {
  const recorded = JSON.parse(canonicalJson(policyAt(publishedRows, 'xinxiang', REFERENCE_DAY)))
  const cases = [
    { name: 'not a record', value: '[]', error: /not a record/ },
    { name: 'a scope nobody knows', value: { ...recorded, scope: 'atlantis' }, error: /unknown scope atlantis/ },
    { name: 'a day that does not exist', value: { ...recorded, date: '2025-02-30' }, error: /not a date/ },
    {
      name: 'a parameter nobody knows',
      value: { ...recorded, values: { ...recorded.values, luck: recorded.values.termMonthsMax } },
      error: /luck/,
    },
    {
      name: 'a value of the wrong type',
      value: { ...recorded, values: { ...recorded.values, termMonthsMax: { ...recorded.values.termMonthsMax, value: '三十年' } } },
      error: /termMonthsMax/,
    },
    { name: 'a required value that is gone', value: { ...recorded, values: {} }, error: NoPolicyInForce },
  ]
  test.each(cases)('$name', ({ value, error }) => {
    expect(() => reviveSnapshot(value)).toThrow(error)
  })
})

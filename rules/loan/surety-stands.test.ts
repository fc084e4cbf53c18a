import { expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import { suretyStands } from './surety-stands.ts'

const today = plainDate('2025-11-03')
const told = (committed: boolean, validUntil: string | null): LoanFacts['surety'] => ({
  state: 'KNOWN',
  source: '担保公司',
  value: { committed, validUntil: validUntil === null ? null : plainDate(validUntil) },
})

test.each<[string, LoanFacts['surety'], string | undefined]>([
  ['a loan without a company', undefined, undefined],
  ['a company that stands for it', told(true, '2026-12-31'), undefined],
  ['a commitment on its last day', told(true, '2025-11-03'), undefined],
  ['a commitment that ended yesterday', told(true, '2025-11-02'), '承诺已于2025-11-02到期'],
  ['a company that declines', told(false, null), '未出具保证承诺'],
  ['a company that does not answer is asked about elsewhere', { state: 'UNAVAILABLE', source: '担保公司', cause: '超时' }, undefined],
])('%s', (_what, surety, words) => {
  const [found] = suretyStands(surety, today)
  expect(found?.code).toBe(words === undefined ? undefined : 'GUARANTEE_DOUBTED')
  if (words !== undefined) expect(found?.text).toContain(words)
})

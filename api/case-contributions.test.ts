import { expect, test } from 'vitest'
import { verdictContent } from '#contracts/recorded-verdict.ts'
import { presentContributions } from './case-contributions.ts'

type Arguments = Parameters<typeof presentContributions>
type Verdict = Arguments[0][number]
type Party = Arguments[1][number]

const ACCOUNT = {
  status: 'NORMAL',
  membership: 'EMPLOYEE',
  place: 'LOCAL',
  monthsContinuous: 14,
  baseFen: '960000',
  monthlyFen: '192000',
  balanceFen: '11011000',
}
const known = (restricted = false) => ({
  contribution: { state: 'KNOWN', source: '本中心业务系统', value: ACCOUNT },
  accountRestricted: restricted,
})
const silent = { contribution: { state: 'UNAVAILABLE', source: '异地中心', cause: '查询超时' }, accountRestricted: false }

const verdict = (facts: Record<string, unknown>, kind = 'ASSESSMENT', madeAt = '2025-11-03T01:00:00Z'): Verdict => ({
  kind,
  rule_version: 'loan-1',
  snapshot_id: 's',
  content: verdictContent(JSON.stringify({ facts: { spouse: null, coBorrowers: [], ...facts }, result: {} })),
  hash: 'h',
  made_at: madeAt,
})

const party = (no: number, role: Party['role'], name: string, unit: string | null = null): Party => ({
  party_no: no,
  role,
  name,
  id_number_enc: null,
  phone_enc: null,
  born_on: null,
  unit_name: unit,
})

test('before the rules have looked there is nothing to show', () => {
  expect(presentContributions([], [party(1, 'BORROWER', '周景行')])).toBeNull()
})

test('the newest verdict is the one whose facts are shown, with its moment', () => {
  const shown = presentContributions(
    [verdict({ borrower: known(true) }, 'RELEASE_CHECK', '2025-12-01T01:00:00Z'), verdict({ borrower: known() })],
    [party(1, 'BORROWER', '周景行', '望禾机械')],
  )
  expect(shown).toEqual({
    takenAt: '2025-12-01T01:00:00Z',
    verdictKind: 'RELEASE_CHECK',
    people: [
      {
        role: 'BORROWER',
        name: '周*行',
        unitName: '望禾机械',
        source: '本中心业务系统',
        account: ACCOUNT,
        unavailable: null,
        restricted: true,
      },
    ],
  })
})

test('what could not be asked is said to be unknown, never an account without months', () => {
  const shown = presentContributions([verdict({ borrower: silent })], [party(1, 'BORROWER', '周景行')])
  expect(shown?.people[0]).toMatchObject({ account: null, unavailable: '查询超时', source: '异地中心' })
})

test('everybody who borrows stands in the order of the application, each under their own name; children do not', () => {
  const shown = presentContributions(
    [verdict({ borrower: known(), spouse: silent, coBorrowers: [known(true), known()] })],
    [
      party(1, 'BORROWER', '周景行'),
      party(2, 'SPOUSE', '林越'),
      party(3, 'CHILD', '周言'),
      party(4, 'CO_BORROWER', '周知远'),
      party(5, 'CO_BORROWER', '林清和'),
    ],
  )
  expect(shown?.people.map(({ role, name, restricted }) => `${role} ${name} ${restricted}`)).toEqual([
    'BORROWER 周*行 false',
    'SPOUSE 林* false',
    'CO_BORROWER 周*远 true',
    'CO_BORROWER 林*和 false',
  ])
})

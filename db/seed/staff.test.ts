import { describe, expect, test } from 'vitest'
import { foundingFile, type FoundingCentre } from '#contracts/founding.ts'
import type { OrgKind } from '#contracts/posts.ts'
import { ENTITIES } from '#policy/scopes.ts'
import { mayFound } from '#rules/founding/may-found.ts'
import { createVault } from '../vault.ts'
import { bankAccounts, CENTRES, orgRows } from './orgs.ts'
import { DEMO_DAY } from './people.ts'
import { createRandom } from './random.ts'
import { makeOfficers } from './staff.ts'

const officers = makeOfficers(createRandom(1), createVault({ dataKey: Buffer.alloc(32, 1), hashKey: Buffer.alloc(32, 2) }))

/** A centre of the demo as somebody would write it down who founds a real one. */
function centreOf(entity: keyof typeof CENTRES): FoundingCentre {
  const orgs = orgRows().filter((one) => one.reporting_entity === entity)
  const of = (kind: OrgKind) =>
    orgs.filter((one) => one.kind === kind).map((one) => ({ id: one.org_id, name: one.name, shortName: one.short_name }))
  const account = (bankOrgId: string, code: string) => {
    const found = bankAccounts().find((one) => one.bankOrgId === bankOrgId && one.ledgerCode === code)
    return found ? { number: found.number, name: found.name } : null
  }
  const [centre] = of('CENTRE')
  return {
    ...(centre ?? { id: '', name: '', shortName: '' }),
    entity,
    branches: of('BRANCH'),
    banks: of('BANK').map((bank) => ({
      ...bank,
      depositAccount: account(bank.id, '10101') ?? { number: '', name: '' },
      surplusAccount: account(bank.id, '10201'),
    })),
    guarantors: of('GUARANTOR'),
    courts: of('COURT'),
    staff: officers
      .filter(({ orgId }) => orgs.some((one) => one.org_id === orgId))
      .map(({ staffNumber, name, idNumber, orgId, posts }) => ({ staffNumber, name, idNumber, orgId, posts: [...posts] })),
  }
}

const entities = Object.keys(CENTRES) as (keyof typeof CENTRES)[]

describe.each(entities)('the demo’s centre of %s', (entity) => {
  test('could be founded as a real one: every post is where it belongs, and its people’s rights can change from the first day', () => {
    const file = { centres: [centreOf(entity)] }
    expect(foundingFile.safeParse(file).error?.issues ?? []).toEqual([])
    expect(mayFound(file, { on: DEMO_DAY, entities: ENTITIES })).toEqual([])
  })
})

test('both together could be founded as one house', () => {
  expect(mayFound({ centres: entities.map(centreOf) }, { on: DEMO_DAY, entities: ENTITIES })).toEqual([])
})

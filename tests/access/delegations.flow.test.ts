import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startHouse, type House } from '../setup/house.ts'
import type { Browser } from '../setup/http-client.ts'

interface Row {
  id: string
  direction: 'GIVEN' | 'RECEIVED'
  person: string
  post: string
  fromOn: string
  toOn: string
  current: boolean
}

let house: House
let principal: Browser
let delegate: Browser
let names: { readonly principal: string; readonly delegate: string }
let delegateId: string

beforeAll(async () => {
  house = await startHouse()
  // Two people of one branch, one of whom has a post that the other has not.
  const giver = house.logins.people.find(({ posts, orgName }) => posts.includes('COLLATERAL') && holder('INTAKE', orgName))
  const taker = giver && holder('INTAKE', giver.orgName)
  if (!giver || !taker) throw new Error('no branch has both posts')
  names = { principal: giver.name, delegate: taker.name }
  principal = await house.signIn(giver.staffNumber)
  delegate = await house.signIn(taker.staffNumber)
  delegateId = (await delegate.get<{ staffId: string }>('/api/session')).staffId
}, 90_000)
afterAll(() => house.end())

const holder = (post: string, orgName: string) => house.logins.people.find((one) => one.posts.includes(post) && one.orgName === orgName)
const listOf = async (person: Browser): Promise<Row[]> => (await person.get<{ rows: Row[] }>('/api/delegations')).rows
const standsIn = async (): Promise<boolean> =>
  (await delegate.get<{ posts: { delegatedBy: string | null }[] }>('/api/session')).posts.some(
    ({ delegatedBy }) => delegatedBy === names.principal,
  )
const give = async (fromOn: string, toOn: string): Promise<string> => {
  const answer = await principal.command('POST', '/api/delegations', { toStaffId: delegateId, post: 'COLLATERAL', fromOn, toOn })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return (answer.body as { delegationId: string }).delegationId
}
const revoke = (person: Browser, id: string, key?: string) => person.command('POST', `/api/delegations/${id}/revoke`, {}, key)

describe('a delegation', () => {
  let [current, future] = ['', '']
  beforeAll(async () => {
    current = await give('2025-11-03', '2025-11-07')
    future = await give('2025-11-10', '2025-11-14')
  })

  test('stands in both people’s lists, each with the other’s name, those to come as well, and in nobody else’s', async () => {
    const post = 'COLLATERAL'
    expect(await listOf(principal)).toEqual([
      { id: current, direction: 'GIVEN', person: names.delegate, post, fromOn: '2025-11-03', toOn: '2025-11-07', current: true },
      { id: future, direction: 'GIVEN', person: names.delegate, post, fromOn: '2025-11-10', toOn: '2025-11-14', current: false },
    ])
    expect((await listOf(delegate)).map(({ id, direction, person }) => [id, direction, person])).toEqual([
      [current, 'RECEIVED', names.principal],
      [future, 'RECEIVED', names.principal],
    ])
    expect(await listOf(await house.as('DIRECTOR'))).toEqual([])
  })

  test('is revoked by nobody but who gave it', async () => {
    expect((await revoke(delegate, current)).status).toBe(404)
    expect((await revoke(await house.as('DIRECTOR'), current)).status).toBe(404)
    expect(await standsIn()).toBe(true)
  })

  test('is over at once when it is revoked: the delegate’s open session is without the post, and the act is on record', async () => {
    const key = crypto.randomUUID()
    expect((await revoke(principal, current, key)).status).toBe(200)
    expect(await standsIn()).toBe(false)
    expect((await listOf(principal)).map(({ id }) => id)).toEqual([future])
    expect((await listOf(delegate)).map(({ id }) => id)).toEqual([future])
    const acts = await house.owner.selectFrom('audit_row').select('body').where('act', '=', 'delegate/revoke').execute()
    expect(acts.map(({ body }) => JSON.stringify(body))).toEqual([expect.stringContaining(current)])
    // The same request again is the same answer; another one finds nothing to revoke.
    expect((await revoke(principal, current, key)).status).toBe(200)
    expect((await revoke(principal, current)).status).toBe(404)
  })

  test('that has run out is in no list, and can no longer be revoked', async () => {
    expect((await principal.command('POST', '/api/clock/advance', { to: '2025-11-15' })).status).toBe(200)
    expect(await listOf(principal)).toEqual([])
    expect((await revoke(principal, future)).status).toBe(404)
  })
})

test('two posts that exclude one another are not both lent to one person, though neither is their own', async () => {
  const { orgName } = house.logins.people.find(({ name }) => name === names.principal) ?? { orgName: '' }
  const { staffId: toStaffId } = await principal.get<{ staffId: string }>('/api/session')
  const lends = async (post: string) => {
    const giver = await house.signIn(holder(post, orgName)?.staffNumber ?? '')
    return giver.command('POST', '/api/delegations', { toStaffId, post, fromOn: '2025-11-17', toOn: '2025-11-20' })
  }
  expect(await lends('PRELIMINARY_REVIEWER')).toMatchObject({ status: 201 })
  const refused = { status: 409, body: { code: 'RULES_REFUSE', detail: '岗位互不相容：初审岗、复审岗' } }
  expect(await lends('REVIEWER')).toMatchObject(refused)
})

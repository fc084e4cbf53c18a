import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Browser } from '../setup/http-client.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

/** What people do at a desk beside deciding cases: pass their work on, be stood in for, propose rights; and the date they do it on. */
openJourneys()

const refusedAt = (pointer: string, code: string) => ({ status: 422, body: { code: 'INVALID_INPUT', errors: [{ pointer, code }] } })
const idOf = async (staffNumber: string): Promise<string> =>
  (await house.owner.selectFrom('staff').select('staff_id').where('staff_number', '=', staffNumber).executeTakeFirstOrThrow()).staff_id

describe('the clock', () => {
  const clock = async (post = 'REVIEWER') => (await cast.person(post)).get('/api/clock')
  /** Lets everything that is awaited in a case fall due on one day. */
  const allDue = (caseId: string, code: string, on: string) =>
    house.owner
      .updateTable('deadline')
      .set({ due_on: on as never })
      .where('case_id', '=', caseId)
      .where('code', '=', code)
      .where('state', '=', 'ARMED')
      .execute()
  const dayOf = async (code: string): Promise<number> =>
    (await house.owner.selectFrom('deadline').select('deadline_id').where('code', '=', code).where('state', '=', 'ARMED').execute()).length

  test('names the next day on which something falls due, and the open cases with something due on that very day', async () => {
    const [one, other] = [await cast.accepted('approved-couple'), await cast.accepted('approved-second-home')]
    expect(await clock()).toEqual({ mode: 'DEMO', businessDate: '2025-11-03', nextDue: '2025-11-07', dueCases: 2 })
    // Two deadlines of one case are one case; what falls due later is not of that day.
    expect(await dayOf('DECISION_SOON')).toBe(2)
    await allDue(one, 'DECISION_SOON', '2025-11-06')
    await allDue(one, 'DECISION_OVERDUE', '2025-11-06')
    expect(await clock()).toMatchObject({ nextDue: '2025-11-06', dueCases: 1 })
    await allDue(other, 'DECISION_SOON', '2025-11-06')
    expect(await clock()).toMatchObject({ nextDue: '2025-11-06', dueCases: 2 })
    // One whose cases these are not is told nothing of them.
    const elsewhere = await house.as('REVIEWER', '松溯县管理部')
    expect(await elsewhere.get('/api/clock')).toEqual({ mode: 'DEMO', businessDate: '2025-11-03', nextDue: null, dueCases: 0 })
  }, 60_000)
})

describe('work that is handed over', () => {
  let [mine, colleague]: Browser[] = []
  let [from, to] = ['', '']
  let caseId = ''
  beforeAll(async () => {
    const numbers = house.logins.people
      .filter(({ posts, orgName }) => posts.includes('PRELIMINARY_REVIEWER') && orgName === cast.branch)
      .map(({ staffNumber }) => staffNumber)
    ;[mine, colleague] = await Promise.all(numbers.map((number) => house.signIn(number)))
    ;[from, to] = (await Promise.all(numbers.map(idOf))) as [string, string]
    caseId = await cast.accepted('approved-single')
    expect((await mine?.command('POST', `/api/cases/${caseId}/claim`, {}))?.status).toBe(200)
  }, 60_000)

  const handOver = (toStaffId: string) => mine?.command('POST', '/api/hand-overs', { toStaffId, reason: '外出培训' })
  const holder = async () =>
    (await house.owner.selectFrom('task').select('claimed_by').where('case_id', '=', caseId).where('state', '=', 'OPEN').executeTakeFirst())
      ?.claimed_by
  const events = async (): Promise<string[]> =>
    (await house.owner.selectFrom('case_event').select('kind').where('case_id', '=', caseId).orderBy('event_id').execute()).map(
      ({ kind }) => kind,
    )

  test('to oneself, to nobody, to somebody of another house or to one who has left is refused by name, and stays where it is', async () => {
    const before = await events()
    const [elsewhere, gone] = [cast.numberOf('PRELIMINARY_REVIEWER', '苇泽镇管理部'), cast.numberOf('PRELIMINARY_REVIEWER', '松溯县管理部')]
    await house.owner.updateTable('staff').set({ state: 'LEFT' }).where('staff_number', '=', gone).execute()
    expect(await handOver(from)).toMatchObject(refusedAt('#/toStaffId', 'ONESELF'))
    expect(await handOver(randomUUID())).toMatchObject(refusedAt('#/toStaffId', 'UNKNOWN_REFERENCE'))
    expect(await handOver(await idOf(elsewhere))).toMatchObject(refusedAt('#/toStaffId', 'UNKNOWN_REFERENCE'))
    expect(await handOver(await idOf(gone))).toMatchObject(refusedAt('#/toStaffId', 'NOT_ACTIVE'))
    await house.owner.updateTable('staff').set({ state: 'ACTIVE' }).where('staff_number', '=', gone).execute()
    expect([await holder(), await events()]).toEqual([from, before])
  })

  test('to a colleague of another post stays too, and nobody is told', async () => {
    const before = await events()
    const answer = await handOver(await idOf(cast.numberOf('REVIEWER')))
    expect(answer).toMatchObject({ status: 200, body: { moved: 0, kept: [{ reason: '对方不任此岗位' }] } })
    expect([await holder(), await events()]).toEqual([from, before])
  })

  test('is the colleague’s, whose open console is told of the case', async () => {
    const stream = await listen(colleague, () => mine?.command('POST', `/api/cases/${caseId}/notes`, { kind: 'NOTE', text: '移交说明' }))
    const before = await events()
    expect(await handOver(to)).toMatchObject({ status: 200, body: { moved: 1, kept: [] } })
    expect(await holder()).toBe(to)
    expect((await events()).slice(before.length)).toEqual(['HANDED_OVER'])
    await vi.waitFor(() => expect(stream.told()).toContainEqual(expect.objectContaining({ caseId, kind: 'HANDED_OVER' })), 15_000)
  }, 60_000)
})

const ends: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const end of ends) await end()
})

/** Somebody's stream of events. It begins some time after its first byte: what is told is what happens once it has. */
async function listen(person: Browser | undefined, beat: () => Promise<unknown> | undefined): Promise<{ told(): unknown[] }> {
  const ended = new AbortController()
  const stream = await fetch(`${house.origin}/api/events`, { headers: { Cookie: person?.cookieHeader ?? '' }, signal: ended.signal })
  let text = ''
  const reading = (async () => {
    for await (const chunk of stream.body ?? []) text += Buffer.from(chunk).toString('utf8')
  })().catch(() => undefined)
  ends.push(() => {
    ended.abort()
    return reading
  })
  const told = (): unknown[] => [...text.matchAll(/^event: case\ndata: (.+)$/gm)].map(([, data = '{}']) => JSON.parse(data) as unknown)
  await vi.waitFor(
    async () => {
      await beat()
      await vi.waitFor(() => expect(told().length).toBeGreaterThan(0), { timeout: 2_000, interval: 50 })
    },
    { timeout: 30_000, interval: 10 },
  )
  return { told }
}

describe('a delegation', () => {
  const lend = async (fromOn: string, toOn: string) =>
    (await cast.person('COLLATERAL')).command('POST', '/api/delegations', {
      toStaffId: await idOf(cast.numberOf('INTAKE')),
      post: 'COLLATERAL',
      fromOn,
      toOn,
    })

  test.each([
    ['that is over before it begins to count', '2025-10-20', '2025-11-02', '代理的截止日期已过，营业日期为 2025-11-03'],
    ['that ends before it begins', '2025-11-10', '2025-11-07', '代理的截止日期早于起始日期'],
    ['for longer than a quarter of a year', '2025-11-03', '2026-02-04', '代理期限至多93天'],
  ])('%s is refused at its last day', async (_what, fromOn, toOn, detail) => {
    expect(await lend(fromOn, toOn)).toMatchObject({ status: 422, body: { errors: [{ pointer: '#/toOn', code: 'OUT_OF_RANGE', detail }] } })
    expect(await house.owner.selectFrom('delegation').select('delegation_id').execute()).toEqual([])
  })

  test.each([
    ['of today alone', '2025-11-03', '2025-11-03'],
    ['of ninety-three days', '2025-11-04', '2026-02-04'],
  ])('%s is given', async (_what, fromOn, toOn) => {
    expect(await lend(fromOn, toOn)).toMatchObject({ status: 201 })
  })
})

describe('a change of rights', () => {
  test.each<[string, object, string[]]>([
    ['GRANT_POST', {}, ['#/post', '#/postOrgId']],
    ['GRANT_POST', { post: 'STATISTICS' }, ['#/postOrgId']],
    ['REVOKE_POST', { postOrgId: 'centre-xinxiang' }, ['#/post']],
  ])('%s with %j is refused at what is missing of post and organisation', async (change, given, pointers) => {
    const body = { staffId: await idOf(cast.numberOf('RISK')), change, reason: '人事科来函，已核实', ...given }
    const answer = await (await cast.person('SYS_ADMIN')).command('POST', '/api/staff-changes', body)
    const { code, errors } = answer.body as { code?: string; errors?: { pointer: string }[] }
    expect([answer.status, code, errors?.map(({ pointer }) => pointer)]).toEqual([422, 'INVALID_INPUT', pointers])
  })
})

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { armFaults } from '#db/fault.ts'
import { LoanCast } from '../journeys/loan-cast.ts'
import { startHouse, type House } from '../setup/house.ts'

let house: House
let cast: LoanCast
let caseId: string
beforeAll(async () => {
  house = await startHouse()
  cast = new LoanCast(house)
  caseId = await cast.lookedAt(await cast.submit('approved-single'))
}, 90_000)
afterEach(() => armFaults(undefined))
afterAll(() => house.end())

/** What is kept of a command: how it ended, and every row of the archive that says so. */
async function kept(key: string) {
  const { rows } = await sql<{ state: string; answer: { refused?: { code: string } }; acts: string[]; streams: string[] }>`
    select k.state, k.answer, array_agg(a.act) as acts, array_agg(distinct split_part(a.stream, '/', 1)) as streams
    from command k left join audit_row a on a.act like 'refused/%' and a.body::jsonb ->> 'command' = k.command_id::text
    where k.idempotency_key = ${key} group by k.command_id`.execute(house.owner)
  return rows
}

describe('a refusal at the desk', () => {
  test.each([
    ['a claim of what somebody else has', 'REVIEWER', 'claim', {}, 'FORBIDDEN'],
    ['a release of what one has not', 'REVIEWER', 'release', {}, 'CONFLICT'],
    ['a number of nobody', 'INTAKE', 'reveal', { partyNo: 9, field: 'idNumber', reason: '核对证件' }, 'NOT_FOUND'],
  ])('keeps its receipt and one row of the archive: %s', async (_what, post, act, body, code) => {
    const [person, key] = [await cast.person(post), randomUUID()]
    const tries = () => person.command('POST', `/api/cases/${caseId}/${act}`, body, key)
    const [first, again] = [await tries(), await tries()]
    expect(first.body).toMatchObject({ code })
    expect([again.status, again.headers.get('idempotent-replay')]).toEqual([first.status, 'true'])
    expect(again.body).toMatchObject({ code })
    expect(await kept(key)).toEqual([
      {
        state: 'REFUSED',
        answer: { refused: expect.objectContaining({ code }) },
        acts: [`refused/POST /cases/:caseId/${act}`],
        streams: ['desk'],
      },
    ])
  })

  test('stays what it was when what was in its way is gone, and takes nothing else with it', async () => {
    const [clerk, key] = [await cast.person('INTAKE'), randomUUID()]
    const claims = async () =>
      (await house.owner.selectFrom('task').select('claimed_by').where('case_id', '=', caseId).executeTakeFirstOrThrow()).claimed_by
    await clerk.command('POST', `/api/cases/${caseId}/release`, {})
    expect(await claims()).toBeNull()
    const release = () => clerk.command('POST', `/api/cases/${caseId}/release`, {}, key)
    expect(await release()).toMatchObject({ status: 409 })
    expect(await clerk.command('POST', `/api/cases/${caseId}/claim`, {})).toMatchObject({ status: 200 })
    expect(await release()).toMatchObject({ status: 409 })
    expect(await claims()).not.toBeNull()
  })

  test('takes back what had been written before it: a household that applies twice leaves no second case', async () => {
    const cases = async () =>
      Number(
        (
          await house.owner
            .selectFrom('case_file')
            .select((eb) => eb.fn.countAll().as('n'))
            .executeTakeFirstOrThrow()
        ).n,
      )
    const before = await cases()
    expect(await cast.trySubmit('approved-single')).toMatchObject({ status: 409, body: { code: 'RULES_REFUSE' } })
    expect(await cases()).toBe(before)
  })
})

describe('a refusal of a decision', () => {
  test('that came too late is in the case’s chain, once', async () => {
    const [clerk, key] = [await cast.person('INTAKE'), randomUUID()]
    expect(await clerk.decide(caseId, { action: 'accept' }, { version: 0, key })).toMatchObject({ status: 412, body: { code: 'STALE' } })
    expect(await kept(key)).toEqual([expect.objectContaining({ state: 'REFUSED', acts: ['refused/accept'], streams: ['case'] })])
  })

  test('for a wrong one-time code is, too', async () => {
    const [clerk, key] = [await cast.person('INTAKE'), randomUUID()]
    const tries = () => clerk.decide(caseId, { action: 'accept', oneTimeCode: '000000' }, { key })
    for (const answer of [await tries(), await tries()]) expect(answer).toMatchObject({ status: 403, body: { code: 'STEP_UP_NEEDED' } })
    expect(await kept(key)).toEqual([expect.objectContaining({ state: 'REFUSED', acts: ['refused/accept'], streams: ['case'] })])
  })
})

test('three clicks on a decision that needs a code are one decision, and spend one code', async () => {
  const proposed = await (
    await cast.person('SYS_ADMIN')
  ).command('POST', '/api/staff-changes', {
    change: 'LOCK',
    staffId: (
      await house.owner
        .selectFrom('staff')
        .select('staff_id')
        .where('staff_number', '=', cast.numberOf('POST_LOAN'))
        .executeTakeFirstOrThrow()
    ).staff_id,
    reason: '人事科来函，已离岗',
  })
  expect(proposed.status, JSON.stringify(proposed.body)).toBe(201)
  const change = (proposed.body as { caseId: string }).caseId
  const [confirmer, key] = [await cast.person('SEC_ADMIN'), randomUUID()]
  const oneTimeCode = await cast.freshCode('SEC_ADMIN')
  const confirm = () => confirmer.decide(change, { action: 'confirm', oneTimeCode }, { key, version: 1 })
  // The first is held up with its code spent and its receipt not yet seen by anybody.
  armFaults('receipt.before-commit#1=slow:800')
  const first = confirm()
  await sleep(200)
  const answers = await Promise.all([first, confirm(), confirm()])
  for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { stage: 'IN_FORCE' } })
  expect(await kept(key)).toEqual([expect.objectContaining({ state: 'DONE', acts: [null] })])
})

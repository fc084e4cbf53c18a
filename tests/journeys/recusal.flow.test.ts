import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import type { CaseView } from '#contracts/api/cases.ts'
import { checkDigitOf } from '#contracts/identity.ts'
import { maskIdNumber } from '#contracts/masking.ts'
import { demoApplicant } from '#db/seed/people.ts'
import { Browser, type Answer } from '../setup/http-client.ts'
import { nobodysNumber, withWrongCheckDigit } from '../setup/id-numbers.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

const [BRANCH, CENTRE] = ['branch-wanghe', 'centre-xinxiang']
openJourneys()
let [couple, single] = ['', '']
beforeAll(async () => {
  ;[couple, single] = [await cast.accepted('approved-couple'), await cast.accepted('approved-single')]
}, 120_000)

const spouse = demoApplicant('approved-couple').application.spouse?.idNumber ?? ''
const caseOf = ({ body }: Answer): string => (body as { caseId: string }).caseId
const idOf = async (staffNumber: string): Promise<string> =>
  (await house.owner.selectFrom('staff').select('staff_id').where('staff_number', '=', staffNumber).executeTakeFirstOrThrow()).staff_id

async function propose(body: object): Promise<Answer> {
  return (await cast.person('SYS_ADMIN')).command('POST', '/api/staff-changes', { reason: '人事科来函，证件已核验', ...body })
}
async function confirm(caseId: string): Promise<Answer> {
  await sql`delete from spent_one_time_code`.execute(house.owner)
  const oneTimeCode = await cast.freshCode('SEC_ADMIN')
  return (await cast.person('SEC_ADMIN')).decide(caseId, { action: 'confirm', oneTimeCode })
}
async function changes(body: object): Promise<string> {
  const proposed = await propose(body)
  expect([proposed.status, proposed.body]).toMatchObject([201, {}])
  expect(await confirm(caseOf(proposed))).toMatchObject({ status: 200, body: { stage: 'IN_FORCE' } })
  return caseOf(proposed)
}

const joining = (staffNumber: string, particulars: object) => ({
  change: 'JOIN',
  newcomer: { staffNumber, name: '白新竹', orgId: BRANCH, ...particulars },
  post: 'PRELIMINARY_REVIEWER',
  postOrgId: BRANCH,
})

/** Comes in as newcomers do: with what the confirmer was told, then with a password of their own. */
async function comesIn(staffNumber: string, caseId: string): Promise<Browser> {
  const told = await (await cast.person('SEC_ADMIN')).send('POST', `/api/staff-changes/${caseId}/initial-password`, {})
  const { password } = told.body as { password: string }
  const person = new Browser(house.origin)
  expect(await person.send('POST', '/api/session', { staffNumber, password })).toMatchObject({ body: { code: 'NEW_PASSWORD_NEEDED' } })
  const newPassword = `seven quiet herons of ${caseId.slice(0, 8)}`
  expect(await person.send('POST', '/api/session/new-password', { newPassword })).toMatchObject({ status: 200 })
  return person
}
const pass = async (person: Browser, caseId: string) =>
  (await person.get<CaseView>(`/api/cases/${caseId}`)).actions.find(({ action }) => action === 'pass')
const barred = (why: string) => ({
  allowed: false,
  obstacles: [{ code: 'RECUSAL', text: `您与本案当事人存在利害关系（${why}），应当回避` }],
})
const allowed = { allowed: true, obstacles: [] }

describe('a newcomer', () => {
  test('who is the borrower’s husband is seen by recusal from the first minute, in that case and in no other', async () => {
    const person = await comesIn('Q8001', await changes(joining('Q8001', { idNumber: spouse.toLowerCase() })))
    expect(await pass(person, couple)).toMatchObject(barred('本人'))
    expect(await person.decide(couple, { action: 'pass', opinion: '资料齐全' })).toMatchObject({
      status: 409,
      body: { code: 'RECUSAL', detail: '您与本案当事人存在利害关系（本人），应当回避' },
    })
    expect(await pass(person, single)).toMatchObject(allowed)
    const may = async (id: string) => (({ canClaim, canCopy }) => [canClaim, canCopy])(await person.get<CaseView>(`/api/cases/${id}`))
    expect([await may(couple), await may(single)]).toMatchObject([Array(2).fill(barred('本人')), Array(2).fill(allowed)])
    expect((await cast.see('PRELIMINARY_REVIEWER', couple)).case.stage).toBe('PRELIM_REVIEW')
  }, 60_000)

  test('nor does a colleague hand them the case', async () => {
    const colleague = await cast.person('PRELIMINARY_REVIEWER')
    await colleague.command('POST', `/api/cases/${couple}/claim`, {})
    const handed = await colleague.command('POST', '/api/hand-overs', { toStaffId: await idOf('Q8001'), reason: '外出培训' })
    expect(handed).toMatchObject({ status: 200, body: { moved: 0, kept: [{ reason: '对方应当回避' }] } })
    await colleague.command('POST', `/api/cases/${couple}/release`, {})
  })

  test('who comes from the borrower’s employer is barred by it, until two people have it that there is none any more', async () => {
    const [unit] = await units('安居示范机械')
    const caseId = await changes(joining('Q8002', { idNumber: nobodysNumber(2), employerUnitId: unit?.unitId }))
    const person = await comesIn('Q8002', caseId)
    for (const one of [couple, single]) expect(await pass(person, one)).toMatchObject(barred('同一工作单位'))
    expect(await person.decide(single, { action: 'pass' })).toMatchObject({ status: 409, body: { code: 'RECUSAL' } })

    const proposed = await propose({ change: 'SET_PARTICULARS', staffId: await idOf('Q8002'), particulars: { employerUnitId: null } })
    expect(await pass(person, single), 'proposed is not yet done').toMatchObject(barred('同一工作单位'))
    expect(await confirm(caseOf(proposed))).toMatchObject({ status: 200 })
    expect(await pass(person, single)).toMatchObject(allowed)
  }, 60_000)

  const WRONG = withWrongCheckDigit(nobodysNumber(3))
  test.each([
    ['a wrong check digit', WRONG, '身份证号码末位校验码不符，请与证件逐位核对'],
    ['a day that is none', `4198981990023000${WRONG.slice(16)}`, '身份证号码第7至14位不是真实存在的出生日期'],
    ['a place too few', WRONG.slice(0, 17), '身份证号码应为18位'],
    ['a birth after the house’s own day', tomorrow(), '身份证号码中的出生日期晚于今天'],
  ])('under a number with %s is refused, the wrong part is named, the number is not', async (_what, idNumber, detail) => {
    const refused = await propose(joining('Q8009', { idNumber }))
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '#/newcomer/idNumber', detail }] } })
    expect(JSON.stringify(refused.body)).not.toContain(idNumber)
  })

  test('without a number, or from a unit nobody knows, is not proposed', async () => {
    expect(await propose(joining('Q8009', {}))).toMatchObject({ status: 422, body: { errors: [{ pointer: '#/newcomer/idNumber' }] } })
    const strange = joining('Q8009', { idNumber: nobodysNumber(3), employerUnitId: crypto.randomUUID() })
    expect(await propose(strange)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/newcomer/employerUnitId', detail: '没有此单位' }] },
    })
  })
})

describe('a number', () => {
  const TWICE = '该身份证号码已登记在另一名在册人员名下，一人不得有两个工号'

  test('of somebody who is here is nobody else’s, at the proposal and at the confirmation', async () => {
    const two = [
      await propose(joining('Q8011', { idNumber: nobodysNumber(11) })),
      await propose(joining('Q8012', { idNumber: nobodysNumber(11) })),
    ]
    expect(await confirm(caseOf(two[0] as Answer))).toMatchObject({ status: 200 })
    expect(await confirm(caseOf(two[1] as Answer))).toMatchObject({ status: 409, body: { code: 'RULES_REFUSE', detail: TWICE } })
    const view = await cast.see('SEC_ADMIN', caseOf(two[1] as Answer))
    expect(view.actions.find(({ action }) => action === 'confirm')).toMatchObject({ allowed: false, obstacles: [{ text: TWICE }] })
    expect(await propose(joining('Q8013', { idNumber: nobodysNumber(11) }))).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/newcomer/idNumber', code: 'TAKEN', detail: TWICE }] },
    })
    const another = { change: 'SET_PARTICULARS', staffId: await idOf(cast.numberOf('RISK')), particulars: { idNumber: nobodysNumber(11) } }
    expect(await propose(another)).toMatchObject({ status: 422, body: { errors: [{ pointer: '#/particulars/idNumber', detail: TWICE }] } })
  }, 60_000)

  test('confirmed twice at once is one person’s', async () => {
    const two = [
      await propose(joining('Q8014', { idNumber: nobodysNumber(14) })),
      await propose(joining('Q8015', { idNumber: nobodysNumber(14) })),
    ]
    // A second confirmer, past every rule: one person's code counts once.
    await sql`insert into staff_post (staff_id, post, org_id, from_on)
      values (${await idOf(cast.numberOf('CASHIER'))}, 'SEC_ADMIN', ${CENTRE}, '2020-01-01')`.execute(house.owner)
    const confirmers = await Promise.all(['SEC_ADMIN', 'CASHIER'].map(async (post) => ({ post, person: await cast.person(post) })))
    await sql`delete from spent_one_time_code`.execute(house.owner)
    const codes = await Promise.all(confirmers.map(({ post }) => cast.freshCode(post)))
    const answers = confirmers.map(({ person }, n) =>
      person.decide(caseOf(two[n] as Answer), { action: 'confirm', oneTimeCode: codes[n] }, { version: 1 }),
    )
    expect((await Promise.all(answers)).map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409])
  }, 60_000)

  test('of somebody who has left may come again, and then the one who left does not', async () => {
    await changes(joining('Q8016', { idNumber: nobodysNumber(16) }))
    await changes({ change: 'LEAVE', staffId: await idOf('Q8016') })
    await changes(joining('Q8017', { idNumber: nobodysNumber(16) }))
    const back = await propose({ change: 'UNLOCK', staffId: await idOf('Q8016') })
    expect(await confirm(caseOf(back))).toMatchObject({ status: 409, body: { code: 'RULES_REFUSE', detail: TWICE } })
  }, 60_000)
})

describe('somebody who has long been here without a number', () => {
  test('is given one by two people who read it covered; from then on recusal sees them', async () => {
    const staffNumber = cast.numberOf('PRELIMINARY_REVIEWER', cast.branch)
    const staffId = await idOf(staffNumber)
    await house.owner.updateTable('staff').set({ id_number_enc: null, id_hash: null }).where('staff_id', '=', staffId).execute()
    const person = await house.signIn(staffNumber)
    expect(await pass(person, single)).toMatchObject(allowed)
    const { idNumber } = demoApplicant('approved-single').application.borrower
    const proposed = await propose({ change: 'SET_PARTICULARS', staffId, particulars: { idNumber } })
    const confirmer = await cast.person('SEC_ADMIN')
    const read = () => confirmer.get(`/api/staff-changes/${caseOf(proposed)}`)
    expect(await read()).toMatchObject({
      change: 'SET_PARTICULARS',
      particulars: { idNumber: maskIdNumber(idNumber), employer: null },
      standing: { idNumber: null, employer: { unitName: null } },
    })
    expect(await cast.see('SEC_ADMIN', caseOf(proposed)), 'nobody applies for it').toMatchObject({ case: { applicant: null }, tasks: [{}] })
    const task = await house.owner.selectFrom('task').select('previous_opinion').where('case_id', '=', caseOf(proposed)).executeTakeFirst()
    expect(task?.previous_opinion).toMatch(/^变更回避信息：.+（[A-Z]\d{4}），登记身份证号码。理由：人事科来函，证件已核验$/)
    expect(await confirm(caseOf(proposed))).toMatchObject({ status: 200 })
    expect(await pass(person, single)).toMatchObject(barred('本人'))
    expect(await read()).toMatchObject({ standing: { idNumber: maskIdNumber(idNumber) } })
    const kept = await house.owner.selectFrom('staff').select(['id_number_enc']).where('staff_id', '=', staffId).executeTakeFirstOrThrow()
    expect(house.vault.open(kept.id_number_enc ?? Buffer.alloc(0))).toBe(idNumber)
  }, 60_000)

  test('is not told more of than asked for: a change brings particulars, or none, as its word says', async () => {
    const staffId = await idOf(cast.numberOf('RISK'))
    const wrong: [object, string][] = [
      [{ change: 'SET_PARTICULARS', staffId }, '#/particulars'],
      [{ change: 'SET_PARTICULARS', staffId, particulars: {} }, '#/particulars'],
      [{ change: 'LOCK', staffId, particulars: { employerUnitId: null } }, '#/particulars'],
    ]
    for (const [body, pointer] of wrong) expect(await propose(body)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } })
    const own = { change: 'SET_PARTICULARS', staffId: await idOf(cast.numberOf('SYS_ADMIN')), particulars: { employerUnitId: null } }
    expect(await propose(own)).toMatchObject({ status: 409, body: { code: 'RULES_REFUSE' } })
    const confirmers = { change: 'SET_PARTICULARS', staffId: await idOf(cast.numberOf('SEC_ADMIN')), particulars: { employerUnitId: null } }
    expect(await confirm(caseOf(await propose(confirmers)))).toMatchObject({ status: 409, body: { code: 'RECUSAL' } })
  })
})

describe('a relative', () => {
  test('is declared by two people, bars from then on, and is taken back by two people', async () => {
    const person = await comesIn('Q8021', await changes(joining('Q8021', { idNumber: nobodysNumber(21) })))
    const staffId = await idOf('Q8021')
    expect(await pass(person, couple)).toMatchObject(allowed)
    const relative = { relation: 'SIBLING', idNumber: spouse }
    const proposed = await propose({ change: 'ADD_RELATIVE', staffId, relative })
    expect(await pass(person, couple), 'proposed is not yet done').toMatchObject(allowed)
    const confirmer = await cast.person('SEC_ADMIN')
    const read = (one: Answer) => confirmer.get(`/api/staff-changes/${caseOf(one)}`)
    expect(await read(proposed)).toMatchObject({
      particulars: null,
      relative: { relation: 'SIBLING', idNumber: maskIdNumber(spouse) },
      standing: { idNumber: maskIdNumber(nobodysNumber(21)), relatives: [] },
    })
    expect(await confirm(caseOf(proposed))).toMatchObject({ status: 200 })
    expect(await pass(person, couple)).toMatchObject(barred('兄弟姐妹'))
    expect(await person.decide(couple, { action: 'pass' })).toMatchObject({ status: 409, body: { code: 'RECUSAL' } })
    expect(await pass(person, single)).toMatchObject(allowed)

    const again = await propose({ change: 'ADD_RELATIVE', staffId, relative })
    expect(again).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/relative/idNumber', detail: '该身份证号码已登记为此人的近亲属' }] },
    })
    const back = await propose({ change: 'END_RELATIVE', staffId, relative: { idNumber: spouse } })
    expect(await read(back)).toMatchObject({ relative: { relation: null }, standing: { relatives: ['SIBLING'] } })
    expect(await confirm(caseOf(back))).toMatchObject({ status: 200 })
    expect(await pass(person, couple)).toMatchObject(allowed)
    const never = await propose({ change: 'END_RELATIVE', staffId, relative: { idNumber: spouse } })
    expect(never).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/relative/idNumber', detail: '该身份证号码没有登记为此人的近亲属' }] },
    })
  }, 60_000)

  test('declared by two proposals is refused at the second confirmation', async () => {
    const staffId = await idOf(cast.numberOf('STATISTICS'))
    const body = { change: 'ADD_RELATIVE', staffId, relative: { relation: 'PARENT', idNumber: nobodysNumber(31) } }
    const two = [await propose(body), await propose(body)]
    expect(await confirm(caseOf(two[0] as Answer))).toMatchObject({ status: 200 })
    expect(await confirm(caseOf(two[1] as Answer))).toMatchObject({
      status: 409,
      body: { code: 'RULES_REFUSE', detail: '该身份证号码已登记为此人的近亲属' },
    })
  }, 60_000)

  test.each<[string, object, string]>([
    ['without a number', { change: 'ADD_RELATIVE', relative: { relation: 'SPOUSE' } }, '#/relative/idNumber'],
    ['of no kind', { change: 'ADD_RELATIVE', relative: { idNumber: nobodysNumber(32) } }, '#/relative/relation'],
    ['with a wrong number', { change: 'ADD_RELATIVE', relative: { relation: 'SPOUSE', idNumber: '123' } }, '#/relative/idNumber'],
    ['who is not named', { change: 'END_RELATIVE' }, '#/relative'],
    ['in a change of something else', { change: 'LOCK', relative: { relation: 'SPOUSE', idNumber: nobodysNumber(32) } }, '#/relative'],
  ])('%s is not proposed', async (_what, body, pointer) => {
    const staffId = await idOf(cast.numberOf('RISK'))
    expect(await propose({ ...body, staffId })).toMatchObject({ status: 422, body: { errors: [{ pointer }] } })
  })
})

describe('a unit', () => {
  test('is found by part of its name or the beginning of its number, and by nobody but who proposes', async () => {
    const [unit] = await units('安居示范机械')
    expect(unit?.name).toContain('安居示范机械')
    expect(await units(unit?.unitNumber ?? '')).toEqual([unit])
    expect(await units((unit?.unitNumber ?? '').toLowerCase())).toEqual([unit])
    expect(await units('100%')).toEqual([])
    expect((await units('有限公司')).length).toBeLessThanOrEqual(20)
    expect(await (await cast.person('PRELIMINARY_REVIEWER')).send('GET', '/api/units?q=安居')).toMatchObject({ status: 403 })
    const orgs = await house.owner.selectFrom('unit').select('org_id').distinct().execute()
    expect(orgs.length, `units of ${CENTRE} and of others`).toBeGreaterThan(1)
    const elsewhere = await house.owner
      .selectFrom('unit')
      .innerJoin('org', 'org.org_id', 'unit.org_id')
      .select(['unit.name', 'unit_id'])
      .where('reporting_entity', '<>', 'xinxiang')
      .executeTakeFirstOrThrow()
    expect(await units(elsewhere.name)).toEqual([])
    const strange = joining('Q8019', { idNumber: nobodysNumber(19), employerUnitId: elsewhere.unit_id })
    expect(await propose(strange)).toMatchObject({ status: 422, body: { errors: [{ pointer: '#/newcomer/employerUnitId' }] } })
  })
})

async function units(q: string): Promise<{ unitId: string; unitNumber: string; name: string }[]> {
  const found = await (
    await cast.person('SYS_ADMIN')
  ).get<{ rows: { unitId: string; unitNumber: string; name: string }[] }>(`/api/units?q=${encodeURIComponent(q)}`)
  return found.rows
}

/** A number that is right but for its day, which the house has not reached. */
function tomorrow(): string {
  const first17 = '41989820251104002'
  return first17 + checkDigitOf(first17)
}

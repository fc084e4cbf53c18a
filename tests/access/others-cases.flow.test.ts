import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startHouse, type House } from '../setup/house.ts'
import { Crowd, type Case, type Person } from './crowd.ts'
import { anonymous, rowCounts, type Visitor } from './visitor.ts'

let house: House
let crowd: Crowd
let people: readonly Person[]
beforeAll(async () => {
  house = await startHouse({ city: { openCases: 16 } })
  crowd = await Crowd.of(house)
  people = crowd.people
}, 90_000)
afterAll(() => house.end())

describe('what is somebody else’s', () => {
  test('a list holds what its reader may see and counts nothing else', async () => {
    for (const person of people) {
      const { rows, total } = JSON.parse((await person.visitor.ask('GET', '/api/cases?limit=100')).text) as {
        rows: { id: string }[]
        total: number
      }
      const expected = crowd.cases.filter((kase) => crowd.sees(person, kase)).map(({ case_id }) => case_id)
      expect(total, person.visitor.name).toBe(expected.length)
      if (expected.length <= 100) expect(rows.map(({ id }) => id).sort(), person.visitor.name).toEqual(expected.sort())
    }
    expect(people.some((person) => person.posts.includes('COURT_OFFICER') && crowd.cases.some((kase) => crowd.sees(person, kase)))).toBe(
      false,
    )
    expect(people.some((person) => person.posts.includes('BANK_MAKER') && crowd.cases.some((kase) => crowd.isGranted(person, kase)))).toBe(
      true,
    )
  })

  test('is answered in the very bytes of what does not exist', async () => {
    const missing = anonymous((await people[0]?.visitor.ask('GET', `/api/cases/${randomUUID()}`))?.text ?? '')
    let [opened, shut] = [0, 0]
    for (const person of people) {
      for (const kase of spread(crowd.cases)) {
        const reads: [string, boolean][] = [
          [`/api/cases/${kase.case_id}`, crowd.sees(person, kase)],
          [`/api/cases/${kase.case_id}/audit`, crowd.sees(person, kase)],
          [`/api/loans/${kase.case_id}/application`, crowd.owns(person, kase)],
        ]
        for (const [path, visible] of reads) {
          const heard = await person.visitor.ask('GET', path)
          expect([heard.status, path, person.visitor.name]).toEqual([visible ? 200 : 404, path, person.visitor.name])
          if (!visible) expect(anonymous(heard.text)).toBe(missing)
          if (visible) opened++
          else shut++
        }
      }
    }
    expect(opened).toBeGreaterThan(50)
    expect(shut).toBeGreaterThan(100)
  }, 120_000)

  test('papers and documents likewise', async () => {
    const papers = await house.owner
      .selectFrom('paper')
      .innerJoin('case_file', 'case_file.case_id', 'paper.case_id')
      .select(['paper_id', 'paper.case_id', 'case_file.org_id', 'case_number'])
      .limit(4)
      .execute()
    const missing = anonymous((await crowd.one('DIRECTOR').visitor.ask('GET', `/api/papers/${randomUUID()}`)).text)
    for (const paper of papers) {
      for (const person of people.filter((one) => !crowd.sees(one, paper))) {
        const heard = await person.visitor.ask('GET', `/api/papers/${paper.paper_id}`)
        expect([heard.status, anonymous(heard.text)], person.visitor.name).toEqual([404, missing])
      }
    }
    for (const path of [
      `/api/documents/${randomUUID()}/content`,
      '/api/papers/none',
      '/api/cases/none',
      '/api/cases/%2e%2e',
      '/api/commands/none',
    ]) {
      expect(anonymous((await crowd.one('DIRECTOR').visitor.ask('GET', path)).text), path).toBe(missing)
    }
  }, 60_000)

  test('is not acted on: each command is answered as if there were no such case, and leaves nothing but that they tried', async () => {
    const [kase] = crowd.cases.filter((one) => one.org_id === 'branch-wanghe')
    if (!kase) throw new Error('the main branch has no case')
    const strangers = people.filter((person) => !crowd.sees(person, kase))
    const commands: [string, string, unknown][] = [
      ['POST', 'claim', {}],
      ['POST', 'release', {}],
      ['POST', 'notes', { kind: 'NOTE', text: '试' }],
      ['POST', 'reveal', { partyNo: 1, field: 'name', reason: '核对' }],
      ['POST', 'copies', { staffIds: [randomUUID()] }],
      ['POST', 'decisions', { action: 'accept' }],
    ]
    const missing = anonymous((await crowd.one('DIRECTOR').visitor.ask('GET', `/api/cases/${randomUUID()}`)).text)
    // Each try stands in the chain of whoever made it; of the case, its chain and its commands nothing is touched.
    const tries = ['session', 'command', 'audit_stream', 'audit_row']
    const ofCase = () =>
      Promise.all(
        (['command', 'audit_row'] as const).map((table) =>
          house.owner.selectFrom(table).select('case_id').where('case_id', '=', kase.case_id).execute(),
        ),
      )
    const before = [await rowCounts(house, tries), await ofCase()]
    for (const { visitor } of strangers) {
      for (const [method, what, body] of commands) {
        const heard = await visitor.command(method, `/api/cases/${kase.case_id}/${what}`, body)
        expect([heard.status, anonymous(heard.text)], `${visitor.name} ${what}`).toEqual([404, missing])
      }
    }
    expect(strangers.length).toBeGreaterThan(20)
    expect([await rowCounts(house, tries), await ofCase()]).toEqual(before)
  }, 60_000)

  test('the answer to somebody else’s command, and somebody else’s draft, are not there', async () => {
    const [one, other] = people.filter(({ posts }) => posts.includes('INTAKE'))
    const draft = `/api/drafts/${randomUUID()}`
    const content = { body: { kind: 'loan', title: '草稿', content: { a: 1 } } }
    expect((await one?.visitor.ask('PUT', draft, content))?.status).toBe(200)
    expect((await other?.visitor.ask('GET', draft))?.status).toBe(404)
    expect((await other?.visitor.ask('PUT', draft, content))?.status).toBe(404)
    await other?.visitor.ask('DELETE', draft)
    expect((await one?.visitor.ask('GET', draft))?.status).toBe(200)
    const { command_id: commandId } = (await house.owner.selectFrom('command').select('command_id').limit(1).executeTakeFirst()) ?? {
      command_id: randomUUID(),
    }
    expect(
      (await people.find(({ posts }) => posts.includes('COURT_OFFICER'))?.visitor.ask('GET', `/api/commands/${commandId}`))?.status,
    ).toBe(404)
  })

  test('a person or an organisation of elsewhere, named in a body, is nobody', async () => {
    const admin = people.find(({ posts }) => posts.includes('SYS_ADMIN'))?.visitor
    const clerk = people.find(({ posts, orgs }) => posts.includes('INTAKE') && orgs.includes('branch-wanghe'))
    const idOf = async (staffNumber: string) =>
      (await house.owner.selectFrom('staff').select('staff_id').where('staff_number', '=', staffNumber).executeTakeFirstOrThrow()).staff_id
    const numberAt = (orgId: string, post: string) =>
      people.find(({ posts, orgs }) => orgs.includes(orgId) && posts.includes(post) && orgs.length === 1)?.visitor.name ?? ''
    const [elsewhere, bank] = [await idOf(numberAt('branch-weize', 'INTAKE')), await idOf(numberAt('bank-hefeng', 'BANK_MAKER'))]
    const lock = { change: 'LOCK', reason: '离岗锁定' }
    const answers = [
      await admin?.command('POST', '/api/staff-changes', { ...lock, staffId: elsewhere }),
      await admin?.command('POST', '/api/staff-changes', { ...lock, staffId: randomUUID() }),
    ]
    expect(new Set(answers.map((one) => anonymous(one?.text ?? ''))).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 422, code: 'INVALID_INPUT' })
    const grant = { staffId: await idOf(clerk?.visitor.name ?? ''), change: 'GRANT_POST', post: 'POST_LOAN', reason: '调岗需要' }
    expect((await admin?.command('POST', '/api/staff-changes', { ...grant, postOrgId: 'branch-weize' }))?.text).toContain('#/postOrgId')
    const [mine] = crowd.cases.filter(({ org_id }) => org_id === 'branch-wanghe')
    expect((await clerk?.visitor.command('POST', `/api/cases/${mine?.case_id}/copies`, { staffIds: [elsewhere] }))?.text).toContain(
      '#/staffIds/0',
    )
    const days = { post: 'INTAKE', fromOn: '2025-11-03', toOn: '2025-11-10' }
    expect(await clerk?.visitor.command('POST', '/api/delegations', { ...days, toStaffId: bank })).toMatchObject({
      status: 409,
      code: 'RULES_REFUSE',
    })
    expect(await clerk?.visitor.command('POST', '/api/delegations', { ...days, toStaffId: elsewhere })).toMatchObject({ status: 422 })
  })
})

describe('a case of a court', () => {
  test('is absent from lists, counts, search, page, history and stream for everybody who is not on the order', async () => {
    const kase = await house.owner
      .selectFrom('case_file')
      .selectAll()
      .where('org_id', '=', 'branch-wanghe')
      .where('open', '=', true)
      .orderBy('case_id')
      .executeTakeFirstOrThrow()
    const { rows: grouped } = await sql<{
      name: string
    }>`select c.table_name as name from information_schema.columns c join information_schema.columns g using (table_schema, table_name)
      where c.table_schema = 'public' and c.column_name = 'case_id' and g.column_name = 'access_group_id'`.execute(house.owner)
    for (const { name } of grouped)
      await sql`update ${sql.table(name)} set access_group_id = 'COURT:x' where case_id = ${kase.case_id}`.execute(house.owner)
    const clerk = people.find(({ posts, orgs }) => posts.includes('INTAKE') && orgs.includes('branch-wanghe'))?.visitor
    const stream = await listen(clerk)
    const event = (caseId: string, group: string) =>
      sql`insert into case_event (case_id, org_id, access_group_id, kind, stage_version) values (${caseId}, 'branch-wanghe', ${group}, 'MOVED', 1)`.execute(
        house.owner,
      )
    const other = crowd.cases.find((one) => one.org_id === 'branch-wanghe' && one.case_id !== kase.case_id)
    await event(kase.case_id, 'COURT:x')
    await event(other?.case_id ?? '', 'OPEN')

    const missing = anonymous((await crowd.one('DIRECTOR').visitor.ask('GET', `/api/cases/${randomUUID()}`)).text)
    const digits = /(\d{6})号/.exec(kase.case_number)?.[1] ?? ''
    for (const person of people) {
      for (const path of [
        'cases?limit=100',
        'tasks/todo?limit=100',
        'tasks/done',
        'tasks/started',
        'tasks/copied',
        'task-counts',
        'payments',
        'incidents',
        'clock',
      ]) {
        const { text } = await person.visitor.ask('GET', `/api/${path}`)
        expect(text.includes(kase.case_id) || text.includes(kase.case_number), `${person.visitor.name} ${path}`).toBe(false)
      }
      for (const [path, q] of ['search', 'cases/search', 'tasks/todo/search'].flatMap((one) => [kase.case_number, digits].map((q) => [one, q]))) {
        const { status, text } = await person.visitor.ask('POST', `/api/${path}`, { body: { q } })
        expect([status, text.includes(kase.case_id)], `${person.visitor.name} ${path} ${q}`).toEqual([200, false])
      }
      const counted = JSON.parse((await person.visitor.ask('GET', '/api/cases')).text) as { total: number }
      expect(counted.total, person.visitor.name).toBe(
        crowd.cases.filter((one) => crowd.sees(person, one) && one.case_id !== kase.case_id).length,
      )
      for (const path of [`cases/${kase.case_id}`, `cases/${kase.case_id}/audit`, `loans/${kase.case_id}/application`]) {
        const heard = await person.visitor.ask('GET', `/api/${path}`)
        expect([heard.status, anonymous(heard.text)], `${person.visitor.name} ${path}`).toEqual([404, missing])
      }
    }
    const heard = await stream.until(other?.case_id ?? '')
    expect(heard).not.toContain(kase.case_id)
  }, 120_000)
})

/** A few cases of every organisation. */
const spread = (all: readonly Case[]): Case[] => [...new Map(all.map((kase) => [kase.org_id, kase])).values()].slice(0, 6)

async function listen(visitor: Visitor | undefined) {
  const answer = await fetch(`${house.origin}/api/events`, { headers: { Cookie: `__Host-anju=${visitor?.token}` } })
  const reader = answer.body?.getReader()
  let heard = ''
  return {
    async until(words: string): Promise<string> {
      while (!heard.includes(words)) {
        const { value, done } = (await reader?.read()) ?? { value: undefined, done: true }
        if (done) break
        heard += new TextDecoder().decode(value)
      }
      await reader?.cancel()
      expect(heard).toContain(words)
      return heard
    },
  }
}

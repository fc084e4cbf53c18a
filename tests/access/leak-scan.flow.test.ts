import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { Client, Connection } from '@temporalio/client'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { canonicalJson } from '#db/canonical.ts'
import { demoApplicant, demoApplicants } from '#db/seed/people.ts'
import { createLog } from '../../bin/log.ts'
import { LoanCast } from '../journeys/loan-cast.ts'
import { startHouse, type House } from '../setup/house.ts'
import { nobodysNumber, withWrongCheckDigit } from '../setup/id-numbers.ts'
import { storedHistories } from './histories.ts'
import { findIn, needle, type Needle } from './needles.ts'

/** What the applicants would not want to read on a wall. */
const needles: Needle[] = demoApplicants.flatMap(({ story, application }) => {
  const { borrower, spouse, children, coBorrowers, repaymentCard } = application
  const adults = [borrower, ...(spouse ? [spouse] : []), ...coBorrowers]
  return [
    ...[...adults, ...children].flatMap(({ name, idNumber }) => [
      needle(`the name of ${story.key}`, name),
      needle(`the identity number of ${story.key}`, idNumber),
    ]),
    ...adults.map(({ mobile }) => needle(`the telephone of ${story.key}`, mobile)),
    needle(`the card of ${story.key}`, repaymentCard.number),
  ]
})

/** Of somebody who joins, of somebody whose number is set anew, of a relative who is declared, and one that is wrong in its last place. */
const [JOINS, SET, RELATIVE] = [nobodysNumber(101), nobodysNumber(102), nobodysNumber(103)]
const WRONG = withWrongCheckDigit(JOINS)
for (const number of [JOINS, WRONG, SET, RELATIVE]) needles.push(needle('the identity number of an officer', number))

let house: House
let caseId = ''
const logged: string[] = []
const log = new Writable({ write: (line, _encoding, done) => (logged.push(String(line)), done()) })
const heard: { url: string; text: string }[] = []
const honestFetch = globalThis.fetch

beforeAll(async () => {
  house = await startHouse({ log })
  needles.push(...(await numbersOfStaff()))
  globalThis.fetch = async (input, init) => {
    const answer = await honestFetch(input, init)
    if (answer.url.startsWith(house.origin)) heard.push({ url: answer.url, text: await answer.clone().text() })
    return answer
  }
  caseId = await liveThrough(new LoanCast(house))
}, 120_000)
afterAll(async () => {
  globalThis.fetch = honestFetch
  await house.end()
})

/** Everybody who works here, as the seed has written them. */
async function numbersOfStaff(): Promise<Needle[]> {
  const rows = await house.owner.selectFrom('staff').select('id_number_enc').where('id_number_enc', 'is not', null).execute()
  expect(rows.length).toBeGreaterThan(50)
  return rows.map((row) => needle('the identity number of an officer', house.vault.open(row.id_number_enc ?? Buffer.alloc(0))))
}

/** People whose numbers come in by a change of rights: one who joins, one who is refused, one who is here. */
async function changePeople(cast: LoanCast): Promise<void> {
  const [proposer, confirmer] = [await cast.person('SYS_ADMIN'), await cast.person('SEC_ADMIN')]
  const { staff_id: staffId } = await house.owner
    .selectFrom('staff')
    .select('staff_id')
    .where('staff_number', '=', cast.numberOf('RISK'))
    .executeTakeFirstOrThrow()
  const newcomer = { staffNumber: 'Q9001', name: '新来者', orgId: 'branch-wanghe' }
  const proposed = await Promise.all(
    [
      { change: 'JOIN', newcomer: { ...newcomer, idNumber: WRONG } },
      { change: 'JOIN', newcomer: { ...newcomer, idNumber: JOINS } },
      { change: 'SET_PARTICULARS', staffId, particulars: { idNumber: SET } },
      { change: 'ADD_RELATIVE', staffId, relative: { relation: 'CHILD', idNumber: RELATIVE } },
    ].map((body) => proposer.command('POST', '/api/staff-changes', { ...body, reason: '人事科来函' })),
  )
  expect(proposed.map(({ status }) => status)).toEqual([422, 201, 201, 201])
  for (const { body } of proposed.slice(1)) {
    const { caseId: changed } = body as { caseId: string }
    await sql`delete from spent_one_time_code`.execute(house.owner)
    expect(await confirmer.decide(changed, { action: 'confirm', oneTimeCode: await cast.freshCode('SEC_ADMIN') })).toMatchObject({
      status: 200,
    })
    for (const path of ['/api/cases', '/api/staff-changes']) await confirmer.get(`${path}/${changed}`)
    await confirmer.get(`/api/cases/${changed}/audit`)
  }
}

/** A loan that is paid out, one that is refused, and what people get wrong on the way. */
async function liveThrough(cast: LoanCast): Promise<string> {
  const paid = await cast.readyToPay('approved-single')
  await cast.pays(paid)
  await cast.reaches('CASHIER', paid, 'DISBURSED')
  const refused = await cast.accepted('refused-two-loans')
  await cast.decides('PRELIMINARY_REVIEWER', refused, { action: 'pass', opinion: '请复审核定' })
  await cast.decides('REVIEWER', refused, { action: 'pass', terms: { amountFen: '40000000', months: 240 } })
  await cast.decides('APPROVER', refused, { action: 'refuse', reasonCode: 'LOANS_USED_UP', opinion: '已使用两次' })

  const [clerk, bank] = [await cast.person('INTAKE'), await house.as('BANK_MAKER')]
  const form = JSON.parse(canonicalJson(demoApplicant('approved-couple').application)) as Record<string, unknown>
  await cast.submit('approved-couple')
  const wrong = [form, { ...form, amountFen: '-1' }, { ...form, spouse: form['borrower'] }, { ...form, entrustedBankId: 'bank-nowhere' }]
  for (const body of wrong) await clerk.command('POST', '/api/loans', body)
  await clerk.send('POST', '/api/loans/pre-check', form)
  const { name, idNumber } = demoApplicant('approved-single').application.borrower
  await clerk.send('POST', '/api/contributors/look-up', { idNumber })
  for (const person of [clerk, bank, await cast.person('APPROVER'), await cast.person('CASHIER')]) {
    for (const path of [
      `/api/cases/${paid}`,
      `/api/cases/${refused}/audit`,
      `/api/loans/${paid}/application`,
      '/api/cases',
      '/api/tasks/done',
      '/api/payments',
      '/api/incidents',
      '/api/staff',
      '/api/commands/none',
    ])
      await person.send('GET', path)
    for (const path of ['/api/search', '/api/cases/search', '/api/tasks/todo/search', '/api/tasks/done/search'])
      expect(await person.send('POST', path, { q: name }), path).toMatchObject({ status: 200 })
    await person.send('POST', '/api/session', { staffNumber: name, password: idNumber })
  }
  await changePeople(cast)
  await breakSomething(clerk, form)
  return paid
}

/** A table that is away: the database quotes what it could not do, and the log must not. */
async function breakSomething(clerk: Awaited<ReturnType<LoanCast['person']>>, form: Record<string, unknown>): Promise<void> {
  await sql`alter table case_party add constraint planted check (role <> 'CHILD') not valid`.execute(house.owner)
  const other = { ...form, home: { ...(form['home'] as object), homeNumber: '419899-GB999999-F0001' } }
  await sql`delete from case_lock`.execute(house.owner)
  const answer = await clerk.command('POST', '/api/loans', other)
  expect(answer).toMatchObject({ status: 500 })
  await sql`alter table case_party drop constraint planted`.execute(house.owner)
}

const storeOnDisk = (): Buffer[] => {
  const { folder } = inject('temporal')
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
}

describe('after a loan, a refusal and a few mistakes, nobody’s particulars lie in', () => {
  test('the log, not even where a database quoted the row it would not take', () => {
    expect(logged.length).toBeGreaterThan(100)
    expect(logged.join('')).toContain('case_party')
    expect(findIn(logged.join(''), needles)).toEqual([])
    // Nor does the log name a case: routes, not addresses.
    expect(logged.filter((line) => line.includes('"route"') && line.includes(caseId))).toEqual([])
  })

  test('an answer of the API, or the address of a request', () => {
    expect(heard.length).toBeGreaterThan(60)
    for (const { url, text } of heard) expect(findIn(url + text, needles), `${url}: ${text.slice(0, 120)}`).toEqual([])
  })

  test('the histories of the engine', async () => {
    const histories = await storedHistories(house.taskQueue)
    expect(new Set(histories.map(({ workflowId }) => workflowId)).size).toBeGreaterThanOrEqual(3)
    expect(histories.map(({ json }) => json).join('').length).toBeGreaterThan(50_000)
    for (const { workflowId, json } of histories) expect(findIn(json, needles), workflowId).toEqual([])
  })

  test('the engine’s store on disk, whatever it keeps besides', () => {
    const files = storeOnDisk()
    expect(files.some((bytes) => bytes.includes(caseId))).toBe(true)
    expect(files.flatMap((bytes) => findIn(bytes, needles))).toEqual([])
  })

  test('the trail of the audit, the outbox, the events and the incidents', async () => {
    for (const table of [
      'audit_row',
      'outbox',
      'case_event',
      'incident',
      'command',
      'machine_message',
      'login_attempt',
      'task',
      'staff',
      'staff_change',
    ] as const) {
      const { rows } = await sql`select * from ${sql.table(table)}`.execute(house.owner)
      const text = JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
      if (table === 'staff_change') expect(rows.filter((row) => (row as { new_id_hash: unknown }).new_id_hash)).toHaveLength(3)
      if (table === 'login_attempt') expect(rows.length, 'a name was typed where the number belongs').toBeGreaterThan(0)
      expect(findIn(text, needles), table).toEqual([])
    }
  })
})

describe('the scan would have seen it', () => {
  const secret = demoApplicant('approved-single').application.borrower.name

  test.each([
    ['as it is', (text: string) => text],
    ['escaped', (text: string) => `{"name":"${Array.from(text, (one) => `\\u${one.charCodeAt(0).toString(16)}`).join('')}"}`],
    ['in an address', (text: string) => `/api/search?q=${encodeURIComponent(text)}`],
    ['in base64', (text: string) => Buffer.from(text).toString('base64')],
    ['in base64, one byte in', (text: string) => Buffer.from(`x${text}yz`).toString('base64')],
    ['in base64, two bytes in', (text: string) => Buffer.from(`xy${text}z`).toString('base64url')],
  ])('%s', (_how, write) => expect(findIn(`before ${write(secret)} after`, needles)).toEqual(['the name of approved-single']))

  test('in a line of the log', () => {
    const before = logged.length
    createLog('info', log).info({ borrower: secret })
    expect(findIn(logged.slice(before).join(''), needles)).toEqual(['the name of approved-single'])
    logged.length = before
  })

  test('in an answer of a change of rights, had the number not been covered', async () => {
    const rows = await house.owner
      .selectFrom('staff_change')
      .select('new_id_number_enc')
      .where('new_id_number_enc', 'is not', null)
      .execute()
    const opened = rows.map((row) => house.vault.open(row.new_id_number_enc ?? Buffer.alloc(0)))
    expect(findIn(JSON.stringify({ particulars: opened }), needles)).toHaveLength(3)
  })

  test('in an answer: the one that is meant to tell', async () => {
    const reviewer = await house.as('REVIEWER', '望禾区管理部')
    const { body } = await reviewer.command('POST', `/api/cases/${caseId}/reveal`, { partyNo: 1, field: 'idNumber', reason: '核对证件' })
    expect(findIn(JSON.stringify(body), needles)).toEqual(['the identity number of approved-single'])
  })

  test('in the engine, in its history and on its disk', async () => {
    const { address, namespace } = inject('temporal')
    const connection = await Connection.connect({ address })
    const planted = `planted-${crypto.randomUUID()}`
    const handle = await new Client({ connection, namespace }).workflow.start('nobody', {
      taskQueue: planted,
      workflowId: planted,
      args: [{ name: planted }],
    })
    await handle.terminate()
    const [history] = await storedHistories(planted)
    expect(findIn(history?.json ?? '', [needle('planted', `{"name":"${planted}"}`)])).toEqual(['planted'])
    expect(storeOnDisk().flatMap((bytes) => findIn(bytes, [needle('planted', `{"name":"${planted}"}`)]))).toContain('planted')
    await connection.close()
  })
})

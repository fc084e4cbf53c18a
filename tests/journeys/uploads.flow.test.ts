import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startDoor } from '../access/second-door.ts'
import { visit, Visitor, type Heard } from '../access/visitor.ts'
import { disguised, onePagePdf, scan, type ChosenFile } from '../setup/browser-files.ts'
import { startHouse, type House } from '../setup/house.ts'
import { LoanCast } from './loan-cast.ts'

let house: House
let cast: LoanCast
let clerk: Visitor
/** The same clerk at another process of the API. */
let elsewhere: Visitor
let second: Awaited<ReturnType<typeof startDoor>>
let caseId: string
beforeAll(async () => {
  house = await startHouse()
  cast = new LoanCast(house)
  second = await startDoor(house)
  clerk = await visit(house, cast.numberOf('INTAKE'))
  elsewhere = new Visitor(second.door.house, clerk.name, clerk.token)
  caseId = await cast.submit('approved-single')
}, 90_000)
afterAll(async () => {
  await second.end()
  await house.end()
})

const identity = scan('身份证.png')
let key: string
beforeEach(() => {
  key = randomUUID()
})

interface Upload {
  readonly from?: Visitor
  readonly to?: string
  readonly material?: string
  readonly headers?: Record<string, string>
}

function upload(file: ChosenFile, { from = clerk, to = caseId, material = 'IDENTITY', headers }: Upload = {}): Promise<Heard> {
  const form = new FormData()
  form.append('material', material)
  form.append('file', new File([new Uint8Array(file.buffer)], file.name, { type: file.mimeType }))
  return from.ask('POST', `/api/cases/${to}/documents`, { raw: form, headers: headers ?? { 'Idempotency-Key': `"${key}"` } })
}

const documents = () =>
  house.owner.selectFrom('document').select(['document_id', 'material', 'name', 'sha256']).where('case_id', '=', caseId).execute()
const traces = async (): Promise<number[]> => [
  (await documents()).length,
  (await house.owner.selectFrom('case_event').select('event_id').where('case_id', '=', caseId).where('kind', '=', 'DOCUMENT').execute())
    .length,
  (await house.owner.selectFrom('audit_row').select('seq').where('case_id', '=', caseId).where('act', '=', 'document/upload').execute())
    .length,
]
const answerOf = ({ text }: Heard) => JSON.parse(text) as { documentId: string; sha256: string }

describe('a file that is handed in under one key', () => {
  test('again and again, also at once and at two processes, is one document, and everybody is told the same', async () => {
    const before = await traces()
    const heard = await Promise.all(Array.from({ length: 6 }, (_, n) => upload(identity, { from: n % 2 ? clerk : elsewhere })))
    heard.push(await upload(identity), await upload(identity, { from: elsewhere }))
    expect(heard.map(({ status }) => status)).toEqual(heard.map(() => 201))
    expect(new Set(heard.map(({ text }) => text)).size).toBe(1)
    expect(heard.filter(({ headers }) => headers.get('idempotent-replay') === 'true')).toHaveLength(heard.length - 1)
    expect(answerOf(heard[0] as Heard).sha256).toBe(createHash('sha256').update(identity.buffer).digest('hex'))
    expect(await traces()).toEqual(before.map((count) => count + 1))
  })

  test.each([
    ['with other content', scan('身份证.png', 200), {}],
    ['under another name', { ...identity, name: '身份证反面.png' }, {}],
    ['as another material', identity, { material: 'MARRIAGE' }],
  ])('and then %s is refused, and nothing is kept of it', async (_what, file, where) => {
    expect((await upload(identity)).status).toBe(201)
    const before = await traces()
    const heard = await upload(file, where)
    expect([heard.status, heard.code]).toEqual([422, 'KEY_REUSED'])
    expect(await traces()).toEqual(before)
  })

  test('and then into another case is refused', async () => {
    expect((await upload(identity)).status).toBe(201)
    expect((await upload(identity, { to: await cast.submit('approved-second-home') })).code).toBe('KEY_REUSED')
  })

  test('that a note has used is refused', async () => {
    const noted = await clerk.ask('POST', `/api/cases/${caseId}/notes`, {
      body: { kind: 'NOTE', text: '收到身份证' },
      headers: { 'Idempotency-Key': key },
    })
    expect(noted.status).toBe(201)
    expect((await upload(identity)).code).toBe('KEY_REUSED')
  })

  test('that a refused file has tried is free for the right one', async () => {
    expect((await upload(disguised('身份证.pdf'))).code).toBe('UNSUPPORTED_MEDIA')
    expect((await upload(onePagePdf('身份证.pdf'))).status).toBe(201)
  })
})

test('without a key nothing is taken in, and the answer says what is missing', async () => {
  const before = await traces()
  const heard = await upload(identity, { headers: {} })
  expect([heard.status, heard.code]).toEqual([400, 'KEY_MISSING'])
  expect(await traces()).toEqual(before)
})

test('a form without its file, with an empty one or without its material is refused at the field that is missing', async () => {
  const before = await traces()
  const form = (fields: Record<string, string | File>): FormData => {
    const given = new FormData()
    for (const [name, value] of Object.entries(fields)) given.append(name, value)
    return given
  }
  const file = new File([new Uint8Array(identity.buffer)], identity.name, { type: identity.mimeType })
  const wrong: [Record<string, string | File>, string][] = [
    [{ material: 'IDENTITY' }, '#/file'],
    [{ material: 'IDENTITY', file: new File([], '空.png', { type: 'image/png' }) }, '#/file'],
    [{ file }, '#/material'],
  ]
  for (const [fields, pointer] of wrong) {
    const heard = await clerk.ask('POST', `/api/cases/${caseId}/documents`, {
      raw: form(fields),
      headers: { 'Idempotency-Key': randomUUID() },
    })
    const { errors } = JSON.parse(heard.text) as { errors?: { pointer: string }[] }
    expect([heard.status, heard.code, errors?.map((one) => one.pointer)]).toEqual([422, 'INVALID_INPUT', [pointer]])
  }
  expect(await traces()).toEqual(before)
})

test('into a case of another branch nothing is handed in, and what is kept is that it was tried', async () => {
  const stranger = await visit(house, cast.numberOf('INTAKE', '松溯县管理部'))
  const before = await traces()
  const heard = await upload(identity, { from: stranger })
  expect([heard.status, heard.code]).toEqual([404, 'NOT_FOUND'])
  expect(await traces()).toEqual(before)
  const tried = house.owner.selectFrom('command').select(['state', 'case_id', 'answer', 'body']).where('idempotency_key', '=', key)
  expect(await tried.execute()).toEqual([{ state: 'REFUSED', case_id: null, answer: { refused: { code: 'NOT_FOUND' } }, body: {} }])
})

test('the same file under two keys is handed in twice', async () => {
  const first = answerOf(await upload(identity))
  key = randomUUID()
  const other = answerOf(await upload(identity))
  expect(other.sha256).toBe(first.sha256)
  expect(other.documentId).not.toBe(first.documentId)
})

test('whose case has ended meanwhile is told the first answer; a new one is refused', async () => {
  const first = await upload(identity)
  await cast.decides('INTAKE', caseId, { action: 'not-accept', reasonCode: 'NOT_OWN_OCCUPIED', opinion: '所购房屋不属自住' })
  const again = await upload(identity)
  expect([again.status, again.text]).toEqual([201, first.text])
  key = randomUUID()
  expect((await upload(identity)).code).toBe('CONFLICT')
}, 30_000)

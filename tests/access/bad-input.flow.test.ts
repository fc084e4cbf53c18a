import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canonicalJson } from '#db/canonical.ts'
import { demoApplicant } from '#db/seed/people.ts'
import { LoanCast } from '../journeys/loan-cast.ts'
import { startHouse, type House } from '../setup/house.ts'
import { rowCounts, visit, type Heard, type Visitor } from './visitor.ts'

let house: House
let cast: LoanCast
let clerk: Visitor
beforeAll(async () => {
  house = await startHouse()
  cast = new LoanCast(house)
  clerk = await visit(house, cast.numberOf('INTAKE'))
}, 60_000)
afterAll(() => house.end())

type Form = Record<string, unknown>
const honest = (): Form => JSON.parse(canonicalJson(demoApplicant('approved-couple').application)) as Form

/** The form with one value replaced, by its pointer. */
function withValue(pointer: string, value: unknown): Form {
  const form = honest()
  const path = pointer.slice(2).split('/')
  const last = path.pop() ?? ''
  const holder = path.reduce<Form>((at, name) => at[name] as Form, form)
  holder[last] = value
  return form
}

const pointersOf = (heard: Heard): string[] =>
  ((JSON.parse(heard.text) as { errors?: { pointer: string }[] }).errors ?? []).map(({ pointer }) => pointer)
/** Reading a session notes when it was used; nothing else may change. */
const rows = (): Promise<Record<string, number>> => rowCounts(house)

const BAD_MONEY: readonly unknown[] = [
  '-1',
  '0',
  '1e3',
  '１００',
  '0.005',
  '100.00',
  ' 100',
  '007',
  '1000000000000000',
  '9007199254740993000',
  'NaN',
  'Infinity',
  '',
  null,
  100,
  1e21,
  -0,
  true,
  ['100'],
  { fen: '100' },
]
const BAD_MONTHS: readonly unknown[] = [0, -1, 361, 1.5, '240', 1e3, null, 2 ** 53 + 2]
const BAD_NAMES: readonly unknown[] = [
  '',
  ' ',
  '沈',
  '沈\u200b知远',
  '沈\u202e知远',
  '<b>沈知远</b>',
  '沈知远1',
  'x'.repeat(51),
  '\ue000\ue001',
  null,
]
const BAD_MOBILES: readonly unknown[] = ['1380000123', '12800001234', '１３８００００１２３４', '+8613800001234', '138 0000 1234', '']
/** The first is right but for its last place; the others fail at the place that names them. */
const BAD_ID_NUMBERS: readonly unknown[] = [
  '419899199005180015',
  '419899900518001',
  '41989919900518001',
  '419899199002300018',
  '４１９８９９199005180014',
  '009899199005180014',
  '419899199005180014 ',
  '41989919900518001Y',
  '',
  null,
]
const BAD_CARDS: readonly unknown[] = [
  '6999880000009000004',
  '69998800',
  '6999 8800 0000 9000 003',
  '６９９９８８００００００９０００００３',
  '6'.repeat(20),
  '',
  null,
]

const CASES: readonly [string, string, readonly unknown[]][] = [
  ['an amount', '#/amountFen', BAD_MONEY],
  ['a price', '#/home/contractPriceFen', BAD_MONEY],
  ['an income', '#/borrower/monthlyIncomeFen', BAD_MONEY.filter((value) => value !== '0')],
  ['a term', '#/months', BAD_MONTHS],
  ['a day of repayment', '#/repaymentDay', [0, 29, 31, 1.5, '15']],
  ['a name', '#/spouse/name', BAD_NAMES],
  ['a telephone', '#/borrower/mobile', BAD_MOBILES],
  ['an identity number', '#/borrower/idNumber', BAD_ID_NUMBERS],
  ['a spouse’s identity number', '#/spouse/idNumber', BAD_ID_NUMBERS],
  ['a card', '#/repaymentCard/number', BAD_CARDS],
  ['an area', '#/home/areaSquareMetres', ['0', '-1', '1e2', '100.123', '０１', 108.66, '']],
  ['a receiving account', '#/home/receivingAccount/accountNumber', ['123', '１２３４５６７８９', 'DROP TABLE', '']],
  ['a kind of home', '#/home/kind', ['VILLA', 'new', '', null, '__proto__', 'constructor']],
  ['a marital status', '#/maritalStatus', ['single', '', 'toString']],
]

describe('an application with', () => {
  test.each(CASES)('%s that cannot be is refused at %s, and nothing is written', async (_what, pointer, values) => {
    const before = await rows()
    for (const value of values) {
      for (const path of ['/api/loans', '/api/loans/pre-check']) {
        const heard = await clerk.command('POST', path, withValue(pointer, value))
        expect([heard.status, heard.code, pointersOf(heard)], `${JSON.stringify(value)} at ${path}`).toEqual([
          422,
          'INVALID_INPUT',
          expect.arrayContaining([pointer]),
        ])
        expect(
          pointersOf(heard).filter((one) => !one.startsWith(pointer)),
          JSON.stringify(value),
        ).toEqual([])
        // What was entered is not read back: it may be somebody's.
        if (typeof value === 'string' && value.length > 5) expect(heard.text).not.toContain(value)
      }
    }
    expect(await rows()).toEqual(before)
  })

  test('things that contradict one another is refused at what contradicts', async () => {
    const before = await rows()
    const form = honest()
    const borrower = form['borrower'] as Form
    const contradictions: [Form, string][] = [
      [{ ...form, spouse: null }, '#/spouse'],
      [{ ...form, maritalStatus: 'DIVORCED' }, '#/spouse'],
      [{ ...form, spouse: { ...(form['spouse'] as Form), idNumber: borrower['idNumber'] } }, '#/borrower/idNumber'],
      [withValue('#/repaymentCard/ownerName', '别人家'), '#/repaymentCard/ownerName'],
      [{ ...form, home: { ...(form['home'] as Form), kind: 'RESALE', builtYear: null } }, '#/home/builtYear'],
      [{ ...form, children: Array.from({ length: 21 }, () => (form['children'] as Form[])[0]) }, '#/children'],
      [{ ...form, extra: 1 }, '#/extra'],
    ]
    for (const [body, pointer] of contradictions) {
      const heard = await clerk.command('POST', '/api/loans', body)
      expect([heard.status, pointersOf(heard)], pointer).toEqual([422, expect.arrayContaining([pointer])])
    }
    for (const body of [[], 'text', 5, null, {}])
      expect((await clerk.command('POST', '/api/loans', body)).status, JSON.stringify(body)).toBeGreaterThanOrEqual(400)
    expect(await rows()).toEqual(before)
  })

  test('an institution that is none is refused by the record, which keeps the try and nothing else', async () => {
    const [before, banks] = [await rows(), ['guarantor-anzhu', 'bank-nowhere', "x' or '1'='1", 'branch-wanghe']]
    for (const bank of banks)
      expect((await clerk.command('POST', '/api/loans', withValue('#/entrustedBankId', bank))).status, bank).toBe(422)
    const { command = 0, audit_row = 0, audit_stream = 0, ...others } = before
    const { audit_stream: streams = 0, ...after } = await rows()
    expect(after).toEqual({ ...others, command: command + banks.length, audit_row: audit_row + banks.length })
    expect(streams - audit_stream, 'the stream of this desk, where it is the first').toBeLessThanOrEqual(1)
  })

  test('nothing wrong is accepted: the form itself was not what was refused', async () => {
    expect((await clerk.command('POST', '/api/loans', honest())).status).toBe(201)
  })

  test('the same key and another body, or without a key, is refused and changes nothing', async () => {
    const key = randomUUID()
    const headers = { 'Idempotency-Key': key }
    const note = (text: string) => async (caseId: string) =>
      clerk.ask('POST', `/api/cases/${caseId}/notes`, { body: { kind: 'NOTE', text }, headers })
    const { case_id: caseId } = await house.owner
      .selectFrom('case_file')
      .select('case_id')
      .orderBy('created_at', 'desc')
      .executeTakeFirstOrThrow()
    await cast.lookedAt(caseId)
    const first = await note('一')(caseId)
    const before = await rows()
    expect(await note('一')(caseId)).toMatchObject({ status: 201, text: first.text })
    expect(await note('二')(caseId)).toMatchObject({ status: 422, code: 'KEY_REUSED' })
    expect(await clerk.ask('POST', `/api/cases/${caseId}/release`, { body: {}, headers })).toMatchObject({
      status: 422,
      code: 'KEY_REUSED',
    })
    for (const bad of ['', 'short', 'x'.repeat(81), '"', 'a b c d e f g h']) {
      expect(
        (await clerk.ask('POST', `/api/cases/${caseId}/notes`, { body: { kind: 'NOTE', text: '三' }, headers: { 'Idempotency-Key': bad } }))
          .code,
        bad,
      ).toBe('KEY_MISSING')
    }
    expect(await rows()).toEqual(before)
    // Another person's command under the same key is another command, and shows nothing of this one.
    const colleague = await visit(house, cast.numberOf('REVIEWER'))
    const theirs = await colleague.ask('POST', `/api/cases/${caseId}/notes`, { body: { kind: 'NOTE', text: '二' }, headers })
    expect([theirs.status, theirs.text === first.text]).toEqual([201, false])
  })
})

test('a number that nobody has is refused at its field, and nobody is looked up', async () => {
  const before = await rows()
  for (const idNumber of ['419899199005180015', '41989919900518001Y', '009899199005180014']) {
    const heard = await clerk.command('POST', '/api/contributors/look-up', { idNumber })
    expect([heard.status, heard.code, pointersOf(heard)], idNumber).toEqual([422, 'INVALID_INPUT', ['#/idNumber']])
  }
  expect(await rows()).toEqual(before)
})

describe('a decision with', () => {
  const decide = (who: Visitor, caseId: string, body: unknown, headers: Record<string, string> = {}): Promise<Heard> =>
    who.ask('POST', `/api/cases/${caseId}/decisions`, {
      body,
      headers: { 'Idempotency-Key': randomUUID(), 'If-Match': '"v1"', ...headers },
    })

  test('what no schema knows is refused at its pointer, and leaves neither receipt nor row', async () => {
    const caseId = await cast.lookedAt(await cast.submit('approved-single'))
    const before = await rows()
    const wrong: [Form, string][] = [
      ...BAD_MONEY.filter((value) => value !== '0').map((amountFen): [Form, string] => [
        { action: 'accept', terms: { amountFen, months: 240 } },
        '#/terms/amountFen',
      ]),
      ...BAD_MONTHS.map((months): [Form, string] => [{ action: 'accept', terms: { amountFen: '100', months } }, '#/terms/months']),
      [{ action: 'Accept' }, '#/action'],
      [{ action: 'a b' }, '#/action'],
      [{}, '#/action'],
      [{ action: 'accept', to: 'nowhere' }, '#/to'],
      [{ action: 'accept', opinion: 'x'.repeat(2001) }, '#/opinion'],
      [{ action: 'accept', oneTimeCode: '１２３４５６' }, '#/oneTimeCode'],
      [{ action: 'accept', oneTimeCode: '12345' }, '#/oneTimeCode'],
      [{ action: 'accept', wants: [{ item: '', reason: '' }] }, '#/wants/0/item'],
      [{ action: 'accept', reasonCode: "x'--" }, '#/reasonCode'],
      // For whom somebody acts is read from the delegations, and never told.
      [{ action: 'accept', onBehalfOf: randomUUID() }, '#/onBehalfOf'],
      ...['2025-02-30', '2025-13-01', '0000-01-01', '9999-12-31', '25-11-03', '２０２５-11-03', '2025-11-03T00:00:00Z', 'yesterday'].map(
        (signedOn): [Form, string] => [{ action: 'sign', fields: { signedOn } }, '#/fields/signedOn'],
      ),
      [{ action: 'accept', stageVersion: 7 }, '#/stageVersion'],
      [{ action: 'accept', actorId: randomUUID() }, '#/actorId'],
    ]
    for (const [body, pointer] of wrong) {
      const heard = await decide(clerk, caseId, body)
      expect([heard.status, heard.code, pointersOf(heard)], JSON.stringify(body)).toEqual([
        422,
        'INVALID_INPUT',
        expect.arrayContaining([pointer]),
      ])
    }
    for (const version of ['v1', '1', '*', '"1"', '"v-1"', '"v1e3"', '"v99999999999"']) {
      expect(await decide(clerk, caseId, { action: 'accept' }, { 'If-Match': version }), version).toMatchObject({
        status: 428,
        code: 'VERSION_MISSING',
      })
    }
    expect(await rows()).toEqual(before)
  })

  test('what the stage forbids is refused with receipt and audit row, and no more', async () => {
    const caseId = await cast.lookedAt(await cast.submit('approved-second-home'))
    const wrong: [Form, number, string?][] = [
      [{ action: 'approve', terms: { amountFen: '100', months: 12 } }, 409],
      [{ action: 'pay', oneTimeCode: '000000' }, 403],
      [{ action: 'request-correction' }, 422, '#/wants'],
      [{ action: 'not-accept' }, 422, '#/reasonCode'],
      [{ action: 'accept', to: 'DISBURSED' }, 422, '#/to'],
      [{ action: 'recall' }, 409],
    ]
    for (const [body, status, pointer] of wrong) {
      const before = await rows()
      const heard = await decide(clerk, caseId, body)
      expect([heard.status, JSON.stringify(body), heard.text.includes('"errors"') ? pointersOf(heard) : []]).toEqual([
        status,
        JSON.stringify(body),
        pointer ? expect.arrayContaining([pointer]) : [],
      ])
      const after = await rows()
      const changed = Object.keys(after).filter((table) => after[table] !== before[table])
      expect(
        changed.filter((table) => !['command', 'audit_row', 'audit_stream'].includes(table)),
        JSON.stringify(body),
      ).toEqual([])
    }
  })

  test('the number of another contract is refused in words that say nothing of it, and the case goes on', async () => {
    const [one, other] = [await cast.approved('approved-price-limits'), await cast.approved('approved-capacity-limits')]
    const sign = (contractNumber: string) => ({ action: 'sign', fields: { contractNumber, signedOn: '2025-11-03' } })
    await cast.decides('CONTRACTING', one, sign('JK-0001'))
    const refused = await (await cast.person('CONTRACTING')).decide(other, sign('JK-0001'))
    expect(refused).toMatchObject({ status: 409, body: { code: 'RULES_REFUSE', detail: '合同编号不可用，请与合同核对' } })
    await cast.decides('CONTRACTING', other, sign('JK-0002'))
  })
})

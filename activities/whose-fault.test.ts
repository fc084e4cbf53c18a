import { ApplicationFailure } from '@temporalio/activity'
import { expect, test } from 'vitest'
import { PlannedFault } from '#db/fault.ts'
import { Bug } from './bug.ts'
import { PortFault } from './ports/fault.ts'
import { isBug, kindOfBug } from './whose-fault.ts'

/** As PostgreSQL's driver throws it. */
const refused = (code: string, constraint?: string): Error =>
  Object.assign(new Error('words about the row'), { name: 'error', code, constraint })

test.each([
  ['a counterpart that is away', new PortFault('unreachable', 'bank', '/payments/submit', 'connection failed')],
  ['a counterpart that talks nonsense', new PortFault('garbled', 'bank', '/payments/submit', 'signature')],
  ['a planned fault', new PlannedFault('decide.before-commit')],
  ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
  ['a connection that broke in the middle', new Error('Connection terminated unexpectedly')],
  ['a pool that is exhausted', new Error('timeout exceeded when trying to connect')],
  ['a server that is going down', refused('57P01')],
  ['a statement that took too long', refused('57014')],
  ['a serialization failure', refused('40001')],
  ['a deadlock', refused('40P01')],
  ['a full disk', refused('53100')],
  ['a fetch that could not connect', new TypeError('fetch failed', { cause: Object.assign(new Error(''), { code: 'ECONNRESET' }) })],
  ['a time limit', new DOMException('too late', 'TimeoutError')],
  ['what says itself that it may be tried again', ApplicationFailure.retryable('later')],
])('%s is the world’s fault', (_, error) => expect(isBug(error)).toBe(false))

test.each([
  ['an assertion', new Bug('no such case'), 'Bug'],
  ['a key that does not open', new Error('Unsupported state or unable to authenticate data'), 'Error'],
  ['a constraint that refuses', refused('23514', 'payment_amount_fen_check'), '数据库 23514 payment_amount_fen_check'],
  ['a trigger that refuses', refused('42501'), '数据库 42501'],
  ['a number out of range', new RangeError('bigint'), 'RangeError'],
  ['a mistake behind another’s back', new TypeError('x is not a function', { cause: new Error('why') }), 'TypeError'],
  ['something that is no error at all', 'oops', 'unknown'],
])('%s is ours, and told without its words', (_, error, kind) => {
  expect(isBug(error)).toBe(true)
  expect(kindOfBug(error)).toBe(kind)
})

test('a row that is there already may be a race that was lost; the third time it is ours', () => {
  const twice = refused('23505', 'staff_staff_number_key')
  expect([1, 2, 3].map((attempt) => isBug(twice, attempt))).toEqual([false, false, true])
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guardJson } from './json-guard.ts'

const guard =
  (text: string | Buffer, encoding = 'utf-8') =>
  (): void =>
    guardJson(Buffer.from(text as string), encoding)
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

describe('a body is looked over before it is parsed', () => {
  test.each([
    ['an ordinary form', '{"borrower":{"name":"沈知远","idNumber":"x"},"children":[{"name":"a"},{"name":"b"}],"months":240}'],
    ['the same name in two objects', '{"a":{"x":1},"b":{"x":2},"c":[{"x":1},{"x":2}]}'],
    ['a name as a value, and a brace in a text', '{"a":"a","b":"{\\"a\\":1,","c":"\\\\"}'],
    ['an emoji by its escapes', '{"a":"\\ud83d\\ude00"}'],
    ['as deep as is allowed', nested(32)],
  ])('%s passes', (_what, text) => expect(guard(text)).not.toThrow())

  test.each([
    ['ten thousand brackets', nested(10_000)],
    ['one bracket too many', nested(33)],
    ['a name twice', '{"amountFen":"1","amountFen":"2"}'],
    ['a name twice, once by its escapes', '{"amountFen":"1","\\u0061mountFen":"2"}'],
    ['__proto__', '{"__proto__":{"isAdmin":true}}'],
    ['__proto__ by its escapes', '{"\\u005f_proto__":{}}'],
    ['constructor', '{"a":{"constructor":{"prototype":{}}}}'],
    ['a NUL', '{"a":"x\\u0000"}'],
    ['half of a pair', '{"a":"\\ud800"}'],
    ['a byte-order mark', Buffer.from('\uFEFF{}')],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
    ['half of a pair as bytes', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ])('%s does not', (_what, text) => expect(guard(text)).toThrow(SyntaxError))

  test('UTF-16 does not', () => expect(guard(Buffer.from('{}', 'utf16le'), 'utf-16le')).toThrow(SyntaxError))

  test('whatever JSON.stringify writes of honest values passes', () => {
    const value = fc
      .jsonValue({ maxDepth: 6, stringUnit: 'grapheme' })
      .filter((one) => !/\\u0000|"(__proto__|constructor|prototype)"|\\ud[89a-f]/.test(JSON.stringify(one)))
    fc.assert(fc.property(value, (one) => void expect(guard(JSON.stringify(one))).not.toThrow()))
  })

  test('half a megabyte of the worst is over in milliseconds', () => {
    const names = JSON.stringify(Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`n${index}`, 0])))
    const began = performance.now()
    for (const text of [names, '['.repeat(500_000), `"${'\\'.repeat(500_000)}`, '"'.repeat(500_001)]) {
      try {
        guardJson(Buffer.from(text), 'utf-8')
      } catch {
        // Refused is as good as passed here.
      }
    }
    // In milliseconds, on a machine that is idle; whatever grows faster than the text takes minutes.
    expect(performance.now() - began).toBeLessThan(10_000)
  })
})

import { expect, test } from 'vitest'
import { z } from 'zod'
import { api } from './api/api.ts'
import type { EndpointSpec } from './endpoint.ts'
import { inputText } from './input-text.ts'

/** Latin words that stand in Chinese sentences by right: names of fields and formats, codes with their meaning behind them. */
const NAMES = /\b(true|false|YYYY|MM|DD|JSON|PDF|ID|IP|[a-z]+[A-Z]\w*)\b|[A-Z][A-Z_\d]+(?=（)/g
const hasForeignWords = (text: string): boolean => /[A-Za-z]{2,}/.test(text.replaceAll(NAMES, ''))

const details = (schema: z.ZodType, input: unknown): string[] => {
  const parsed = schema.safeParse(input, { error: inputText })
  return parsed.success ? [] : parsed.error.issues.map(({ message }) => message)
}

test.each<[string, z.ZodType, unknown, string]>([
  ['missing', z.string(), undefined, '必填'],
  ['another type', z.number(), 'x', '类型有误，须为数字'],
  ['too small', z.number().min(1), 0, '不得小于1'],
  ['too large', z.int().max(480), 481, '不得大于480'],
  ['empty', z.string().min(1), '', '不能为空'],
  ['too short', z.string().min(12), 'x', '不得少于12个字'],
  ['too long', z.string().max(2), 'xyz', '不得超过2个字'],
  ['no item', z.array(z.string()).min(1), [], '至少一项'],
  ['too many items', z.array(z.string()).max(1), ['a', 'b'], '不得超过1项'],
  ['not one of', z.enum(['a', 'b']), 'c', '不在可选范围内'],
  ['another pattern', z.string().regex(/^\d{6}$/), '1', '格式不正确'],
  ['no such alternative', z.discriminatedUnion('k', [z.object({ k: z.literal('a') })]), { k: 'b' }, '填写的内容无法识别'],
  ['an unknown field', z.strictObject({}), { x: 1 }, '无法识别的字段：x'],
  ['a sentence of the schema', z.string({ error: '姓名必填' }), undefined, '姓名必填'],
])('%s', (_, schema, input, text) => expect(details(schema, input)).toEqual([text]))

const specs: [string, EndpointSpec][] = Object.entries(api)
const inputs = specs.flatMap(([name, { body, params, query }]) =>
  [body, params, query].flatMap((schema, at) => (schema ? [[`${name} ${['body', 'params', 'query'][at] ?? ''}`, schema] as const] : [])),
)

test.each(inputs)('%s is refused in Chinese, whatever is wrong', (_, schema) => {
  const said = wrongInputs(schema).flatMap((input) => details(schema, input))
  expect(said.filter(hasForeignWords)).toEqual([])
})

test('a sentence in English would be found', () => expect(hasForeignWords('Too small: expected number to be >=1')).toBe(true))

/** Nothing, another type, and every field at once as each of the usual mistakes. */
function wrongInputs(schema: z.ZodType): unknown[] {
  const fields = schema instanceof z.ZodObject ? Object.keys(schema.shape) : ['action', 'kind', 'reason']
  const mistakes = [null, '', -1, 1e21, [], [null], {}, true, 'x'.repeat(5_000)]
  return [
    undefined,
    null,
    'x',
    7,
    [],
    {},
    { nobodyKnows: 1 },
    ...mistakes.map((value) => Object.fromEntries(fields.map((name) => [name, value]))),
  ]
}

import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { api, type EndpointName } from '#contracts/api/api.ts'
import type { EndpointSpec } from '#contracts/endpoint.ts'
import { PROBLEMS } from '#contracts/problem.ts'
import { openApiDocument } from './openapi.ts'

const document = openApiDocument()
const names = Object.keys(api) as EndpointName[]

const operationOf = (name: EndpointName) => {
  const spec: EndpointSpec = api[name]
  const method = spec.method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'
  return document.paths?.[`/api${spec.path.replaceAll(/:(\w+)/g, '{$1}')}`]?.[method]
}

const headerNames = (name: EndpointName): string[] =>
  (operationOf(name)?.parameters ?? []).flatMap((one) => ('in' in one && one.in === 'header' ? [one.name] : [])).sort()

describe('the OpenAPI document', () => {
  test('the committed copy is the contract of today (npm run -s anju -- openapi)', () => {
    const committed = readFileSync(join(resolve(import.meta.dirname, '..'), 'docs', 'openapi.json'), 'utf8')
    expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(document)))
  })

  test.each(names)('%s stands in it under its own name', (name) => {
    expect(operationOf(name)?.operationId).toBe(name)
  })

  test('every code of a problem is explained', () => {
    for (const [code, [status, title]] of Object.entries(PROBLEMS))
      expect(document.info.description).toContain(`\`${code}\`（${status}）${title}`)
  })

  test('whoever moves a case must send key, version and our header', () => {
    expect(headerNames('decide')).toEqual(['Idempotency-Key', 'If-Match', 'X-Anju'])
    expect(headerNames('claim')).toEqual(['Idempotency-Key', 'X-Anju'])
    expect(headerNames('readCase')).toEqual([])
  })

  test('only what the contract calls public needs no session', () => {
    const open = names.filter((name) => operationOf(name)?.security?.length === 0)
    expect(open).toEqual(names.filter((name) => api[name].access === 'PUBLIC'))
  })

  test('a decision may be late, stale or refused', () => {
    expect(Object.keys(operationOf('decide')?.responses ?? {})).toEqual(expect.arrayContaining(['200', '202', '409', '412', '428']))
  })

  test('every reference leads somewhere, and no schema of a date or an amount is empty', () => {
    const text = JSON.stringify(document)
    const schemas = document.components?.schemas ?? {}
    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) expect(schemas).toHaveProperty(name)
    for (const [name, schema] of Object.entries(schemas))
      expect([name, Object.keys(schema).some((key) => ['type', 'enum', 'anyOf', 'oneOf', 'allOf', '$ref'].includes(key))]).toEqual([
        name,
        true,
      ])
  })
})

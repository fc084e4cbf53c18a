import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api, type EndpointName } from '#contracts/api/api.ts'
import type { EndpointSpec } from '#contracts/endpoint.ts'
import { startHouse, type House } from '../setup/house.ts'
import { Crowd, type Person } from './crowd.ts'
import { visit, Visitor } from './visitor.ts'

const specs = Object.entries(api) as [EndpointName, EndpointSpec][]
let house: House
let crowd: Crowd
let people: readonly Person[]
let nobody: Visitor
beforeAll(async () => {
  house = await startHouse({ city: { openCases: 16 } })
  crowd = await Crowd.of(house)
  people = crowd.people
  nobody = new Visitor(house, 'nobody', undefined)
}, 90_000)
afterAll(() => house.end())

const PARAMS: Readonly<Record<string, string>> = { list: 'todo', year: '2025', key: 'probe' }
const pathOf = (spec: EndpointSpec, caseId: string = randomUUID()): string =>
  `/api${spec.path.replace(/:(\w+)/g, (_all, name: string) => PARAMS[name] ?? (name === 'caseId' ? caseId : randomUUID()))}`
const mayCall = ({ access }: EndpointSpec, posts: readonly string[]): boolean =>
  access === 'PUBLIC' || access === 'SIGNED_IN' || access.some((post) => posts.includes(post))

describe('which routes there are', () => {
  test('those of the contract, four by hand, the documents about them, machine and health, and no other', () => {
    const app: unknown = house.server.listeners('request')[0]
    const contract = specs.map(([, spec]) => `${spec.method} /api${spec.path}`)
    const byHand = [
      'POST /api/cases/:caseId/documents',
      'GET /api/documents/:documentId/content',
      'GET /api/papers/:paperId',
      'GET /api/events',
    ]
    const open = [
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
      'POST /machine/bank/notices',
      'GET /api/docs',
      'GET /api/docs/openapi.json',
    ]
    expect(routesOf(app).sort()).toEqual([...contract, ...byHand, ...open].sort())
  })
})

/** The registered routes of an Express application. */
function routesOf(app: unknown): string[] {
  if (typeof app !== 'function' || !('router' in app)) throw new Error('not an Express application')
  const { stack } = app.router as { stack: { route?: { path: string; methods: Record<string, boolean> } }[] }
  return stack.flatMap(({ route }) => (route ? Object.keys(route.methods).map((one) => `${one.toUpperCase()} ${route.path}`) : []))
}

// Before the crawl, which uses up the log-ins of its minute.
test('a field nobody asked for is named and refused, at every door that takes a body', async () => {
  const extra = { orgId: 'branch-wanghe', status: 'APPROVED', checkerId: randomUUID(), stageVersion: 9, accessGroupId: 'COURT:x' }
  let asked = 0
  for (const [name, spec] of specs.filter(([, one]) => one.body)) {
    const person = people.find(({ posts }) => mayCall(spec, posts))
    const heard = await person?.visitor.command(spec.method, pathOf(spec), extra)
    const { errors } = JSON.parse(heard?.text ?? '{}') as { errors?: { pointer: string; code: string }[] }
    const named = (errors ?? []).filter(({ code }) => code === 'UNKNOWN_FIELD').map(({ pointer }) => pointer)
    expect([name, heard?.status, named.sort()]).toEqual([
      name,
      422,
      Object.keys(extra)
        .filter((field) => !(field in shapeOf(spec)))
        .map((field) => `#/${field}`)
        .sort(),
    ])
    asked++
  }
  expect(asked).toBeGreaterThan(12)
})

describe('everybody at every door', () => {
  test('is let in or turned away exactly as the contract says', async () => {
    const wrong: string[] = []
    for (const [name, spec] of specs) {
      // A body that cannot do anything, and no key: whoever gets past the door is stopped by the next thing.
      const body = spec.method === 'GET' || spec.method === 'DELETE' ? {} : { body: {} }
      const path = pathOf(spec)
      const turnedAway = await nobody.ask(spec.method, path, body)
      if (spec.access !== 'PUBLIC' && turnedAway.code !== 'NOT_SIGNED_IN') wrong.push(`${name} for nobody: ${turnedAway.status}`)
      await Promise.all(
        people.map(async ({ visitor, posts }) => {
          const who = name === 'signOut' ? await visit(house, visitor.name) : visitor
          const heard = await who.ask(spec.method, path, body)
          const letIn = heard.status !== 401 && heard.status !== 403
          if (letIn !== mayCall(spec, posts) || heard.status >= 500)
            wrong.push(`${name} for ${visitor.name} (${posts.join()}): ${heard.status} ${heard.code}`)
          if (letIn && spec.command && heard.status !== (spec.ifMatch ? 428 : 400)) wrong.push(`${name} without a key: ${heard.status}`)
        }),
      )
    }
    expect(wrong).toEqual([])
  }, 120_000)

  test('without a session none of the doors by hand opens either', async () => {
    const form = new FormData()
    form.append('material', 'IDENTITY')
    form.append('file', new Blob(['%PDF-1.7']), 'a.pdf')
    const heard = [
      await nobody.ask('POST', `/api/cases/${crowd.cases[0]?.case_id}/documents`, { raw: form }),
      await nobody.ask('GET', `/api/documents/${randomUUID()}/content`),
      await nobody.ask('GET', `/api/papers/${randomUUID()}`),
      await nobody.ask('GET', '/api/events'),
    ]
    expect(heard.map(({ status, code }) => [status, code])).toEqual(heard.map(() => [401, 'NOT_SIGNED_IN']))
  })

  test('an address asked in another way names the ways there are; one that is none says so', async () => {
    const heard = await people[0]?.visitor.ask('PATCH', '/api/cases')
    expect([heard?.status, heard?.code, heard?.headers.get('allow')]).toEqual([405, 'METHOD_NOT_ALLOWED', 'GET'])
    expect((await nobody.ask('GET', '/api/nowhere')).code).toBe('NOT_FOUND')
    expect((await nobody.ask('TRACE', '/api/session').catch(() => ({ status: 405 }))).status).toBe(405)
  })
})

const shapeOf = ({ body }: EndpointSpec): object =>
  body && 'shape' in body && typeof body.shape === 'object' && body.shape !== null ? body.shape : {}

test('a parameter sent twice, an unknown one or one with a NUL is refused as such', async () => {
  const [person] = people
  const unheard = ['due=soon', 'returned=false', 'overdue=true', 'sort=id_hash', 'orgId=x']
  for (const query of ['limit=1&limit=2', 'kind[]=loan', 'limit=1000000', 'limit=-1', 'after=%00', 'q=%00%00', ...unheard]) {
    expect((await person?.visitor.ask('GET', `/api/cases?${query}`))?.status, query).toBe(400)
  }
})

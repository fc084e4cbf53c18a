import express from 'express'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problemHandler } from './problems.ts'

let thrown: unknown
const app = express()
app.get('/', () => {
  throw thrown
})
app.use(problemHandler(pino({ level: 'silent' })))
const server = app.listen(0, '127.0.0.1')
beforeAll(() => new Promise<void>((resolve) => (server.listening ? resolve() : server.once('listening', () => resolve()))))
afterAll(() => void server.close())

const answerTo = async (error: unknown) => {
  thrown = error
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  return [response.status, ((await response.json()) as { code: string }).code, response.headers.get('Retry-After')]
}
const engineSays = (code: number): Error => Object.assign(new Error('gRPC'), { code, details: '', metadata: {} })

test.each([
  ['the connection to the database broke', new Error('Connection terminated unexpectedly')],
  ['all connections are taken', new Error('timeout exceeded when trying to connect')],
  ['a statement took too long', Object.assign(new Error('canceling statement'), { code: '57014' })],
  ['the engine is away', new Error('Workflow start failed', { cause: engineSays(14) })],
  ['the engine did not answer in time', engineSays(4)],
])('%s: come back later', async (_, error) => expect(await answerTo(error)).toEqual([503, 'UNAVAILABLE', '2']))

test.each([
  ['a constraint refuses', Object.assign(new Error('violates'), { code: '23514' })],
  ['the engine refuses what we ask of it', engineSays(3)],
  ['a mistake of ours', new TypeError('x is not a function')],
])('%s: coming back later would not help', async (_, error) => expect(await answerTo(error)).toEqual([500, 'INTERNAL', null]))

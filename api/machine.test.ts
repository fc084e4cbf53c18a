import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { expect, test } from 'vitest'
import { accountNoticePath } from '#contracts/machine/bank.ts'
import { problem } from '#contracts/problem.ts'
import { machineClock } from '#db/machine-clock.ts'
import { mountMachine } from './machine.ts'
import type { ApiParts } from './parts.ts'

test('a message that nobody has signed is answered like every refusal, and reaches no database', async () => {
  const app = express()
  // No more than this is asked before the signature holds: without a database, whoever asked for one would fall.
  const asked: Partial<ApiParts> = { origin: 'https://anju.example', clock: machineClock }
  mountMachine(app, asked as ApiParts)
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const answer = await fetch(`http://127.0.0.1:${port}${accountNoticePath}`, { method: 'POST', body: '{}' })
  const body: unknown = await answer.json()
  server.close()
  expect([answer.status, answer.headers.get('content-type')]).toEqual([401, 'application/problem+json; charset=utf-8'])
  expect(problem.parse(body)).toMatchObject({ code: 'NOT_SIGNED_IN', detail: '报文签名无效' })
})

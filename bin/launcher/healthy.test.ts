import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import express from 'express'
import { afterAll, expect, test } from 'vitest'
import { mountHealth } from '#api/health.ts'
import { connect } from '#db/connect.ts'
import { demoEnvironment } from './environment.ts'
import { demoSecrets } from './secrets.ts'

const folder = mkdtempSync(join(tmpdir(), 'anju-healthy-'))
const desk = connect('postgresql://anju_desk:x@127.0.0.1:1/anju', { max: 1 })
const servers: Server[] = []
afterAll(async () => {
  for (const server of servers) server.close()
  await desk.destroy()
  rmSync(folder, { recursive: true })
})

/** What the health check of the API's container says of whatever listens there. */
async function verdictOn(listener: Parameters<typeof createServer>[1]): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const env = demoEnvironment({ api: port, sandbox: 1, postgres: 1, temporal: 1, temporalUi: 1 }, demoSecrets(folder), {})
  const check = spawn(process.execPath, ['bin/launcher/healthy.ts', 'api'], {
    cwd: resolve(import.meta.dirname, '../..'),
    env,
    stdio: 'ignore',
  })
  const [code] = (await once(check, 'exit')) as [number]
  return code
}

/** The API as it answers, before a database that is not there. */
function withoutDatabase(): ReturnType<typeof express> {
  const app = express()
  app.get('/', (_req, res) => void res.send('<!doctype html>'))
  mountHealth(app, { desk, engine: { isUp: async () => true } })
  return app
}

test('an API whose database is gone is not healthy, however well it serves its page', async () => {
  expect(await verdictOn(withoutDatabase())).toBe(1)
}, 60_000)

test('one whose engine is away, or whose house is not founded yet, is', async () => {
  const partly = { ready: false, database: true, clock: false, calendar: false, engine: false }
  expect(await verdictOn((_req, res) => void res.writeHead(503, { 'content-type': 'application/json' }).end(JSON.stringify(partly)))).toBe(
    0,
  )
}, 60_000)

test('somebody else’s program on the port is not taken for it', async () => {
  expect(await verdictOn((_req, res) => void res.end('It works!'))).toBe(1)
}, 60_000)

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { KeyObject } from 'node:crypto'
import express, { type NextFunction, type Request, type Response } from 'express'
import pg from 'pg'
import type { CounterpartKeys } from '#activities/ports/keys.ts'
import { mountBank } from './bank.ts'
import { mountControl } from './control.ts'
import { mountGuarantor } from './guarantor.ts'
import { mountHousing } from './housing.ts'
import { mountMessages } from './messages.ts'
import { startNotices } from './notices.ts'
import { mountPeople } from './people.ts'
import { mountRegistry } from './registry.ts'
import { createSchema } from './schema.ts'
import type { World } from './serve.ts'

export interface SandboxSettings {
  readonly databaseUrl: string
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** What clients sign as `@authority`; `host:port` of the listener when absent. */
  readonly authority: string | undefined
  readonly keys: CounterpartKeys
  /** The centre's key and its id: the only client the counterparts deal with, and the signer of receipts for notices. */
  readonly clientKeyId: string
  readonly clientKey: KeyObject
  /** Origin of the centre's API for the bank's notices; without it they wait in their table. */
  readonly apiUrl: string | undefined
}

export interface RunningSandbox {
  readonly port: number
  stop(): Promise<void>
}

/** Starts all counterparts on one port, each under its own prefix. State is in PostgreSQL alone: the process may be killed any time. */
export async function startSandbox(settings: SandboxSettings): Promise<RunningSandbox> {
  const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: 8 })
  // A lost connection is replaced on the next query; without a listener it would end the process.
  pool.on('error', (error) => console.error('sandbox database:', error.message))
  // One that is lost between two statements of a transaction is told to the next of them.
  pool.on('connect', (client) => client.on('error', () => undefined))
  await createSchema(pool)
  const app = express().disable('x-powered-by').disable('etag')
  const server = createServer(app)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(settings.port, settings.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const { apiUrl, keys, clientKeyId, clientKey } = settings
  const target = apiUrl === undefined ? undefined : { apiUrl, bankKey: keys.bank, centreKeyId: clientKeyId, centreKey: clientKey }
  const notices = startNotices(pool, target)
  const world: World = { pool, keys, clientKeyId, clientKey, authority: settings.authority ?? `${settings.host}:${port}`, notices }
  for (const mount of [mountRegistry, mountHousing, mountPeople, mountBank, mountGuarantor, mountMessages, mountControl]) mount(app, world)
  app.use(notFound, failed)
  notices.wake()
  return {
    port,
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await notices.stop()
      await pool.end()
    },
  }
}

const notFound = (_: Request, response: Response): void => void response.status(404).json({ refused: 'UNKNOWN_OPERATION' })

/** Four parameters make it an error handler for Express. Nothing of the error leaves: partners do not show their insides. */
function failed(error: unknown, _: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) return next(error)
  const status = typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number' ? error.status : 500
  if (status >= 500) console.error('sandbox:', error instanceof Error ? error.message : error)
  response.status(status).json({ refused: status >= 500 ? 'UNAVAILABLE' : 'BAD_REQUEST' })
}

import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { migrate, type RoleName } from '#db/migrate.ts'
import { bundleWorkflows } from '../../bin/workflow-bundle.ts'
import { cacheFolderOf } from '../../tools/folders.ts'
import { databaseUrl, endPostgres, ensureDatabase, startPostgres, withClient } from '../../tools/postgres.ts'
import { freePort } from '../../tools/processes.ts'
import { endTemporal, findTemporal, startTemporal } from '../../tools/temporal.ts'
import { clearKilledRuns, throwAwayFolder } from './folder.ts'
import { MADE_ONCE, ownerName, templateName } from './template.ts'

/** What a test process is told about the servers of this run. */
export interface PostgresForTests {
  readonly port: number
  readonly superuserUrl: string
  readonly ownerPassword: string
  readonly rolePasswords: Record<RoleName, string>
}

export interface TemporalForTests {
  readonly address: string
  readonly namespace: string
  /** Where the server keeps its store, for tests that look into it. */
  readonly folder: string
  /** Path of the workflow bundle. */
  readonly workflowBundle: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: PostgresForTests
    temporal: TemporalForTests
  }
}

/**
 * One PostgreSQL and one Temporal per run, started by the first project that needs them and ended by the last that lets go.
 * Each project loads this module afresh, so what they share hangs on the process.
 */
interface Shared {
  readonly folder: string
  users: number
  /** How to end what runs. */
  readonly ends: (() => Promise<unknown>)[]
  postgres?: Promise<PostgresForTests>
  temporal?: Promise<TemporalForTests>
}

const key: unique symbol = Symbol.for('anju.test-servers')

export async function takePostgres(): Promise<PostgresForTests> {
  const shared = take()
  shared.postgres ??= startTestPostgres(shared)
  return shared.postgres
}

export async function takeTemporal(): Promise<TemporalForTests> {
  const shared = take()
  shared.temporal ??= startTestTemporal(shared)
  return shared.temporal
}

/** Ends both servers when nobody uses them any more, and removes their data. Once for every `take…`. */
export async function letGo(): Promise<void> {
  const shared = slot()[key]
  if (!shared || --shared.users > 0) return
  delete slot()[key]
  await Promise.allSettled([shared.postgres, shared.temporal])
  await endServers(shared)
}

async function endServers({ ends, folder }: Shared): Promise<void> {
  await Promise.all(ends.map((end) => end()))
  rmSync(folder, { recursive: true, force: true })
}

/** An interrupted run tears nothing down by itself. */
function endOnSignal(shared: Shared): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void endServers(shared).finally(() => process.exit(130)))
  }
}

function take(): Shared {
  let shared = slot()[key]
  if (!shared) {
    shared = slot()[key] = { folder: throwAwayFolder('servers'), users: 0, ends: [] }
    endOnSignal(shared)
  }
  shared.users++
  return shared
}

const slot = (): typeof globalThis & { [key]?: Shared } => globalThis

/** A run that is interrupted throws its databases away: nothing waits for the disk, and nothing is written there before it must be. */
const FORGETFUL = ['fsync=off', 'full_page_writes=off']

async function startTestPostgres({ folder, ends }: Shared): Promise<PostgresForTests> {
  await clearKilledRuns()
  const password = (): string => randomBytes(18).toString('base64url')
  const port = await freePort()
  const server = await startPostgres({
    folder: join(folder, 'postgres'),
    cacheFolder: cacheFolderOf(process.env),
    port,
    password: password(),
    settings: FORGETFUL,
  })
  ends.push(() => endPostgres(server))
  const facts = {
    port,
    superuserUrl: server.superuserUrl,
    ownerPassword: password(),
    rolePasswords: { anju_read: password(), anju_desk: password(), anju_work: password(), anju_batch: password() },
  }
  await makeTemplate(facts)
  return facts
}

/** Migrated once per run, by the migrations that production runs. */
async function makeTemplate({ port, superuserUrl, ownerPassword, rolePasswords }: PostgresForTests): Promise<void> {
  await ensureDatabase(superuserUrl, { database: templateName, owner: ownerName, ownerPassword, createRole: true })
  const ownerUrl = databaseUrl({ user: ownerName, password: ownerPassword, port, database: templateName })
  await migrate({ ownerUrl, rolePasswords })
  await withClient(superuserUrl, async (client) => {
    await client.query(`ALTER DATABASE ${templateName} IS_TEMPLATE true ALLOW_CONNECTIONS false`)
    await client.query(`CREATE TABLE ${MADE_ONCE} (name text PRIMARY KEY, told json NOT NULL)`)
  })
}

async function startTestTemporal({ folder, ends }: Shared): Promise<TemporalForTests> {
  const namespace = 'anju'
  const { path } = await findTemporal({ cacheFolder: cacheFolderOf(process.env), env: process.env, say: console.log })
  const server = await startTemporal({ binary: path, folder: join(folder, 'temporal'), port: await freePort(), namespace, throwaway: true })
  ends.push(() => endTemporal(server))
  const workflowBundle = join(folder, 'workflows.js')
  await writeFile(workflowBundle, await bundleWorkflows())
  return { address: server.address, namespace, folder: join(folder, 'temporal'), workflowBundle }
}

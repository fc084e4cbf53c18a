import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { migrate, ROLES, type RoleName } from '#db/migrate.ts'
import { cacheFolderOf, makePrivateFolder, projectFolder } from '../tools/folders.ts'
import { databaseUrl, endPostgres, ensureDatabase, startPostgres, withClient, type PostgresServer } from '../tools/postgres.ts'
import { endProcess, freePort, isRunning, processesIn, processStartTime, startProcess, type Running } from '../tools/processes.ts'
import { endTemporal, findTemporal, startTemporal, type TemporalServer } from '../tools/temporal.ts'

const OWNER = 'anju_owner'
const TEMPLATE = 'anju_template'

/** A database by the connection strings of its roles. */
export interface BenchDatabase {
  readonly name: string
  readonly ownerUrl: string
  readonly urls: Readonly<Record<RoleName, string>>
}

/** The servers of one bench run: our own PostgreSQL and Temporal with the settings of `npm start`, in a folder that is thrown away. */
export interface Stand {
  readonly folder: string
  readonly superuserUrl: string
  readonly postgres: PostgresServer
  /** Started when first asked for. */
  temporal(): Promise<TemporalServer>
  /** A migrated database; a copy of `from` when that is named, which nobody may be using. */
  database(name: string, from?: string): Promise<BenchDatabase>
  /** Starts a program of the project and returns when it says `ready`. It ends with the stand. */
  program(start: ProgramStart): Promise<Program>
  /** Something else to be ended, before what was started earlier. */
  onEnd(end: () => Promise<unknown>): void
  end(): Promise<void>
}

export interface ProgramStart {
  readonly name: string
  /** From the project's folder: `bin/api.ts`. */
  readonly script: string
  readonly environment: Readonly<Record<string, string>>
}

export interface Program extends Running {
  /** Milliseconds from the start of the process to its line `ready`. */
  readonly readyAfterMs: number
  /** What it said with `ready`. */
  readonly said: Readonly<Record<string, unknown>>
  end(): Promise<void>
}

/** Servers of the bench’s own, in a folder of their own, and how to end everything that was started on them. */
export async function openStand(): Promise<Stand> {
  await clearKilledRuns()
  const folder = join(tmpdir(), `anju-bench-${process.pid}-${processStartTime(process.pid)}`)
  makePrivateFolder(folder)
  const ends: (() => Promise<unknown>)[] = []
  const port = await freePort()
  const password = (): string => randomBytes(18).toString('base64url')
  const postgres = await startPostgres({ folder: join(folder, 'postgres'), cacheFolder: cacheFolderOf(process.env), port, password: password() })
  ends.unshift(() => endPostgres(postgres))
  const passwords = { anju_read: password(), anju_desk: password(), anju_work: password(), anju_batch: password() }
  const ownerPassword = password()
  const describe = (name: string): BenchDatabase => ({
    name,
    ownerUrl: databaseUrl({ user: OWNER, password: ownerPassword, port, database: name }),
    urls: Object.fromEntries(
      ROLES.map((role) => [role, databaseUrl({ user: role, password: passwords[role], port, database: name })]),
    ) as Record<RoleName, string>,
  })
  await ensureDatabase(postgres.superuserUrl, { database: TEMPLATE, owner: OWNER, ownerPassword, createRole: true })
  await migrate({ ownerUrl: describe(TEMPLATE).ownerUrl, rolePasswords: passwords })

  let temporal: Promise<TemporalServer> | undefined
  return {
    folder,
    superuserUrl: postgres.superuserUrl,
    postgres,
    temporal: () => (temporal ??= startEngine(folder, ends)),
    async database(name, from = TEMPLATE) {
      await withClient(postgres.superuserUrl, async (client) => {
        await client.query(`CREATE DATABASE ${name} TEMPLATE ${from} OWNER ${OWNER}`)
        await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`)
        await client.query(`GRANT CONNECT ON DATABASE ${name} TO ${ROLES.join(', ')}`)
      })
      return describe(name)
    },
    async program(start) {
      const program = await startProgram(folder, start)
      ends.unshift(() => program.end())
      return program
    },
    onEnd: (end) => void ends.unshift(end),
    async end() {
      // One after the other: programs before the servers they talk to, the newest first.
      for (const end of ends) await end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Ends what a run left behind that was killed before it could do so itself. */
async function clearKilledRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const [, pid, startTime = ''] = /^anju-bench-(\d+)-(\d+)$/.exec(name) ?? []
    if (!pid || isRunning({ pid: Number(pid), startTime })) continue
    for (const left of processesIn(join(tmpdir(), name))) await endProcess(left, [{ signal: 'SIGQUIT', limitMs: 2_000 }])
    rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}

async function startEngine(folder: string, ends: (() => Promise<unknown>)[]): Promise<TemporalServer> {
  const { path } = await findTemporal({ cacheFolder: cacheFolderOf(process.env), env: process.env, say: (line) => void process.stderr.write(`${line}\n`) })
  const server = await startTemporal({ binary: path, folder: join(folder, 'temporal'), port: await freePort(), namespace: 'anju' })
  // Behind the programs that were started before it and still need it, in front of PostgreSQL.
  ends.splice(Math.max(0, ends.length - 1), 0, () => endTemporal(server))
  return server
}

const READY = /^ready\b[ \t]*(.*)$/m
const READY_MILLISECONDS_MAX = 120_000

async function startProgram(folder: string, { name, script, environment }: ProgramStart): Promise<Program> {
  const logFile = join(folder, `${name}.log`)
  rmSync(logFile, { force: true })
  const ordinary = Object.fromEntries(['PATH', 'HOME', 'LANG', 'TMPDIR'].flatMap((one) => (process.env[one] ? [[one, process.env[one]]] : [])))
  const began = performance.now()
  const running = await startProcess({
    command: process.execPath,
    args: [join(projectFolder, script)],
    cwd: projectFolder,
    env: { ...ordinary, ...environment },
    logFile,
  })
  for (;;) {
    const log = readFileSync(logFile, 'utf8')
    const ready = READY.exec(log)
    if (ready) {
      return {
        ...running,
        readyAfterMs: performance.now() - began,
        said: JSON.parse(ready[1] || '{}') as Record<string, unknown>,
        end: async () => void (await endProcess(running, [{ signal: 'SIGTERM', limitMs: 20_000 }])),
      }
    }
    const over = performance.now() - began > READY_MILLISECONDS_MAX
    if (over || running.process.exitCode !== null || running.process.signalCode !== null) {
      throw new Error(`${name} 未能启动：\n${log.trimEnd().split('\n').slice(-12).join('\n')}`)
    }
    await sleep(10)
  }
}

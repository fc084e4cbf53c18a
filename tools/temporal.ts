import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { findOnPath, projectFolder } from './folders.ts'
import { canConnect, endProcess, isRunning, startProcess, type ProcessId, type Running } from './processes.ts'

/** The command line of `tools/temporal/go.mod`; a cached binary of another version is left alone and not used. */
export const temporalVersion = '1.8.2'

/** A closed case's history stays readable for this long; the record itself is in PostgreSQL. */
const RETENTION_DAYS = 30

export interface TemporalStart {
  readonly binary: string
  /** Database file and log live here. */
  readonly folder: string
  readonly port: number
  /** Absent: no web interface. */
  readonly uiPort?: number
  readonly namespace: string
  /** Its store is thrown away with the run: nothing waits for the disk. */
  readonly throwaway?: true
  /** Told at once, before the server answers: whoever is killed now must find it again. */
  readonly spawned?: (server: ProcessId) => void
}

export interface TemporalServer extends Running {
  readonly address: string
}

/**
 * Starts a one-machine Temporal server on 127.0.0.1 and returns once its namespace can be used.
 * @throws Error with the last lines of its log when it does not come up.
 */
export async function startTemporal({
  binary,
  folder,
  port,
  uiPort,
  namespace,
  throwaway,
  spawned,
}: TemporalStart): Promise<TemporalServer> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const logFile = join(folder, 'temporal.log')
  const running = await startProcess({
    command: binary,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--namespace', namespace],
      ...(uiPort === undefined ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(uiPort)]),
      ...['--db-filename', join(folder, 'temporal.db'), '--log-level', 'error'],
      ...sqlitePragmas(throwaway).flatMap((pragma) => ['--sqlite-pragma', pragma]),
      ...dynamicConfig.flatMap((value) => ['--dynamic-config-value', value]),
    ],
    cwd: folder,
    logFile,
  })
  spawned?.(running)
  const address = `127.0.0.1:${port}`
  if ((await listens(port, running)) && (await keepHistories(binary, address, namespace))) return { ...running, address }
  await endTemporal(running)
  throw new Error(`Temporal 未能启动，日志 ${logFile}：\n${readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-12).join('\n')}`)
}

/** A decision that was acknowledged must survive a power cut: FULL, at a measured cost of a tenth. */
const sqlitePragmas = (throwaway?: true): string[] => ['journal_mode=WAL', `synchronous=${throwaway ? 'OFF' : 'FULL'}`]

/** The single shard polls its queues 20 times a second by default, which adds 45 ms to every task after an activity. */
const dynamicConfig = ['history.transferProcessorMaxPollRPS=1000', 'history.timerProcessorMaxPollRPS=1000']

/** Ends an embedded Temporal server. @returns the signal it took; undefined where it did not run any more */
export const endTemporal = (server: ProcessId): Promise<NodeJS.Signals | undefined> =>
  endProcess(server, [{ signal: 'SIGTERM', limitMs: 10_000 }])

export interface TemporalSource {
  readonly cacheFolder: string
  readonly env: NodeJS.ProcessEnv
  /** A line for the person at the terminal. */
  readonly say: (line: string) => void
  /** Ends a build that takes too long for somebody. */
  readonly signal?: AbortSignal
}

export interface TemporalBinary {
  readonly path: string
  readonly from: 'PATH' | 'cache' | 'build'
  readonly buildSeconds?: number
}

/** Where the binary would come from, without fetching it: what a person is told. Undefined when there is no way to one. */
export function temporalSource(cacheFolder: string, env: NodeJS.ProcessEnv): string | undefined {
  const onPath = findOnPath('temporal', env)
  if (onPath) return onPath
  const cached = cachedBinary(cacheFolder)
  if (existsSync(cached)) return cached
  const go = findGo(env)
  return go && `${go}（首次启动时编译）`
}

const cachedBinary = (cacheFolder: string): string => join(cacheFolder, 'temporal', temporalVersion, 'temporal')

const findGo = (env: NodeJS.ProcessEnv): string | undefined =>
  findOnPath('go', env) ?? (existsSync('/usr/local/go/bin/go') ? '/usr/local/go/bin/go' : undefined)

/**
 * The server's binary by order of preference: on PATH, in the cache, built from the Go module proxy (minutes, once per machine).
 * @throws Error saying what to install when none of these is possible.
 */
export async function findTemporal({ cacheFolder, env, say, signal }: TemporalSource): Promise<TemporalBinary> {
  const onPath = findOnPath('temporal', env)
  if (onPath) return { path: onPath, from: 'PATH' }
  const cached = cachedBinary(cacheFolder)
  if (existsSync(cached)) return { path: cached, from: 'cache' }
  const go = findGo(env)
  if (!go) throw new Error('未找到 Temporal：请安装 temporal 命令（https://docs.temporal.io/cli）或 Go 1.26 以上，或设置 TEMPORAL_ADDRESS')
  const buildSeconds = await build({ go, cached, env, say, signal })
  return { path: cached, from: 'build', buildSeconds }
}

interface Build {
  readonly go: string
  readonly cached: string
  readonly env: NodeJS.ProcessEnv
  readonly say: (line: string) => void
  readonly signal: AbortSignal | undefined
}

/** Built beside its place and moved there when whole. Returns the seconds it took. */
async function build({ go, cached, env, say, signal }: Build): Promise<number> {
  const began = performance.now()
  const seconds = (): number => Math.round((performance.now() - began) / 1000)
  const unfinished = `${cached}.${process.pid}`
  say(`首次运行：正在编译 Temporal ${temporalVersion}（约 3–6 分钟，仅此一次；之后存于 ${cached}）`)
  mkdirSync(join(cached, '..'), { recursive: true })
  const flags = ['build', '-v', '-trimpath', '-ldflags', '-s -w', '-o', unfinished, 'github.com/temporalio/cli/cmd/temporal']
  const child = spawn(go, flags, {
    cwd: join(projectFolder, 'tools', 'temporal'),
    env: { ...env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(signal && { signal, killSignal: 'SIGINT' }),
  })
  let packages = 0
  const words: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (/^[\w./-]+$/.test(line)) packages++
    words.push(line)
  })
  const ticker = setInterval(() => say(`  已编译 ${packages} 个包，${seconds()} 秒`), 15_000)
  try {
    const [code] = await once(child, 'exit')
    if (code !== 0) throw new Error(`Temporal 编译失败（go 退出码 ${code}）：\n${words.slice(-12).join('\n')}`)
    renameSync(unfinished, cached)
    say(`  Temporal 编译完成，用时 ${seconds()} 秒`)
    return seconds()
  } finally {
    clearInterval(ticker)
    rmSync(unfinished, { force: true })
  }
}

async function listens(port: number, server: ProcessId): Promise<boolean> {
  const until = performance.now() + 60_000
  while (isRunning(server) && performance.now() < until) {
    if (await canConnect('127.0.0.1', port)) return true
    await sleep(30)
  }
  return false
}

/**
 * Makes the namespace on a server that is not ours, if it is missing, and waits until it can be used.
 * @throws Error when the server cannot be reached
 */
export async function ensureNamespace(address: string, namespace: string): Promise<void> {
  // Loaded here only: it takes half a second, and an embedded server is reached through its own command line.
  const { Connection, isGrpcServiceError } = await import('@temporalio/client')
  const { msToTs } = await import('@temporalio/common/lib/time.js')
  const connection = await Connection.connect({ address, connectTimeout: '10s' })
  const { workflowService } = connection
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        await workflowService.describeNamespace({ namespace })
        return
      } catch (error) {
        if (!isGrpcServiceError(error) || error.code !== GRPC_NOT_FOUND || attempt === 100) throw error
      }
      if (attempt === 0)
        await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs(`${RETENTION_DAYS}d`) })
      else await sleep(200)
    }
  } finally {
    await connection.close()
  }
}

const GRPC_NOT_FOUND = 5

/** The server makes its namespaces with one day of retention; ours keep more. Also the proof that the namespace answers. */
async function keepHistories(binary: string, address: string, namespace: string): Promise<boolean> {
  const until = performance.now() + 30_000
  const args = ['operator', 'namespace', 'update', '--address', address, '--namespace', namespace, '--retention', `${RETENTION_DAYS}d`]
  while (performance.now() < until) {
    try {
      await promisify(execFile)(binary, args, { timeout: 10_000 })
      return true
    } catch {
      await sleep(100)
    }
  }
  return false
}

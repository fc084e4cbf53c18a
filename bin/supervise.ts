import { join } from 'node:path'
import { cacheFolderOf, dataFolderOf, makePrivateFolder } from '../tools/folders.ts'
import { endPostgres, ensureDatabase, startPostgres, type PostgresServer } from '../tools/postgres.ts'
import { endProcess, isRunning, processStartTime, type ProcessId, type Running } from '../tools/processes.ts'
import { endTemporal, ensureNamespace, findTemporal, startTemporal } from '../tools/temporal.ts'
import { banner } from './launcher/banner.ts'
import { ensureConsole } from './launcher/console.ts'
import { databaseName, demoEnvironment, environmentFor, ownerName, sandboxName, type Environment } from './launcher/environment.ts'
import { keep, type Keeper, type Part } from './launcher/keeper.ts'
import { choosePorts, type Ports } from './launcher/ports.ts'
import { programPart, runToEnd } from './launcher/program.ts'
import { AlreadyRunning, claim, removeRunFile, writeRunFile, type RunFile } from './launcher/run-file.ts'
import { demoSecrets, type DemoSecrets } from './launcher/secrets.ts'

const began = performance.now()
const dataFolder = dataFolderOf(process.env)
const cacheFolder = cacheFolderOf(process.env)
const logFolder = join(dataFolder, 'logs')
const say = (line: string): void => console.log(line)

/** Running, in the order of their start. Ended in the reverse order. */
const keepers: Keeper[] = []
let passing: (ProcessId & { name: string }) | undefined
let addresses: RunFile['addresses'] = {}
let environment: Environment = {}
let stopping: Promise<void> | undefined
const ended = new AbortController()

await start()

async function start(): Promise<void> {
  makePrivateFolder(dataFolder)
  try {
    const left = claim(dataFolder)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0))
    if (left) await endLeftovers(left)
    await startEverything()
  } catch (error) {
    if (stopping) return
    console.error(error instanceof Error ? error.message : error)
    // What runs here is another start's, and so is its run file.
    if (error instanceof AlreadyRunning) process.exit(1)
    await stop(2)
  }
}

/** The order is the order of need: nothing is started before what it calls. */
async function startEverything(): Promise<void> {
  const secrets = demoSecrets(dataFolder)
  const ports = await choosePorts(process.env, say)
  environment = demoEnvironment(ports, secrets, process.env)
  await Promise.all([openDatabase(ports, secrets), openEngine(ports), ensureConsole(say, ended.signal)])
  say('检查数据库结构')
  await once('migrate')
  await add(programPart({ name: 'sandbox', environment: sandboxEnvironment(ports, secrets), logFolder, stopLimitMs: 5_000 }))
  say('核对演示城市（首次启动在此建城，请稍候）')
  await once('seed')
  // The worker's limit is longer than the grace it gives its own activities.
  await Promise.all([serve('worker', 20_000), serve('api', 10_000)])
  const consoleUrl = environment['PUBLIC_ORIGIN'] ?? ''
  const temporalUiUrl = process.env['TEMPORAL_ADDRESS'] ? undefined : `http://127.0.0.1:${ports.temporalUi}`
  addresses = { console: consoleUrl, ...(temporalUiUrl && { temporalUi: temporalUiUrl }) }
  record()
  const seconds = (performance.now() - began) / 1000
  const colour = process.stdout.isTTY && !process.env['NO_COLOR']
  say(banner({ consoleUrl, apiDocsUrl: `${consoleUrl}/api/docs`, temporalUiUrl, dataFolder, seconds }, colour))
}

async function openDatabase(ports: Ports, secrets: DemoSecrets): Promise<void> {
  if (process.env['DATABASE_URL']) return say('使用 DATABASE_URL 指定的 PostgreSQL')
  const folder = join(dataFolder, 'postgres')
  const server = await add<PostgresServer>({
    name: 'PostgreSQL',
    start: (spawned) => startPostgres({ folder, cacheFolder, port: ports.postgres, password: secrets.postgresPassword, spawned }),
    end: endPostgres,
  })
  const { superuserUrl } = server
  await ensureDatabase(superuserUrl, { database: databaseName, owner: ownerName, ownerPassword: secrets.ownerPassword, createRole: true })
  await ensureDatabase(superuserUrl, { database: sandboxName, owner: sandboxName, ownerPassword: secrets.sandboxPassword })
}

async function openEngine(ports: Ports): Promise<void> {
  const namespace = environment['TEMPORAL_NAMESPACE'] ?? ''
  const external = process.env['TEMPORAL_ADDRESS']
  if (external) {
    say(`使用 TEMPORAL_ADDRESS 指定的 Temporal：${external}`)
    return ensureNamespace(external, namespace)
  }
  const { path } = await findTemporal({ cacheFolder, env: process.env, say, signal: ended.signal })
  const settings = { binary: path, folder: join(dataFolder, 'temporal'), port: ports.temporal, uiPort: ports.temporalUi, namespace }
  await add({ name: 'Temporal', start: (spawned) => startTemporal({ ...settings, spawned }), end: endTemporal })
}

/** The outside world has keys and a database of its own, and is told nothing of ours. */
function sandboxEnvironment(ports: Ports, secrets: DemoSecrets): Environment {
  return {
    PORT: String(ports.sandbox),
    SANDBOX_DATABASE_URL: environment['SANDBOX_DATABASE_URL'] ?? '',
    SANDBOX_KEYS: secrets.peerPrivateKeys,
    MACHINE_PUBLIC_KEY: secrets.machinePublicKey,
    ANJU_API_URL: environment['PUBLIC_ORIGIN'] ?? '',
  }
}

async function serve(name: 'worker' | 'api', stopLimitMs: number): Promise<void> {
  await add(programPart({ name, environment: environmentFor(name, environment), logFolder, stopLimitMs }))
}

async function add<R extends Running>(part: Part<R>): Promise<R> {
  ended.signal.throwIfAborted()
  const keeper = keep(part, { say, changed: record })
  keepers.push(keeper)
  return keeper.start()
}

async function once(name: 'migrate' | 'seed'): Promise<void> {
  ended.signal.throwIfAborted()
  try {
    await runToEnd({ name, environment: environmentFor(name, environment), logFolder }, (child) => {
      passing = { ...child, name }
      record()
    })
  } finally {
    passing = undefined
  }
}

/** API, worker, sandbox, Temporal, PostgreSQL: nobody loses what it still needs. A second Ctrl-C changes nothing. */
function stop(code: number): Promise<void> {
  stopping ??= (async () => {
    ended.abort()
    if (keepers.length > 0) say('正在停止……')
    if (passing) await endProcess(passing, [{ signal: 'SIGTERM', limitMs: 5_000 }])
    for (const keeper of keepers.toReversed()) await keeper.stop()
    removeRunFile(dataFolder)
    if (keepers.length > 0) say('已停止')
    process.exit(code)
  })()
  return stopping
}

/** A start that was killed could not end its children; they still hold ports and files. */
async function endLeftovers({ children }: RunFile): Promise<void> {
  for (const child of children.filter(isRunning)) {
    say(`上次运行留下了 ${child.name}（进程 ${child.pid}），正在结束`)
    if (child.name === 'PostgreSQL') await endPostgres(child)
    else await endProcess(child, [{ signal: 'SIGTERM', limitMs: 5_000 }])
  }
}

function record(): void {
  if (ended.signal.aborted) return
  const running = keepers.toReversed().flatMap((keeper) => {
    const id = keeper.process()
    return id ? [{ name: keeper.name, pid: id.pid, startTime: id.startTime }] : []
  })
  const children = passing ? [{ name: passing.name, pid: passing.pid, startTime: passing.startTime }, ...running] : running
  const supervisor = { pid: process.pid, startTime: processStartTime(process.pid) ?? '' }
  writeRunFile(dataFolder, { supervisor, children, addresses, environment })
}

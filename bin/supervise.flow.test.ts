import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { endProcess, freePort, isRunning, processesIn, processStartTime, type ProcessId } from '../tools/processes.ts'
import { throwAwayFolder } from '../tests/setup/folder.ts'
import { readRunFile } from './launcher/run-file.ts'

/** The real launcher, as `npm start` runs it, on a data folder and ports of its own. */
const project = resolve(import.meta.dirname, '..')
const dataFolder = throwAwayFolder('start')
const START_LIMIT_MS = 120_000

interface Launcher {
  readonly process: ChildProcess
  readonly id: ProcessId
  readonly said: () => string
  readonly ended: Promise<number | null>
}

const launched: Launcher[] = []
let apiPort = 0

afterAll(async () => {
  for (const { id } of launched) await endProcess(id, [{ signal: 'SIGTERM', limitMs: 40_000 }])
  for (const left of processesIn(dataFolder)) await endProcess(left, [{ signal: 'SIGQUIT', limitMs: 2_000 }])
  rmSync(dataFolder, { recursive: true, force: true })
}, 60_000)

function launch(): Launcher {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ANJU_DATA: dataFolder, API_PORT: String(apiPort) }
  const child = spawn(process.execPath, ['bin/start.mjs'], { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = new Promise<number | null>((done) => child.once('exit', done))
  const id = { pid: child.pid ?? 0, startTime: processStartTime(child.pid ?? 0) ?? '' }
  const launcher = { process: child, id, said: () => said, ended }
  launched.push(launcher)
  return launcher
}

async function started(launcher: Launcher): Promise<void> {
  const banner = vi.waitFor(() => expect(launcher.said()).toContain('Ctrl-C 停止'), { timeout: START_LIMIT_MS, interval: 100 })
  const end = launcher.ended.then(() => Promise.reject(new Error(`the launcher ended: ${launcher.said()}`)))
  await Promise.race([banner, end])
}

const children = () => readRunFile(dataFolder)?.children ?? []
const childNamed = (name: string): ProcessId => children().find((child) => child.name === name) ?? { pid: 0, startTime: '' }

const command = (...args: string[]) =>
  spawnSync(process.execPath, ['bin/anju.mjs', ...args], { cwd: project, env: { ...process.env, ANJU_DATA: dataFolder }, encoding: 'utf8' })

test('the launcher: a first start, deaths, a kill -9, a second start, and a quiet end', { timeout: 3 * START_LIMIT_MS }, async () => {
  apiPort = await freePort(18080)
  const squatter = createServer().listen(apiPort, '127.0.0.1')
  const wanted = apiPort

  const first = launch()
  await started(first)
  expect(first.said()).toMatch(new RegExp(`端口 ${wanted} 已被占用，改用 \\d+`))
  expect(first.said(), 'plain text without a terminal').not.toContain('\u001b')
  for (const step of ['检查数据库结构', '核对演示城市']) expect(first.said(), 'each slow step is told').toContain(step)
  expect(statSync(join(dataFolder, 'run.json')).mode & 0o777).toBe(0o600)
  expect(children().map(({ name }) => name)).toEqual(['api', 'worker', 'sandbox', 'Temporal', 'PostgreSQL'])
  expect(children().every(isRunning)).toBe(true)

  // Commands find what runs without being told where.
  const status = z
    .object({ running: z.boolean(), processes: z.array(z.object({ up: z.boolean() })) })
    .parse(JSON.parse(command('status', '--json').stdout))
  expect(status).toMatchObject({ running: true, processes: Array.from({ length: 5 }, () => ({ up: true })) })
  const doctor = z
    .object({ checks: z.array(z.object({ name: z.string(), ok: z.boolean() })) })
    .parse(JSON.parse(command('doctor', '--json').stdout))
  expect(doctor.checks.filter(({ ok }) => !ok)).toEqual([])

  // A second start on the same data is refused and harms nothing.
  const intruder = launch()
  expect(await intruder.ended).toBe(1)
  expect(intruder.said()).toContain('已在这个数据目录上运行')
  expect(readRunFile(dataFolder)?.supervisor.pid).toBe(first.id.pid)

  // Whatever dies is started again, servers too.
  for (const name of ['sandbox', 'PostgreSQL', 'Temporal']) {
    const before = childNamed(name)
    process.kill(before.pid, 'SIGKILL')
    await vi.waitFor(() => expect(first.said()).toContain(`${name} 已重新启动`), { timeout: 60_000, interval: 100 })
    expect(childNamed(name).pid).not.toBe(before.pid)
  }

  // The engine's whole store is lost: the workers find an empty one, and start every open case again from the record.
  const engine = childNamed('Temporal')
  process.kill(engine.pid, 'SIGKILL')
  for (const file of ['temporal.db', 'temporal.db-wal', 'temporal.db-shm']) rmSync(join(dataFolder, 'temporal', file), { force: true })
  await vi.waitFor(() => expect(childNamed('Temporal').pid).not.toBe(engine.pid), { timeout: 60_000, interval: 50 })
  await vi.waitFor(
    () => {
      const found = z
        .object({ open: z.number().min(40), missing: z.array(z.unknown()) })
        .parse(JSON.parse(command('reconcile', '--dry-run', '--json').stdout))
      expect(found.missing).toEqual([])
    },
    { timeout: 60_000, interval: 500 },
  )

  // The launcher itself is killed: its children live on, and the next start ends them before it takes their place.
  const left = children()
  process.kill(first.id.pid, 'SIGKILL')
  await first.ended
  expect(left.some(isRunning)).toBe(true)
  const second = launch()
  await started(second)
  expect(second.said()).toContain('上次运行留下了 PostgreSQL')
  expect(left.filter(isRunning)).toEqual([])

  // Ctrl-C: everything ends, nothing stays, the folder is free again.
  const running = children()
  second.process.kill('SIGINT')
  second.process.kill('SIGINT')
  expect(await second.ended).toBe(0)
  expect(second.said()).toContain('已停止')
  expect(running.filter(isRunning)).toEqual([])
  expect(processesIn(dataFolder)).toEqual([])
  expect(readRunFile(dataFolder)).toBeUndefined()
  squatter.close()
})

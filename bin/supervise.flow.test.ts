import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { afterAll, expect, inject, test, vi } from 'vitest'
import { z } from 'zod'
import { endProcess, freePort, isRunning, processesIn, processStartTime, type ProcessId } from '../tools/processes.ts'
import { throwAwayFolder } from '../tests/setup/folder.ts'
import { openSight, openWorkflows } from './faults/house.ts'
import { complaintsAbout, type Told } from './faults/judge.ts'
import { Teller } from './faults/run.ts'
import { readRunFile } from './launcher/run-file.ts'

/** The real launcher, as `npm start` runs it, on a data folder and ports of its own. */
const project = resolve(import.meta.dirname, '..')
const dataFolder = throwAwayFolder('start')
const START_LIMIT_MS = 120_000
/** Whatever was killed, every open case can be finished within this of the next start. */
const FINISHED_LIMIT_MS = 60_000

interface Launcher {
  readonly process: ChildProcess
  readonly id: ProcessId
  readonly said: () => string
  readonly ended: Promise<number | null>
}

const launched: Launcher[] = []
let apiPort = 0
/** Somebody else, on the port that the launcher wants. */
const squatter = createServer()
const sights: ReturnType<typeof openSight>[] = []

afterAll(async () => {
  squatter.close()
  for (const sight of sights) await sight.close()
  for (const { id } of launched) await endProcess(id, [{ signal: 'SIGTERM', limitMs: 40_000 }])
  for (const left of processesIn(dataFolder)) await endProcess(left, [{ signal: 'SIGQUIT', limitMs: 2_000 }])
  rmSync(dataFolder, { recursive: true, force: true })
}, 60_000)

/** @param set besides: a start that is not asked how it bundles is given the bundle, and done sooner */
function launch(set: NodeJS.ProcessEnv = {}): Launcher {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ANJU_DATA: dataFolder, API_PORT: String(apiPort), ...set }
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

/** The city that runs, where it listens now: a port that was taken at one start may be free at the next. */
function lookAtCity() {
  const environment = readRunFile(dataFolder)?.environment ?? {}
  const sight = openSight(environment)
  sights.push(sight)
  return { environment, sight }
}

/** People of the city that runs, each signed in, and a loan that waits for its first word. */
async function prepareLoan() {
  const { environment, sight: seen } = lookAtCity()
  const teller = await Teller.of(seen, environment['PUBLIC_ORIGIN'] ?? '')
  const tell = await teller.prepare('loan')
  const decisions = async (): Promise<number> =>
    (await seen.owner.selectFrom('decision').select('seq').where('actor_id', 'is not', null).execute()).length
  const before = await decisions()
  return {
    tell: () => {
      const told = tell()
      // It may break off before anybody waits for it; whoever does is told.
      told.catch(() => undefined)
      return told
    },
    /** How many decisions people have made in it. */
    made: async () => (await decisions()) - before,
  }
}

function complaints(told: Told): Promise<string[]> {
  const { environment, sight } = lookAtCity()
  return complaintsAbout(sight, [{ ...told, expected: WHOLE_LOAN }], () => openWorkflows(environment))
}

/** What a loan leaves that went from the counter to money paid out, told once and nothing of it twice. */
const WHOLE_LOAN = [
  'stands in DISBURSED',
  'came there 1 times',
  'decided SUBMITTED accept (INTAKE)',
  'decided PRELIM_REVIEW pass (PRELIMINARY_REVIEWER)',
  'decided REVIEW pass (REVIEWER)',
  'decided APPROVAL approve (APPROVER)',
  'decided APPROVED sign (CONTRACTING)',
  'decided SIGNED confirm (GUARANTOR_CHECKER)',
  'decided SIGNED confirm (BANK_CHECKER)',
  'decided SECURITY_PENDING register (COLLATERAL)',
  'decided SECURED request-release (DISBURSEMENT)',
  'decided RELEASE_REQUESTED pay (CASHIER)',
  '1 voucher',
  '1 payment',
  '1 loan_account',
  '3 paper',
  '0 case_copy',
  '1 case_party',
  '1 payments at the bank',
  ...['CONTRACT', 'CREDIT_AUTHORISATION', 'DOWN_PAYMENT', 'IDENTITY', 'INCOME', 'MARRIAGE', 'REPAYMENT_CARD'].map(
    (one) => `document ${one} VERIFIED`,
  ),
]

const command = (...args: string[]) =>
  spawnSync(process.execPath, ['bin/anju.mjs', ...args], { cwd: project, env: { ...process.env, ANJU_DATA: dataFolder }, encoding: 'utf8' })

test('the launcher: starts, deaths, a kill -9 of everything in mid-case, and a quiet end', { timeout: 4 * START_LIMIT_MS }, async () => {
  apiPort = await freePort(18080)
  squatter.listen(apiPort, '127.0.0.1')
  const wanted = apiPort

  // A start that is killed in its middle: what it has started lives on, and the next start ends it before it takes its place.
  const cutShort = launch()
  await vi.waitFor(() => expect(children().map(({ name }) => name)).toContain('sandbox'), { timeout: START_LIMIT_MS, interval: 50 })
  const left = children()
  process.kill(cutShort.id.pid, 'SIGKILL')
  await cutShort.ended
  expect(left.some(isRunning)).toBe(true)

  const first = launch()
  await started(first)
  expect(first.said()).toContain('上次运行留下了 PostgreSQL')
  expect(left.filter(isRunning)).toEqual([])
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

  // Everything is killed in the same instant, in the middle of a case. By the same people's doing it comes to its end, and soon.
  const loan = await prepareLoan()
  const telling = loan.tell()
  await vi.waitFor(async () => expect(await loan.made()).toBeGreaterThanOrEqual(3), { timeout: 60_000, interval: 50 })
  const everything = [first.id, ...children()]
  for (const { pid } of everything) process.kill(pid, 'SIGKILL')
  await vi.waitFor(() => expect(everything.filter(isRunning)).toEqual([]), { timeout: 10_000, interval: 20 })
  const second = launch({ WORKFLOW_BUNDLE: inject('temporal').workflowBundle })
  await started(second)
  const serving = performance.now()
  const told = await telling
  expect(performance.now() - serving).toBeLessThan(FINISHED_LIMIT_MS)
  expect(await complaints(told)).toEqual([])

  // Ctrl-C: everything ends, nothing stays, the folder is free again.
  const running = children()
  second.process.kill('SIGINT')
  second.process.kill('SIGINT')
  expect(await second.ended).toBe(0)
  expect(second.said()).toContain('已停止')
  expect(running.filter(isRunning)).toEqual([])
  expect(processesIn(dataFolder)).toEqual([])
  expect(readRunFile(dataFolder)).toBeUndefined()
})

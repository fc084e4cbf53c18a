import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { connectEngine, type CaseEngine } from '#api/engine.ts'
import { encryptedPayloads } from '#api/payload-codec.ts'
import { loadConfig } from '#config.ts'
import { canonicalJson } from '#db/canonical.ts'
import { endProcess, type Running } from '../../tools/processes.ts'
import { startTestFaultHouse, type TestFaultHouse } from '../../tests/setup/fault-house.ts'
import { Office } from '../faults/clerk.ts'
import { drawApplicants, type Applicant } from '../faults/households.ts'
import { bringsMaterials } from '../faults/story.ts'
import { environmentFor, type Environment } from '../launcher/environment.ts'
import { programPart } from '../launcher/program.ts'
import { runCommand, type Ended } from '../running.fixture.ts'

/** Two real workers of two builds, as in production; the house's own worker is of build A. */
const DEPLOYMENT = `anju-${crypto.randomUUID().slice(0, 8)}`
const A = { deployment: DEPLOYMENT, build: 'build-a' }
const B = { deployment: DEPLOYMENT, build: 'build-b' }

let made: TestFaultHouse
let engine: CaseEngine
let connection: Connection
let client: Client
let office: Office
let applicants: Iterator<Applicant>
let workerB: Running | undefined

beforeAll(async () => {
  made = await startTestFaultHouse('upgrade', { WORKER_DEPLOYMENT: DEPLOYMENT, WORKER_BUILD: A.build })
  const config = loadConfig(made.environment, 'worker')
  const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, TASK_QUEUE: taskQueue } = config
  engine = await connectEngine({ address, namespace, taskQueue, dataConverter: encryptedPayloads(config.ANJU_DATA_KEY) })
  connection = await Connection.connect({ address })
  client = new Client({ connection, namespace })
  office = new Office(made.house.origin, made.house.logins, '望禾区管理部')
  applicants = (await drawApplicants(made.house.owner, made.house.vault)).values()
}, 120_000)

afterAll(async () => {
  if (workerB) await endProcess(workerB, [{ signal: 'SIGTERM', limitMs: 20_000 }])
  await Promise.all([engine.close(), connection.close()])
  await made.end()
}, 60_000)

const environmentOf = (build: string): Environment => ({ ...made.environment, WORKER_BUILD: build })
const startWorker = (build: string): Promise<Running> =>
  programPart({
    name: 'worker',
    environment: environmentFor('worker', environmentOf(build)),
    logFolder: join(made.folder, build),
    stopLimitMs: 20_000,
  }).start(() => {})
const upgrade = (...args: string[]): Promise<Ended> =>
  runCommand('upgrade', args, { PATH: process.env['PATH'], ANJU_DATA: made.folder, ...environmentFor('worker', environmentOf(B.build)) })

async function opens(): Promise<string> {
  const { value, done } = applicants.next()
  if (done) throw new Error('no more households')
  await made.house.tellOutside(value.outside)
  const clerk = await office.person('INTAKE')
  const { caseId } = (await clerk.command('/api/loans', JSON.parse(canonicalJson(value.application)))) as { caseId: string }
  return caseId
}

const comesTo = (caseId: string, build: string): Promise<void> =>
  vi.waitFor(async () => expect(await engine.buildOf('loan', caseId)).toBe(build), { timeout: 30_000, interval: 100 })
const runIdOf = async (caseId: string): Promise<string> => (await client.workflow.getHandle(`loan/${caseId}`).describe()).runId

/** The tasks that workers have done on the case's present run; one that none of them has taken up yet is not among them. */
async function tasksIn(caseId: string) {
  const { events } = await client.workflow.getHandle(`loan/${caseId}`).fetchHistory()
  return events?.flatMap(({ workflowTaskCompletedEventAttributes: done }) => done ?? []) ?? []
}

/** The builds whose workers have worked on the case's present run. */
async function workedBy(caseId: string): Promise<string[]> {
  const builds = (await tasksIn(caseId)).map((done) => done.deploymentVersion?.buildId).filter(Boolean)
  return [...new Set(builds)] as string[]
}

test(
  'cases stay on the build they began on until they are woken; fresh ones, and fresh runs, begin on the current one',
  { timeout: 240_000 },
  async () => {
    // The first build ever becomes current by itself.
    await vi.waitFor(async () => expect(await engine.currentBuild(DEPLOYMENT)).toBe(A.build), { timeout: 30_000, interval: 100 })
    const [idle, decided, left] = [await opens(), await opens(), await opens()]
    for (const caseId of [idle, decided, left]) await comesTo(caseId, A.build)

    // A worker of the next build comes beside the old one, and changes nothing by being there.
    workerB = await startWorker(B.build)
    expect(await engine.currentBuild(DEPLOYMENT)).toBe(A.build)
    await comesTo(await opens(), A.build)

    await vi.waitFor(async () => expect(await engine.makeCurrent(B)).toBe(true), { timeout: 30_000, interval: 250 })
    const young = await opens()
    await comesTo(young, B.build)
    expect(await workedBy(young)).toEqual([B.build])

    // Woken for something else, an old case does its work on the old build and stays there.
    const run = await runIdOf(idle)
    const { length: before } = await tasksIn(idle)
    await engine.lookAgain('loan', idle)
    await vi.waitFor(async () => expect((await tasksIn(idle)).length).toBeGreaterThan(before), { timeout: 30_000, interval: 100 })
    expect([await runIdOf(idle), await workedBy(idle)]).toEqual([run, [A.build]])

    // At the end of its stage a case goes on in a fresh run, on the current build.
    const clerk = await office.person('INTAKE')
    await bringsMaterials(clerk, decided)
    await clerk.decide(decided, { action: 'accept' })
    await clerk.waitFor(decided, 'PRELIM_REVIEW')
    await comesTo(decided, B.build)

    // `anju upgrade` wakes those that wait.
    const ended = await upgrade('--json')
    expect([ended.code, JSON.parse(ended.out)]).toEqual([0, { build: B.build, told: 5, missing: 0, behind: [], restarted: false }])
    for (const caseId of [idle, left]) expect(await engine.buildOf('loan', caseId)).toBe(B.build)
    expect(await runIdOf(idle)).not.toBe(run)
    await bringsMaterials(clerk, idle)
    await clerk.decide(idle, { action: 'accept' })
    await clerk.waitFor(idle, 'PRELIM_REVIEW')
    await expect.poll(() => workedBy(idle)).toEqual([B.build])
  },
)

test(
  'what an old build has left behind with nobody to serve it is found, and started again from the record on demand',
  { timeout: 240_000 },
  async () => {
    await vi.waitFor(async () => expect(await engine.makeCurrent(A)).toBe(true), { timeout: 30_000, interval: 250 })
    const orphan = await opens()
    await comesTo(orphan, A.build)
    await made.house.stop('worker')

    const { case_number: number } = await made.house.owner
      .selectFrom('case_file')
      .select('case_number')
      .where('case_id', '=', orphan)
      .executeTakeFirstOrThrow()
    const found = await upgrade('--wait', '3')
    expect([found.code, found.out]).toEqual([1, expect.stringContaining(`尚在旧版本上的案件`)])
    expect(found.out).toContain(number)

    const restarted = await upgrade('--restart', '--wait', '1')
    expect([restarted.code, restarted.out]).toEqual([0, expect.stringContaining(`已从记录重新启动：${number}`)])
    const clerk = await office.person('INTAKE')
    await bringsMaterials(clerk, orphan)
    await clerk.decide(orphan, { action: 'accept' })
    await clerk.waitFor(orphan, 'PRELIM_REVIEW')
    await expect.poll(() => workedBy(orphan)).toEqual([B.build])
  },
)

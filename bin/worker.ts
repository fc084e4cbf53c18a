import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker'
import pg from 'pg'
import { caseActivities } from '#activities/cases.ts'
import { loanActivities } from '#activities/loan.ts'
import { createPorts } from '#activities/ports/ports.ts'
import type { Build } from '#api/engine-builds.ts'
import { connectEngine } from '#api/engine.ts'
import { encryptedPayloads } from '#api/payload-codec.ts'
import { loadConfig } from '#config.ts'
import { assertGuarded } from '#db/boot-check.ts'
import { connect, SERVING_IDLE_MILLISECONDS } from '#db/connect.ts'
import { armFaults } from '#db/fault.ts'
import { machineClock } from '#db/machine-clock.ts'
import { createVault } from '#db/vault.ts'
import { createLog } from './log.ts'
import { portUrls } from './port-urls.ts'
import { ready } from './ready.ts'
import { runRelay } from './relay-loop.ts'
import { runSealing } from './seal-loop.ts'
import { worksOf } from './works.ts'

const config = loadConfig(process.env, 'worker')
armFaults(config.FAULT_PLAN)
const log = createLog(config.LOG_LEVEL)
Runtime.install({
  logger: {
    log: () => {},
    trace: () => {},
    debug: () => {},
    info: () => {},
    warn: (message) => log.warn(message),
    error: (message) => log.error(message),
  },
  shutdownSignals: [],
})

const db = connect(config.DATABASE_URL_WORK, { name: 'anju-worker', max: 16, idleMs: SERVING_IDLE_MILLISECONDS })
await assertGuarded(db, 'anju_work')
const vault = createVault({ dataKey: config.ANJU_DATA_KEY, hashKey: config.ANJU_HASH_KEY })
const ports = createPorts({
  urls: portUrls(config),
  key: config.MACHINE_KEY,
  keyId: config.MACHINE_KEY_ID,
  peerKeys: config.MACHINE_PEER_KEYS,
  nowMs: machineClock.nowMs,
})
const parts = { db, vault, ports }
const dataConverter = encryptedPayloads(config.ANJU_DATA_KEY)
const engine = await connectEngine({
  address: config.TEMPORAL_ADDRESS,
  namespace: config.TEMPORAL_NAMESPACE,
  taskQueue: config.TASK_QUEUE,
  dataConverter,
})
const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS })

const build = config.WORKER_BUILD ? { deployment: config.WORKER_DEPLOYMENT, build: config.WORKER_BUILD } : undefined

const worker = await Worker.create({
  connection,
  namespace: config.TEMPORAL_NAMESPACE,
  taskQueue: config.TASK_QUEUE,
  dataConverter,
  activities: { ...caseActivities(parts), ...loanActivities(parts) },
  // After a kill the first task of a cached case waits for this before it goes to another worker.
  stickyQueueScheduleToStartTimeout: '3 seconds',
  shutdownGraceTime: '15 seconds',
  ...(build && { workerDeploymentOptions: versioned(build) }),
  ...(config.WORKFLOW_BUNDLE
    ? { workflowBundle: { codePath: config.WORKFLOW_BUNDLE } }
    : { workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)) }),
})

/** A run stays on the build it began on; fresh ones, at every stage boundary, ask for the current build (`workflows/parts/case.ts`). */
function versioned({ deployment, build: buildId }: Build): NonNullable<WorkerOptions['workerDeploymentOptions']> {
  return { version: { deploymentName: deployment, buildId }, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' }
}

/**
 * The first build ever has nobody before it and becomes the current one by itself; which build follows it is for `anju upgrade` to say, or
 * an old worker that comes back would take everything over.
 */
async function serveFirst(first: Build): Promise<void> {
  while (worker.getState() === 'INITIALIZED' || worker.getState() === 'RUNNING') {
    try {
      if ((await engine.currentBuild(first.deployment)) !== undefined || (await engine.makeCurrent(first))) return
    } catch (error) {
      log.warn({ err: error }, 'the engine does not say which build is current')
    }
    await sleep(1_000)
  }
}

const relay = runRelay({
  listen: () => new pg.Client({ connectionString: config.DATABASE_URL_WORK, application_name: 'anju-relay' }),
  ...worksOf(parts, engine, log),
  log,
})

const sealing = runSealing({ db, key: config.ANJU_SEAL_KEY, headsPath: config.AUDIT_HEADS_FILE, log })

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (worker.getState() === 'RUNNING') worker.shutdown()
  })
}
if (build) void serveFirst(build)
ready({ taskQueue: config.TASK_QUEUE })
await worker.run()
await relay.end()
sealing.end()
await Promise.all([engine.close(), connection.close(), db.destroy()])

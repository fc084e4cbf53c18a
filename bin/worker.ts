import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { NativeConnection, Runtime, Worker } from '@temporalio/worker'
import pg from 'pg'
import { recountCases } from '#activities/case/recount.ts'
import { caseActivities } from '#activities/cases.ts'
import { loanActivities } from '#activities/loan.ts'
import { createPorts } from '#activities/ports/ports.ts'
import { relayMessages } from '#activities/messages.ts'
import { relayOutbox, wakeCases } from '#activities/relay.ts'
import { connectEngine } from '#api/engine.ts'
import { encryptedPayloads } from '#api/payload-codec.ts'
import { loadConfig } from '#config.ts'
import { assertGuarded } from '#db/boot-check.ts'
import { connect } from '#db/connect.ts'
import { armFaults } from '#db/fault.ts'
import { machineClock } from '#db/machine-clock.ts'
import { createVault } from '#db/vault.ts'
import { createLog } from './log.ts'
import { portUrls } from './port-urls.ts'
import { runRelay } from './relay-loop.ts'
import { runSealing } from './seal-loop.ts'

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

const db = connect(config.DATABASE_URL_WORK, { name: 'anju-worker', max: 16 })
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
const bundle = fileURLToPath(new URL('../dist/workflows.js', import.meta.url))

const worker = await Worker.create({
  connection,
  namespace: config.TEMPORAL_NAMESPACE,
  taskQueue: config.TASK_QUEUE,
  dataConverter,
  activities: { ...caseActivities(parts), ...loanActivities(parts) },
  // After a kill the first task of a cached case waits for this before it goes to another worker.
  stickyQueueScheduleToStartTimeout: '3 seconds',
  shutdownGraceTime: '15 seconds',
  ...(existsSync(bundle) && config.NODE_ENV === 'production'
    ? { workflowBundle: { codePath: bundle } }
    : { workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)) }),
})

const relay = runRelay({
  listen: () => new pg.Client({ connectionString: config.DATABASE_URL_WORK, application_name: 'anju-relay' }),
  relay: async () => (await relayOutbox(db, engine)) + (await relayMessages(parts)) + (await recountCases(db)),
  wake: () => wakeCases(db, engine),
  log,
})

const sealing = runSealing({ db, key: config.ANJU_SEAL_KEY, headsPath: config.AUDIT_HEADS_FILE, log })

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (worker.getState() === 'RUNNING') worker.shutdown()
  })
}
console.log(`ready ${JSON.stringify({ taskQueue: config.TASK_QUEUE })}`)
await worker.run()
await relay.end()
sealing.end()
await Promise.all([engine.close(), connection.close(), db.destroy()])

import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { decideCase } from '#activities/case/decide.ts'
import { checkData, checkRelease, openFile } from '#activities/loan/machine.ts'
import { checkMortgage, fileMortgage } from '#activities/loan/mortgage.ts'
import { closePayment, queryPayment, sendPayment } from '#activities/loan/payment.ts'
import { checkSigning } from '#activities/loan/signing.ts'
import { createPorts } from '#activities/ports/ports.ts'
import type { CaseEngine } from '#api/engine.ts'
import type { DemoLogins } from '#api/parts.ts'
import { createApi } from '#api/server.ts'
import { loadConfig } from '#config.ts'
import type { CaseState } from '#contracts/cases.ts'
import { connect } from '#db/connect.ts'
import { machineClock } from '#db/machine-clock.ts'
import { createVault } from '#db/vault.ts'
import { portUrls } from '../bin/port-urls.ts'

/**
 * The contender: the same API, the same transactions and the same machine's stages, without an engine. A decision is its transaction and
 * nothing else; what follows by machine runs in this process. What dies with the process is gone, nothing is retried, no deadline wakes
 * anybody: what a house costs above this floor is what that is worth.
 */
const config = loadConfig(process.env, 'api')
const work = connect(loadConfig(process.env, 'worker').DATABASE_URL_WORK, { name: 'floor-work', max: 16 })
const reader = connect(config.DATABASE_URL_READ, { name: 'floor-read', max: 12 })
const desk = connect(config.DATABASE_URL_DESK, { name: 'floor-desk', max: 12 })
const vault = createVault({ dataKey: config.ANJU_DATA_KEY, hashKey: config.ANJU_HASH_KEY })
const peerKeys = config.MACHINE_PEER_KEYS
const ports = createPorts({
  urls: portUrls(config),
  key: config.MACHINE_KEY,
  keyId: config.MACHINE_KEY_ID,
  peerKeys,
  nowMs: machineClock.nowMs,
})
const log = pino({ level: config.LOG_LEVEL })

const parts = { db: work, vault, ports }

/** As the workflow has them, without its retries and waits: the sandbox's bank settles at once. */
const machine: Readonly<Record<string, (caseId: string) => Promise<CaseState>>> = {
  ACCEPTED: (caseId) => openFile(parts, caseId),
  DATA_CHECK: (caseId) => checkData(parts, caseId),
  SIGNING_CHECK: (caseId) => checkSigning(parts, caseId),
  MORTGAGE_FILING: (caseId) => fileMortgage(parts, caseId),
  MORTGAGE_CHECK: (caseId) => checkMortgage(parts, caseId),
  RELEASE_CHECK: (caseId) => checkRelease(parts, caseId),
  PAYING: async (caseId) => {
    const { settled } = await sendPayment(parts, caseId)
    if (!settled) await queryPayment(parts, caseId)
    return closePayment(parts, caseId)
  },
}

const engine: CaseEngine = {
  start: () => Promise.resolve(),
  restart: () => Promise.resolve(),
  lookAgain: () => Promise.resolve(true),
  startAfresh: () => Promise.resolve(true),
  isRunning: () => Promise.resolve(true),
  async *listRunning() {},
  async decide(_kind, caseId, { commandId }) {
    const outcome = await decideCase(work, parts, caseId, commandId)
    carryOn(outcome.state).catch((error: unknown) => console.error(error))
    return { kind: 'ANSWERED', outcome }
  },
  isUp: () => Promise.resolve(true),
  doingOf: () => Promise.resolve('WORKS'),
  storeId: () => Promise.resolve('none'),
  replaceRun: () => Promise.resolve(),
  currentBuild: () => Promise.resolve(undefined),
  makeCurrent: () => Promise.resolve(true),
  buildOf: () => Promise.resolve(undefined),
  close: () => Promise.resolve(),
}

/** The machine's own stages, one after the other, until a person is awaited or the case has ended. */
async function carryOn(from: CaseState): Promise<void> {
  for (let state = from; state.open;) {
    const step = machine[state.stage]
    if (!step) return
    state = await step(state.caseId)
  }
}

const { server } = createApi({
  reader,
  desk,
  engine,
  vault,
  log,
  origin: config.PUBLIC_ORIGIN,
  production: false,
  session: { idleMinutes: config.SESSION_IDLE_MINUTES, absoluteHours: config.SESSION_ABSOLUTE_HOURS },
  oidc: undefined,
  proxyHops: 0,
  demo: JSON.parse(readFileSync(config.DEMO_LOGINS_FILE ?? '', 'utf8')) as DemoLogins,
  ports,
  peerKeys,
  machineKey: { keyId: config.MACHINE_KEY_ID, privateKey: config.MACHINE_KEY },
  clock: machineClock,
  consoleFolder: undefined,
})
server.listen(config.API_PORT, config.API_HOST, () =>
  console.log(`ready ${JSON.stringify({ port: (server.address() as AddressInfo).port })}`),
)
process.on('SIGTERM', () => process.exit(0))

import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { pino } from 'pino'
import { createPorts } from '#activities/ports/ports.ts'
import type { DemoLogins } from '#api/parts.ts'
import { createApi } from '#api/server.ts'
import { loadConfig } from '#config.ts'
import { connect, SERVING_IDLE_MILLISECONDS } from '#db/connect.ts'
import { listenTo } from '#db/listen.ts'
import { machineClock } from '#db/machine-clock.ts'
import { createVault } from '#db/vault.ts'
import { portUrls } from '../bin/port-urls.ts'
import { ready } from '../bin/ready.ts'
import { floorEngine } from './floor-engine.ts'

/**
 * The contender: the same API, the same transactions and the same machine's stages, without an engine. A decision is its transaction and
 * nothing else; what follows by machine runs in this process. What dies with the process is gone, nothing is retried, no deadline wakes
 * anybody: what a house costs above this floor is what that is worth.
 */
const config = loadConfig(process.env, 'api')
const work = connect(loadConfig(process.env, 'worker').DATABASE_URL_WORK, {
  name: 'floor-work',
  max: 16,
  idleMs: SERVING_IDLE_MILLISECONDS,
})
const reader = connect(config.DATABASE_URL_READ, { name: 'floor-read', max: 12, idleMs: SERVING_IDLE_MILLISECONDS })
const desk = connect(config.DATABASE_URL_DESK, { name: 'floor-desk', max: 12, idleMs: SERVING_IDLE_MILLISECONDS })
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

const { server } = createApi({
  reader,
  desk,
  listen: (moved) => listenTo('case_event', () => new pg.Client({ connectionString: config.DATABASE_URL_READ }), moved),
  engine: floorEngine({ db: work, vault, ports }),
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
server.listen(config.API_PORT, config.API_HOST, () => ready({ port: (server.address() as AddressInfo).port }))
process.on('SIGTERM', () => process.exit(0))

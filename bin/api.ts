import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { createPorts } from '#activities/ports/ports.ts'
import { connectEngine } from '#api/engine.ts'
import { identityProvider, type IdentityProvider } from '#api/identity-provider.ts'
import type { DemoLogins } from '#api/parts.ts'
import { encryptedPayloads } from '#api/payload-codec.ts'
import { createApi } from '#api/server.ts'
import { loadConfig } from '#config.ts'
import { assertGuarded } from '#db/boot-check.ts'
import { connect, SERVING_IDLE_MILLISECONDS } from '#db/connect.ts'
import { armFaults } from '#db/fault.ts'
import { listenTo } from '#db/listen.ts'
import { machineClock } from '#db/machine-clock.ts'
import { createVault } from '#db/vault.ts'
import { createLog } from './log.ts'
import { portUrls } from './port-urls.ts'
import { ready } from './ready.ts'

const config = loadConfig(process.env, 'api')
armFaults(config.FAULT_PLAN)
const log = createLog(config.LOG_LEVEL)
const reader = connect(config.DATABASE_URL_READ, { name: 'anju-api-read', max: 12, idleMs: SERVING_IDLE_MILLISECONDS })
const desk = connect(config.DATABASE_URL_DESK, { name: 'anju-api-desk', max: 12, idleMs: SERVING_IDLE_MILLISECONDS })
// Nobody is served from a database that would not keep the organisations apart.
await Promise.all([assertGuarded(reader, 'anju_read'), assertGuarded(desk, 'anju_desk')])
const dataConverter = encryptedPayloads(config.ANJU_DATA_KEY)
const engine = await connectEngine({
  address: config.TEMPORAL_ADDRESS,
  namespace: config.TEMPORAL_NAMESPACE,
  taskQueue: config.TASK_QUEUE,
  dataConverter,
})
const peerKeys = config.MACHINE_PEER_KEYS
const eventsClient = (): pg.Client => new pg.Client({ connectionString: config.DATABASE_URL_READ, application_name: 'anju-api-events' })

const { server, close } = createApi({
  reader,
  desk,
  listen: (moved) => listenTo('case_event', eventsClient, moved),
  engine,
  vault: createVault({ dataKey: config.ANJU_DATA_KEY, hashKey: config.ANJU_HASH_KEY }),
  log,
  origin: config.PUBLIC_ORIGIN,
  production: config.NODE_ENV === 'production',
  session: { idleMinutes: config.SESSION_IDLE_MINUTES, absoluteHours: config.SESSION_ABSOLUTE_HOURS },
  oidc: oidcProvider(),
  proxyHops: config.PROXY_HOPS,
  demo: await demoLogins(),
  ports: createPorts({
    urls: portUrls(config),
    key: config.MACHINE_KEY,
    keyId: config.MACHINE_KEY_ID,
    peerKeys,
    nowMs: machineClock.nowMs,
  }),
  peerKeys,
  machineKey: { keyId: config.MACHINE_KEY_ID, privateKey: config.MACHINE_KEY },
  clock: machineClock,
  consoleFolder: config.CONSOLE_FOLDER,
})

server.listen(config.API_PORT, config.API_HOST, () => ready({ port: (server.address() as AddressInfo).port }))

let ending = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (ending) return
    ending = true
    void close()
      .then(() => Promise.all([engine.close(), reader.destroy(), desk.destroy()]))
      .then(() => process.exit(0))
  })
}

/** The house's identity provider, where the environment names one: `loadConfig` has seen to it that it is named wholly. */
function oidcProvider(): IdentityProvider | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = config
  if (!issuer || !clientId || !clientSecret) return undefined
  return identityProvider({ issuer, clientId, clientSecret, redirectUri: `${config.PUBLIC_ORIGIN}/login` })
}

/** The people a demo's log-in page offers; nobody anywhere else, whatever files lie about. */
async function demoLogins(): Promise<DemoLogins | undefined> {
  if (!config.DEMO || !config.DEMO_LOGINS_FILE) return undefined
  return JSON.parse(await readFile(config.DEMO_LOGINS_FILE, 'utf8')) as DemoLogins
}

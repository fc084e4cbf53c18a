import type { Server } from 'node:http'
import type { DataConverter } from '@temporalio/common'
import { NativeConnection, Worker } from '@temporalio/worker'
import pg from 'pg'
import type { DestinationStream } from 'pino'
import { inject } from 'vitest'
import { caseActivities } from '#activities/cases.ts'
import type { Parts } from '#activities/parts.ts'
import { loanActivities } from '#activities/loan.ts'
import { createPorts, type Ports } from '#activities/ports/ports.ts'
import { connectEngine, type CaseEngine } from '#api/engine.ts'
import { identityProvider, type ProviderSettings } from '#api/identity-provider.ts'
import type { ApiParts, DemoLogins } from '#api/parts.ts'
import type { Counterpart } from '#contracts/machine/message.ts'
import { encryptedPayloads } from '#api/payload-codec.ts'
import { createApi } from '#api/server.ts'
import { connect, type Db } from '#db/connect.ts'
import { listenTo } from '#db/listen.ts'
import { machineClock } from '#db/machine-clock.ts'
import type { CityOptions } from '#db/seed/city.ts'
import type { Vault } from '#db/vault.ts'
import { readPrivateKey, readPublicKeys } from '#activities/ports/keys.ts'
import { newMachineKeys, spawnSandbox, type MachineKeys, type SpawnedSandbox } from '#sandbox/spawned.ts'
import { createLog } from '../../bin/log.ts'
import { runRelay } from '../../bin/relay-loop.ts'
import { worksOf } from '../../bin/works.ts'
import { cityDatabase, TEST_DATA_KEY, testVault } from './city.ts'
import type { TestDatabase } from './database.ts'
import { freePort } from './free-port.ts'
import { Browser, type Standing } from './http-client.ts'
import './runtime.ts'
import { ownNamespace, testTemporal, type TestTemporal } from './temporal.ts'

/** The whole house for one test file: its own database and task queue, real API, real worker, real sandbox, a city of its own. */
export interface House {
  readonly origin: string
  readonly database: TestDatabase
  /** As the owner of the tables, to look at everything. */
  readonly owner: Db
  readonly vault: Vault
  readonly sandbox: SpawnedSandbox
  readonly engine: CaseEngine
  readonly server: Server
  /** What its API is made of, for a second process of it. */
  readonly apiParts: ApiParts
  readonly taskQueue: string
  /** What works on cases: ended as if its machine had been switched off, and begun again. */
  readonly worker: { stop(): Promise<void>; start(): Promise<void> }
  readonly logins: DemoLogins
  /** A signed-in person who holds this post (at this organisation), with their own cookie. */
  as(post: string, orgName?: string): Promise<Browser>
  signIn(staffNumber: string): Promise<Browser>
  end(): Promise<void>
}

export interface HouseOptions {
  /** What its city is like; the small one without open cases, unless said. */
  readonly city?: CityOptions
  readonly consoleFolder?: string
  /** An identity provider that the house is told of. */
  readonly oidc?: Omit<ProviderSettings, 'redirectUri'>
  /** Where the log goes, for tests that read it; nowhere otherwise. */
  readonly log?: DestinationStream
  /** Histories that are meant to be read and replayed without a key. */
  readonly plainPayloads?: true
}

export async function startHouse({ city, consoleFolder, oidc, log: logTo, plainPayloads }: HouseOptions = {}): Promise<House> {
  // The workflows of open cases would meet those of another house of the same seed.
  const [{ database, logins }, temporal] = await Promise.all([cityDatabase(city), city?.openCases ? ownNamespace() : testTemporal()])
  const vault = testVault()
  const owner = connect(database.ownerUrl, { max: 4 })
  const keys = newMachineKeys()
  const machineKey = readPrivateKey(keys.centre)
  const peerKeys = readPublicKeys(keys.counterparts.publicKeys)
  const apiPort = await freePort()
  const origin = `http://127.0.0.1:${apiPort}`
  const sandbox = await spawnSandbox(database.ownerUrl, keys, origin)
  const dataConverter = plainPayloads ? {} : encryptedPayloads(TEST_DATA_KEY)
  const engine = await connectEngine({ ...temporal, dataConverter })
  const ports = portsTo(sandbox, keys)
  const log = createLog(logTo ? 'debug' : (process.env['TEST_LOG'] ?? 'silent'), logTo)
  const { reader, desk, work } = rolesOf(database)
  const apiParts: ApiParts = {
    reader,
    desk,
    listen: (moved) => listenTo('case_event', () => new pg.Client({ connectionString: database.readUrl }), moved),
    engine,
    vault,
    log,
    origin,
    production: false,
    session: { idleMinutes: 30, absoluteHours: 8 },
    oidc: oidc && identityProvider({ ...oidc, redirectUri: `${origin}/login` }),
    proxyHops: 0,
    demo: logins,
    ports,
    peerKeys,
    machineKey: { keyId: 'anju', privateKey: machineKey },
    clock: machineClock,
    consoleFolder,
  }
  const api = createApi(apiParts)
  await new Promise<void>((resolve) => api.server.listen(apiPort, '127.0.0.1', resolve))

  const parts = { db: work, vault, ports }
  const worker = stoppable(() => startWorker(temporal, parts, dataConverter))
  await worker.start()
  const listen = () => new pg.Client({ connectionString: database.workUrl })
  const relay = runRelay({ listen, ...worksOf(parts, engine, log), log })

  const signIn = (staffNumber: string): Promise<Browser> =>
    signInAt(new Browser(origin, (caseId) => standingIn(owner, caseId)), staffNumber)
  return {
    origin,
    database,
    owner,
    vault,
    sandbox,
    engine,
    apiParts,
    server: api.server,
    taskQueue: temporal.taskQueue,
    worker,
    logins,
    signIn,
    as: (post, orgName) => signIn(holderOf(logins, post, orgName)),
    async end() {
      await relay.end()
      await worker.stop()
      await api.close()
      await Promise.all([engine.close(), reader.destroy(), desk.destroy(), work.destroy(), owner.destroy(), sandbox.kill()])
      await database.drop()
    },
  }
}

/** What can be ended and begun again; it has not begun yet. */
function stoppable(begin: () => Promise<{ end(): Promise<void> }>): House['worker'] {
  let running: { end(): Promise<void> } | undefined
  return {
    start: async () => void (running ??= await begin()),
    async stop() {
      await running?.end()
      running = undefined
    },
  }
}

const rolesOf = ({ readUrl, deskUrl, workUrl }: TestDatabase): Record<'reader' | 'desk' | 'work', Db> => ({
  reader: connect(readUrl, { max: 6 }),
  desk: connect(deskUrl, { max: 8 }),
  work: connect(workUrl, { max: 8 }),
})

/** The staff number of somebody who holds the post. @throws Error when nobody does */
function holderOf(logins: DemoLogins, post: string, orgName: string | undefined): string {
  const person = logins.people.find((one) => one.posts.includes(post) && (orgName === undefined || one.orgName === orgName))
  if (!person) throw new Error(`nobody holds ${post}${orgName ? ` at ${orgName}` : ''}`)
  return person.staffNumber
}

/** Real ports to the sandbox, with the keys of this house. */
function portsTo(sandbox: SpawnedSandbox, keys: MachineKeys): Ports {
  const url = (name: Counterpart): string => `${sandbox.origin}/${name}`
  return createPorts({
    urls: {
      registry: url('registry'),
      housing: url('housing'),
      credit: url('credit'),
      civil: url('civil'),
      cities: url('cities'),
      bank: url('bank'),
      guarantor: url('guarantor'),
      messages: url('messages'),
    },
    key: readPrivateKey(keys.centre),
    keyId: 'anju',
    peerKeys: readPublicKeys(keys.counterparts.publicKeys),
    nowMs: machineClock.nowMs,
  })
}

async function startWorker(temporal: TestTemporal, parts: Parts, dataConverter: DataConverter): Promise<{ end(): Promise<void> }> {
  const connection = await NativeConnection.connect({ address: temporal.address })
  const worker = await Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue: temporal.taskQueue,
    dataConverter,
    workflowBundle: { codePath: inject('temporal').workflowBundle },
    activities: { ...caseActivities(parts), ...loanActivities(parts) },
    stickyQueueScheduleToStartTimeout: '2 seconds',
    shutdownGraceTime: '2 seconds',
  })
  const running = worker.run()
  return {
    async end() {
      worker.shutdown()
      await running
      await connection.close()
    },
  }
}

/** How far a case has come, by its row. @throws Error when there is none */
async function standingIn(owner: Db, caseId: string): Promise<Standing> {
  const query = owner.selectFrom('case_file').select(['stage', 'stage_version as stageVersion']).where('case_id', '=', caseId)
  return query.executeTakeFirstOrThrow()
}

/** Signs somebody in with what the demo gives out. */
async function signInAt(browser: Browser, staffNumber: string): Promise<Browser> {
  const { body } = await browser.send('POST', '/api/demo/one-time-code', { staffNumber })
  const { password, oneTimeCode } = body as { password: string; oneTimeCode: string | null }
  const answer = await browser.send('POST', '/api/session', { staffNumber, password, ...(oneTimeCode ? { oneTimeCode } : {}) })
  if (answer.status !== 200) throw new Error(`sign-in of ${staffNumber} failed: ${JSON.stringify(answer.body)}`)
  return browser
}

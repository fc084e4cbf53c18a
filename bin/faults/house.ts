import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '#config.ts'
import { sandboxPayments, sandboxPaths, type SandboxLoad } from '#contracts/machine/sandbox.ts'
import { connect, type Db } from '#db/connect.ts'
import { createVault, type Vault } from '#db/vault.ts'
import type { DemoLogins } from '#api/parts.ts'
import { foundCity } from '../found-city.ts'
import { environmentFor, type Environment } from '../launcher/environment.ts'
import type { Part } from '../launcher/keeper.ts'
import { programPart } from '../launcher/program.ts'
import type { DemoSecrets } from '../launcher/secrets.ts'

/** What is needed to tell stories to a house and to look at what they left. */
export interface Sight {
  readonly logins: DemoLogins
  /** As the owner of the tables, to look at everything. */
  readonly owner: Db
  readonly vault: Vault
  tellOutside(load: Partial<SandboxLoad>): Promise<void>
  bankPayments(): Promise<ReturnType<typeof sandboxPayments.parse>['payments']>
}

/** Sandbox, worker and API as real processes on servers that run already; whichever of them dies is started again at once. */
export interface FaultHouse extends Sight {
  readonly origin: string
  /** Puts a plan before both processes, in place of the last. */
  arm(plan: string): void
  /** Whether the plan has struck. */
  hasStruck(): boolean
  /** How often the process died. */
  deaths(name: 'worker' | 'api'): number
  /**
   * What a dead or failed relay had claimed is anybody's at once, as it is by itself after half a minute. Only while nobody is at work on it: that
   * two may be is what the half minute is for.
   */
  endLeases(): Promise<void>
  /** Ends a process in order and leaves it so. */
  stop(name: 'worker' | 'api'): Promise<void>
  end(): Promise<void>
}

/** @param environment of a demo whose database holds a city @returns the sight, and how to end it */
export function openSight(environment: Environment): Sight & { close(): Promise<void> } {
  const config = loadConfig(environment, 'seed')
  // One sandbox holds all of the world outside.
  const sandboxUrl = config.SANDBOX_URL_REGISTRY
  const owner = connect(config.DATABASE_URL, { max: 3, name: 'anju-faults' })
  return {
    logins: JSON.parse(readFileSync(environment['DEMO_LOGINS_FILE'] ?? '', 'utf8')) as DemoLogins,
    owner,
    vault: createVault({ dataKey: config.ANJU_DATA_KEY, hashKey: config.ANJU_HASH_KEY }),
    async tellOutside(load) {
      const body = JSON.stringify(load)
      const response = await fetch(new URL(sandboxPaths.load, sandboxUrl), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      if (!response.ok) throw new Error(`sandbox answers ${response.status}: ${await response.text()}`)
    },
    bankPayments: async () => sandboxPayments.parse(await (await fetch(new URL(sandboxPaths.payments, sandboxUrl))).json()).payments,
    close: () => owner.destroy(),
  }
}

/** Nobody else has a case under way. */
const CITY = { olderLoans: 20, openCases: 0 } as const
/** One contributor in four is somebody to whom every story can happen. */
const CONTRIBUTORS_PER_STORY = 4

/**
 * @param environment of a demo whose database is migrated and empty and whose engine runs
 * @param folder for plan and logs
 * @param toldMax so many stories at most: each happens to a household of its own
 */
export async function startFaultHouse(
  environment: Environment,
  secrets: DemoSecrets,
  folder: string,
  toldMax: number,
): Promise<FaultHouse> {
  const planFile = join(folder, 'fault-plan')
  const logFolder = join(folder, 'logs')
  const armed = { ...environment, FAULT_PLAN: `@${planFile}` }
  const config = loadConfig(environment, 'seed')
  const program = (name: 'worker' | 'api' | 'sandbox', own: Environment): Part =>
    programPart({ name, environment: own, logFolder, stopLimitMs: 20_000 })

  const sandbox = await keepUp(program('sandbox', sandboxEnvironment(environment, secrets)))
  await foundCity(config, undefined, { ...CITY, contributors: toldMax * CONTRIBUTORS_PER_STORY })
  const [worker, api] = await Promise.all([
    keepUp(program('worker', environmentFor('worker', armed))),
    keepUp(program('api', environmentFor('api', armed))),
  ])
  const sight = openSight(environment)
  return {
    ...sight,
    origin: environment['PUBLIC_ORIGIN'] ?? '',
    arm: (plan) => {
      rmSync(`${planFile}.spent`, { force: true })
      writeFileSync(planFile, plan)
    },
    hasStruck: () => existsSync(`${planFile}.spent`),
    deaths: (name) => (name === 'worker' ? worker : api).deaths(),
    async endLeases() {
      await sight.owner
        .updateTable('outbox')
        .set((eb) => ({ next_at: eb.fn('now') }))
        .where('state', '=', 'WAITING')
        .execute()
    },
    stop: (name) => (name === 'worker' ? worker : api).stop(),
    async end() {
      rmSync(planFile, { force: true })
      await Promise.all([api.stop(), sight.close()])
      await worker.stop()
      await sandbox.stop()
    },
  }
}

const sandboxEnvironment = (environment: Environment, secrets: DemoSecrets): Environment => ({
  PORT: new URL(environment['SANDBOX_URL_BANK'] ?? '').port,
  SANDBOX_DATABASE_URL: environment['SANDBOX_DATABASE_URL'] ?? '',
  SANDBOX_KEYS: secrets.peerPrivateKeys,
  MACHINE_PUBLIC_KEY: secrets.machinePublicKey,
  ANJU_API_URL: environment['PUBLIC_ORIGIN'] ?? '',
})

interface KeptUp {
  deaths(): number
  stop(): Promise<void>
}

/** Like the launcher's keeper, without its growing pauses: here dying is what is asked for. */
async function keepUp(part: Part): Promise<KeptUp> {
  let [deaths, stopped] = [0, false]
  let running = await part.start(() => {})
  const watching = (async () => {
    for (;;) {
      await running.exited
      if (stopped) return
      deaths++
      running = await part.start(() => {})
    }
  })()
  // A process that cannot be started again is told by `stop`; until then the story's own time limit speaks.
  watching.catch(() => {})
  return {
    deaths: () => deaths,
    async stop() {
      stopped = true
      await part.end(running)
      await watching
    },
  }
}

/** Workflow ids of everything that runs on a task queue. */
export async function openWorkflows(environment: Environment): Promise<string[]> {
  const { Client, Connection } = await import('@temporalio/client')
  const connection = await Connection.connect({ address: environment['TEMPORAL_ADDRESS'] ?? '' })
  try {
    const client = new Client({ connection, namespace: environment['TEMPORAL_NAMESPACE'] ?? '' })
    const found: string[] = []
    const query = `ExecutionStatus = 'Running' AND TaskQueue = '${environment['TASK_QUEUE'] ?? ''}'`
    for await (const { workflowId } of client.workflow.list({ query })) found.push(workflowId)
    return found
  } finally {
    await connection.close()
  }
}

import { counterparts } from '#contracts/machine/message.ts'
import { spawnSandbox, type SpawnedSandbox } from '#sandbox/spawned.ts'
import { freePort } from '../tools/processes.ts'
import type { BenchCity } from './city.ts'
import { cpuSeconds, withChildren } from './machine.ts'
import { Officers } from './officers.ts'
import type { BenchDatabase, Program, Stand } from './stand.ts'

/** One house on its own copy of the city: ours (API and worker, each a process, on Temporal), or the floor (one process, no engine). */
export interface BenchHouse {
  readonly name: string
  readonly origin: string
  readonly database: BenchDatabase
  readonly officers: Officers
  readonly programs: readonly Program[]
  /** CPU-seconds of its own processes, of its engine and of PostgreSQL; the world outside and the officers are not counted. */
  cpu(): number
}

/** @param city every house copies its database; one house at a time may be started */
export async function startHouse(stand: Stand, city: BenchCity, kind: 'house' | 'floor'): Promise<BenchHouse> {
  const database = await stand.database(kind, city.database.name)
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const sandbox = await spawnSandbox(database.ownerUrl, city.keys, origin)
  const temporal = await stand.temporal()
  const environment = { ...city.environment, ...houseEnvironment(database, sandbox, temporal.address, port) }
  const program = (name: string, script: string) => stand.program({ name: `${kind}-${name}`, script, environment })
  const programs =
    kind === 'floor'
      ? [await program('api', 'bench/floor.ts')]
      : [await program('worker', 'bin/worker.ts'), await program('api', 'bin/api.ts')]
  stand.onEnd(() => sandbox.kill('SIGTERM'))
  const engine = kind === 'floor' ? [] : [temporal.pid]
  return {
    name: kind,
    origin,
    database,
    programs,
    officers: new Officers(origin, city.logins),
    cpu: () => cpuSeconds([...programs.map((one) => one.pid), ...engine, ...withChildren(stand.postgres.pid)]),
  }
}

/** What the programs of a house read, over what all houses share. */
export function houseEnvironment(
  database: BenchDatabase,
  sandbox: SpawnedSandbox | undefined,
  temporalAddress: string,
  port: number,
): Record<string, string> {
  const sandboxOrigin = sandbox?.origin ?? 'http://127.0.0.1:9'
  return {
    DATABASE_URL_READ: database.urls.anju_read,
    DATABASE_URL_DESK: database.urls.anju_desk,
    DATABASE_URL_WORK: database.urls.anju_work,
    DATABASE_URL_BATCH: database.urls.anju_batch,
    TEMPORAL_ADDRESS: temporalAddress,
    TASK_QUEUE: database.name,
    API_PORT: String(port),
    PUBLIC_ORIGIN: `http://127.0.0.1:${port}`,
    ...Object.fromEntries(counterparts.map((name) => [`SANDBOX_URL_${name.toUpperCase()}`, `${sandboxOrigin}/${name}`])),
  }
}

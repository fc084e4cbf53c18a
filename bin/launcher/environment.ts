import { join } from 'node:path'
import { variablesOf, type ProcessName } from '#config.ts'
import { dataFolderOf } from '../../tools/folders.ts'
import { databaseUrl } from '../../tools/postgres.ts'
import { consoleFolder } from './console.ts'
import type { Ports } from './ports.ts'
import type { DemoSecrets } from './secrets.ts'

export type Environment = Readonly<Record<string, string>>

export const ownerName = 'anju_owner'
export const databaseName = 'anju'
export const sandboxName = 'anju_sandbox'

/** The whole environment of a demo, from what was chosen and what the caller set. What the caller set wins. */
export function demoEnvironment(ports: Ports, secrets: DemoSecrets, env: NodeJS.ProcessEnv): Environment {
  const sandbox = `http://127.0.0.1:${ports.sandbox}`
  const made: Environment = {
    NODE_ENV: 'development',
    DEMO: '1',
    ...databaseVariables(ports, secrets, env['DATABASE_URL']),
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
    TEMPORAL_NAMESPACE: 'anju',
    TASK_QUEUE: 'anju',
    API_HOST: '127.0.0.1',
    PUBLIC_ORIGIN: `http://127.0.0.1:${ports.api}`,
    CONSOLE_FOLDER: consoleFolder,
    SANDBOX_URL_REGISTRY: `${sandbox}/registry`,
    SANDBOX_URL_HOUSING: `${sandbox}/housing`,
    SANDBOX_URL_CREDIT: `${sandbox}/credit`,
    SANDBOX_URL_CIVIL: `${sandbox}/civil`,
    SANDBOX_URL_CITIES: `${sandbox}/cities`,
    SANDBOX_URL_BANK: `${sandbox}/bank`,
    SANDBOX_URL_GUARANTOR: `${sandbox}/guarantor`,
    SANDBOX_URL_MESSAGES: `${sandbox}/messages`,
    ANJU_DATA_KEY: secrets.dataKey,
    ANJU_HASH_KEY: secrets.hashKey,
    ANJU_SEAL_KEY: secrets.sealKey,
    MACHINE_KEY: secrets.machineKey,
    MACHINE_KEY_ID: 'anju',
    MACHINE_PEER_KEYS: secrets.peerPublicKeys,
    AUDIT_HEADS_FILE: join(dataFolderOf(env), 'audit-heads.txt'),
    DEMO_LOGINS_FILE: join(dataFolderOf(env), 'demo-logins.json'),
  }
  const known = new Set((['migrate', 'seed', 'worker', 'api'] as const).flatMap(variablesOf))
  const set = Object.entries(env).filter((entry): entry is [string, string] => known.has(entry[0]) && Boolean(entry[1]))
  return { ...made, ...Object.fromEntries(set), API_PORT: String(ports.api) }
}

/** The part of the environment that one process reads, and no more. */
export function environmentFor(process: ProcessName, all: Environment): Environment {
  const names = variablesOf(process)
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
}

/** The five roles on our own server, or on the one the caller named: same address, our passwords. */
function databaseVariables(ports: Ports, secrets: DemoSecrets, external: string | undefined): Environment {
  const address = { port: ports.postgres, database: databaseName }
  const owner = external ?? databaseUrl({ ...address, user: ownerName, password: secrets.ownerPassword })
  const as = (user: string, password: string): string => {
    const url = new URL(owner)
    url.username = user
    url.password = password
    return url.href
  }
  return {
    DATABASE_URL: owner,
    DATABASE_URL_READ: as('anju_read', secrets.readPassword),
    DATABASE_URL_DESK: as('anju_desk', secrets.deskPassword),
    DATABASE_URL_WORK: as('anju_work', secrets.workPassword),
    DATABASE_URL_BATCH: as('anju_batch', secrets.batchPassword),
    SANDBOX_DATABASE_URL:
      external ?? databaseUrl({ port: ports.postgres, database: sandboxName, user: sandboxName, password: secrets.sandboxPassword }),
  }
}

import { z } from 'zod'
import { readPrivateKey, readPublicKeys } from '#activities/ports/keys.ts'

/**
 * The environment as one schema. Read once, in `bin/`, and passed on as values; nothing else looks at `process.env`.
 * No secret has a default: the demo's are made on its first start and handed down by the launcher.
 */
const environment = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test'], { error: '须为 production、development 或 test' }),
  /** A city of invented people: demo log-ins, a business clock that can be moved. Never in production. */
  DEMO: flag(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'], { error: '须为 trace 至 fatal 之一' }).default('info'),

  /** The owner of the tables: migrations, the founding of a house and the demo seed only. */
  DATABASE_URL: postgresUrl(),
  DATABASE_URL_READ: postgresUrl(),
  DATABASE_URL_DESK: postgresUrl(),
  DATABASE_URL_WORK: postgresUrl(),
  DATABASE_URL_BATCH: postgresUrl(),

  TEMPORAL_ADDRESS: z.string({ error: '未设置' }).regex(/^[\w.-]+:\d{1,5}$/, { error: '须为 主机:端口' }),
  TEMPORAL_NAMESPACE: z.string().min(1).default('anju'),
  TASK_QUEUE: z.string().min(1).default('anju'),
  /** The name under which the engine knows our workers, all builds together. */
  WORKER_DEPLOYMENT: z
    .string()
    .regex(/^[\w-]{1,64}$/, { error: '须为字母、数字、下划线或连字符' })
    .default('anju'),
  /** Which build of the workflows this worker runs: a case stays on its build until it goes on in a fresh run. Absent: unversioned, as in development. */
  WORKER_BUILD: z
    .string()
    .regex(/^[\w.+-]{1,128}$/, { error: '须为版本标识，如提交号' })
    .optional(),
  /** The workflows, bundled beforehand (`bin/bundle.ts`). Absent: the worker bundles them at its start, which takes it a second or more. */
  WORKFLOW_BUNDLE: z.string().min(1).optional(),

  API_HOST: z.string().min(1).default('127.0.0.1'),
  API_PORT: port(),
  /** What browsers and machine clients call us: checked against `Origin`, and the `@authority` that signatures cover. */
  PUBLIC_ORIGIN: z
    .url({ protocol: /^https?$/, error: '须为 http(s)://主机[:端口]' })
    .refine(isBareOrigin, { error: '只写到端口，不带路径' }),
  /** Folder of the built console; absent when another server hands it out. */
  CONSOLE_FOLDER: z.string().min(1).optional(),

  SANDBOX_URL_REGISTRY: serviceUrl(),
  SANDBOX_URL_HOUSING: serviceUrl(),
  SANDBOX_URL_CREDIT: serviceUrl(),
  SANDBOX_URL_CIVIL: serviceUrl(),
  SANDBOX_URL_CITIES: serviceUrl(),
  SANDBOX_URL_BANK: serviceUrl(),
  SANDBOX_URL_GUARANTOR: serviceUrl(),
  SANDBOX_URL_MESSAGES: serviceUrl(),

  /** Encrypts identity numbers and Temporal payloads. */
  ANJU_DATA_KEY: key32(),
  /** Keyed hash by which an identity number is found without being readable. */
  ANJU_HASH_KEY: key32(),
  /** Signs the heads of the audit trees: the worker's alone, so that whoever holds the API cannot seal what they have changed. */
  ANJU_SEAL_KEY: ed25519Key(),
  /** Signs what we send to banks and other machines (RFC 9421), under the key id they know. */
  MACHINE_KEY: ed25519Key(),
  MACHINE_KEY_ID: z.string().min(1).default('anju'),
  /** Public keys of the counterparts, by which their messages and answers are checked. */
  MACHINE_PEER_KEYS: peerKeys(),

  /** The identity provider (统一身份认证), if there is one: all three or none. Its redirect address is our log-in page, `PUBLIC_ORIGIN` + /login. */
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: '须为 https:// 开头的地址' })
    .refine(isSafeIssuer, { error: '须为 https:// 开头的地址；只有本机的可用 http://' })
    .optional(),
  OIDC_CLIENT_ID: z.string().min(1).max(255).optional(),
  OIDC_CLIENT_SECRET: z.string().min(16, { error: '至少 16 个字符' }).max(1000).optional(),
  /** How many reverse proxies of ours stand before the API; their `X-Forwarded-For` tells where a log-in comes from. */
  PROXY_HOPS: wholeNumber(0, 5).default(0),

  SESSION_IDLE_MINUTES: wholeNumber(1, 240).default(30),
  SESSION_ABSOLUTE_HOURS: wholeNumber(1, 24).default(8),

  /** File to which the signed heads of the audit trees are carried; it should lie where no administrator of the database writes. */
  AUDIT_HEADS_FILE: z.string().min(1).optional(),

  /** Where the seed of a demo writes its people and their log-ins, for the log-in page to offer. */
  DEMO_LOGINS_FILE: z.string().min(1).optional(),
  /** One password for all invented people; made by chance when absent. */
  DEMO_PASSWORD: z.string().min(8, { error: '至少 8 个字符' }).optional(),

  /** Scripted failures at named points, for tests of recovery. */
  FAULT_PLAN: z.string().min(1).optional(),
})

type Name = keyof typeof environment.shape

const everywhere = ['NODE_ENV', 'DEMO', 'LOG_LEVEL', 'FAULT_PLAN'] as const satisfies Name[]
const engine = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TASK_QUEUE'] as const satisfies Name[]
const secrets = [
  'ANJU_DATA_KEY',
  'ANJU_HASH_KEY',
  'MACHINE_KEY',
  'MACHINE_KEY_ID',
  'MACHINE_PEER_KEYS',
] as const satisfies Name[]
const services = [
  'SANDBOX_URL_REGISTRY',
  'SANDBOX_URL_HOUSING',
  'SANDBOX_URL_CREDIT',
  'SANDBOX_URL_CIVIL',
  'SANDBOX_URL_CITIES',
  'SANDBOX_URL_BANK',
  'SANDBOX_URL_GUARANTOR',
  'SANDBOX_URL_MESSAGES',
] as const satisfies Name[]

/** What each process is given. A process that serves never holds the owner's password. */
const needs = {
  migrate: [...everywhere, 'DATABASE_URL', 'DATABASE_URL_READ', 'DATABASE_URL_DESK', 'DATABASE_URL_WORK', 'DATABASE_URL_BATCH'],
  found: [...everywhere, 'DATABASE_URL', 'ANJU_DATA_KEY', 'ANJU_HASH_KEY'],
  seed: [
    ...everywhere,
    'DATABASE_URL',
    'ANJU_DATA_KEY',
    'ANJU_HASH_KEY',
    // By this one the demo's world outside is told who lives in it.
    'SANDBOX_URL_REGISTRY',
    'DEMO_LOGINS_FILE',
    'DEMO_PASSWORD',
  ],
  worker: [
    ...everywhere,
    ...engine,
    'WORKER_DEPLOYMENT',
    'WORKER_BUILD',
    'WORKFLOW_BUNDLE',
    ...secrets,
    'ANJU_SEAL_KEY',
    ...services,
    'AUDIT_HEADS_FILE',
    'DATABASE_URL_READ',
    'DATABASE_URL_WORK',
    'DATABASE_URL_BATCH',
  ],
  api: [
    ...everywhere,
    ...engine,
    ...secrets,
    ...services,
    'DEMO_LOGINS_FILE',
    'DATABASE_URL_READ',
    'DATABASE_URL_DESK',
    'API_HOST',
    'API_PORT',
    'PUBLIC_ORIGIN',
    'CONSOLE_FOLDER',
    'OIDC_ISSUER',
    'OIDC_CLIENT_ID',
    'OIDC_CLIENT_SECRET',
    'PROXY_HOPS',
    'SESSION_IDLE_MINUTES',
    'SESSION_ABSOLUTE_HOURS',
  ],
} as const satisfies Record<string, readonly Name[]>

export type ProcessName = keyof typeof needs

/** What a process was given, under the names of the environment. */
export type Config<P extends ProcessName = ProcessName> = Pick<z.output<typeof environment>, (typeof needs)[P][number]>

/** The variables a process reads, for its launcher and the deployment's own test. */
export const variablesOf = (process: ProcessName): readonly string[] => needs[process]

/** Thrown by `loadConfig`; its message is for the person at the terminal and never holds a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Reads what `process` needs out of `env`. An empty text counts as not set.
 * @throws ConfigError naming every missing or wrong variable at once, in Chinese, without its value.
 */
export function loadConfig<P extends ProcessName>(env: NodeJS.ProcessEnv, process: P): Config<P> {
  const wanted: readonly Name[] = needs[process]
  const wrong = new Map<string, string>()
  const values = wanted.map((name) => {
    const parsed = environment.shape[name].safeParse(env[name] || undefined)
    if (!parsed.success) wrong.set(name, env[name] ? (parsed.error.issues[0]?.message ?? '') : '未设置')
    return [name, parsed.data] as const
  })
  const config = Object.fromEntries(values) as Config<P>
  if (wanted.includes('OIDC_ISSUER')) missingOfProvider(env).forEach((name) => wrong.set(name, '统一身份认证的三项须同时设置'))
  if (env['NODE_ENV'] === 'production') {
    if (env['FAULT_PLAN']) wrong.set('FAULT_PLAN', '生产环境不得设置故障计划')
    if (wanted.includes('WORKER_BUILD') && !env['WORKER_BUILD']) wrong.set('WORKER_BUILD', '生产环境须设置')
    if (env['DEMO'] === '1') wrong.set('DEMO', '生产环境不得开启演示模式')
  }
  if (wrong.size > 0) throw new ConfigError(complaint(process, wrong))
  return config
}

const OIDC_NAMES = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const

/** What is missing of an identity provider that is named in part. */
function missingOfProvider(env: NodeJS.ProcessEnv): Name[] {
  const missing = OIDC_NAMES.filter((name) => !env[name])
  return missing.length < OIDC_NAMES.length ? missing : []
}

function complaint(process: ProcessName, wrong: Map<string, string>): string {
  const lines = [...wrong].map(([name, message]) => `  ${name}：${message}`)
  return `环境变量有 ${wrong.size} 处不对，${process} 未启动：\n${lines.join('\n')}`
}

function flag() {
  return z
    .enum(['0', '1'], { error: '须为 0 或 1' })
    .default('0')
    .transform((text) => text === '1')
}

function wholeNumber(min: number, max: number) {
  const error = `须为 ${min} 至 ${max} 的整数`
  return z
    .string()
    .regex(/^\d{1,5}$/, { error })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error })
}

function port() {
  return wholeNumber(1, 65535).default(8080)
}

function postgresUrl() {
  return z.url({ protocol: /^postgres(ql)?$/, hostname: /./, error: '须为 postgresql://用户:口令@主机:端口/库名' })
}

function serviceUrl() {
  return z.url({ protocol: /^https?$/, error: '须为 http(s):// 开头的地址' })
}

/** A provider's word travels encrypted, unless it never leaves this machine. */
function isSafeIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, search, hash } = new URL(text)
  return !search && !hash && (protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
}

function isBareOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}

function key32() {
  return z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, { error: '须为 32 字节密钥的 base64（openssl rand -base64 32）' })
    .transform((text) => Buffer.from(text, 'base64'))
}

/** A private key as PEM, base64 once more so that it fits on one line of an environment file. */
function ed25519Key() {
  return readable(readPrivateKey, '须为 ed25519 私钥 PEM 的 base64（openssl genpkey -algorithm ed25519 | base64 -w0）')
}

function peerKeys() {
  return readable(readPublicKeys, '须为 JSON：每个对端一个 ed25519 公钥 PEM 的 base64')
}

/** The reader's own words are dropped: a library's complaint may quote the key. */
function readable<T>(read: (text: string) => T, error: string) {
  return z.string().transform((text, context) => {
    try {
      return read(text)
    } catch {
      context.addIssue({ code: 'custom', message: error })
      return z.NEVER
    }
  })
}

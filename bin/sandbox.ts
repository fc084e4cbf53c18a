import { z } from 'zod'
import { readPrivateKeys, readPublicKey } from '#activities/ports/keys.ts'
import { startSandbox } from '#sandbox/server.ts'
import { ready } from './ready.ts'

/**
 * The outside world for demo and tests: registry, credit bureau, civil affairs and police, other cities, bank, guarantee company and
 * message gateway, each under its own prefix of one port. It knows nothing of the application and reads its own environment.
 */
const environment = z.object({
  NODE_ENV: z
    .string()
    .refine((name) => name !== 'production', { error: '生产环境没有沙箱：请接真实的外部机构' })
    .optional(),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, { error: '须为端口号' })
    .default('0')
    .transform(Number),
  /** Loopback: the script addresses are unsigned. */
  HOST: z.enum(['127.0.0.1', 'localhost'], { error: '须为本机地址' }).default('127.0.0.1'),
  /** Its own schema `sandbox` is created in this database. */
  SANDBOX_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: '须为 postgresql:// 地址' }),
  SANDBOX_AUTHORITY: z.string().min(1).optional(),
  /** JSON, one private key per counterpart (`newCounterpartKeys`). */
  SANDBOX_KEYS: z.string({ error: '未设置' }),
  /** The centre's public key, PEM in base64, and its id. */
  MACHINE_PUBLIC_KEY: z.string({ error: '未设置' }),
  MACHINE_KEY_ID: z.string().min(1).default('anju'),
  /** Where the bank delivers its account notices; they wait when it is absent. */
  ANJU_API_URL: z.url({ protocol: /^https?$/, error: '须为 http(s):// 开头的地址' }).optional(),
})

const read = environment.safeParse(process.env)
if (!read.success) {
  for (const issue of read.error.issues) console.error(`${issue.path.join('.')}：${issue.message}`)
  process.exit(2)
}
const settings = read.data
const sandbox = await startSandbox({
  databaseUrl: settings.SANDBOX_DATABASE_URL,
  host: settings.HOST,
  port: settings.PORT,
  authority: settings.SANDBOX_AUTHORITY,
  keys: readPrivateKeys(settings.SANDBOX_KEYS),
  clientKeyId: settings.MACHINE_KEY_ID,
  clientKey: readPublicKey(settings.MACHINE_PUBLIC_KEY),
  apiUrl: settings.ANJU_API_URL,
})

let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) return
    stopping = true
    void sandbox.stop().then(() => process.exit(0))
  })
}
ready({ port: sandbox.port })

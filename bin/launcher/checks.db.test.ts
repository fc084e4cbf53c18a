import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../tools/processes.ts'
import { withClient } from '../../tools/postgres.ts'
import { testDatabase, type TestDatabase } from '../../tests/setup/database.ts'
import { examine, realSurroundings, type Surroundings } from './checks.ts'
import { demoEnvironment } from './environment.ts'
import { demoSecrets } from './secrets.ts'

const folder = mkdtempSync(join(tmpdir(), 'anju-doctor-'))
/** Answers as the API does. */
const listener = createServer((_req, res) => res.setHeader('content-type', 'application/json').end('{"ok":true}'))
/** Somebody else's program on our port: it accepts, and says what we never would. */
const stranger = createServer((_req, res) => res.end('It works!'))
let database: TestDatabase
let healthy: Surroundings

beforeAll(async () => {
  database = await testDatabase()
  await withClient(database.ownerUrl, async (client) => {
    // The owner is under row-level security like everybody else; loading a calendar is the migration's and the seed's business.
    await client.query('ALTER TABLE business_clock NO FORCE ROW LEVEL SECURITY; ALTER TABLE calendar_year NO FORCE ROW LEVEL SECURITY')
    await client.query(`INSERT INTO business_clock (mode, business_date) VALUES ('DEMO', '2025-11-03')`)
    await client.query(`INSERT INTO calendar_year (year, source) VALUES (2025, 'test'), (2026, 'test')`)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve))
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  const made = demoEnvironment({ api: port, sandbox: 1, postgres: 1, temporal: port, temporalUi: 1 }, demoSecrets(folder), {})
  const env = { ...made, DATABASE_URL_READ: database.readUrl, CHROMIUM: process.execPath }
  healthy = realSurroundings(env, folder)
})

afterAll(async () => {
  listener.close()
  stranger.close()
  rmSync(folder, { recursive: true })
  await database.drop()
})

const faultsIn = async (change: Partial<Surroundings>): Promise<string[]> =>
  (await examine({ ...healthy, ...change })).filter((finding) => !finding.ok).map((finding) => finding.name)

test('a healthy installation has no fault, and every check was made', async () => {
  const findings = await examine(healthy)
  expect(findings.filter((finding) => !finding.ok)).toEqual([])
  expect(findings).toHaveLength(13)
})

describe('each fault is found, alone, with its cure', () => {
  const env = (change: NodeJS.ProcessEnv): Partial<Surroundings> => ({ env: { ...healthy.env, ...change } })
  const rows: [string, () => Partial<Surroundings> | Promise<Partial<Surroundings>>, string][] = [
    ['a Node that is too old', () => ({ nodeVersion: '20.20.2' }), 'Node'],
    ['a full disk', () => ({ freeBytes: () => 1_000_000 }), '磁盘'],
    ['no fonts', () => ({ fontFolder: folder }), '字体'],
    ['a damaged font', () => ({ fontFolder: damagedFonts() }), '字体'],
    ['a data key that is too short', () => env({ ANJU_DATA_KEY: Buffer.alloc(16).toString('base64') }), '环境变量与密钥'],
    ['a machine clock that is ten seconds off', () => ({ nowMs: () => healthy.nowMs() + 10_000 }), '时钟'],
    ['no PostgreSQL there', () => env({ DATABASE_URL_READ: 'postgresql://anju_read:x@127.0.0.1:1/anju' }), 'PostgreSQL'],
    ['a password that PostgreSQL refuses', () => env({ DATABASE_URL_READ: database.readUrl.replace(/:[^:@]+@/, ':wrong@') }), 'PostgreSQL'],
    ['no Temporal there', () => env({ TEMPORAL_ADDRESS: '127.0.0.1:1' }), 'Temporal'],
    ['no API there', () => env({ API_PORT: '1' }), '接口端口'],
    ['a port that somebody else has taken', () => env({ API_PORT: portOf(stranger) }), '接口端口'],
    ['a Node without the zones of the world', () => ({ hourIn: unknownZone }), '时区'],
    ['a Node whose Shanghai is Greenwich', () => ({ hourIn: () => '00' }), '时区'],
    ['no Temporal, and no way to one', () => ({ temporalSource: () => undefined }), 'Temporal 程序'],
    ['a browser that is not there', () => env({ CHROMIUM: join(folder, 'no-browser') }), '浏览器（测试用）'],
  ]
  test.each(rows)('%s', async (_name, change, fault) => {
    expect(await faultsIn(await change())).toEqual([fault])
  })

  test.each([
    [
      'a migration that was not run',
      'UPDATE kysely_migration SET name = name || $1 WHERE name = (SELECT max(name) FROM kysely_migration)',
      '数据库结构',
    ],
    ['a next year whose holidays are not loaded', 'UPDATE calendar_year SET year = 2027 WHERE year = 2026 AND $1 <> source', '工作日历'],
    ['a database without a business clock', 'DELETE FROM business_clock WHERE mode <> $1', '工作日历'],
  ])('%s', async (_name, damage, fault) => {
    await withClient(database.ownerUrl, (client) => client.query(damage, ['-damaged']))
    expect(await faultsIn({})).toContain(fault)
  })

  test('an empty database is mended by founding a house in it', async () => {
    await withClient(database.ownerUrl, (client) => client.query('DELETE FROM business_clock'))
    expect((await examine(healthy)).find(({ name }) => name === '工作日历')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('还没有中心'),
      cure: expect.stringContaining('anju -- found --file'),
    })
  })

  test('and every fault says what mends it', async () => {
    const broken = { nodeVersion: '18.0.0', freeBytes: () => 0, fontFolder: folder, env: { CHROMIUM: '/nowhere', API_PORT: '1' } }
    const findings = await examine({ ...healthy, ...broken })
    expect(findings.filter((finding) => !finding.ok && !finding.cure)).toEqual([])
    expect(findings.filter((finding) => !finding.ok)).toHaveLength(8)
  })
})

function unknownZone(zone: string): string {
  throw new RangeError(`Invalid time zone specified: ${zone}`)
}

const portOf = (server: Server): string => String((server.address() as AddressInfo).port)

function damagedFonts(): string {
  const copy = mkdtempSync(join(folder, 'fonts-'))
  cpSync(healthy.fontFolder, copy, { recursive: true })
  appendFileSync(join(copy, 'noto-sans-sc-chinese-simplified-400-normal.woff'), 'x')
  return copy
}

import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { throwAwayFolder } from '../tests/setup/folder.ts'
import { cacheFolderOf, makePrivateFolder } from './folders.ts'
import { endPostgres, ensureDatabase, startPostgres, withClient, type PostgresServer } from './postgres.ts'
import { freePort, isRunning, processesIn } from './processes.ts'

let folder = ''
let running: PostgresServer[] = []

beforeEach(() => {
  folder = throwAwayFolder(randomBytes(4).toString('hex'))
})
afterEach(async () => {
  for (const server of running) await endPostgres(server)
  running = []
  rmSync(folder, { recursive: true, force: true })
})

const start = async (): Promise<PostgresServer> => {
  const server = await startPostgres({
    folder: join(folder, 'pg'),
    cacheFolder: cacheFolderOf(process.env),
    port: await freePort(),
    password: 'secret-of-a-test',
  })
  running.push(server)
  return server
}

const write = (url: string) => withClient(url, (client) => client.query('CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS n'))
const read = (url: string) => withClient(url, async (client) => (await client.query('SELECT n FROM kept')).rows)

test('a server that was killed is started again with everything it had committed', async () => {
  const first = await start()
  await write(first.superuserUrl)
  process.kill(first.pid, 'SIGKILL')
  await expect.poll(() => isRunning(first)).toBe(false)
  expect(await read((await start()).superuserUrl)).toEqual([{ n: 42 }])
})

test('a session that outlived its killed server does not keep the next one from starting', async () => {
  const first = await start()
  const busy = withClient(first.superuserUrl, (client) => client.query('SELECT count(*) FROM generate_series(1, 10000000000)')).catch(
    () => {},
  )
  await expect.poll(() => processesIn(join(folder, 'pg', 'cluster')).length).toBeGreaterThan(6)
  process.kill(first.pid, 'SIGKILL')
  await expect.poll(() => isRunning(first)).toBe(false)
  expect(isRunning(await start())).toBe(true)
  await busy
})

test('a server left behind by a killed launcher is ended in good order before the next one starts', async () => {
  const left = await start()
  await write(left.superuserUrl)
  const next = await start()
  expect(isRunning(left)).toBe(false)
  expect(await read(next.superuserUrl)).toEqual([{ n: 42 }])
})

test('a pid file that names somebody else’s process is no obstacle, and that process is left alone', async () => {
  const first = await start()
  await endPostgres(first)
  writeFileSync(join(folder, 'pg', 'cluster', 'postmaster.pid'), `${process.pid}\n`)
  const second = await start()
  expect(isRunning(second)).toBe(true)
})

test('a first start that was killed half-way leaves nothing in the way of the second', async () => {
  makePrivateFolder(join(folder, 'pg'))
  mkdirSync(join(folder, 'pg', 'cluster.new'))
  writeFileSync(join(folder, 'pg', 'cluster.new', 'PG_VERSION'), '18')
  await start()
  expect(existsSync(join(folder, 'pg', 'cluster.new'))).toBe(false)
})

test('the server speaks UTF-8 and UTC, sorts by code point, wants a password, and listens on this machine alone', async () => {
  const { superuserUrl } = await start()
  const asked = `SELECT current_setting('server_encoding') AS encoding, current_setting('TimeZone') AS zone, datcollate AS collation,
    current_setting('listen_addresses') AS host, current_setting('fsync') AS fsync FROM pg_database WHERE datname = 'postgres'`
  const { rows } = await withClient(superuserUrl, (client) => client.query(asked))
  expect(rows).toEqual([{ encoding: 'UTF8', zone: 'UTC', collation: 'C', host: '127.0.0.1', fsync: 'on' }])
  await expect(withClient(superuserUrl.replace('secret-of-a-test', 'guess'), (client) => client.query('SELECT 1'))).rejects.toThrow(
    'password',
  )
})

test('the owner of a database is no superuser, and making it twice changes nothing but the password', async () => {
  const { superuserUrl } = await start()
  const wanted = { database: 'fund', owner: 'owner', createRole: true }
  expect(await ensureDatabase(superuserUrl, { ...wanted, ownerPassword: 'first' })).toBe(true)
  expect(await ensureDatabase(superuserUrl, { ...wanted, ownerPassword: "second'; DROP ROLE owner; --" })).toBe(false)
  const url = new URL(superuserUrl)
  Object.assign(url, { username: 'owner', password: encodeURIComponent("second'; DROP ROLE owner; --"), pathname: '/fund' })
  const { rows } = await withClient(url.href, (client) =>
    client.query('SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user'),
  )
  expect(rows).toEqual([{ rolsuper: false, rolcreaterole: true, rolcreatedb: false }])
})

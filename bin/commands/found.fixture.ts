import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { foundingFile, type FoundingFile } from '#contracts/founding.ts'
import { exampleFounding } from '#contracts/founding-example.ts'
import { connect, type Db } from '#db/connect.ts'
import { createVault } from '#db/vault.ts'
import { testDatabase, type TestDatabase } from '../../tests/setup/database.ts'
import { runCommand, runHere, type Ended } from '../running.fixture.ts'

/** Where files are written that people might have written; of the test file alone that has imported this. */
export const folder = mkdtempSync(join(tmpdir(), 'anju-found-'))
const keys = { dataKey: Buffer.alloc(32, 1), hashKey: Buffer.alloc(32, 2) }
/** Under the keys of the house that is founded. */
export const vault = createVault(keys)
/** The database that stands empty, to be founded in. */
export let database: TestDatabase
export let owner: Db

async function open(): Promise<void> {
  database = await testDatabase()
  owner = connect(database.ownerUrl, { max: 2 })
}
async function close(): Promise<void> {
  await owner.destroy()
  await database.drop()
}
/** A database for every test: what it does to it stays with it. */
export function eachOnItsOwn(): void {
  beforeEach(open)
  afterEach(close)
}
/** One for all: none of them leaves anything, which is what they are about. */
export function allOnOne(): void {
  beforeAll(open)
  afterAll(close)
}
/** What the command is told in production, and what a test sets besides. */
export const environment = (set: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  // Of no demo that may be running on this machine.
  ANJU_DATA: join(folder, 'nothing'),
  NODE_ENV: 'production',
  DATABASE_URL: database.ownerUrl,
  ANJU_DATA_KEY: keys.dataKey.toString('base64'),
  ANJU_HASH_KEY: keys.hashKey.toString('base64'),
  ...set,
})

/** Runs the command as a process of its own. */
export const found = (args: readonly string[], set?: NodeJS.ProcessEnv): Promise<Ended> => runCommand('found', args, environment(set))

/** The same in the process of the test, for what is refused: one after the other. */
export const foundHere = (args: readonly string[], set?: NodeJS.ProcessEnv): Promise<Ended> => runHere('found', args, environment(set))

/** A file as people have written it: the example, changed. */
export function fileOf(change: (centre: FoundingFile['centres'][number]) => void = () => {}): string {
  const file = foundingFile.parse(structuredClone(exampleFounding))
  for (const centre of file.centres) change(centre)
  const path = join(folder, `${crypto.randomUUID()}.json`)
  writeFileSync(path, JSON.stringify(file))
  return path
}

/** Rows of every table that is not empty, but for what the migrations themselves have put there. */
export async function filled(): Promise<Record<string, number>> {
  const { rows } = await sql<{ name: string }>`select relname as name from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not like 'kysely%' and relname <> 'engine_watch' order by 1`.execute(
    owner,
  )
  const counts: Record<string, number> = {}
  for (const { name } of rows) {
    const { rows: counted } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(name)}`.execute(owner)
    if (counted[0]?.n) counts[name] = counted[0].n
  }
  return counts
}

import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import { inject, vi } from 'vitest'
import { publishHeads, sealAudit, type HeadsKeeper } from '#activities/seal.ts'
import { testDatabase, type TestDatabase } from '../../tests/setup/database.ts'
import { connect, type Db } from '../connect.ts'
import { appendAudit } from '../write/audit.ts'
import { keyIdOf } from './head.ts'

/** A database with nothing in it but an archive, and the key it is sealed with. */
export interface Archive {
  readonly database: TestDatabase
  readonly work: Db
  /** What a database administrator could do. One connection. */
  readonly superuser: Db
  readonly key: KeyObject
  readonly heads: string[]
  readonly keeper: HeadsKeeper
  /** Adds a row to each stream, each in a transaction of its own. */
  append(...streams: readonly string[]): Promise<void>
  /** Waits until every row is final: transactions of the other databases on this server count as running, too. */
  settled(): Promise<void>
  /** Seals everything that is final and carries the heads out. @returns how many seals were made */
  seal(): Promise<number>
  end(): Promise<void>
}

export async function openArchive(): Promise<Archive> {
  const database = await testDatabase()
  const work = connect(database.workUrl, { max: 4 })
  const url = new URL(inject('postgres').superuserUrl)
  url.pathname = new URL(database.ownerUrl).pathname
  const superuser = connect(url.href, { max: 1 })
  const key = newKey()
  const heads: string[] = []
  const keeper = keeperOf(heads)
  const settled = () => untilFinal(work)
  return {
    database,
    work,
    superuser,
    key,
    heads,
    keeper,
    append: async (...streams) => {
      for (const stream of streams) await work.transaction().execute((tx) => appendAudit(tx, factOf(stream)))
    },
    settled,
    seal: async () => {
      await settled()
      let seals = 0
      while (await sealAudit(work, key, keyIdOf(key))) seals += 1
      await publishHeads(work, keeper)
      return seals
    },
    end: async () => {
      await Promise.all([work.destroy(), superuser.destroy()])
      await database.drop()
    },
  }
}

/** Waits until every unsealed row is final: other test files' transactions, on the same server, hold up sealing as ours do. */
export const untilFinal = (db: Db): Promise<void> =>
  vi.waitFor(
    async () => {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from audit_row where sealed_in is null and xid >= pg_snapshot_xmin(pg_current_snapshot())`.execute(db)
      if (rows[0]?.n !== 0) throw new Error('a transaction before them is still running')
    },
    { timeout: 20_000, interval: 20 },
  )

export const newKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey

export const factOf = (stream: string) => ({
  stream,
  orgId: 'branch-wanghe',
  actor: 'staff/1',
  act: 'note/NOTE',
  body: { note: randomUUID(), opinion: '同意' },
})

/** Heads kept in a list. */
export const keeperOf = (heads: string[]): HeadsKeeper => ({
  last: async () => heads.at(-1),
  writeHead: async (line) => void heads.push(line),
})

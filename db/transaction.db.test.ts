import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../tests/setup/database.ts'
import { connect, forSql, poolOf, sqlState, type Db, type Reader, type Tx } from './connect.ts'
import { KEPT } from './kept-plans.ts'
import { inReading, inTransaction } from './transaction.ts'
import { isDatabaseTrouble } from './trouble.ts'

let database: TestDatabase
/** One connection, so that whoever comes next gets the same. */
let db: Db
/** What the connection was asked and has answered, by the word after the mark in each statement. */
let course: string[] = []
beforeAll(async () => {
  database = await testDatabase()
  db = connect(database.ownerUrl, { max: 1, waitMs: 500, name: 'transaction-test' })
  poolOf(db).on('connect', (client) => {
    const run = client.query.bind(client) as (text: string, values?: unknown[]) => Promise<unknown>
    const query = async (text: string, values?: unknown[]) => {
      const word = /-- (\w+)/.exec(text)?.[1] ?? text.split(' ')[0]
      course.push(`? ${word}`)
      const answer = run(text, values)
      await answer.catch(() => undefined)
      course.push(`= ${word}`)
      return answer
    }
    client.query = query as typeof client.query
  })
})
afterAll(async () => {
  await db.destroy()
  await database.drop()
})
beforeEach(() => {
  course = []
})

const say = (tx: Tx, word: string): Promise<unknown> => sql`select 1 -- ${sql.raw(word)}`.execute(tx)
const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing',
    (error: unknown) => error,
  )
const raise = async (tx: Tx, code = randomUUID()): Promise<string> => {
  await tx
    .insertInto('policy_snapshot')
    .values({ snapshot_id: code, scope: 'x', as_of: '2025-01-01' as never, hash: 'h', content: '{}' })
    .execute()
  return code
}
const kept = async (code: string): Promise<boolean> =>
  (await db.selectFrom('policy_snapshot').select('snapshot_id').where('snapshot_id', '=', code).execute()).length > 0

describe('statements of a transaction', () => {
  test('that are asked together go out together, and are answered in the order in which they were asked', async () => {
    await inTransaction(db, async (tx) => {
      const builder = tx
        .selectFrom('org')
        .select('org_id')
        .limit(1)
        .modifyEnd(sql`-- second`)
      await Promise.all([say(tx, 'first'), builder.executeTakeFirst(), say(tx, 'third'), builder.execute()])
      await say(tx, 'fifth')
    })
    const asked = course.filter((one) => one.startsWith('?'))
    expect(asked).toEqual(['? begin', '? first', '? second', '? third', '? second', '? fifth', '? commit'])
    expect(course.indexOf('? third')).toBeLessThan(course.indexOf('= first'))
    expect(course.indexOf('= begin'), 'nothing goes out before the transaction has begun').toBeLessThan(course.indexOf('? first'))
    expect(course.indexOf('= third')).toBeLessThan(course.indexOf('? fifth'))
  })

  test('stand or fall together, also those that were on their way behind the one that failed', async () => {
    const [before, behind] = [randomUUID(), randomUUID()]
    const failed = inTransaction(db, (tx) => Promise.all([raise(tx, before), sql`select 1 / 0`.execute(tx), raise(tx, behind)]))
    expect(sqlState(await thrownBy(failed))).toBe('22012')
    expect([await kept(before), await kept(behind)]).toEqual([false, false])
    const code = await inTransaction(db, (tx) => raise(tx))
    expect(await kept(code), 'and the connection serves the next one').toBe(true)
  })

  test('fail for the reason of the first that failed, whichever is heard first', async () => {
    const codes: unknown[] = []
    await thrownBy(
      inTransaction(db, async (tx) => {
        const kept = sql`${KEPT} select 2`
        const ask = [sql`select 1 / 0`, sql`select 1`, kept, kept].map((one) => one.execute(tx))
        for (const error of await Promise.all(ask.map((one) => thrownBy(one)))) codes.push(sqlState(error))
      }),
    )
    expect(codes).toEqual(Array(4).fill('22012'))
  })

  test('cannot come after it: what still runs when the rest has failed is refused, and reaches nobody else’s', async () => {
    const late = Promise.withResolvers<unknown>()
    const code = randomUUID()
    const failed = inTransaction(db, async (tx) => {
      const straggler = async (): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, 50))
        late.resolve(await thrownBy(raise(tx, code)))
      }
      await Promise.all([straggler(), Promise.reject(new Error('broken off'))])
    })
    expect(await thrownBy(failed)).toMatchObject({ message: 'broken off' })
    expect(await late.promise).toMatchObject({ message: 'the transaction is over' })
    expect(await kept(code)).toBe(false)
  })

  test('of which one has failed unheard are not taken for kept', async () => {
    const code = randomUUID()
    const unheard = inTransaction(db, async (tx) => {
      await raise(tx, code)
      await sql`select 1 / 0`.execute(tx).catch(() => undefined)
    })
    expect(await thrownBy(unheard)).toMatchObject({ message: 'a statement of the transaction has failed, and nothing was kept' })
    expect(await kept(code)).toBe(false)
  })

  test('are the database’s trouble when their connection dies, and the next transaction gets another', async () => {
    const other = connect(database.ownerUrl, { max: 1 })
    for (const run of [
      inTransaction<unknown>,
      (from: Db, work: (tx: Tx) => Promise<unknown>) => inReading(from, undefined, (tx) => work(forSql(tx) as Tx)),
    ]) {
      const broken = run(db, async (tx) => {
        await say(tx, 'alive')
        await sql`select pg_terminate_backend(pid, 10000) from pg_stat_activity where application_name = 'transaction-test'`.execute(other)
        await Promise.all([say(tx, 'dead'), say(tx, 'dead')])
      })
      expect(isDatabaseTrouble(await thrownBy(broken))).toBe(true)
      expect(await thrownBy(inTransaction(db, (tx) => say(tx, 'again')))).toBe('nothing')
    }
    await other.destroy()
  })
})

describe('a transaction that only reads', () => {
  const eyes = { orgsInSight: ['org-a', 'org-b'], groups: ['OPEN'], staffId: randomUUID() }
  const sight = (from: Reader) =>
    sql<{ orgs: string | null }>`select current_setting('anju.orgs', true) as orgs`.execute(forSql(from)).then(({ rows }) => rows[0]?.orgs)

  test('opens, looks and ends in one way there and back, in its context', async () => {
    expect(await inReading(db, eyes, sight)).toBe('org-a,org-b')
    expect(course.slice(0, 3)).toEqual(['? start', '? /*', '? select'])
    expect(course.indexOf('? select')).toBeLessThan(course.indexOf('= start'))
  })

  test('leaves its eyes to nobody, however it ends', async () => {
    await inReading(db, eyes, sight)
    expect(await inReading(db, undefined, sight)).toBeFalsy()
    await thrownBy(inReading(db, eyes, () => Promise.reject(new Error('broken off'))))
    expect(await inReading(db, undefined, sight)).toBeFalsy()
    expect(await thrownBy(inReading(db, eyes, (from) => sql`select 1 / 0`.execute(forSql(from))))).toMatchObject({ code: '22012' })
    expect(await inReading(db, undefined, sight)).toBeFalsy()
  })

  test('can write nothing, whatever its role could', async () => {
    expect(sqlState(await thrownBy(inReading(db, eyes, (from) => raise(forSql(from) as Tx))))).toBe('25006')
  })
})

test('a pool that was only leased from ends with its database, at once', async () => {
  const leased = connect(database.workUrl, { max: 1, idleMs: 600_000 })
  await inTransaction(leased, (tx) => sql`select 1`.execute(tx))
  const pool = poolOf(leased)
  await leased.destroy()
  expect([pool.ended, pool.totalCount]).toEqual([true, 0])
  await leased.destroy()
})

import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { testDatabase, type TestDatabase } from '../tests/setup/database.ts'
import { connect, readonly, type Db } from './connect.ts'
import { KEPT } from './kept-plans.ts'
import { readActor, readPosts } from './read/actor.ts'
import { listCases } from './read/case-lists.ts'
import * as pages from './read/case-page.ts'
import { readLastDecision } from './read/decisions.ts'
import { readLoanRecord } from './read/loan-record.ts'
import { lockCase, openTasks } from './write/cases.ts'
import { lockCommand, readCommand } from './write/commands.ts'
import { useSession } from './write/sessions.ts'

const TODAY = plainDate('2025-11-03')
const LISTS = ['todo', 'done', 'started', 'copied', 'all'] as const
/** All that a case page asks of one case. */
const PAGE = [
  pages.readKind,
  pages.readCaseFile,
  pages.readTasks,
  pages.readDecisions,
  pages.readNotes,
  pages.readClaims,
  pages.readFiredDeadlines,
  pages.readParties,
  pages.readWants,
  pages.readSpans,
  pages.readVerdicts,
  pages.readSources,
  pages.readDocuments,
  pages.readPapers,
  pages.readPayments,
  pages.hasPayment,
  pages.readPostings,
  pages.readCopies,
]

let database: TestDatabase
let db: Db
let desk: Db
let work: Db
let owner: Db
beforeAll(async () => {
  database = await testDatabase()
  // One connection each: a plan is kept by the connection that was asked.
  db = connect(database.readUrl, { max: 1 })
  desk = connect(database.deskUrl, { max: 1 })
  work = connect(database.workUrl, { max: 1 })
  owner = connect(database.ownerUrl, { max: 1 })
})
afterAll(async () => {
  await Promise.all([db.destroy(), desk.destroy(), work.destroy(), owner.destroy()])
  await database.drop()
})

/** What the one connection of this file has prepared, and how often each was asked. */
const prepared = async (): Promise<string[]> => {
  const { rows } = await sql<{ statement: string; calls: string }>`
    select statement, (generic_plans + custom_plans)::text as calls from pg_prepared_statements order by prepare_time, name`.execute(db)
  return rows.map(({ statement, calls }) => `${calls} × ${statement}`)
}

const double = (number: number) => sql<{ twice: number }>`${KEPT} select ${number}::int * 2 as twice`.execute(db)

test('what is marked is parsed once on a connection however often it is asked, with its own values each time; what is not marked, never', async () => {
  const answers = [await double(2), await double(3), await double(4)].map(({ rows }) => rows[0]?.twice)
  for (let asked = 0; asked < 3; asked++) await sql`select ${asked}::int * 3`.execute(db)
  expect(answers).toEqual([4, 6, 8])
  expect(await prepared()).toEqual(['3 × /* kept */ select $1::int * 2 as twice'])
})

test('what fails does not stand in the way of what comes after it under the same words', async () => {
  const broken = () => sql`${KEPT} select 1 / (${0}::int - ${1}::int + 1)`.execute(db)
  const missing = () => sql`${KEPT} select 1 from nowhere_to_be_found`.execute(db)
  await expect(missing()).rejects.toMatchObject({ code: '42P01' })
  await expect(missing()).rejects.toMatchObject({ code: '42P01' })
  await expect(broken()).rejects.toMatchObject({ code: '22012' })
  await expect(broken()).rejects.toMatchObject({ code: '22012' })
  expect((await double(5)).rows).toEqual([{ twice: 10 }])
})

test('a connection keeps no more than so many, and answers the others as well', async () => {
  for (let number = 0; number < 120; number++) {
    const { rows } = await sql<{ sum: number }>`${KEPT} select ${sql.lit(number)} + ${1}::int as sum`.execute(db)
    expect(rows).toEqual([{ sum: number + 1 }])
  }
  // Of a hundred names one went to what never could be parsed.
  expect(await prepared()).toHaveLength(99)
})

// A migration comes under processes that go on.
test('what every request and every decision reads is answered as before when its tables have gained columns', async () => {
  const [someone, somewhere] = [randomUUID(), randomUUID()]
  const who = { staffId: someone, posts: [{ post: 'REVIEWER', orgId: 'branch' }] as const }
  const readAll = async () => [
    await useSession(desk, Buffer.alloc(32), 30),
    await readPosts(desk, someone, TODAY),
    await readActor(desk, someone, somewhere, TODAY),
    await readLoanRecord(desk, somewhere, TODAY),
    ...(await Promise.all(PAGE.map((read) => read(readonly(desk), somewhere)))),
    await readLastDecision(desk, somewhere),
    await readCommand(desk, somewhere),
    ...(await Promise.all(LISTS.map((list) => listCases(readonly(desk), list, who, { limit: 20 })))),
    await desk.transaction().execute((tx) => openTasks(tx, somewhere)),
    await work.transaction().execute(async (tx) => [await lockCase(tx, somewhere), await lockCommand(tx, somewhere)]),
  ]
  const unnamed = () => sql`${KEPT} select * from loan`.execute(desk)
  const [before] = [await readAll(), await unnamed()]
  expect(await readAll()).toEqual(before)
  await sql`do $$ declare one text; begin
    for one in select tablename from pg_tables where schemaname = 'public' loop execute format('alter table %I add column later int', one); end loop;
  end $$`.execute(owner)
  expect(await readAll()).toEqual(before)
  // What names no columns is not.
  await expect(unnamed()).rejects.toMatchObject({ code: '0A000' })
})

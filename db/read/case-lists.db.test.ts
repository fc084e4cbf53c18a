import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays, type PlainDate } from '#contracts/dates.ts'
import { seedCity } from '#db/seed/city.ts'
import { DEMO_DAY } from '#db/seed/people.ts'
import { createVault } from '#db/vault.ts'
import { testDatabase, type TestDatabase } from '../../tests/setup/database.ts'
import { connect, type Db, type Reader } from '../connect.ts'
import { inReading } from '../transaction.ts'
import { readPosts } from './actor.ts'
import type { Narrowing } from './case-filters.ts'
import { listCases, TOTAL_MAX, type ListedPage } from './case-lists.ts'
import type { ListName, Who } from './case-sources.ts'
import { countTasks } from './task-counts.ts'

const LIMIT = 200
let database: TestDatabase
let owner: Db
let reader: Db
let people: readonly Officer[]

interface Officer extends Who {
  readonly orgsInSight: readonly string[]
}

beforeAll(async () => {
  database = await testDatabase()
  owner = connect(database.ownerUrl, { max: 2 })
  reader = connect(database.readUrl, { max: 2 })
  const vault = createVault({ dataKey: Buffer.alloc(32, 1), hashKey: Buffer.alloc(32, 2) })
  await seedCity(owner, vault, { contributors: 400, olderLoans: 20, openCases: 60 })
  people = await everybody()
})
afterAll(async () => {
  await Promise.all([owner.destroy(), reader.destroy()])
  await database.drop()
})

describe('a figure of the workbench', () => {
  test('is the total of the list that it leads to, for everybody, today and later', async () => {
    const seen = { todo: 0, overdue: 0, dueToday: 0, returned: 0, started: 0, copied: 0, unread: 0, byStage: 0 }
    await owner
      .insertInto('case_copy')
      .values(await copyForSomebody())
      .execute()
    for (const days of [0, 1, 7]) {
      await setDay(addDays(DEMO_DAY, days))
      for (const who of people) {
        const counts = await as(who, (db) => countTasks(db, who))
        const { byStage, ...figures } = counts
        expect({
          todo: await total(who, 'todo', {}),
          overdue: await total(who, 'todo', { due: 'overdue' }),
          dueToday: await total(who, 'todo', { due: 'today' }),
          returned: await total(who, 'todo', { returned: true }),
          started: await total(who, 'started', {}),
          copied: await total(who, 'copied', {}),
          unread: await total(who, 'copied', { unread: true }),
        }).toEqual(figures)
        for (const { kind, stage, count } of byStage) expect(await total(who, 'todo', { kind, stage })).toBe(count)
        for (const [name, figure] of Object.entries({ ...figures, byStage: byStage.length })) seen[name as keyof typeof seen] += figure
      }
    }
    // Each of them stood for something at least once.
    expect(Object.entries(seen).filter(([, sum]) => sum === 0)).toEqual([])
  }, 120_000)

  test('counts as returned what a return has brought here, not what speaks of one', async () => {
    await setDay(DEMO_DAY)
    const who = await holderOf('PRELIMINARY_REVIEWER')
    const before = await list(who, 'todo', { returned: true })
    const other = (await list(who, 'todo', {})).rows.find(({ case_id: id }) => !before.rows.some((row) => row.case_id === id))
    if (!other) throw new Error('nothing but returned cases')
    await owner
      .updateTable('task')
      .set({ previous_opinion: '待受理·受理：与上次·退回的理由无关' })
      .where('case_id', '=', other.case_id)
      .execute()
    expect((await list(who, 'todo', { returned: true })).total).toBe(before.total)

    const returned = await sql<{
      n: number
    }>`select count(*)::int as n from task t where t.state = 'OPEN' and t.previous_opinion ~ '^[^·：]+·退回'`.execute(owner)
    const everyone = await Promise.all(people.map((one) => list(one, 'todo', { returned: true })))
    const cases = new Set(everyone.flatMap(({ rows }) => rows.map((row) => row.case_id)))
    expect(cases.size).toBeGreaterThan(0)
    expect(cases.size).toBe(returned.rows[0]?.n)
  })
})

describe('the list of things to do', () => {
  test('stands by the day that counts, for everybody: the step’s, the law’s where it is sooner, the applicant’s where it is theirs', async () => {
    await setDay(DEMO_DAY)
    // Somewhere the law is sooner than the step.
    await owner
      .updateTable('case_file')
      .set({ due_on: DEMO_DAY })
      .where('stage', '=', 'APPROVAL')
      .where('clock_state', '=', 'RUNNING')
      .execute()
    const whose = new Set<string>()
    for (const who of people) {
      const { rows } = await list(who, 'todo', {})
      const days = await Promise.all(rows.map((row) => dayThatCounts(row.case_id, row.post ?? '')))
      expect(rows.map((row) => row.task_counts_on)).toEqual(days.map(({ day }) => day))
      for (const one of days) whose.add(one.whose)
      const shown = days.map(({ day }) => day ?? '9999-12-31')
      expect(shown).toEqual(shown.toSorted())
    }
    // Each of them counted somewhere.
    expect([...whose].toSorted()).toEqual(['APPLICANT', 'DECISION', 'NONE', 'POST'])
  }, 60_000)

  test('moves a case to its place when the clock of the case is turned, and back when it stands', async () => {
    const who = await holderOf('PRELIMINARY_REVIEWER')
    const last = (await list(who, 'todo', {})).rows.findLast((row) => row.task_counts_on !== null)
    if (!last) throw new Error('nobody is awaited by a day')
    const before = last.task_counts_on
    const turn = (state: 'RUNNING' | 'PAUSED', dueOn: PlainDate) =>
      owner.updateTable('case_file').set({ clock_state: state, due_on: dueOn }).where('case_id', '=', last.case_id).execute()
    await turn('RUNNING', addDays(DEMO_DAY, -400))
    expect((await list(who, 'todo', {})).rows[0]).toMatchObject({ case_id: last.case_id, task_counts_on: addDays(DEMO_DAY, -400) })
    await turn('PAUSED', addDays(DEMO_DAY, -400))
    expect((await list(who, 'todo', {})).rows.find((row) => row.case_id === last.case_id)?.task_counts_on).toBe(before)
    await turn('RUNNING', last.clock_due_on ?? addDays(DEMO_DAY, 15))
  })
})

describe('total and sum', () => {
  test('are those of all rows under the filter, whatever page is shown', async () => {
    await setDay(DEMO_DAY)
    const who = await holderOf('INTAKE')
    for (const narrowing of [{}, { open: true }, { kind: 'loan' }, { due: 'overdue' }] as const satisfies Narrowing[]) {
      const whole = await list(who, 'all', narrowing)
      expect(whole.total).toBe(whole.rows.length)
      expect(whole.sumFen).toBe(whole.rows.reduce((sum, row) => sum + (row.amount_fen ?? 0n), 0n))
      const page = await as(who, (db) => listCases(db, 'all', who, { ...narrowing, limit: 3 }))
      expect([page.total, page.sumFen]).toEqual([whole.total, whole.sumFen])
    }
    expect((await list(who, 'all', {})).sumFen).toBeGreaterThan(0n)
  })

  test('a case without an amount adds nothing, and an empty list sums to nothing', async () => {
    const who = await holderOf('INTAKE')
    expect(await list(who, 'all', { stage: 'NO_SUCH_STAGE' })).toMatchObject({ total: 0, totalIsExact: true, sumFen: 0n })
  })

  test('stop at ten thousand, and then there is no sum; a narrower filter has both again', async () => {
    const who = await holderOf('INTAKE')
    const { total: before } = await list(who, 'started', {})
    await fillUp(who, TOTAL_MAX - before)
    expect(await list(who, 'started', {})).toMatchObject({ total: TOTAL_MAX, totalIsExact: true, sumFen: expect.any(BigInt) as bigint })
    await fillUp(who, 1)
    expect(await list(who, 'started', {})).toMatchObject({ total: TOTAL_MAX, totalIsExact: false, sumFen: undefined })
    expect((await as(who, (db) => countTasks(db, who))).started).toBe(TOTAL_MAX)
    expect(await list(who, 'started', { stage: 'VOID' })).toMatchObject({ total: 1, totalIsExact: true, sumFen: 100n })
  })
})

const as = <T>(who: Officer, reading: (db: Reader) => Promise<T>): Promise<T> =>
  inReading(reader, { orgsInSight: who.orgsInSight, groups: ['OPEN'], staffId: who.staffId }, reading)

const list = (who: Officer, name: ListName, narrowing: Narrowing): Promise<ListedPage> =>
  as(who, (db) => listCases(db, name, who, { ...narrowing, limit: LIMIT }))

/** The total a list states, which is also how many rows it has. */
async function total(who: Officer, name: ListName, narrowing: Narrowing): Promise<number> {
  const page = await list(who, name, narrowing)
  expect(page.rows).toHaveLength(page.total)
  return page.total
}

const setDay = (day: PlainDate): Promise<unknown> => owner.updateTable('business_clock').set({ business_date: day }).execute()

/** Everybody with a post, with the context the API gives them. */
async function everybody(): Promise<Officer[]> {
  const staff = await owner.selectFrom('staff').innerJoin('org', 'org.org_id', 'staff.org_id').selectAll('org').select('staff_id').execute()
  const branches = await owner.selectFrom('org').selectAll().where('kind', '=', 'BRANCH').execute()
  const officers = await Promise.all(
    staff.map(async (one) => ({
      staffId: one.staff_id,
      posts: await readPosts(owner, one.staff_id, DEMO_DAY),
      orgsInSight: [
        one.org_id,
        ...(one.kind === 'CENTRE'
          ? branches.filter((branch) => branch.reporting_entity === one.reporting_entity).map((branch) => branch.org_id)
          : []),
      ],
    })),
  )
  // One of each post at each place sees what the others see.
  const seen = new Set<string>()
  return officers.filter(({ posts }) => {
    const key = posts.map(({ post, orgId }) => `${post}@${orgId}`).join()
    return posts.length > 0 && !seen.has(key) && seen.add(key)
  })
}

/** Somebody of that post with something before them. */
async function holderOf(post: string): Promise<Officer> {
  for (const who of people.filter(({ posts }) => posts.some((one) => one.post === post)))
    if ((await list(who, 'todo', {})).total > 1) return who
  throw new Error(`no ${post} has anything to do`)
}

async function copyForSomebody() {
  const who = await holderOf('INTAKE')
  const [row] = (await list(who, 'all', {})).rows
  const kase = await owner
    .selectFrom('case_file')
    .selectAll()
    .where('case_id', '=', row?.case_id ?? '')
    .executeTakeFirstOrThrow()
  return {
    case_id: kase.case_id,
    staff_id: who.staffId,
    copied_by: null,
    org_id: kase.org_id,
    access_group_id: kase.access_group_id,
    read_at: null,
  }
}

/** The day that counts for an open task, from the record and by the words of the law. */
async function dayThatCounts(caseId: string, post: string): Promise<{ day: PlainDate | null; whose: string }> {
  const row = await owner
    .selectFrom('task')
    .innerJoin('case_file', 'case_file.case_id', 'task.case_id')
    .select(['task.due_on', 'task.due_whose', 'case_file.due_on as law_on', 'clock_state'])
    .where('task.case_id', '=', caseId)
    .where('task.post', '=', post)
    .where('task.state', '=', 'OPEN')
    .executeTakeFirstOrThrow()
  const law = row.clock_state === 'RUNNING' ? row.law_on : null
  if (law && (!row.due_on || law <= row.due_on)) return { day: law, whose: 'DECISION' }
  return row.due_on ? { day: row.due_on, whose: row.due_whose } : { day: null, whose: 'NONE' }
}

/** Old cases of one clerk, a yuan each. */
async function fillUp(who: Officer, count: number): Promise<void> {
  const stage = count === 1 ? 'VOID' : 'DISBURSED'
  await sql`insert into case_file (case_id, kind, case_number, org_id, reporting_entity, stage, open, amount_fen, created_by, created_at, created_on,
      stage_entered_at)
    select gen_random_uuid(), 'loan', ${stage} || i, ${who.orgsInSight[0]}, 'xinxiang', ${stage}, false, 100, ${who.staffId}, now(), current_date, now()
    from generate_series(1, ${count}::int) i`.execute(owner)
}

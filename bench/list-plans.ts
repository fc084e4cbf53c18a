import type { SignedIn } from '#api/parts.ts'
import type { Db, Reader } from '#db/connect.ts'
import { readPosts } from '#db/read/actor.ts'
import { listCases } from '#db/read/case-lists.ts'
import type { ListFilter } from '#db/read/case-filters.ts'
import type { ListName } from '#db/read/case-sources.ts'
import { countTasks } from '#db/read/task-counts.ts'
import { readAuditRows } from '#db/read/case-audit.ts'
import { readDecisions, readParties, readTasks } from '#db/read/case-page.ts'
import { businessTime } from '#db/read/time.ts'
import { inReading } from '#db/transaction.ts'
import { explainingConnection, type ExplainedPlan } from './explain.ts'

/** Tables that grow with every case: no list may read one of them from end to end. */
export const GROWING = ['case_file', 'task', 'decision', 'audit_row', 'case_party'] as const

/** What officers open all day: a branch's counter, the centre's approver, a bank's checker. */
export const READERS = [
  { label: '柜台', post: 'INTAKE', orgId: 'branch-wanghe' },
  { label: '中心审批', post: 'APPROVER', orgId: 'centre-xinxiang' },
  { label: '受托银行', post: 'BANK_CHECKER', orgId: 'bank-hefeng' },
] as const

export interface ListRead {
  readonly name: string
  readonly list: ListName
  readonly filter: Omit<ListFilter, 'limit' | 'after'>
}

export const LIST_READS: readonly ListRead[] = [
  { name: 'todo', list: 'todo', filter: {} },
  { name: 'todo, due today', list: 'todo', filter: { due: 'today' } },
  { name: 'todo, returned', list: 'todo', filter: { returned: true } },
  { name: 'all', list: 'all', filter: {} },
  { name: 'all, open', list: 'all', filter: { open: true } },
  { name: 'all, overdue', list: 'all', filter: { open: true, due: 'overdue' } },
  { name: 'done', list: 'done', filter: {} },
  { name: 'started', list: 'started', filter: {} },
  { name: 'search by last four', list: 'all', filter: { q: '0417' } },
  { name: 'search by name', list: 'all', filter: { q: '王平海' } },
  { name: 'search by digits of the number', list: 'all', filter: { q: '500417' } },
]

export const ROWS_PER_PAGE = 50
const PAGES_DEEP = 40

export interface ReadPlan {
  readonly reader: string
  readonly read: string
  readonly page: number
  /** One for each statement of the read. */
  readonly plans: readonly ExplainedPlan[]
}

/**
 * The plans of every list for every reader, under the reading role in that person's context, as the API runs it: first page, and the
 * fortieth where there is one. Besides them the counts behind the badges, and the rows of one case's page.
 * @param readUrl of `anju_read`; `reader` is an ordinary connection of that role, `desk` finds the people
 */
export async function explainLists(readUrl: string, reader: Db, desk: Db): Promise<ReadPlan[]> {
  const found: ReadPlan[] = []
  const explaining = explainingConnection(readUrl)
  for (const { label, post, orgId } of READERS) {
    const me = await personOf(desk, post, orgId)
    const explain = async (read: string, page: number, reading: (db: Reader) => Promise<unknown>): Promise<void> => {
      await inReading(explaining.db, me, reading)
      found.push({ reader: label, read, page, plans: explaining.taken() })
    }
    for (const { name, list, filter } of LIST_READS) {
      await explain(name, 1, (db) => listCases(db, list, me, { ...filter, limit: ROWS_PER_PAGE }))
      const after = await cursorOfPage(reader, me, list, filter)
      if (after) await explain(name, PAGES_DEEP, (db) => listCases(db, list, me, { ...filter, limit: ROWS_PER_PAGE, after }))
    }
    await explain('badges', 1, (db) => countTasks(db, me))
    const caseId = (await inReading(reader, me, (db) => listCases(db, 'all', me, { limit: 1 }))).rows[0]?.case_id
    if (!caseId) throw new Error(`${label} sees no case`)
    await explain('case page', 1, async (db) => {
      for (const rows of [readDecisions, readTasks, readParties, readAuditRows]) await rows(db, caseId)
    })
  }
  await explaining.db.destroy()
  return found
}

/** Somebody who holds the post there, with the context the API would give them. */
export async function personOf(desk: Db, post: string, orgId: string): Promise<SignedIn> {
  const { today } = await businessTime(desk)
  const staff = await desk
    .selectFrom('staff')
    .innerJoin('staff_post', 'staff_post.staff_id', 'staff.staff_id')
    .innerJoin('org', 'org.org_id', 'staff.org_id')
    .select([
      'staff.staff_id',
      'staff.staff_number',
      'staff.name',
      'org.org_id',
      'org.name as org_name',
      'org.kind',
      'org.reporting_entity',
    ])
    .where('staff_post.post', '=', post)
    .where('staff_post.org_id', '=', orgId)
    .orderBy('staff.staff_number')
    .executeTakeFirstOrThrow()
  const branches = await desk
    .selectFrom('org')
    .select('org_id')
    .where('kind', '=', 'BRANCH')
    .where('reporting_entity', '=', staff.reporting_entity)
    .execute()
  return {
    staffId: staff.staff_id,
    staffNumber: staff.staff_number,
    name: staff.name,
    orgId,
    orgName: staff.org_name,
    orgKind: staff.kind,
    reportingEntity: staff.reporting_entity,
    posts: await readPosts(desk, staff.staff_id, today),
    orgsInSight: [orgId, ...(staff.kind === 'CENTRE' ? branches.map((branch) => branch.org_id) : [])],
    groups: ['OPEN'],
    tokenHash: Buffer.alloc(0),
    businessDate: today,
  }
}

/** Where the fortieth page begins; undefined when the list ends before it. */
async function cursorOfPage(reader: Db, me: SignedIn, list: ListName, filter: ListRead['filter']): Promise<string | undefined> {
  const { rows } = await inReading(reader, me, (db) => listCases(db, list, me, { ...filter, limit: ROWS_PER_PAGE * (PAGES_DEEP - 1) }))
  return rows.length === ROWS_PER_PAGE * (PAGES_DEEP - 1) ? rows.at(-1)?.cursor : undefined
}

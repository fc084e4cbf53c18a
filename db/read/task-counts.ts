import { sql } from 'kysely'
import type { CaseKind } from '#contracts/cases.ts'
import { forSql, type Reader } from '../connect.ts'
import { BY_DUE_DAY, RETURNED } from './case-filters.ts'
import { sumUp } from './case-lists.ts'
import { SOURCES, type Who } from './case-sources.ts'

export interface TaskCounts {
  readonly todo: number
  readonly overdue: number
  readonly dueToday: number
  readonly returned: number
  readonly started: number
  readonly copied: number
  readonly unread: number
  readonly byStage: { kind: CaseKind; stage: string; count: number }[]
}

/** The badges, from the predicates of the lists themselves. */
export async function countTasks(db: Reader, who: Who): Promise<TaskCounts> {
  const { from, where } = SOURCES.todo(who)
  const waiting = sql<{ kind: CaseKind; stage: string; count: number; overdue: number; due_today: number; returned: number }>`
    select c.kind, c.stage, count(*)::int as count, count(*) filter (where ${BY_DUE_DAY.overdue})::int as overdue,
      count(*) filter (where ${BY_DUE_DAY.today})::int as due_today, count(*) filter (where ${RETURNED})::int as returned
    from ${from} where ${where} group by c.kind, c.stage order by c.kind, c.stage`.execute(forSql(db))
  const [{ rows }, started, copied, unread] = await Promise.all([
    waiting,
    sumUp(db, 'started', who, {}),
    sumUp(db, 'copied', who, {}),
    sumUp(db, 'copied', who, { unread: true }),
  ])
  const sum = (pick: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + pick(row), 0)
  return {
    todo: sum((row) => row.count),
    overdue: sum((row) => row.overdue),
    dueToday: sum((row) => row.due_today),
    returned: sum((row) => row.returned),
    started: started.total,
    copied: copied.total,
    unread: unread.total,
    byStage: rows.map(({ kind, stage, count }) => ({ kind, stage, count })),
  }
}

import { sql } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import { forSql, type Reader } from '../connect.ts'

/** The last day on which the applicant of `c` may answer the notice (补正期限): its deadline is armed for the day after. */
export const ANSWER_ON = sql`(select max(a.due_on) - 1 from deadline a where a.case_id = c.case_id and a.code = 'ANSWER_DUE' and a.state <> 'CANCELLED')`

/** That day for each of the cases that has one. */
export async function readAnswerDays(db: Reader, caseIds: readonly string[]): Promise<ReadonlyMap<string, PlainDate>> {
  if (caseIds.length === 0) return new Map()
  const { rows } = await sql<{ case_id: string; answer_on: PlainDate | null }>`
    select c.case_id, ${ANSWER_ON} as answer_on from case_file c where c.case_id = any(${[...caseIds]})`.execute(forSql(db))
  return new Map(rows.flatMap((row) => (row.answer_on ? [[row.case_id, row.answer_on] as const] : [])))
}

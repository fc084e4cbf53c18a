import type { CaseKind } from '#contracts/cases.ts'
import type { Db, Tx } from '../connect.ts'
import { KEPT } from '../kept-plans.ts'
import { WHOLE_CASE } from './case-file.ts'

export interface OpenCaseRow {
  readonly caseId: string
  readonly kind: CaseKind
  readonly caseNumber: string
  /** The outbox has its first start still before it: the relay will start it, nobody else need. */
  readonly starting: boolean
}

/** Every open case, in the order of their ids. */
export async function readOpenCases(db: Db): Promise<OpenCaseRow[]> {
  const rows = await db
    .selectFrom('case_file')
    .select(['case_id as caseId', 'kind', 'case_number as caseNumber'])
    .select((eb) =>
      eb
        .exists(
          eb
            .selectFrom('outbox')
            .select('outbox_id')
            .whereRef('outbox.case_id', '=', 'case_file.case_id')
            .where('outbox.kind', '=', 'START_CASE')
            .where('outbox.state', '=', 'WAITING'),
        )
        .as('starting'),
    )
    .where('open', '=', true)
    .orderBy('case_id')
    .execute()
  return rows.map((row) => ({ ...row, kind: row.kind as CaseKind, starting: Boolean(row.starting) }))
}

/** Whether the record has the case, and has it open; undefined when there is no such case. */
export async function isCaseOpen(db: Db, caseId: string): Promise<boolean | undefined> {
  const row = await db.selectFrom('case_file').select('open').where('case_id', '=', caseId).executeTakeFirst()
  return row?.open
}

/** The row of a case as it stands now, which may be another in a moment. @throws NoResultError when there is no such case */
export const readCase = (db: Db | Tx, caseId: string) =>
  db.selectFrom('case_file').select(WHOLE_CASE).where('case_id', '=', caseId).modifyEnd(KEPT).executeTakeFirstOrThrow()

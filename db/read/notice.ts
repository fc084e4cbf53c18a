import { sql, type RawBuilder } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import { forSql, type Db, type Reader, type Tx } from '../connect.ts'

/** The notice (一次性告知书) that is now before the applicant. */
export interface StandingNotice {
  readonly issuedOn: PlainDate
  readonly deliveredOn: PlainDate | null
  /** The last day for the answer (补正期限届满日); null before delivery, and where no policy sets a period. */
  readonly answerOn: PlainDate | null
}

/** The newest notice of a case; undefined before there was one. */
export async function readNotice(from: Db | Tx | Reader, caseId: string): Promise<StandingNotice | undefined> {
  const { rows } = await sql<StandingNotice>`${noticeOf(caseId)}`.execute(forSql(from))
  return rows[0]
}

/**
 * The same as a statement, for one that asks for more. Its last day is read from the reminder, armed for the day after; that of an earlier
 * notice fired, if at all, before this one was issued.
 */
export const noticeOf = (caseId: string): RawBuilder<StandingNotice> => sql`
  select p.issued_on as "issuedOn", p.delivered_on as "deliveredOn",
    (select max(a.due_on) - 1 from deadline a where a.case_id = p.case_id and a.code = 'ANSWER_DUE' and a.state <> 'CANCELLED'
      and a.due_on > p.issued_on and p.delivered_on is not null) as "answerOn"
  from paper p where p.case_id = ${caseId} and p.kind = 'SUPPLEMENT' order by p.issued_at desc limit 1`

import type { PlainDate } from '#contracts/dates.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../connect.ts'

/** The last thing a person decided in the case, and on what day its payment was ordered. */
export async function readDayFileOrder(db: Db | Tx, caseId: string): Promise<{ asked: boolean; paidOn: PlainDate | undefined }> {
  const decided = db
    .selectFrom('decision')
    .select(['action', 'decided_on'])
    .where('case_id', '=', caseId)
    .where('actor_id', 'is not', null)
    .orderBy('seq', 'desc')
  const last = await decided.executeTakeFirst()
  const paid = await decided.where('action', '=', 'pay').executeTakeFirst()
  return { asked: last?.action === 'attach-day-file', paidOn: paid?.decided_on }
}

/** The payments with these ids, whoever's they are: a bank's file knows no cases. */
export const readPaymentsById = (tx: Tx, paymentIds: readonly string[]) =>
  paymentIds.length === 0
    ? Promise.resolve([])
    : tx
        .selectFrom('payment')
        .select(['payment_id', 'case_id', 'org_id', 'access_group_id', 'amount_fen', 'state', 'failure'])
        .select(sql<PlainDate>`(created_at at time zone 'Asia/Shanghai')::date`.as('ordered_on'))
        .where('payment_id', 'in', [...paymentIds])
        .execute()

/** What the last day file that was read for the payment did not settle, and why. */
export async function readDayFileWord(tx: Tx, paymentId: string): Promise<string | undefined> {
  const last = await tx
    .selectFrom('payment_event')
    .select('detail')
    .where('payment_id', '=', paymentId)
    .where('source', '=', 'day-file')
    .orderBy('seq', 'desc')
    .executeTakeFirst()
  return last?.detail ?? undefined
}

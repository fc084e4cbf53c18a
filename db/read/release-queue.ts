import { sql } from 'kysely'
import type { QueueStanding } from '#contracts/loan-record.ts'
import { fen } from '#contracts/money.ts'
import { forSql, type Db, type Reader, type Tx } from '../connect.ts'

/** The queue stands in the order of approval. @returns undefined when the case has nothing approved, or nothing to be paid from */
export async function readReleaseQueue(from: Db | Tx | Reader, caseId: string): Promise<QueueStanding | undefined> {
  const { rows } = await sql<{ place: number; amount_fen: bigint; free_fen: bigint; asked_fen: bigint }>`
    with own as (
      select c.case_id, c.reporting_entity, l.bank_org_id, l.approved_on, l.approved_fen, a.ledger_code, a.bank_account_id
      from case_file c join loan l using (case_id)
        join lateral (select ledger_code, bank_account_id from bank_account b where b.reporting_entity = c.reporting_entity
          and b.bank_org_id = l.bank_org_id and b.ledger_code like '101%' order by bank_account_id limit 1) a on true
      where c.case_id = ${caseId} and l.approved_fen is not null),
    other as (
      select c.stage, l.approved_fen, (l.approved_on, c.case_id) < (own.approved_on, own.case_id) as earlier
      from own join loan l on l.bank_org_id = own.bank_org_id and l.disbursed_on is null and l.approved_on is not null
        join case_file c on c.case_id = l.case_id and c.reporting_entity = own.reporting_entity and c.open
      where c.case_id <> own.case_id and c.stage in ('QUEUED', 'RELEASE_REQUESTED'))
    select own.approved_fen as amount_fen,
      (select 1 + count(*)::int from other where stage = 'QUEUED' and earlier) as place,
      (select coalesce(sum(approved_fen), 0)::bigint from other where stage = 'RELEASE_REQUESTED') as asked_fen,
      (select coalesce(sum(amount_fen - reserved_fen), 0)::bigint from ledger_balance b
        where (b.ledger_code, b.sub_account) = (own.ledger_code, own.bank_account_id)) as free_fen
    from own`.execute(forSql(from))
  const [row] = rows
  return row && { place: row.place, amountFen: fen(row.amount_fen), freeFen: fen(row.free_fen), askedFen: fen(row.asked_fen) }
}

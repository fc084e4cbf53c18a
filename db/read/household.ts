import { sql } from 'kysely'
import type { PlainDate, PlainMonth } from '#contracts/dates.ts'
import { forSql, type Db, type Reader, type Tx } from '../connect.ts'

/** What our own books know of a person: account, contributions, restrictions, bans, loans. */
export interface PersonOnBooks {
  readonly account?: {
    readonly accountNumber: string
    readonly state: 'NORMAL' | 'SEALED' | 'CLOSED'
    readonly unitName: string
    readonly baseFen: bigint
    readonly monthlyFen: bigint
    readonly balanceFen: bigint
    readonly paidThrough: PlainMonth
    /** Months without a gap, back from the last one paid. */
    readonly monthsContinuous: number
  }
  readonly restricted: boolean
  readonly bans: { kind: 'WITHDRAWAL' | 'LOAN' | 'BOTH'; until: PlainDate; decisionNumber: string }[]
  readonly loansUsed: number
  readonly loansOutstanding: number
}

/** Reads a person by keyed hash, whatever branch keeps the account. The caller decides what of it anybody may see. */
export async function readPersonOnBooks(from: Db | Tx | Reader, idHash: Buffer, today: PlainDate): Promise<PersonOnBooks> {
  const db = forSql(from)
  const account = await sql<AccountRow>`
    select a.account_number, a.state, u.name as unit_name, a.base_fen, a.balance_fen, a.paid_through,
      round(a.base_fen * (a.unit_percent + a.own_percent) / 100)::bigint as monthly_fen,
      exists (select 1 from account_hold h where h.account_number = a.account_number and h.released_on is null
        and h.from_on <= ${today}::date and (h.to_on is null or h.to_on >= ${today}::date)) as restricted,
      (with months as (select distinct month, (date_trunc('month', (month || '-01')::date))::date as first from account_entry e
          where e.account_number = a.account_number and e.kind = 'REMITTANCE' and e.month is not null),
        runs as (select first, first - (interval '1 month' * (row_number() over (order by first))) as run from months)
        select count(*)::int from runs where run = (select run from runs order by first desc limit 1)) as months_continuous
    from contributor c join personal_account a on a.contributor_id = c.contributor_id join unit u on u.unit_id = c.unit_id
    where c.id_hash = ${idHash}`.execute(db)
  const bans = await db
    .selectFrom('ban')
    .select(['kind', 'to_on', 'decision_number'])
    .where('id_hash', '=', idHash)
    .where('from_on', '<=', today)
    .where('to_on', '>=', today)
    .execute()
  const loans = await db.selectFrom('loan_account').select('state').where('borrower_id_hash', '=', idHash).execute()
  const row = account.rows[0]
  return {
    ...(row
      ? {
          account: {
            accountNumber: row.account_number,
            state: row.state,
            unitName: row.unit_name,
            baseFen: row.base_fen,
            monthlyFen: row.monthly_fen,
            balanceFen: row.balance_fen,
            paidThrough: row.paid_through,
            monthsContinuous: row.months_continuous,
          },
        }
      : {}),
    restricted: row?.restricted ?? false,
    bans: bans.map((ban) => ({ kind: ban.kind, until: ban.to_on, decisionNumber: ban.decision_number })),
    loansUsed: loans.length,
    loansOutstanding: loans.filter((loan) => loan.state !== 'SETTLED').length,
  }
}

interface AccountRow {
  account_number: string
  state: 'NORMAL' | 'SEALED' | 'CLOSED'
  unit_name: string
  base_fen: bigint
  monthly_fen: bigint
  balance_fen: bigint
  paid_through: PlainMonth
  restricted: boolean
  months_continuous: number
}

/** Open cases, other than this one, that hold one of the locks: the same household or the same home before another counter. */
export async function otherOpenApplications(from: Db | Tx | Reader, lockKeys: readonly Buffer[], ownCaseId: string | undefined): Promise<number> {
  const rows = await forSql(from)
    .selectFrom('case_lock')
    .select('case_id')
    .distinct()
    .where('lock_key', 'in', [...lockKeys])
    .$if(ownCaseId !== undefined, (select) => select.where('case_id', '<>', ownCaseId ?? ''))
    .execute()
  return rows.length
}

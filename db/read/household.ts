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
  /** Fund loans on our own books in which the person owes, as borrower, spouse or co-borrower. */
  readonly loans: readonly { readonly loanNumber: string; readonly outstanding: boolean }[]
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
  const loans = await db
    .selectFrom('loan_account')
    .select(['loan_number', 'state'])
    // Whose money came back was never lent.
    .where('state', '<>', 'RETURNED')
    .where((eb) =>
      eb.or([
        eb('borrower_id_hash', '=', idHash),
        eb.exists(
          eb
            .selectFrom('case_party')
            .select('party_no')
            .whereRef('case_party.case_id', '=', 'loan_account.case_id')
            .where('case_party.id_hash', '=', idHash)
            .where('case_party.role', 'in', ['SPOUSE', 'CO_BORROWER']),
        ),
      ]),
    )
    .execute()
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
    loans: loans.map((loan) => ({ loanNumber: loan.loan_number, outstanding: loan.state !== 'SETTLED' })),
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

/**
 * What these people have withdrawn, in fen: for this home at any time up to a day, and for it or for nobody knows which since. A withdrawal
 * whose home is not on record may be for this one; after the application it counts as if it were.
 */
export async function readWithdrawalsForHome(
  from: Db | Tx | Reader,
  { idHashes, homeHash, appliedOn }: { idHashes: readonly Buffer[]; homeHash: Buffer; appliedOn: PlainDate },
): Promise<{ beforeFen: bigint; sinceFen: bigint }> {
  const { rows } = await sql<{ before_fen: bigint; since_fen: bigint }>`
    select coalesce(sum(-e.amount_fen) filter (where e.booked_on <= ${appliedOn}::date and e.home_hash = ${homeHash}), 0)::bigint as before_fen,
      coalesce(sum(-e.amount_fen) filter (where e.booked_on > ${appliedOn}::date
        and (e.home_hash = ${homeHash} or (e.home_hash is null and coalesce(e.purpose, 'HOME_PURCHASE') = 'HOME_PURCHASE'))), 0)::bigint as since_fen
    from account_entry e join personal_account a on a.account_number = e.account_number
      join contributor c on c.contributor_id = a.contributor_id
    where c.id_hash = any(${idHashes}) and e.kind = 'WITHDRAWAL'`.execute(forSql(from))
  return { beforeFen: rows[0]?.before_fen ?? 0n, sinceFen: rows[0]?.since_fen ?? 0n }
}

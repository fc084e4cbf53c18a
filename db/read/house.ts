import { sql, type RawBuilder } from 'kysely'
import type { Post } from '#contracts/posts.ts'
import { forSql, type Reader, type Tx } from '../connect.ts'
import type { PaymentTable } from '../tables.ts'
import { relationTo } from './actor.ts'
import { beyondMoment, cutPage, momentCursor, type Page, type Window } from './moment-page.ts'

export interface StaffListed {
  readonly id: string
  readonly staff_number: string
  readonly name: string
  readonly org_id: string
  readonly org_name: string
  readonly org_kind: 'CENTRE' | 'BRANCH' | 'BANK' | 'GUARANTOR' | 'COURT'
  readonly state: 'ACTIVE' | 'LOCKED' | 'LEFT'
  readonly posts: { post: Post; orgId: string; orgName: string }[]
}

const IN_SIGHT = sql`s.org_id = any((select context_orgs())::text[])`

interface StaffFilter {
  readonly q?: string | undefined
  readonly orgId?: string | undefined
  readonly post?: string | undefined
}

/** A page of the people of the organisations in sight, in the order of their numbers, and how many there are in all. */
export async function listStaff(db: Reader, filter: StaffFilter, { after, limit }: Window): Promise<Page<StaffListed> & { total: number }> {
  const chosen = sql`${IN_SIGHT} ${filter.orgId ? sql`and s.org_id = ${filter.orgId}` : sql``}
      ${filter.q ? sql`and (s.name = ${filter.q} or s.staff_number = ${filter.q})` : sql``}
      ${filter.post ? sql`and exists (select 1 from staff_post p where p.staff_id = s.staff_id and p.post = ${filter.post})` : sql``}`
  const [rows, counted] = await Promise.all([
    readStaff(db, after === undefined ? chosen : sql`${chosen} and s.staff_number > ${after}`, limit + 1),
    sql<{ total: number }>`select count(*)::int as total from staff s where ${chosen}`.execute(forSql(db)),
  ])
  return { ...cutPage(rows, limit, (row) => row.staff_number), total: counted.rows[0]?.total ?? 0 }
}

/** People of the organisations in sight, with the posts they hold today. */
async function readStaff(db: Reader, chosen: RawBuilder<unknown>, max: number): Promise<StaffListed[]> {
  const { rows } = await sql<StaffListed>`
    select s.staff_id as id, s.staff_number, s.name, s.org_id, o.name as org_name, o.kind as org_kind, s.state,
      coalesce((select json_agg(json_build_object('post', p.post, 'orgId', p.org_id, 'orgName', po.name) order by p.post)
        from staff_post p join org po on po.org_id = p.org_id where p.staff_id = s.staff_id and p.from_on <= business_today()
          and (p.to_on is null or p.to_on >= business_today())), '[]') as posts
    from staff s join org o on o.org_id = s.org_id
    where ${chosen}
    order by s.staff_number limit ${max}`.execute(forSql(db))
  return rows
}

/** A proposed change of somebody's rights, with the person as they stand today. */
export async function readStaffChange(db: Reader, caseId: string) {
  const change = await forSql(db)
    .selectFrom('staff_change')
    .leftJoin('org', 'org.org_id', 'staff_change.post_org_id')
    .leftJoin('org as home', 'home.org_id', 'staff_change.new_org_id')
    .select(['staff_change.staff_id', 'staff_change.change', 'staff_change.post', 'staff_change.subject', 'staff_change.reason'])
    .select(['staff_change.new_staff_number', 'staff_change.new_name', 'staff_change.new_org_id'])
    .leftJoin('unit', 'unit.unit_id', 'staff_change.employer_unit_id')
    .select(['org.name as post_org_name', 'home.name as new_org_name', 'unit.name as employer_name'])
    .select(['staff_change.new_id_number_enc', 'staff_change.employer_change', 'staff_change.relation'])
    .where('staff_change.case_id', '=', caseId)
    .executeTakeFirst()
  const [staff] = change?.staff_id ? await readStaff(db, sql`${IN_SIGHT} and s.staff_id = ${change.staff_id}`, 1) : []
  if (!change || (!staff && change.change !== 'JOIN')) return undefined
  // Of those waiting, the reader sees their own and no others.
  const waits = await forSql(db)
    .selectFrom('initial_password')
    .select('case_id')
    .where('case_id', '=', caseId)
    .where('taken_at', 'is', null)
    .where('expires_at', '>', sql<string>`now()`)
    .executeTakeFirst()
  return { ...change, staff, passwordWaits: waits !== undefined }
}

/** Units in sight that are called so, by part of a name or the beginning of a number; the shortest name first, which is the nearest. */
export async function findUnits(db: Reader, q: string, max: number): Promise<{ unit_id: string; unit_number: string; name: string }[]> {
  const { rows } = await sql<{ unit_id: string; unit_number: string; name: string }>`
    select unit_id, unit_number, name from unit
    where position(${q} in name) > 0 or starts_with(unit_number, upper(${q})) or starts_with(uscc, upper(${q}))
    order by length(name), name, unit_number limit ${max}`.execute(forSql(db))
  return rows
}

/** A unit in sight. */
export const readUnit = (db: Reader, unitId: string) =>
  forSql(db).selectFrom('unit').select(['unit_id', 'name']).where('unit_id', '=', unitId).executeTakeFirst()

const PAYMENT_ORDER = { at: 'payment.created_at', id: 'payment.payment_id' } as const

/** A page of the payments in sight, of one state or of any, the newest first, each with the number of its case. */
export async function listPayments(db: Reader, state: PaymentTable['state'] | undefined, { after, limit }: Window) {
  const rows = await forSql(db)
    .selectFrom('payment')
    .innerJoin('case_file', 'case_file.case_id', 'payment.case_id')
    .selectAll('payment')
    .select(['case_file.case_number', momentCursor(PAYMENT_ORDER).as('cursor')])
    .where((eb) => (state === undefined ? eb.lit(true) : eb('payment.state', '=', state)))
    .where(beyondMoment(PAYMENT_ORDER, 'desc', after))
    .orderBy(PAYMENT_ORDER.at, 'desc')
    .orderBy(PAYMENT_ORDER.id, 'desc')
    .limit(limit + 1)
    .execute()
  return cutPage(rows, limit, ({ cursor }) => cursor)
}

/** How many payments of each state, and how much. */
export async function sumPayments(db: Reader): Promise<{ state: string; count: number; amount: bigint }[]> {
  const { rows } = await sql<{ state: string; count: number; amount: bigint }>`
    select state, count(*)::int as count, sum(amount_fen)::bigint as amount from payment group by state order by state`.execute(forSql(db))
  return rows
}

export interface BalanceListed {
  readonly code: string
  readonly name: string
  readonly sub: string
  readonly sub_name: string
  readonly amount: bigint
  readonly reserved: bigint
}

/** Balances by account, at most 500 rows, and the sum over all of them, which is zero while the books are right. */
export async function listBalances(db: Reader): Promise<{ rows: BalanceListed[]; sum: bigint }> {
  const { rows } = await sql<BalanceListed>`
    select b.ledger_code as code, l.name, b.sub_account as sub, coalesce(a.name, o.name, b.sub_account) as sub_name,
      b.amount_fen as amount, b.reserved_fen as reserved
    from ledger_balance b join ledger_account l on l.code = b.ledger_code
      left join bank_account a on a.bank_account_id = b.sub_account left join org o on o.org_id = b.sub_account
    order by b.ledger_code, b.sub_account limit 500`.execute(forSql(db))
  const total = await sql<{ sum: bigint }>`select coalesce(sum(amount_fen), 0)::bigint as sum from ledger_balance`.execute(forSql(db))
  return { rows, sum: total.rows[0]?.sum ?? 0n }
}

export interface ClaimedTask {
  readonly task_id: string
  readonly case_id: string
  readonly case_number: string
  /** Whose case it is, and where it stands: what its event says. */
  readonly org_id: string
  readonly access_group_id: string
  readonly stage_version: number
  /** The colleague has acted in the case. */
  readonly barred: boolean
  /** The colleague must stay away from it (回避). */
  readonly related: boolean
  readonly same_post: boolean
}

/** What a person holds claimed, and what is against a colleague's taking it over. */
export async function claimedTasks(tx: Tx, fromStaffId: string, toStaffId: string): Promise<ClaimedTask[]> {
  const { rows } = await sql<ClaimedTask>`
    select t.task_id, c.case_id, c.case_number, c.org_id, c.access_group_id, c.stage_version,
      exists (select 1 from case_actor a where a.case_id = t.case_id and a.staff_id = p.staff_id) as barred,
      ${relationTo(sql`t.case_id`)} is not null as related,
      exists (select 1 from staff_post h join staff s using (staff_id)
        where h.staff_id = p.staff_id and s.state = 'ACTIVE' and h.post = t.post and h.org_id = t.org_id
        and h.from_on <= business_today() and (h.to_on is null or h.to_on >= business_today())) as same_post
    from task t join case_file c using (case_id) cross join (select ${toStaffId}::uuid as staff_id) p
    where t.state = 'OPEN' and t.claimed_by = ${fromStaffId} for update of t`.execute(tx)
  return rows
}

import { sql } from 'kysely'
import type { BankClaim, ClaimedPayment } from '#contracts/findings.ts'
import { fen } from '#contracts/money.ts'
import { forSql, type Db, type Reader, type Tx } from '../connect.ts'

/** What the bank says against a payment, with the payment as it stands, and whose it is. */
export interface Claim {
  readonly incidentId: string
  readonly paymentId: string
  readonly caseId: string
  readonly orgId: string
  readonly accessGroupId: string
  readonly payment: ClaimedPayment
}

interface ClaimRow {
  readonly incident_id: string
  readonly payment_id: string
  readonly case_id: string
  readonly org_id: string
  readonly access_group_id: string
  readonly claim: BankClaim
  readonly payment_no: number
  readonly amount_fen: bigint
  readonly state: ClaimedPayment['state']
  readonly ordered_on: ClaimedPayment['orderedOn']
  readonly booked_on: ClaimedPayment['bookedOn']
  readonly reversed: boolean
  readonly others: ClaimedPayment['others']
  readonly stage: string
  readonly approved_fen: bigint | null
  readonly principal_fen: bigint | null
  readonly balance_fen: bigint | null
  readonly loan_state: string | null
}

/** Of these incidents, those that put a settled payment in question. */
export async function readClaims(from: Db | Tx | Reader, incidentIds: readonly string[]): Promise<Claim[]> {
  if (incidentIds.length === 0) return []
  const { rows } = await sql<ClaimRow>`
    select i.incident_id, i.claim, p.payment_id, p.case_id, p.org_id, p.access_group_id, p.payment_no, p.amount_fen, p.state, p.booked_on,
      (p.created_at at time zone 'Asia/Shanghai')::date as ordered_on, c.stage, l.approved_fen, a.principal_fen, a.balance_fen, a.state as loan_state,
      exists (select 1 from voucher v join voucher r on r.reverses = v.voucher_id where v.source_key = 'payment/' || p.payment_id) as reversed,
      (select coalesce(json_agg(json_build_object('paymentNo', o.payment_no, 'settled', o.state = 'SUCCEEDED') order by o.payment_no), '[]')
        from payment o where o.case_id = p.case_id and o.payment_id <> p.payment_id and o.state <> 'FAILED') as others
    from incident i join payment p on p.payment_id = i.payment_id join case_file c on c.case_id = p.case_id
      left join loan l on l.case_id = p.case_id left join loan_account a on a.case_id = p.case_id and a.state <> 'RETURNED'
    where i.incident_id = any (${[...incidentIds]}::uuid[])`.execute(forSql(from))
  return rows.map((row) => ({
    incidentId: row.incident_id,
    paymentId: row.payment_id,
    caseId: row.case_id,
    orgId: row.org_id,
    accessGroupId: row.access_group_id,
    payment: paymentOf(row),
  }))
}

const paymentOf = (row: ClaimRow): ClaimedPayment => ({
  claim: row.claim,
  paymentNo: row.payment_no,
  amountFen: fen(row.amount_fen),
  state: row.state,
  orderedOn: row.ordered_on,
  bookedOn: row.booked_on,
  reversed: row.reversed,
  others: row.others,
  stage: row.stage,
  approvedFen: row.approved_fen === null ? null : fen(row.approved_fen),
  loan:
    row.principal_fen === null || row.balance_fen === null || row.loan_state === null
      ? null
      : { principalFen: fen(row.principal_fen), balanceFen: fen(row.balance_fen), state: row.loan_state },
})

const findings = (from: Db | Tx | Reader) =>
  forSql(from)
    .selectFrom('payment_finding as f')
    .innerJoin('staff as finder', 'finder.staff_id', 'f.found_by')
    .leftJoin('staff as decider', 'decider.staff_id', 'f.decided_by')
    .selectAll('f')
    .select(['finder.name as finder_name', 'decider.name as decider_name'])
    .orderBy('f.finding_no')

export type FindingRow = Awaited<ReturnType<typeof readFindingsOfCase>>[number]

/** What was found of the payments of a case, in order. */
export const readFindingsOfCase = (from: Db | Tx | Reader, caseId: string) => findings(from).where('f.case_id', '=', caseId).execute()

/** The last that was found on each of these incidents. */
export const readLastFindings = (from: Db | Tx | Reader, incidentIds: readonly string[]): Promise<FindingRow[]> =>
  incidentIds.length === 0
    ? Promise.resolve([])
    : findings(from)
        .distinctOn('f.incident_id')
        .where('f.incident_id', 'in', [...incidentIds])
        .clearOrderBy()
        .orderBy('f.incident_id')
        .orderBy('f.finding_no', 'desc')
        .execute()

/** The finding that awaits a second person in this case; at most one does. */
export const readAwaitedFinding = (from: Db | Tx | Reader, caseId: string): Promise<FindingRow | undefined> =>
  findings(from).where('f.case_id', '=', caseId).where('f.state', '=', 'FOUND').executeTakeFirst()

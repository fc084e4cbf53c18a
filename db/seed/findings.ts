import type { Insertable } from 'kysely'
import type { IncidentTable, PaymentFindingTable, PaymentTable } from '../tables.ts'
import { CENTRES } from './orgs.ts'
import type { Random } from './random.ts'
import type { SeededCase } from './seeded-case.ts'
import type { Officer } from './staff.ts'

export interface FindingRows {
  readonly incidents: readonly Insertable<IncidentTable>[]
  readonly findings: readonly Insertable<PaymentFindingTable>[]
}

/** The bank's own number of a payment that it had said to have failed. */
export const LATE_REFERENCE = 'B2025103000417'

/** Of a payment that failed the bank has said since that it was made; somebody of risk management has found it true, and it waits to be confirmed. */
export function findingRows(
  cases: readonly SeededCase[],
  payments: readonly Insertable<PaymentTable>[],
  officers: readonly Officer[],
  random: Random,
): FindingRows {
  const rows = cases
    .filter(({ walked }) => walked.stage === 'PAY_DISPUTED')
    .map((kase) => {
      const payment = payments.find((one) => one.case_id === kase.caseId)
      const found = kase.walked.decisions.find((one) => one.action === 'dispute')
      const orgId = CENTRES[kase.family.branch.entity]
      const finder = officers.find((one) => one.orgId === orgId && one.posts.includes('RISK'))
      if (!payment || !found || !finder) throw new Error('what was found is of a payment, by somebody of risk management')
      return rowsOf(payment, found.decided_at, finder, random)
    })
  return { incidents: rows.map(({ incident }) => incident), findings: rows.map(({ finding }) => finding) }
}

function rowsOf(payment: Insertable<PaymentTable>, at: string, finder: Officer, random: Random) {
  const incidentId = random.uuid()
  const about = {
    org_id: payment.org_id,
    access_group_id: 'OPEN',
    payment_id: payment.payment_id,
    case_id: payment.case_id,
    claim: 'PAID' as const,
  }
  const incident: Insertable<IncidentTable> = {
    ...about,
    incident_id: incidentId,
    kind: 'PAYMENT_CONTRADICTED',
    reference: payment.payment_id,
    detail: `银行通知：结果矛盾：本笔已核定为划款失败（收款银行拒收），银行又称划款成功，银行流水 ${LATE_REFERENCE}，原结果不变`,
    state: 'OPEN',
    retry_reason: null,
    handled_by: null,
    created_at: at,
    handled_at: null,
  }
  const finding: Insertable<PaymentFindingTable> = {
    ...about,
    finding_id: random.uuid(),
    incident_id: incidentId,
    bank_reference: LATE_REFERENCE,
    bank_day: payment.created_at.slice(0, 10) as Insertable<PaymentFindingTable>['bank_day'],
    reason: '已调取银行对账单核对，收款账户确已入账',
    found_by: finder.staffId,
    found_for: null,
    found_at: at,
    decided_by: null,
    decided_at: null,
    remark: null,
  }
  return { incident, finding }
}

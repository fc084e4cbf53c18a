import type { Insertable } from 'kysely'
import type { LoanStage } from '#rules/loan/stages.ts'
import { bankAccountIdOf } from '../ledger-accounts.ts'
import type { PaymentEventTable, PaymentTable, ReservationTable } from '../tables.ts'
import type { Vault } from '../vault.ts'
import type { SeededCase } from './seeded-case.ts'
import { CENTRES } from './orgs.ts'
import type { Random } from './random.ts'

export interface PaymentRows {
  readonly payments: readonly Insertable<PaymentTable>[]
  readonly events: readonly Insertable<PaymentEventTable>[]
  readonly reservations: readonly Insertable<ReservationTable>[]
}

/** Money on its way: of an order that failed the reservation is given back, of one whose end nobody knows it stands. */
export function paymentRows(cases: readonly SeededCase[], vault: Vault, random: Random): PaymentRows {
  const parts = cases
    .filter(({ walked }) => FAILED.includes(walked.stage) || walked.stage === 'PAY_UNKNOWN')
    .map((kase) => rowsOf(kase, vault, random))
  return {
    payments: parts.map((part) => part.payment),
    events: parts.flatMap((part) => part.events),
    reservations: parts.map((part) => part.reservation),
  }
}

/** Where the bank has paid nothing, as far as the record says. */
const FAILED: readonly LoanStage[] = ['PAY_FAILED', 'PAY_DISPUTED']

function rowsOf(kase: SeededCase, vault: Vault, random: Random) {
  const { family, walked, caseId } = kase
  const failed = FAILED.includes(walked.stage)
  const bankAccountId = bankAccountIdOf('10101', family.bankOrgId)
  const decided = (stage: string) => walked.decisions.find((one) => one.stage === stage)
  const [requested, paid, settled] = [decided('SECURED'), decided('RELEASE_REQUESTED'), decided('PAYING')]
  if (!requested?.actor_id || !paid?.actor_id || !settled) throw new Error('a payment has been requested, checked and sent')
  const owned = { org_id: CENTRES[family.branch.entity], access_group_id: 'OPEN' }
  const paymentId = random.uuid()
  const payment: Insertable<PaymentTable> = {
    ...owned,
    payment_id: paymentId,
    case_id: caseId,
    payment_no: 1,
    bank_account_id: bankAccountId,
    amount_fen: kase.assessment.amountFen,
    payee_name: family.home.sellerName,
    payee_bank: family.home.bankName,
    payee_account_enc: vault.seal(family.home.accountNumber),
    payee_account_last4: family.home.accountNumber.slice(-4),
    state: failed ? 'FAILED' : 'UNKNOWN',
    maker_id: requested.actor_id,
    checker_id: paid.actor_id,
    bank_reference: null,
    failure: failed ? 'REJECTED_BY_PAYEE_BANK' : null,
    queries: failed ? 0 : 5,
    created_at: paid.decided_at,
    sent_at: paid.decided_at,
    settled_at: failed ? settled.decided_at : null,
    settled_by: failed ? 'submit' : null,
  }
  const event = (seq: number, state: string, source: string, detail: string, at: string) => ({
    ...owned,
    payment_id: paymentId,
    seq,
    state,
    source,
    detail,
    at,
  })
  const events = [
    event(1, 'CREATED', 'checker', '复核通过，资金已预留', paid.decided_at),
    event(2, 'SENT', 'submit', '已发送银行', paid.decided_at),
    failed
      ? event(3, 'FAILED', 'submit', 'REJECTED_BY_PAYEE_BANK', settled.decided_at)
      : event(3, 'UNKNOWN', 'query', '多次查询未得到结果', settled.decided_at),
  ]
  const reservation = {
    payment_id: paymentId,
    ledger_code: '10101',
    sub_account: bankAccountId,
    amount_fen: kase.assessment.amountFen,
    state: failed ? ('RELEASED' as const) : ('HELD' as const),
  }
  return { payment, events, reservation }
}

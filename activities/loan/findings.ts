import { BANK_CLAIMS } from '#contracts/findings.ts'
import { fen } from '#contracts/money.ts'
import type { Tx } from '#db/connect.ts'
import { transact } from '#db/fault.ts'
import { readAwaitedFinding, readClaims, type FindingRow } from '#db/read/findings.ts'
import { businessTime } from '#db/read/time.ts'
import { auditCase } from '#db/write/audit.ts'
import { enqueue, lockCase, type LockedCase } from '#db/write/cases.ts'
import { decideFinding, findingsToTakeUp } from '#db/write/findings.ts'
import { settleClaims } from '#db/write/incidents.ts'
import { freeBalance, giveBackPosted, reserveAgain, reverseVoucher } from '#db/write/ledger.ts'
import { undoDisbursement } from '#db/write/loan.ts'
import { takeLocks } from '#db/write/loan-application.ts'
import { overrulePayment } from '#db/write/payments.ts'
import { obstacle, type Obstacle } from '#rules/cases/obstacle.ts'
import { mayFollowBank } from '#rules/loan/bank-was-right.ts'
import { loanStages, type LoanStage } from '#rules/loan/stages.ts'
import { Bug } from '../bug.ts'
import type { Judged } from '../case/kinds.ts'
import { moveCase } from '../case/move.ts'
import type { Parts } from '../parts.ts'
import { applicationOf } from './application.ts'
import { filedOf } from './filed.ts'
import { byMachine } from './in-stage.ts'

/** Taken up in one round; findings are rare. */
const FINDINGS_MAX = 50

/**
 * Brings each case of which somebody has found that the bank was right before the cashier, who confirms it or does not. A case at whose stage
 * the machine is at work waits until it is done; one that has been paid out is opened again for it. What cannot be followed any more is ended,
 * and its incident stays. Any number of workers may do this beside one another.
 * @returns how many were taken up
 */
export async function takeUpFindings(parts: Parts): Promise<number> {
  let taken = 0
  for (const { finding_id: findingId, case_id: caseId } of await findingsToTakeUp(parts.db, FINDINGS_MAX))
    if (await transact(parts.db, 'finding-taken-up', (tx) => takeUp(tx, parts, caseId, findingId))) taken += 1
  return taken
}

async function takeUp(tx: Tx, parts: Parts, caseId: string, findingId: string): Promise<boolean> {
  const kase = await lockCase(tx, caseId)
  const finding = await readAwaitedFinding(tx, caseId)
  if (!kase || finding?.finding_id !== findingId) return false
  const stage = loanStages[kase.stage as LoanStage]
  if (stage.machine || kase.stage === 'PAY_DISPUTED') return false
  const [time, against] = [await businessTime(tx), await whyNot(tx, parts, kase, finding)]
  if (against.length > 0) {
    const remark = `不再能够办理：${against.map(({ text }) => text).join('；')}`
    await decideFinding(tx, findingId, { state: 'DENIED', by: null, remark })
    await auditCase(tx, kase, 'system', 'finding/denied', { finding: findingId, remark, on: time.today })
    return true
  }
  await moveCase(tx, kase, byMachine('dispute', 'PAY_DISPUTED', foundWords(finding)), time)
  return true
}

/** What a person reads who is to confirm it. */
const foundWords = ({ claim, finder_name: finder, bank_reference: reference, bank_day: day, reason }: FindingRow): string =>
  `${finder}认定${BANK_CLAIMS[claim]}（银行流水 ${reference}，${day}${claim === 'PAID' ? '入账' : '退回'}）：${reason}`

async function whyNot(tx: Tx, parts: Parts, kase: LockedCase, finding: FindingRow): Promise<Obstacle[]> {
  const [claim] = await readClaims(tx, [finding.incident_id])
  if (!claim) throw new Bug('a finding is about a payment')
  const against = mayFollowBank(claim.payment)
  if (against.length > 0 || kase.open) return against
  // What the case claimed for itself was given back when it ended.
  const { locks } = filedOf(parts.vault, await applicationOf(tx, parts.vault, kase.case_id))
  if (await takeLocks(tx, kase.case_id, locks)) return []
  await tx.deleteFrom('case_lock').where('case_id', '=', kase.case_id).execute()
  return [obstacle('CONFLICT', '同一家庭或者同一住房另有在办的贷款申请，须先办结')]
}

/** Money that has left the account must be there to be booked: what others have set aside is theirs. */
export async function findingObstacles(tx: Tx, { kase, action }: Judged): Promise<Obstacle[]> {
  if (action !== 'confirm-paid') return []
  const finding = await readAwaitedFinding(tx, kase.case_id)
  const payment = finding && (await payingAccountOf(tx, finding.payment_id))
  if (!payment) return []
  const free = await freeBalance(tx, payment.ledger_code, payment.bank_account_id)
  return free < payment.amount_fen
    ? [obstacle('RULES_REFUSE', '该银行专户账面的可用余额不足以补记本笔放款，请先核对其他在途划款或者调拨资金')]
    : []
}

/**
 * 补记放款. The payment has succeeded, as the bank says and on its day, and the money is set aside again. The rest is done where every payment
 * that has succeeded is booked: the case goes on to 划款中.
 */
export async function confirmPaid(tx: Tx, judged: Judged): Promise<void> {
  const finding = await confirmed(tx, judged)
  const { payment_id: paymentId, bank_reference: bankReference, bank_day: bookedOn } = finding
  await overrulePayment(tx, paymentId, {
    state: 'SUCCEEDED',
    source: 'finding',
    detail: `认定银行确已付款，银行流水 ${bankReference}，${bookedOn}入账`,
    bankReference,
    bookedOn,
  })
  if (!(await reserveAgain(tx, paymentId))) throw new Bug('the balance was judged under this very lock')
}

/**
 * 退汇. Nothing is deleted: the voucher is reversed in red (红字冲销), the loan stays on the books with nothing on it, and the case may be paid
 * again, under another payment.
 */
export async function confirmReturned(tx: Tx, judged: Judged): Promise<void> {
  const { kase, time } = judged
  const { payment_id: paymentId, bank_reference: bankReference, bank_day: returnedOn } = await confirmed(tx, judged)
  const detail = `认定款项确已退回（退汇），银行流水 ${bankReference}，${returnedOn}退回`
  await overrulePayment(tx, paymentId, { state: 'FAILED', source: 'finding', detail, failure: '款项已被退回（退汇）' })
  const summary = `银行${returnedOn}退汇`
  if (!(await reverseVoucher(tx, `payment/${paymentId}`, { kind: 'LOAN_RELEASE_REVERSAL', bookedOn: time.today, summary })))
    throw new Bug('a payment that has succeeded has its voucher, and it was not reversed before')
  await giveBackPosted(tx, paymentId)
  await undoDisbursement(tx, kase.case_id, time.today)
  await enqueue(tx, { kind: 'MESSAGE', caseId: kase.case_id, payload: { template: 'LOAN_RETURNED' } })
}

/** The finding is confirmed, and with it whatever else the bank has said to the same effect is settled. */
async function confirmed(tx: Tx, judged: Judged): Promise<FindingRow> {
  const finding = await decided(tx, judged, 'CONFIRMED')
  const reason = `认定${BANK_CLAIMS[finding.claim]}，经他人确认：${finding.reason}`
  await settleClaims(tx, finding.payment_id, finding.claim, finding.found_by, reason)
  return finding
}

/** 驳回认定: what was found is on record, and so is that it was not believed; the question stays. */
export const denyFinding = (tx: Tx, judged: Judged): Promise<FindingRow> => decided(tx, judged, 'DENIED')

/** The finding that was awaited, with what this decision makes of it. */
async function decided(tx: Tx, { kase, actorId, body }: Judged, state: 'CONFIRMED' | 'DENIED'): Promise<FindingRow> {
  const finding = await readAwaitedFinding(tx, kase.case_id)
  if (!finding) throw new Bug('a finding was awaited when this was judged in this transaction')
  await decideFinding(tx, finding.finding_id, { state, by: actorId, remark: body.opinion })
  return finding
}

async function payingAccountOf(tx: Tx, paymentId: string) {
  const row = await tx
    .selectFrom('payment')
    .innerJoin('bank_account', 'bank_account.bank_account_id', 'payment.bank_account_id')
    .select(['bank_account.ledger_code', 'bank_account.bank_account_id', 'payment.amount_fen'])
    .where('payment_id', '=', paymentId)
    .executeTakeFirstOrThrow()
  return { ...row, amount_fen: fen(row.amount_fen) }
}

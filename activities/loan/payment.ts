import { randomUUID } from 'node:crypto'
import type { CaseState } from '#contracts/cases.ts'
import type { PlainDate } from '#contracts/dates.ts'
import { fen } from '#contracts/money.ts'
import { failureText } from '#contracts/payment-failures.ts'
import type { Tx } from '#db/connect.ts'
import { transact } from '#db/fault.ts'
import { readReleaseAsker } from '#db/read/decisions.ts'
import { readDayFileOrder, readDayFileWord } from '#db/read/day-file.ts'
import { readLastPayment, readLoan, readPayingAccount } from '#db/read/loan.ts'
import { businessTime } from '#db/read/time.ts'
import { enqueue, type LockedCase } from '#db/write/cases.ts'
import { closeIncidents } from '#db/write/incidents.ts'
import { endReservation, freeBalance, postVoucher, reserve } from '#db/write/ledger.ts'
import { learnPayment, notePayment } from '#db/write/payments.ts'
import { obstacle, type Obstacle } from '#rules/cases/obstacle.ts'
import { Bug } from '../bug.ts'
import { queryPayment as askBank, submitPayment } from '../ports/bank.ts'
import { PortFault } from '../ports/fault.ts'
import type { Judged } from '../case/kinds.ts'
import { moveCase } from '../case/move.ts'
import type { Parts } from '../parts.ts'
import { readPolicy } from '../policy.ts'
import { applicationOf } from './application.ts'
import { isSettled, learn, serialOf, type Standing } from './bank-news.ts'
import { DAY_FILE_UNSETTLED, takeDayFile } from './day-file.ts'
import { byMachine, inStage } from './in-stage.ts'
import { openLoanAccount } from './release.ts'

/** Judged inside the paying transaction, under the row locks of account and fund: holds and free balance as they are at this moment. */
export async function paymentObstacles(tx: Tx, { kase, time }: Judged): Promise<Obstacle[]> {
  const loan = await readLoan(tx, kase.case_id)
  if (!loan?.approved_fen || !loan.bank_org_id) return [obstacle('CONFLICT', '本案没有可划付的批准金额')]
  const account = await readPayingAccount(tx, kase.reporting_entity, loan.bank_org_id)
  if (!account) return [obstacle('CONFLICT', '未找到该银行的公积金存款专户')]
  const free = await freeBalance(tx, account.ledger_code, account.bank_account_id)
  const floorFen = (await readPolicy(tx, kase.reporting_entity, time.today)).values.releaseFloorFen?.value ?? 0n
  return [
    ...((await isRestricted(tx, kase.case_id)) ? [obstacle('RULES_REFUSE', '借款人的账户当前受限，暂不能办理')] : []),
    ...(free < loan.approved_fen ? [obstacle('RULES_REFUSE', '该银行专户的可用余额不足，请先调拨资金')] : []),
    ...(free >= loan.approved_fen && free - loan.approved_fen < floorFen
      ? [obstacle('RULES_REFUSE', '划款后该银行专户的余额将低于最低保留余额，请退回后轮候')]
      : []),
  ]
}

/** Whether a hold stands on the account of anybody who will owe. The refusal is the same for every kind of hold. */
async function isRestricted(tx: Tx, caseId: string): Promise<boolean> {
  const accounts = await tx
    .selectFrom('personal_account')
    .innerJoin('contributor', 'contributor.contributor_id', 'personal_account.contributor_id')
    .innerJoin('case_party', 'case_party.id_hash', 'contributor.id_hash')
    .select('personal_account.account_number')
    .where('case_party.case_id', '=', caseId)
    .where('case_party.role', 'in', ['BORROWER', 'SPOUSE', 'CO_BORROWER'])
    .forUpdate('personal_account')
    .execute()
  if (accounts.length === 0) return false
  const { today } = await businessTime(tx)
  const hold = await tx
    .selectFrom('account_hold')
    .select('hold_id')
    .where(
      'account_number',
      'in',
      accounts.map((one) => one.account_number),
    )
    .where('released_on', 'is', null)
    .where('from_on', '<=', today)
    .where((eb) => eb.or([eb('to_on', 'is', null), eb('to_on', '>=', today)]))
    .executeTakeFirst()
  return hold !== undefined
}

/** The payment order and its reservation, made true with the checker's decision: approved, set aside, not yet sent. */
export async function openPayment(tx: Tx, { kase, actorId, time }: Judged, parts: Parts): Promise<void> {
  const loan = await readLoan(tx, kase.case_id)
  if (!loan?.approved_fen || !loan.bank_org_id) throw new Bug('an approved loan has an amount and a bank')
  const account = await readPayingAccount(tx, kase.reporting_entity, loan.bank_org_id)
  if (!account) throw new Bug('the account that pays is gone since it was judged in this transaction')
  const { home } = await applicationOf(tx, parts.vault, kase.case_id)
  const last = await readLastPayment(tx, kase.case_id)
  const maker = await readReleaseAsker(tx, kase.case_id)
  if (!maker) throw new Bug('nobody pays what nobody has asked for')
  const paymentId = randomUUID()
  await tx
    .insertInto('payment')
    .values({
      payment_id: paymentId,
      case_id: kase.case_id,
      org_id: account.org_id,
      access_group_id: kase.access_group_id,
      payment_no: (last?.payment_no ?? 0) + 1,
      bank_account_id: account.bank_account_id,
      amount_fen: loan.approved_fen,
      payee_name: home.receivingAccount.ownerName,
      payee_bank: home.receivingAccount.bankName,
      payee_account_enc: parts.vault.seal(home.receivingAccount.accountNumber),
      payee_account_last4: home.receivingAccount.accountNumber.slice(-4),
      state: 'CREATED',
      maker_id: maker,
      checker_id: actorId,
      bank_reference: null,
      failure: null,
      created_at: time.now,
      sent_at: null,
      settled_at: null,
      settled_by: null,
    })
    .execute()
  const held = await reserve(tx, {
    ledgerCode: account.ledger_code,
    subAccount: account.bank_account_id,
    amountFen: loan.approved_fen,
    paymentId,
  })
  if (!held) throw new Bug('the balance was judged under this very lock')
  await notePayment(
    tx,
    { paymentId, orgId: account.org_id, accessGroupId: kase.access_group_id },
    { state: 'CREATED', source: 'checker', detail: '复核通过，资金已预留' },
  )
}

/**
 * Sends the order, once. SENT is written before the bank hears of it: after a crash in between the payment is not sent again but asked for.
 */
export async function sendPayment(parts: Parts, caseId: string): Promise<Standing> {
  const payment = await readLastPayment(parts.db, caseId)
  if (!payment) throw new Bug('a case that pays has a payment')
  if (payment.state !== 'CREATED') return queryPayment(parts, caseId)
  const taken = await transact(parts.db, 'payment-sent', (tx) =>
    learnPayment(tx, payment.payment_id, { state: 'SENT', source: 'submit', detail: '已发送银行' }),
  )
  return taken === 'TAKEN' ? submit(parts, payment) : queryPayment(parts, caseId)
}

type Payment = NonNullable<Awaited<ReturnType<typeof readLastPayment>>>

/** Hands the order to the bank under the payment's own serial. The bank pays a serial once, however often it hears of it. */
async function submit(parts: Parts, payment: Payment): Promise<Standing> {
  const [payer, { today }] = [await payerOf(parts, payment.bank_account_id), await businessTime(parts.db)]
  const outcome = await submitPayment(parts.ports.bank, {
    requestId: randomUUID(),
    businessDate: today,
    authorisationRef: payment.case_id,
    serial: serialOf(payment.payment_id),
    businessType: 'LOAN_RELEASE',
    settlement: 'OTHER_BANK_REAL_TIME',
    amountFen: fen(payment.amount_fen),
    currency: 'CNY',
    payer,
    payee: { accountNo: parts.vault.open(payment.payee_account_enc), ownerName: payment.payee_name, bankName: payment.payee_bank },
    summary: '住房公积金贷款发放',
  })
  return learn(parts, payment.payment_id, 'submit', outcome)
}

async function payerOf(parts: Parts, bankAccountId: string) {
  const account = await parts.db
    .selectFrom('bank_account')
    .innerJoin('org', 'org.org_id', 'bank_account.bank_org_id')
    .select(['number_enc', 'bank_account.name', 'org.name as bank_name'])
    .where('bank_account_id', '=', bankAccountId)
    .executeTakeFirstOrThrow()
  return { accountNo: parts.vault.open(account.number_enc), ownerName: account.name, bankName: account.bank_name }
}

/**
 * Asks the bank what became of the serial. It is sent again, under the same serial, only when the bank does not know it (decision 0009). A
 * silence settles nothing: the payment is unknown from then on, and the money stays reserved.
 */
export async function queryPayment(parts: Parts, caseId: string): Promise<Standing> {
  const payment = await readLastPayment(parts.db, caseId)
  if (!payment) throw new Bug('a case that pays has a payment')
  if (isSettled(payment.state)) return { settled: true }
  const { today } = await businessTime(parts.db)
  await parts.db
    .updateTable('payment')
    .set((eb) => ({ queries: eb('queries', '+', 1) }))
    .where('payment_id', '=', payment.payment_id)
    .execute()
  const question = { requestId: randomUUID(), businessDate: today, authorisationRef: caseId, serial: serialOf(payment.payment_id) }
  try {
    const { result } = await askBank(parts.ports.bank, { ...question, amountFen: fen(payment.amount_fen), currency: 'CNY' })
    // The bank has never heard of the serial: we died before it was told. Telling it now, under the same serial, cannot pay twice.
    if (result.state === 'NOT_FOUND') return submit(parts, payment)
    return learn(parts, payment.payment_id, 'query', result)
  } catch (error) {
    if (!(error instanceof PortFault)) throw error
    return learn(parts, payment.payment_id, 'query', { state: 'UNKNOWN', because: error.kind })
  }
}

/**
 * Takes the day file, when the cashier asked for it. Then books success, or gives the reservation back, or calls a cashier. What the bank has
 * told us of its own accord has been learnt before, wherever the case stands (`judgeNotices`).
 */
export async function closePayment(parts: Parts, caseId: string): Promise<CaseState> {
  await takeDayFile(parts, caseId)
  return inStage(parts, 'close-payment', caseId, ['PAYING', 'PAY_UNKNOWN'], async (tx, kase, time) => {
    const payment = await tx
      .selectFrom('payment')
      .selectAll()
      .where('case_id', '=', caseId)
      // An earlier one may have succeeded after all; of all others the last counts.
      .orderBy((eb) => eb('state', '=', 'SUCCEEDED'), 'desc')
      .orderBy('payment_no', 'desc')
      .limit(1)
      .forUpdate()
      .executeTakeFirstOrThrow()
    if (isSettled(payment.state)) await closeIncidents(tx, DAY_FILE_UNSETTLED, caseId)
    if (payment.state === 'SUCCEEDED') {
      await bookRelease(tx, parts, kase, payment, time.today)
      return (await moveCase(tx, kase, byMachine('settle', 'DISBURSED', `银行划款成功，流水 ${payment.bank_reference ?? ''}`), time)).kase
    }
    if (payment.state === 'FAILED') {
      await endReservation(tx, payment.payment_id, 'RELEASED')
      return (await moveCase(tx, kase, byMachine('settle', 'PAY_FAILED', `银行退回：${failureText(payment.failure ?? '')}`), time)).kase
    }
    if (kase.stage === 'PAY_UNKNOWN') return kase
    await learnPayment(tx, payment.payment_id, { state: 'UNKNOWN', source: 'query', detail: '多次查询未得到结果' })
    const { asked } = await readDayFileOrder(tx, caseId)
    const why = asked ? `银行日终文件${(await readDayFileWord(tx, payment.payment_id)) ?? '未能核定'}。` : ''
    return (await moveCase(tx, kase, byMachine('settle', 'PAY_UNKNOWN', `${why}划款结果不明，只可查询，不得重发`), time)).kase
  })
}

type SettledPayment = Pick<Payment, 'payment_id' | 'booked_on' | 'bank_account_id' | 'amount_fen'>

/**
 * Books the release: debit loans, credit fund deposits, the reservation spent, the loan on the books, the plan on paper. The loan begins on the
 * bank's day: its rate and its first interest are of that day. The voucher is of today, because a day of the ledger that is over stays as it is;
 * it names the bank's day where that is another.
 */
async function bookRelease(tx: Tx, parts: Parts, kase: LockedCase, payment: SettledPayment, today: PlainDate): Promise<void> {
  const { payment_id: paymentId, booked_on: bookedOn } = payment
  if (!bookedOn) throw new Bug('a payment that has succeeded was booked on a day')
  const account = await tx
    .selectFrom('bank_account')
    .selectAll()
    .where('bank_account_id', '=', payment.bank_account_id)
    .executeTakeFirstOrThrow()
  const loanNumber = await openLoanAccount(tx, parts, kase, bookedOn)
  await postVoucher(tx, {
    orgId: account.org_id,
    entity: kase.reporting_entity,
    bookedOn: today,
    kind: 'LOAN_RELEASE',
    caseId: kase.case_id,
    summary: bookedOn === today ? '发放个人住房贷款' : `发放个人住房贷款（银行${bookedOn}入账）`,
    madeBy: null,
    sourceKey: `payment/${paymentId}`,
    lines: [
      { ledgerCode: '12101', subAccount: loanNumber, debitFen: fen(payment.amount_fen) },
      { ledgerCode: account.ledger_code, subAccount: account.bank_account_id, creditFen: fen(payment.amount_fen) },
    ],
  })
  await endReservation(tx, paymentId, 'POSTED')
  await enqueue(tx, { kind: 'MESSAGE', caseId: kase.case_id, payload: { template: 'LOAN_RELEASED' } })
}

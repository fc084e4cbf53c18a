import type { PlainDate } from '#contracts/dates.ts'
import { fen } from '#contracts/money.ts'
import type { Tx } from '#db/connect.ts'
import { readLoan } from '#db/read/loan.ts'
import { businessTime } from '#db/read/time.ts'
import type { LockedCase } from '#db/write/cases.ts'
import { nextNumber } from '#db/write/numbers.ts'
import { normaliseIdNumber } from '#db/vault.ts'
import { loanRate } from '#rules/loan/rate.ts'
import { Bug } from '../bug.ts'
import type { Parts } from '../parts.ts'
import { keepSnapshot, readPolicy } from '../policy.ts'
import { applicationOf } from './application.ts'
import { issuePaper } from './papers.ts'

/** Puts the loan on the books at the rate of the day on which the bank paid it out, and the plan on paper. @returns the loan's number */
export async function openLoanAccount(tx: Tx, parts: Parts, kase: LockedCase, disbursedOn: PlainDate): Promise<string> {
  const loan = await readLoan(tx, kase.case_id)
  if (!loan?.approved_fen || !loan.approved_months || !loan.bank_org_id) throw new Bug('a released loan has its terms')
  const application = await applicationOf(tx, parts.vault, kase.case_id)
  const policy = await readPolicy(tx, kase.reporting_entity, disbursedOn)
  const ratePercent = loanRate(policy, loan.home_order === 'second' ? 'second' : 'first', loan.approved_months).value
  const year = Number(disbursedOn.slice(0, 4))
  const sequence = await nextNumber(tx, `loan/${kase.reporting_entity}`, year)
  const loanNumber = `${kase.reporting_entity.slice(0, 2).toUpperCase()}${year}${String(sequence).padStart(6, '0')}`
  await tx
    .updateTable('loan')
    .set({
      disbursed_on: disbursedOn,
      disbursed_fen: loan.approved_fen,
      rate_percent: ratePercent,
      rate_snapshot_id: await keepSnapshot(tx, policy),
    })
    .where('case_id', '=', kase.case_id)
    .execute()
  await tx
    .insertInto('loan_account')
    .values({
      loan_number: loanNumber,
      case_id: kase.case_id,
      org_id: kase.org_id,
      access_group_id: kase.access_group_id,
      borrower_name: application.borrower.name,
      borrower_id_hash: parts.vault.hash(normaliseIdNumber(application.borrower.idNumber)),
      bank_org_id: loan.bank_org_id,
      guarantor_org_id: loan.guarantor_org_id,
      principal_fen: fen(loan.approved_fen),
      balance_fen: fen(loan.approved_fen),
      rate_percent: ratePercent,
      months: loan.approved_months,
      method: application.method,
      disbursed_on: disbursedOn,
      repayment_day: application.repaymentDay,
      state: 'NORMAL',
      settled_on: null,
    })
    .execute()
  await issuePaper(tx, parts, kase, 'REPAYMENT_PLAN', await businessTime(tx))
  return loanNumber
}

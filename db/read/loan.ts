import { sql } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import { forSql, type Db, type Reader, type Tx } from '../connect.ts'

/** The newest version of an application, still sealed. */
export const readApplication = (from: Db | Tx | Reader, caseId: string) =>
  forSql(from)
    .selectFrom('loan_application')
    .select(['version', 'content_enc', 'entered_at', sql<PlainDate>`(entered_at at time zone 'Asia/Shanghai')::date`.as('entered_on')])
    .where('case_id', '=', caseId)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()

/** The loan's own row: what was granted, signed, secured and paid; undefined for a case that is no loan. */
export const readLoan = (from: Db | Tx | Reader, caseId: string) => forSql(from).selectFrom('loan').selectAll().where('case_id', '=', caseId).executeTakeFirst()

/** What was granted, signed, secured and paid, with the names of bank and guarantor; also for them, while the case is assigned to them. */
export const readTerms = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('loan')
    .leftJoin('org as bank', 'bank.org_id', 'loan.bank_org_id')
    .leftJoin('org as guarantor', 'guarantor.org_id', 'loan.guarantor_org_id')
    .selectAll('loan')
    .select(['bank.name as bank_name', 'guarantor.name as guarantor_name'])
    .where('loan.case_id', '=', caseId)
    .executeTakeFirst()

/** The last verdict of a kind, with its recorded facts and result. */
export const readVerdict = (from: Db | Tx | Reader, caseId: string, kind: 'ASSESSMENT' | 'RELEASE_CHECK') =>
  forSql(from)
    .selectFrom('verdict')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('kind', '=', kind)
    .orderBy('round', 'desc')
    .limit(1)
    .executeTakeFirst()

/** The bank account of account 101 from which a bank's loans are paid. */
export const readPayingAccount = (from: Db | Tx | Reader, entity: string, bankOrgId: string) =>
  forSql(from)
    .selectFrom('bank_account')
    .innerJoin('org', 'org.org_id', 'bank_account.bank_org_id')
    .selectAll('bank_account')
    .select('org.name as bank_name')
    .where('bank_account.reporting_entity', '=', entity)
    .where('bank_account.bank_org_id', '=', bankOrgId)
    .where('bank_account.ledger_code', 'like', '101%')
    .orderBy('bank_account_id')
    .limit(1)
    .executeTakeFirst()

/** The payment that counts: an earlier one of the case has failed. */
export const readLastPayment = (from: Db | Tx | Reader, caseId: string) =>
  forSql(from).selectFrom('payment').selectAll().where('case_id', '=', caseId).orderBy('payment_no', 'desc').limit(1).executeTakeFirst()

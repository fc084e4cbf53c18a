import { sql } from 'kysely'
import type { LoanApplication } from '#contracts/loan.ts'
import { fen } from '#contracts/money.ts'
import type { SandboxLoad } from '#contracts/machine/sandbox.ts'
import type { Db } from '#db/connect.ts'
import { cardOf } from '#db/seed/identities.ts'
import { demoApplicant, demoApplicants } from '#db/seed/people.ts'
import type { Vault } from '#db/vault.ts'

/** Somebody at the counter, and what the world outside must know of them besides their credit. */
export interface Applicant {
  readonly application: LoanApplication
  readonly outside: Partial<SandboxLoad>
}

const yuan = (amount: number) => fen(BigInt(amount) * 100n)

/**
 * Single men with a good account and no loan, each asking for a small loan on a home of his own: any of them may have it.
 * @param owner of a city that has just been founded
 */
export async function drawApplicants(owner: Db, vault: Vault): Promise<Applicant[]> {
  const { rows } = await sql<{ name: string; id_number_enc: Buffer; base_fen: bigint }>`
    select c.name, c.id_number_enc, a.base_fen from contributor c join personal_account a using (contributor_id) join org o on o.org_id = c.org_id
    where o.reporting_entity = 'xinxiang' and c.sex = 'MALE' and c.born_on > '1980-01-01' and a.state = 'NORMAL'
      and a.base_fen >= 500000 and a.balance_fen >= 3000000
      and (select count(*) from account_entry e where e.account_number = a.account_number and e.kind = 'REMITTANCE') >= 14
      and not exists (select 1 from account_hold h where h.account_number = a.account_number)
      and not exists (select 1 from ban b where b.id_hash = c.id_hash)
      and not exists (select 1 from loan_account l where l.borrower_id_hash = c.id_hash)
      and not exists (select 1 from case_party p where p.id_hash = c.id_hash)
    order by c.contributor_id`.execute(owner)
  return rows
    .map((row) => ({ name: row.name, idNumber: vault.open(row.id_number_enc), baseFen: row.base_fen }))
    .filter(({ idNumber }) => !isOfStories(idNumber))
    .map(applicantOf)
}

/** Those have troubles of their own. */
const isOfStories = (idNumber: string): boolean => demoApplicants.some(({ family }) => family.borrower.person.idNumber === idNumber)

function applicantOf(person: { name: string; idNumber: string; baseFen: bigint }, index: number): Applicant {
  const { application: single } = demoApplicant('approved-single')
  const { application: couple } = demoApplicant('approved-couple')
  const { name, idNumber } = person
  const series = String(index + 1).padStart(4, '0')
  const [filingNumber, homeNumber] = [`WQ-F-${series}`, `419899-GB98${series}-F0001`]
  const [receiving, card] = [`999809998${series}0000`, cardOf(980_000 + index)]
  const application: LoanApplication = {
    ...single,
    borrower: { ...single.borrower, name, idNumber, retirementCategory: 'MALE_60', monthlyIncomeFen: fen(person.baseFen) },
    home: {
      ...single.home,
      filingNumber,
      homeNumber,
      contractPriceFen: yuan(400_000),
      receivingAccount: { ...single.home.receivingAccount, accountNumber: receiving },
    },
    downPaymentPaidFen: yuan(300_000),
    amountFen: yuan(100_000),
    months: 120,
    guarantee: couple.guarantee,
    repaymentCard: { ...single.repaymentCard, number: card, ownerName: name },
  }
  const open = { state: 'ACTIVE', debitAgreement: true } as const
  const { receivingAccount } = application.home
  return {
    application,
    outside: {
      filings: [
        { filingNo: filingNumber, homeNo: homeNumber, priceFen: '40000000', filedOn: '2025-09-01', buyers: [idNumber], state: 'VALID' },
      ],
      accounts: [
        { accountNo: receiving, ownerName: receivingAccount.ownerName, bankName: receivingAccount.bankName, ...open },
        { accountNo: card, ownerName: name, bankName: application.repaymentCard.bankName, ...open },
      ],
    },
  }
}

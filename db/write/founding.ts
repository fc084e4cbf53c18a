import { sql, type Insertable } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import { maskAccount } from '#contracts/masking.ts'
import type { Post } from '#contracts/posts.ts'
import type { Standing } from '#contracts/verdict.ts'
import { calendarYears } from '../calendar/years.ts'
import type { Tx } from '../connect.ts'
import { bankAccountIdOf, ledgerAccounts, type CashAccount } from '../ledger-accounts.ts'
import { readFounding } from '../read/founding.ts'
import type { BankAccountTable, OrgTable, ParameterTable } from '../tables.ts'
import { normaliseIdNumber, type Vault } from '../vault.ts'
import { appendAudit } from './audit.ts'
import { insertCalendarYear } from './calendar.ts'

/** A published or assumed value as `policy/` has it. */
export interface FirstValue {
  readonly scope: string
  readonly key: string
  readonly effectiveOn: PlainDate
  readonly value: unknown
  readonly standing: Standing
  readonly source: string
  readonly article: string
  readonly reason?: string | null
}

/** Somebody who is there from the first day. Later ones join under two people. */
export interface FirstPerson {
  readonly staffId: string
  readonly staffNumber: string
  readonly name: string
  readonly idNumber: string
  readonly orgId: string
  readonly posts: readonly Post[]
  /** Null: nobody comes in by it. */
  readonly passwordHash: string | null
  /** Whether the password was handed out and lasts for one log-in only. */
  readonly mustChangePassword: boolean
  /** Base32; null for who has none or enrols for themselves. */
  readonly totpSecret: string | null
}

/** A centre's account at a bank. */
export interface FirstBankAccount {
  readonly centreOrgId: string
  readonly bankOrgId: string
  readonly reportingEntity: string
  readonly ledgerCode: CashAccount
  readonly number: string
  readonly name: string
}

/** Everything a house needs before its first case. */
export interface NewHouse {
  readonly clock: { readonly mode: 'WALL' | 'DEMO'; readonly date: PlainDate }
  readonly values: readonly FirstValue[]
  /** Parents before children. */
  readonly orgs: readonly Insertable<OrgTable>[]
  readonly people: readonly FirstPerson[]
  /** From when they hold their posts. */
  readonly since: PlainDate
  readonly bankAccounts: readonly FirstBankAccount[]
}

/** Thrown where a house stands already; nothing has been written. */
export class AlreadyFounded extends Error {
  override readonly name = 'AlreadyFounded'
}

/**
 * Makes a house of an empty database: clock, calendar, parameters, organisations, people with their posts, chart of accounts, bank accounts.
 * The owner's act, like the migrations before it: nobody is there yet in whose name another role could write.
 * @throws AlreadyFounded when there is an organisation, whoever has put it there; of two who found at once, the second finds the first's
 */
export async function foundHouse(tx: Tx, house: NewHouse, vault: Vault): Promise<void> {
  await sql`lock table org in share row exclusive mode`.execute(tx)
  const founded = await readFounding(tx)
  if (founded) throw new AlreadyFounded(founded.centres.join('、'))
  await tx.insertInto('business_clock').values({ mode: house.clock.mode, business_date: house.clock.date }).execute()
  for (const year of calendarYears) await insertCalendarYear(tx, year)
  await tx.insertInto('parameter').values(house.values.map(parameterRow)).execute()
  await tx.insertInto('org').values(house.orgs).execute()
  await insertPeople(tx, house, vault)
  await tx.insertInto('ledger_account').values(ledgerAccounts).execute()
  const accounts = house.bankAccounts.map((account) => bankAccountRow(account, vault))
  if (accounts.length > 0) await tx.insertInto('bank_account').values(accounts).execute()
}

/** A published value, or an assumed one, as the row that is then the only truth. */
export const parameterRow = ({ scope, key, effectiveOn, value, standing, source, article, reason }: FirstValue): Insertable<ParameterTable> => ({
  scope,
  key,
  effective_on: effectiveOn,
  value: JSON.stringify(value),
  standing,
  source,
  article,
  reason: reason ?? null,
  adopted_by_case: null,
})

async function insertPeople(tx: Tx, { people, since }: NewHouse, vault: Vault): Promise<void> {
  const staff = people.map((one) => ({
    staff_id: one.staffId,
    staff_number: one.staffNumber,
    name: one.name,
    org_id: one.orgId,
    password_hash: one.passwordHash,
    must_change_password: one.mustChangePassword,
    totp_secret_enc: one.totpSecret === null ? null : vault.seal(one.totpSecret),
    id_number_enc: vault.seal(normaliseIdNumber(one.idNumber)),
    id_hash: vault.hash(normaliseIdNumber(one.idNumber)),
    employer_unit_id: null,
  }))
  const posts = people.flatMap(({ staffId, orgId, posts: held }) =>
    held.map((post) => ({ staff_id: staffId, post, org_id: orgId, from_on: since, to_on: null, granted_by_case: null })),
  )
  await tx.insertInto('staff').values(staff).execute()
  await tx.insertInto('staff_post').values(posts).execute()
}

const bankAccountRow = (account: FirstBankAccount, vault: Vault): Insertable<BankAccountTable> => ({
  bank_account_id: bankAccountIdOf(account.ledgerCode, account.bankOrgId),
  org_id: account.centreOrgId,
  bank_org_id: account.bankOrgId,
  reporting_entity: account.reportingEntity,
  ledger_code: account.ledgerCode,
  number_enc: vault.seal(account.number),
  number_last4: maskAccount(account.number).slice(-4),
  name: account.name,
})

/**
 * Puts the founding on record, for each centre with its own people, so that its own auditors see it. Nobody of the house did it: what stands
 * there is under which account of which machine's command, and the digest of the file that was reviewed.
 */
export async function recordFounding(
  tx: Tx,
  { orgs, people, values }: NewHouse,
  given: { readonly operator: string; readonly fileDigest: string },
): Promise<void> {
  for (const centre of orgs.filter(({ kind }) => kind === 'CENTRE')) {
    const own = orgs.filter((org) => org.reporting_entity === centre.reporting_entity).map((org) => org.org_id)
    await appendAudit(tx, {
      stream: 'system',
      orgId: centre.org_id,
      actor: 'system',
      act: 'found',
      body: {
        ...given,
        orgs: own,
        people: people
          .filter(({ orgId }) => own.includes(orgId))
          .map(({ staffId, orgId, posts }) => ({ staff: staffId, org: orgId, posts })),
        values: values.length,
        years: calendarYears.map(({ year }) => year),
      },
    })
  }
}

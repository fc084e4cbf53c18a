import { sql, type Insertable } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import { addFen, fen, ZERO_FEN, type Fen } from '#contracts/money.ts'
import { policyAt, type PolicySnapshot } from '#policy/policy-at.ts'
import { publishedRows } from '#policy/published.ts'
import { arrangedCalendar } from '../calendar/years.ts'
import type { Db, Tx } from '../connect.ts'
import type { DelegationTable } from '../tables.ts'
import { normaliseIdNumber, type Vault } from '../vault.ts'
import { foundHouse } from '../write/founding.ts'
import { accountRows, contributorRows, entryRows, unitRows } from './contributors.ts'
import { drawCity, type City } from './draw.ts'
import { insertRows } from './insert.ts'
import { decidedOn, fieldOf, type SeededCase } from './seeded-case.ts'
import { openBooks } from './ledger.ts'
import { bankAccounts, orgRows } from './orgs.ts'
import { outsideWorld, type OutsideWorld, type RegisteredMortgage } from './outside.ts'
import { paymentRows, type PaymentRows } from './payments.ts'
import { DEMO_DAY } from './people.ts'
import { createRandom } from './random.ts'
import { firstPeople, SINCE } from './staff.ts'
import { writeCases } from './write-cases.ts'

export interface CityOptions {
  /** Generated contributors; the people of the stories come on top. */
  readonly contributors?: number
  readonly olderLoans?: number
  readonly openCases?: number
  /** What everybody's password hashes to; without it nobody can log in. */
  readonly passwordHash?: string
  readonly seed?: number
  readonly on?: PlainDate
  /** Called before the city becomes true, with everything that must be told elsewhere: when it throws, nothing has happened. */
  readonly beforeCommit?: (city: SeededCity) => Promise<void>
}

export interface DemoPerson {
  readonly staffNumber: string
  readonly name: string
  readonly orgName: string
  readonly posts: readonly string[]
  readonly totpSecret: string | null
}

export interface SeededCity {
  readonly people: readonly DemoPerson[]
  readonly outside: OutsideWorld
  readonly counts: Readonly<Record<'staff' | 'units' | 'contributors' | 'loans' | 'closedCases' | 'openCases', number>>
}

const FULL_SIZE = { contributors: 4_000, olderLoans: 3_900, openCases: 66, seed: 20_251_103, on: DEMO_DAY } as const

/**
 * Founds the demo city in one transaction: organisations, people, calendar, policy, contributors, books, and cases under way. The same
 * options give the same city, but for ciphertexts. The caller is the owner of the tables; every constraint and trigger applies to it too.
 */
export async function seedCity(db: Db, vault: Vault, options: CityOptions = {}): Promise<SeededCity> {
  const size = { ...FULL_SIZE, ...options }
  const random = createRandom(size.seed)
  const city = drawCity({ ...size, calendar: arrangedCalendar(), policyOn: policies() }, vault, random)
  const payments = paymentRows(city.openCases, vault, random.fork('payments'))
  const seeded = { people: demoPeopleOf(city), outside: outsideOf(city, payments, size.on), counts: countsOf(city) }
  await db.transaction().execute(async (tx) => {
    await settle(tx, city, vault, size)
    await openAccounts(tx, city, vault)
    await writeBooks(tx, city, payments)
    await writeCases(tx, city, vault, payments)
    await options.beforeCommit?.(seeded)
  })
  // Fresh tables have no statistics, and the first screens would be planned blind.
  await sql`analyze`.execute(db)
  return seeded
}

/** Policy of a day, made once for each day it is asked for. */
function policies(): (entity: 'xinxiang' | 'changyuan', on: PlainDate) => PolicySnapshot {
  const made = new Map<string, PolicySnapshot>()
  return (entity, on) => {
    const key = `${entity}@${on}`
    const found = made.get(key) ?? policyAt(publishedRows, entity, on)
    made.set(key, found)
    return found
  }
}

/** The house of the demo, as any other is founded, and what its people have brought about themselves before its first day. */
async function settle(tx: Tx, city: City, vault: Vault, { passwordHash = '!', on }: CityOptions & { on: PlainDate }): Promise<void> {
  const house = {
    clock: { mode: 'DEMO', date: on },
    values: publishedRows,
    orgs: orgRows(),
    people: firstPeople(city.officers, passwordHash),
    since: SINCE,
    bankAccounts: bankAccounts(),
  } as const
  await foundHouse(tx, house, vault)
  await insertRows(tx, 'delegation', delegationRows(city))
  await insertRows(
    tx,
    'staff_relative',
    city.relatives.map(({ officer, relation, idNumber }) => ({
      staff_id: officer.staffId,
      relation,
      id_hash: vault.hash(normaliseIdNumber(idNumber)),
    })),
  )
}

const delegationRows = ({ delegation: one }: City): Insertable<DelegationTable>[] =>
  one
    ? [
        {
          delegation_id: one.delegationId,
          from_staff_id: one.from.staffId,
          to_staff_id: one.to.staffId,
          post: one.post,
          from_on: one.fromOn,
          to_on: one.toOn,
          revoked_at: null,
        },
      ]
    : []

async function openAccounts(tx: Tx, city: City, vault: Vault): Promise<void> {
  await insertRows(tx, 'unit', unitRows(city.units))
  await insertRows(tx, 'contributor', contributorRows(city.contributors, vault))
  await insertRows(tx, 'personal_account', accountRows(city.contributors))
  await insertRows(tx, 'account_entry', entryRows(city.contributors))
  await insertRows(
    tx,
    'account_hold',
    city.holds.map(({ contributor, holdId, kind, amountFen, fromOn, toOn }) => ({
      hold_id: holdId,
      account_number: contributor.accountNumber,
      org_id: contributor.unit.branch.orgId,
      access_group_id: 'OPEN',
      kind,
      amount_fen: amountFen,
      from_on: fromOn,
      to_on: toOn,
      released_on: null,
    })),
  )
  await insertRows(
    tx,
    'ban',
    city.bans.map(({ contributor, banId, ban }) => ({
      ban_id: banId,
      id_hash: vault.hash(normaliseIdNumber(contributor.person.idNumber)),
      org_id: contributor.unit.branch.orgId,
      kind: 'BOTH',
      decision_number: ban.decisionNumber,
      from_on: ban.fromOn,
      to_on: ban.toOn,
    })),
  )
}

async function writeBooks(tx: Tx, city: City, { reservations }: PaymentRows): Promise<void> {
  const books = openBooks(city.contributors, city.loans, createRandom(city.seed).fork('vouchers'))
  const reservedOn = (code: string, sub: string): Fen =>
    reservations
      .filter((one) => one.state === 'HELD' && one.ledger_code === code && one.sub_account === sub)
      .reduce((sum, one) => addFen(sum, fen(one.amount_fen)), ZERO_FEN)
  await insertRows(tx, 'voucher', books.vouchers)
  await insertRows(tx, 'posting', books.postings)
  await insertRows(
    tx,
    'ledger_balance',
    books.balances.map((row) => ({ ...row, reserved_fen: reservedOn(row.ledger_code, row.sub_account) })),
  )
}

/** What the registry has of a case whose mortgage has been entered. */
function mortgageOf(kase: SeededCase): RegisteredMortgage[] {
  const [certificateNo, registeredOn] = [fieldOf(kase, 'secure', 'mortgageNumber'), decidedOn(kase, 'secure')]
  return certificateNo && registeredOn ? [{ certificateNo, registeredOn, family: kase.family, amountFen: fen(kase.assessment.amountFen) }] : []
}

const outsideOf = (city: City, { payments }: PaymentRows, on: PlainDate): OutsideWorld =>
  outsideWorld({
    contributors: city.contributors,
    families: [...city.families, ...city.openCases.map(({ family }) => family)],
    lateDishonest: city.openCases.filter(({ walked }) => walked.stage === 'RELEASE_HELD').map(({ family }) => family.borrower.person),
    mortgages: city.openCases.flatMap(mortgageOf),
    silentSerials: payments.filter((one) => one.state === 'UNKNOWN').map((one) => one.payment_id.toUpperCase()),
    on,
  })

function demoPeopleOf({ officers }: City): DemoPerson[] {
  const names = new Map(orgRows().map((org) => [org.org_id, org.name]))
  return officers.map(({ staffNumber, name, orgId, posts, totpSecret }) => ({
    staffNumber,
    name,
    orgName: names.get(orgId) ?? orgId,
    posts,
    totpSecret,
  }))
}

const countsOf = (city: City): SeededCity['counts'] => ({
  staff: city.officers.length,
  units: city.units.length,
  contributors: city.contributors.length,
  loans: city.loans.length,
  closedCases: city.closedCases.length,
  openCases: city.openCases.length,
})

import type { Insertable } from 'kysely'
import { addMonths, dateOf, monthOf, partsOf, plainDate, type PlainDate, type PlainMonth } from '#contracts/dates.ts'
import type { Sex } from '#contracts/identity.ts'
import { addFen, divideHalfUp, fen, ZERO_FEN, type Fen } from '#contracts/money.ts'
import type { AccountEntryTable, ContributorTable, PersonalAccountTable, UnitTable } from '../tables.ts'
import { normaliseIdNumber, type Vault } from '../vault.ts'
import { idNumbers, mobileOf, usccOf } from './identities.ts'
import { personNameOf, unitNameOf } from './names.ts'
import { BRANCHES, type Branch } from './orgs.ts'
import type { Random } from './random.ts'

export interface Person {
  readonly name: string
  readonly idNumber: string
  readonly bornOn: PlainDate
  readonly sex: Sex
  readonly mobile: string
}

export interface Unit {
  readonly unitId: string
  readonly unitNumber: string
  readonly uscc: string
  readonly name: string
  readonly branch: Branch
}

interface Entry {
  readonly bookedOn: PlainDate
  readonly kind: 'OPENING' | 'REMITTANCE' | 'INTEREST' | 'WITHDRAWAL'
  readonly month: PlainMonth | null
  readonly amountFen: Fen
}

export interface Contributor {
  readonly contributorId: string
  readonly person: Person
  readonly unit: Unit
  readonly accountNumber: string
  readonly state: 'NORMAL' | 'SEALED'
  readonly baseFen: Fen
  /** Paid by the unit and by the person each, whole percent. */
  readonly percent: number
  readonly monthlyFen: Fen
  readonly openedOn: PlainDate
  readonly paidThrough: PlainMonth
  /** Months paid without a gap up to `paidThrough`, as far as the entries reach. */
  readonly monthsPaid: number
  readonly entries: readonly Entry[]
  readonly balanceFen: Fen
}

/** What makes one account unlike another; everything else follows. */
export interface AccountPlan {
  readonly person: Person
  readonly baseFen: Fen
  readonly percent: number
  /** Months remitted, newest last. */
  readonly months: readonly PlainMonth[]
  readonly openingFen: Fen
  readonly openedOn: PlainDate
  readonly state: Contributor['state']
  readonly withdrawnFen: Fen
}

/** How far back single months are on record; what came before is one opening entry. */
const MONTHS_ON_RECORD = 14

/** So many units (缴存单位) of the city’s branches, by the draw. */
export function makeUnits(count: number, random: Random): Unit[] {
  return Array.from({ length: count }, (_, index) => {
    // The main branch serves twice as many as any other.
    const branch = BRANCHES[Math.max(0, (index % (BRANCHES.length + 1)) - 1)]
    if (!branch) throw new RangeError('no branch')
    const number = index + 1
    return {
      unitId: random.uuid(),
      unitNumber: `U${String(number).padStart(6, '0')}`,
      uscc: usccOf(number),
      name: unitNameOf(branch.district, number, random),
      branch,
    }
  })
}

/** Contributors with a working life behind them: most paid up, some sealed, some with a gap, some new. */
export function makeContributors(count: number, units: readonly Unit[], on: PlainDate, random: Random, firstNumber: number): Contributor[] {
  const idNumber = idNumbers(random)
  return Array.from({ length: count }, (_, index) => {
    const unit = units[index % units.length]
    if (!unit) throw new RangeError('no units')
    const sex = random.chance(50) ? 'MALE' : 'FEMALE'
    const bornOn = dateOf({ year: random.int(1977, 2001), month: random.int(1, 12), day: random.int(1, 28) })
    const person = { name: personNameOf(random), idNumber: idNumber(bornOn, sex), bornOn, sex, mobile: mobileOf(1000 + index) } as const
    return openAccount(planFor(person, on, random), unit, firstNumber + index, random)
  })
}

function planFor(person: Person, on: PlainDate, random: Random): AccountPlan {
  const through = monthsUpTo(on, MONTHS_ON_RECORD)
  const kind = random.int(1, 100)
  const [sealed, gap, fresh] = [kind <= 5, kind > 5 && kind <= 9, kind > 9 && kind <= 13]
  const percent = random.pick([5, 6, 8, 10, 12, 12])
  const baseFen = fen(BigInt(random.int(24, 160) * 100) * 100n)
  const monthly = monthlyOf(baseFen, percent)
  const yearsBefore = random.int(1, Math.min(20, Number(on.slice(0, 4)) - partsOf(person.bornOn).year - 23))
  const openingFen = fen(divideHalfUp(monthly * BigInt(yearsBefore * 12 * random.int(45, 95)), 100n))
  const months = fresh ? through.slice(-random.int(1, 5)) : sealed ? through.slice(0, -random.int(2, 10)) : through
  return {
    person,
    baseFen,
    percent,
    months: gap ? months.filter((_, index) => index !== months.length - random.int(3, 5)) : months,
    openingFen: fresh ? ZERO_FEN : openingFen,
    openedOn: fresh ? firstOf(months[0] ?? monthOf(on)) : addMonths(firstOf(through[0] ?? monthOf(on)), -12 * yearsBefore),
    state: sealed ? 'SEALED' : 'NORMAL',
    withdrawnFen: !fresh && random.chance(8) ? fen((openingFen / 200_000n) * 100_000n) : ZERO_FEN,
  }
}

/** The account of the same person with the newest `count` months only, as of one who has just begun. */
export function begunLately(one: Contributor, on: PlainDate, count: number, random: Random): Contributor {
  const months = monthsUpTo(on, count)
  const plan = { ...one, months, openingFen: ZERO_FEN, openedOn: firstOf(months[0] ?? monthOf(on)), withdrawnFen: ZERO_FEN }
  return { ...openAccount(plan, one.unit, 0, random), contributorId: one.contributorId, accountNumber: one.accountNumber }
}

/** The last `count` months that can have been remitted before a day: its own month is not yet due. */
export const monthsUpTo = (on: PlainDate, count: number): PlainMonth[] =>
  Array.from({ length: count }, (_, index) => monthOf(addMonths(firstOf(monthOf(on)), index - count)))

const firstOf = (month: PlainMonth): PlainDate => plainDate(`${month}-01`)

const monthlyOf = (baseFen: Fen, percent: number): Fen => fen(2n * divideHalfUp(baseFen * BigInt(percent), 100n))

/** The account a plan describes, entry by entry. */
export function openAccount(plan: AccountPlan, unit: Unit, number: number, random: Random): Contributor {
  const monthlyFen = monthlyOf(plan.baseFen, plan.percent)
  const day = 8 + (Number(unit.unitNumber.slice(1)) % 15)
  const first = plan.months[0]
  const remitted = plan.months.map((month): Entry => ({
    bookedOn: plainDate(`${month}-${String(day).padStart(2, '0')}`),
    kind: 'REMITTANCE',
    month,
    amountFen: monthlyFen,
  }))
  const opening: Entry[] =
    plan.openingFen > 0n && first ? [{ bookedOn: firstOf(first), kind: 'OPENING', month: null, amountFen: plan.openingFen }] : []
  const interest: Entry[] =
    plan.openingFen > 0n
      ? [{ bookedOn: plainDate('2025-06-30'), kind: 'INTEREST', month: null, amountFen: fen(divideHalfUp(plan.openingFen * 15n, 1000n)) }]
      : []
  const withdrawn: Entry[] =
    plan.withdrawnFen > 0n
      ? [{ bookedOn: plainDate('2025-04-16'), kind: 'WITHDRAWAL', month: null, amountFen: fen(-plan.withdrawnFen) }]
      : []
  const entries = [...opening, ...remitted, ...interest, ...withdrawn].sort((a, b) =>
    a.bookedOn < b.bookedOn ? -1 : a.bookedOn > b.bookedOn ? 1 : 0,
  )
  return {
    contributorId: random.uuid(),
    person: plan.person,
    unit,
    accountNumber: `4198${String(number).padStart(8, '0')}`,
    state: plan.state,
    baseFen: plan.baseFen,
    percent: plan.percent,
    monthlyFen,
    openedOn: plan.openedOn,
    paidThrough: plan.months.at(-1) ?? monthOf(plan.openedOn),
    monthsPaid: withoutGap(plan.months),
    entries,
    balanceFen: addFen(...entries.map((entry) => entry.amountFen)),
  }
}

function withoutGap(months: readonly PlainMonth[]): number {
  const newestFirst = [...months].reverse()
  const gap = newestFirst.findIndex((month, index) => index > 0 && monthOf(addMonths(firstOf(month), 1)) !== newestFirst[index - 1])
  return gap < 0 ? newestFirst.length : gap
}

/** The rows of the units. */
export const unitRows = (units: readonly Unit[]): Insertable<UnitTable>[] =>
  units.map(({ unitId, unitNumber, uscc, name, branch }) => ({
    unit_id: unitId,
    unit_number: unitNumber,
    uscc,
    name,
    org_id: branch.orgId,
  }))

/** The rows of the contributors, their numbers sealed. */
export const contributorRows = (contributors: readonly Contributor[], vault: Vault): Insertable<ContributorTable>[] =>
  contributors.map(({ contributorId, person, unit }) => ({
    contributor_id: contributorId,
    unit_id: unit.unitId,
    org_id: unit.branch.orgId,
    name: person.name,
    id_number_enc: vault.seal(person.idNumber),
    id_hash: vault.hash(normaliseIdNumber(person.idNumber)),
    id_last4: person.idNumber.slice(-4),
    phone_enc: vault.seal(person.mobile),
    born_on: person.bornOn,
    sex: person.sex,
    worker_category: isCadre(person) ? 'CADRE' : 'WORKER',
  }))

/** Of the women, every other one holds a post that retired at 55 before the reform; for men the word changes nothing. */
export const isCadre = (person: Person): boolean => Number(person.idNumber.slice(12, 14)) % 2 === 0

/** The rows of the personal accounts, with balances in fen that are the sums of their entries. */
export const accountRows = (contributors: readonly Contributor[]): Insertable<PersonalAccountTable>[] =>
  contributors.map((one) => ({
    account_number: one.accountNumber,
    contributor_id: one.contributorId,
    org_id: one.unit.branch.orgId,
    state: one.state,
    base_fen: one.baseFen,
    unit_percent: `${one.percent}.00`,
    own_percent: `${one.percent}.00`,
    balance_fen: one.balanceFen,
    opened_on: one.openedOn,
    paid_through: one.paidThrough,
  }))

/** Every entry of the personal accounts, month by month, in fen. */
export function entryRows(contributors: readonly Contributor[]): Insertable<AccountEntryTable>[] {
  return contributors.flatMap(({ accountNumber, unit, entries }) => {
    let balance = 0n
    return entries.map(({ bookedOn, kind, month, amountFen }, index) => {
      balance += amountFen
      return {
        account_number: accountNumber,
        seq: index + 1,
        org_id: unit.branch.orgId,
        booked_on: bookedOn,
        kind,
        month,
        amount_fen: amountFen,
        balance_fen: balance,
      }
    })
  })
}

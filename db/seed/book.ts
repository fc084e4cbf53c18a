import type { Insertable } from 'kysely'
import { addDays, addMonths, dayNumber, monthOf, monthsBetween, partsOf, plainDate, type PlainDate } from '#contracts/dates.ts'
import { divideHalfUp, fen, ZERO_FEN, type Fen } from '#contracts/money.ts'
import { equalInstalment } from '#rules/repayment/instalment.ts'
import { monthsInterest } from '#rules/repayment/interest.ts'
import type { Calendar } from '#rules/deadline/due-date.ts'
import type { LoanAccountTable } from '../tables.ts'
import { normaliseIdNumber, type Vault } from '../vault.ts'
import type { Person } from './contributors.ts'
import { BANKS, GUARANTORS, type Branch } from './orgs.ts'
import type { Random } from './random.ts'
import { workingDayBefore } from './walk.ts'

/** A loan of the older book. */
export interface BookLoan {
  readonly loanNumber: string
  readonly branch: Branch
  readonly borrower: Person
  readonly bankOrgId: string
  readonly guarantorOrgId: string | null
  readonly principalFen: Fen
  readonly balanceFen: Fen
  /** Principal of instalments due and unpaid: it stands in 12201, the rest of the balance in 12101. */
  readonly overdueFen: Fen
  readonly ratePercent: string
  readonly months: number
  readonly method: 'EQUAL_INSTALMENT' | 'EQUAL_PRINCIPAL'
  readonly disbursedOn: PlainDate
  readonly repaymentDay: number
  readonly state: 'NORMAL' | 'OVERDUE' | 'SETTLED'
  readonly settledOn: PlainDate | null
}

/** The release of the newest loans falls into the time whose policy is on record; those before are kept as balances only. */
export const RECENT_FROM = plainDate('2024-05-20')

export interface BookPlan {
  readonly borrower: Person
  readonly branch: Branch
  /** What was granted, for the newest loans, whose cases are on record; older ones are drawn. */
  readonly granted: Pick<BookLoan, 'principalFen' | 'months' | 'method' | 'bankOrgId' | 'guarantorOrgId' | 'repaymentDay'> | null
}

/**
 * Loans as they stand on a day. The plan of each is carried at today's rate from its first instalment: a book that is taken over comes with
 * balances, not with the rates of fifteen years.
 */
export function makeBook(plans: readonly BookPlan[], on: PlainDate, calendar: Calendar, random: Random): BookLoan[] {
  const released = plans
    .map((plan) => ({ plan, disbursedOn: releaseDay(plan, on, calendar, random) }))
    .sort((a, b) => (a.disbursedOn < b.disbursedOn ? -1 : 1))
  const sequences = new Map<string, number>()
  return released.map(({ plan, disbursedOn }) => {
    const series = `${plan.branch.entity === 'xinxiang' ? '新' : '长'}贷${disbursedOn.slice(0, 4)}`
    const sequence = (sequences.get(series) ?? 0) + 1
    sequences.set(series, sequence)
    return makeLoan(plan, disbursedOn, `${series}-${String(sequence).padStart(5, '0')}`, on, random)
  })
}

function releaseDay({ granted }: BookPlan, on: PlainDate, calendar: Calendar, random: Random): PlainDate {
  const [from, to] = granted ? [addDays(RECENT_FROM, 10), addDays(on, -6)] : [plainDate('2011-03-01'), addDays(RECENT_FROM, -1)]
  const day = addDays(from, random.int(0, dayNumber(to) - dayNumber(from)))
  return granted ? workingDayBefore(day, 0, calendar) : day
}

function makeLoan(plan: BookPlan, disbursedOn: PlainDate, loanNumber: string, on: PlainDate, random: Random): BookLoan {
  const granted = plan.granted ?? drawTerms(plan.branch, random)
  const { principalFen, months, method } = granted
  const ratePercent = rateOf(disbursedOn, months)
  const { repaymentDay } = granted
  const due = Math.max(0, monthsBetween(monthOf(disbursedOn), monthOf(on)) - (partsOf(on).day < repaymentDay ? 1 : 0))
  const paidOff = due >= months || (!plan.granted && random.chance(45))
  const missed = !paidOff && due > 6 && random.chance(2) ? random.int(1, 5) : 0
  const scheduled = balanceAfter(principalFen, ratePercent, months, method, Math.min(due, months))
  const balanceFen = paidOff ? ZERO_FEN : balanceAfter(principalFen, ratePercent, months, method, due - missed)
  const settledOn = paidOff ? addMonths(disbursedOn, Math.min(months, Math.max(13, random.int(13, Math.max(13, due)))), repaymentDay) : null
  return {
    loanNumber,
    branch: plan.branch,
    borrower: plan.borrower,
    ...granted,
    balanceFen,
    overdueFen: missed > 0 ? fen(balanceFen - scheduled) : ZERO_FEN,
    ratePercent,
    disbursedOn,
    state: paidOff ? 'SETTLED' : missed > 0 ? 'OVERDUE' : 'NORMAL',
    settledOn: settledOn !== null && settledOn > on ? addDays(on, -30) : settledOn,
  }
}

const drawTerms = ({ entity }: Branch, random: Random): NonNullable<BookPlan['granted']> => ({
  principalFen: fen(BigInt(random.int(80, 450)) * 100_000n),
  months: random.pick([60, 120, 180, 180, 240, 240, 300, 360]),
  method: random.chance(75) ? 'EQUAL_INSTALMENT' : 'EQUAL_PRINCIPAL',
  bankOrgId: random.pick(BANKS.filter((bank) => bank.entity === entity)).orgId,
  guarantorOrgId: random.chance(40) ? (GUARANTORS.find((one) => one.entity === entity)?.orgId ?? null) : null,
  repaymentDay: random.pick([10, 15, 18, 20, 25]),
})

/** First-home rates in force on the release; all of them were brought to those of 2024 on 1 January 2025. */
const rateOf = (disbursedOn: PlainDate, months: number): string =>
  disbursedOn >= '2025-05-08' ? (months <= 60 ? '2.10' : '2.60') : months <= 60 ? '2.35' : '2.85'

function balanceAfter(principalFen: Fen, ratePercent: string, months: number, method: BookLoan['method'], paid: number): Fen {
  if (method === 'EQUAL_PRINCIPAL') return fen(principalFen - divideHalfUp(principalFen * BigInt(paid), BigInt(months)))
  const instalment = equalInstalment(principalFen, ratePercent, months)
  let balance = principalFen
  for (let number = 1; number <= paid; number++) balance = fen(balance - (instalment - monthsInterest(balance, ratePercent, 1)))
  return fen(balance > 0n ? balance : 0n)
}

/**
 * Lends no more than the contributors have paid in: once an entity's loans reach the share of its deposits, the next are long repaid.
 * Small cities need this as much as large ones, or their bank accounts would open below zero.
 */
export function withinDeposits(
  loans: readonly BookLoan[],
  depositsFen: Readonly<Record<Branch['entity'], Fen>>,
  sharePercent: bigint,
): BookLoan[] {
  const lent = { xinxiang: 0n, changyuan: 0n }
  return [...loans].reverse().map((loan): BookLoan => {
    const { entity } = loan.branch
    const fits = (lent[entity] + loan.balanceFen) * 100n <= depositsFen[entity] * sharePercent
    if (fits) lent[entity] += loan.balanceFen
    return fits
      ? loan
      : {
          ...loan,
          balanceFen: ZERO_FEN,
          overdueFen: ZERO_FEN,
          state: 'SETTLED',
          settledOn: loan.settledOn ?? repaidEarly(loan.disbursedOn),
        }
  })
}

/** Thirteen months later, or at once where that lies ahead. */
function repaidEarly(disbursedOn: PlainDate): PlainDate {
  const later = addMonths(disbursedOn, 13)
  return later < '2025-10-01' ? later : disbursedOn
}

/** The rows of the loans that run in the city, with their balances as of the demo’s first day. */
export const loanAccountRows = (
  loans: readonly (BookLoan & { readonly caseId: string | null })[],
  vault: Vault,
): Insertable<LoanAccountTable>[] =>
  loans.map((loan) => ({
    loan_number: loan.loanNumber,
    case_id: loan.caseId,
    org_id: loan.branch.orgId,
    borrower_name: loan.borrower.name,
    borrower_id_hash: vault.hash(normaliseIdNumber(loan.borrower.idNumber)),
    bank_org_id: loan.bankOrgId,
    guarantor_org_id: loan.guarantorOrgId,
    principal_fen: loan.principalFen,
    balance_fen: loan.balanceFen,
    rate_percent: loan.ratePercent,
    months: loan.months,
    method: loan.method,
    disbursed_on: loan.disbursedOn,
    repayment_day: loan.repaymentDay,
    state: loan.state,
    settled_on: loan.settledOn,
  }))

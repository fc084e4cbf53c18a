import type { SandboxLoad, SandboxScript } from '#contracts/machine/sandbox.ts'
import { plainDate, type PlainDate } from '#contracts/dates.ts'
import { ZERO_FEN, type Fen } from '#contracts/money.ts'
import type { Contributor, Person } from './contributors.ts'
import type { Adult, Household } from './household.ts'
import { idNumberOf } from './identities.ts'
import { SCOPES } from '#policy/scopes.ts'
import { BANKS, GUARANTORS } from './orgs.ts'

/** The world outside as this city needs it: what the sources know, and who of them does not answer. */
export interface OutsideWorld {
  readonly load: SandboxLoad
  readonly scripts: readonly SandboxScript[]
}

export interface OutsideWish {
  readonly contributors: readonly Contributor[]
  readonly families: readonly Household[]
  /** Borrowers who were put on the list of dishonest debtors after their approval. */
  readonly lateDishonest: readonly Person[]
  /** Serials of payments that the bank keeps to itself until it is asked to release them. */
  readonly silentSerials: readonly string[]
  /** Mortgages that the registry has on its books for cases of this city, as their certificates say. */
  readonly mortgages: readonly RegisteredMortgage[]
  readonly on: PlainDate
}

export interface RegisteredMortgage {
  readonly certificateNo: string
  readonly family: Household
  readonly amountFen: Fen
  readonly registeredOn: PlainDate
}

/** The place in which each reporting entity counts homes. */
const PLACES = { xinxiang: '410700', changyuan: '410783' } as const

/** Every number that the city knows, the world knows too, and tells the same of it. */
export function outsideWorld(wish: OutsideWish): OutsideWorld {
  const { contributors, families } = wish
  const late = new Set(wish.lateDishonest.map((person) => person.idNumber))
  const members = families.flatMap((family) => membersOf(family, late, wish.on))
  return {
    load: {
      persons: [
        ...contributors.map(({ person }) => ({ idNumber: person.idNumber, name: person.name, credit: creditOf(person, 0) })),
        ...members,
      ],
      homes: families.flatMap(homesOf),
      filings: families.map((family) => filingOf(family, wish.on)),
      accounts: families.flatMap(accountsOf),
      institutions: GUARANTORS.map(({ orgId, name }) => ({
        institutionId: orgId,
        name,
        limitFen: '500000000000',
        validUntil: '2026-12-31',
      })),
      certificates: wish.mortgages.map(({ certificateNo, family, amountFen, registeredOn }) => ({
        certificateNo,
        homeNo: family.home.homeNumber,
        amountFen: text(amountFen),
        mortgagee: SCOPES[family.branch.entity].label,
        registeredOn,
        state: 'EFFECTIVE' as const,
      })),
    },
    scripts: [
      ...families
        .filter((family) => family.creditSilent)
        .flatMap((family) => [family.borrower, ...(family.spouse ? [family.spouse] : [])].map(silentCredit)),
      ...wish.silentSerials.map((serial): SandboxScript => ({
        service: 'bank',
        operation: '/payments/submit',
        match: serial,
        behaviour: { kind: 'late' },
      })),
    ],
  }
}

const silentCredit = ({ person }: Adult): SandboxScript => ({
  service: 'credit',
  match: person.idNumber,
  count: 10_000,
  behaviour: { kind: 'down' },
})

type LoadedPerson = NonNullable<SandboxLoad['persons']>[number]

function membersOf(family: Household, late: ReadonlySet<string>, on: PlainDate): LoadedPerson[] {
  const { borrower, spouse, children } = family
  const ref = ({ name, idNumber }: Person) => ({ name, idNumber })
  const adult = (one: Adult, other: Adult | null, borrows: boolean): LoadedPerson => ({
    ...ref(one.person),
    marriage: other ? { state: 'MARRIED', spouse: ref(other.person), since: '2012-10-18' } : { state: 'NO_RECORD' },
    children: children.map((child) => ({ ...ref(child), bornOn: child.bornOn })),
    credit: creditOf(one.person, one.overdueRunMonths),
    dishonestDebtor:
      one.dishonest || late.has(one.person.idNumber)
        ? { listed: true, court: '望禾区人民法院', orderNo: '（2025）望执1108号', listedOn: on }
        : { listed: false },
    fundLoans: borrows ? loansOf(family) : [],
  })
  return [
    adult(borrower, spouse, true),
    ...(spouse ? [adult(spouse, borrower, false)] : []),
    ...children.map((child): LoadedPerson => ({ ...ref(child), credit: null })),
  ]
}

const text = (amount: Fen): string => String(amount)

const loansOf = ({ earlierLoans, borrower }: Household): NonNullable<LoadedPerson['fundLoans']> =>
  earlierLoans.map((loan, index) => ({
    centre: loan.centre,
    contractNo: `JN${borrower.person.idNumber.slice(-6)}${index + 1}`,
    role: 'BORROWER',
    grantedOn: loan.grantedOn,
    amountFen: text(loan.amountFen),
    balanceFen: text(loan.balanceFen),
    settledOn: loan.settledOn,
    overdueInstalments: 0,
  }))

const creditOf = (person: Person, overdueRunMonths: number): LoadedPerson['credit'] => ({
  reportNo: `CR${person.idNumber.slice(4, 14)}${person.idNumber.slice(-4)}`,
  overdueMonthsIn24: overdueRunMonths,
  overdueMonthsIn60: overdueRunMonths,
  longestOverdueMonths: overdueRunMonths,
  currentOverdueFen: '0',
  openLoans: 0,
  openHousingLoans: 0,
  outstandingFen: text(ZERO_FEN),
  monthlyRepaymentFen: '0',
  guaranteedFen: '0',
})

/** Homes the family has already; and the seized one that is for sale. */
function homesOf({ homesInPlace, borrower, home, branch }: Household): NonNullable<SandboxLoad['homes']> {
  const common = { place: PLACES[branch.entity], use: 'RESIDENTIAL' as const, registeredOn: '2016-05-20', disposedOn: null }
  const own = Array.from({ length: homesInPlace }, (_, index) => ({
    ...common,
    homeNo: `${home.homeNumber}-O${index + 1}`,
    owners: [borrower.person.idNumber],
    address: `${branch.district}清溯路${index + 8}号`,
    areaSquareMetres: '96.5',
  }))
  if (!home.seized) return own
  const seller = idNumberOf('419899', plainDate('1970-01-01'), 499, 'MALE')
  const seizures = [{ court: '望禾区人民法院', orderNo: '（2025）望执保56号', rank: 1, seizedOn: '2025-09-15', endsOn: '2028-09-14' }]
  return [
    ...own,
    { ...common, homeNo: home.homeNumber, owners: [seller], address: home.address, areaSquareMetres: home.areaSquareMetres, seizures },
  ]
}

const filingOf = ({ home, borrower, spouse, branch }: Household, on: PlainDate): NonNullable<SandboxLoad['filings']>[number] => ({
  filingNo: home.filingNumber,
  homeNo: home.homeNumber,
  priceFen: text(home.filedPriceFen),
  filedOn: on < '2025-09-01' ? on : '2025-09-01',
  buyers: [borrower.person.idNumber, ...(spouse ? [spouse.person.idNumber] : [])],
  state: 'VALID',
  place: PLACES[branch.entity],
  project: 'NORMAL',
})

function accountsOf({ home, cardNumber, borrower, bankName }: Household): NonNullable<SandboxLoad['accounts']> {
  const open = { state: 'ACTIVE', debitAgreement: true } as const
  return [
    { accountNo: home.accountNumber, ownerName: home.sellerName, bankName: home.bankName, ...open },
    { accountNo: cardNumber, ownerName: borrower.person.name, bankName: bankName || (BANKS[0]?.name ?? ''), ...open },
  ]
}

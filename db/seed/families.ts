import { dateOf, partsOf, type PlainDate } from '#contracts/dates.ts'
import { fen, floorToStep, ZERO_FEN, type Fen } from '#contracts/money.ts'
import type { Contributor, Person } from './contributors.ts'
import type { Adult, Home, Household } from './household.ts'
import { cardOf, mobileOf } from './identities.ts'
import { childNameOf, personNameOf, premisesOf } from './names.ts'
import { BANKS, GUARANTORS, type Bank, type Branch } from './orgs.ts'
import type { Random } from './random.ts'

export interface FamilyWish {
  readonly branch: Branch
  readonly borrower: Person
  /** Null for somebody who has no account here any more. */
  readonly contributor: Contributor | null
  readonly idNumber: (bornOn: PlainDate, sex: Person['sex']) => string
  /** Distinguishes cards, filings and homes. */
  readonly sequence: number
  /** What is to be granted, when it is known already. */
  readonly amountFen?: Fen
  readonly months?: number
  readonly bankOrgId?: string
  readonly guarantorOrgId?: string | null
  /** How many there must be; otherwise there is one or none. */
  readonly children?: number
  readonly on: PlainDate
}

const yuan = (amount: number): Fen => fen(BigInt(amount) * 100n)

/** An ordinary family with an ordinary wish: it earns what the loan needs and has paid the down payment. */
export function makeFamily(wish: FamilyWish, random: Random): Household {
  const { branch, borrower, contributor } = wish
  const incomeFen = contributor?.baseFen ?? yuan(random.int(70, 150) * 100)
  const married = random.chance(70) || wish.children !== undefined
  const spouse = married ? makeSpouse(wish, random) : null
  const amountFen = wish.amountFen ?? affordable(incomeFen, spouse?.incomeFen ?? ZERO_FEN, random)
  const priceFen = floorToStep(fen((amountFen * BigInt(random.int(150, 260))) / 100n), yuan(1000))
  const bank = BANKS.find((one) => one.orgId === wish.bankOrgId) ?? random.pick(BANKS.filter((one) => one.entity === branch.entity))
  const guarantor = random.chance(40) ? (GUARANTORS.find((one) => one.entity === branch.entity)?.orgId ?? null) : null
  return {
    branch,
    borrower: adultOf(borrower, contributor?.unit.name ?? `${branch.district}自由职业`, incomeFen, contributor),
    spouse,
    children: Array.from({ length: wish.children ?? (married && random.chance(55) ? 1 : 0) }, () => makeChild(wish, random)),
    home: makeHome(branch, wish.sequence, priceFen, bank, random),
    homesInPlace: 0,
    earlierLoans: [],
    creditSilent: false,
    bankOrgId: bank.orgId,
    bankName: bank.name,
    guarantorOrgId: wish.guarantorOrgId === undefined ? guarantor : wish.guarantorOrgId,
    cardNumber: cardOf(wish.sequence),
    downPaymentFen: fen(priceFen - amountFen),
    amountFen,
    months: wish.months ?? random.pick([180, 240, 240]),
    method: random.chance(75) ? 'EQUAL_INSTALMENT' : 'EQUAL_PRINCIPAL',
    repaymentDay: random.pick([10, 15, 18, 20, 25]),
  }
}

/** What a household can carry over fifteen years, far below the limits of policy. */
function affordable(incomeFen: Fen, spouseIncomeFen: Fen, random: Random): Fen {
  const bearable = (incomeFen + spouseIncomeFen) * BigInt(random.int(38, 58))
  const most = yuan(400_000)
  return floorToStep(bearable > most ? fen(most - BigInt(random.int(0, 12)) * yuan(10_000)) : fen(bearable), yuan(1000))
}

const adultOf = (person: Person, employer: string, incomeFen: Fen, contributor: Contributor | null): Adult => ({
  person,
  employer,
  incomeFen,
  otherDebtFen: ZERO_FEN,
  contributor,
  dishonest: false,
  overdueRunMonths: 0,
  restricted: false,
  ban: null,
})

function makeSpouse({ borrower, branch, idNumber, sequence }: FamilyWish, random: Random): Adult {
  const sex = borrower.sex === 'MALE' ? 'FEMALE' : 'MALE'
  const bornOn = dateOf({ year: partsOf(borrower.bornOn).year + random.int(-2, 3), month: random.int(1, 12), day: random.int(1, 28) })
  const person: Person = { name: personNameOf(random), idNumber: idNumber(bornOn, sex), bornOn, sex, mobile: mobileOf(500_000 + sequence) }
  return adultOf(person, `${branch.district}个体经营`, yuan(random.int(35, 90) * 100), null)
}

function makeChild({ borrower, idNumber, on }: FamilyWish, random: Random): Person {
  const sex = random.chance(50) ? 'MALE' : 'FEMALE'
  const year = Math.min(partsOf(on).year - 1, Math.max(partsOf(on).year - 17, partsOf(borrower.bornOn).year + random.int(24, 32)))
  const bornOn = dateOf({ year, month: random.int(1, 12), day: random.int(1, 28) })
  return { name: childNameOf(borrower.name, random), idNumber: idNumber(bornOn, sex), bornOn, sex, mobile: '' }
}

function makeHome(branch: Branch, sequence: number, priceFen: Fen, bank: Bank, random: Random): Home {
  const { address, estate } = premisesOf(branch.district, random)
  const isNew = random.chance(65)
  const series = String(sequence).padStart(6, '0')
  return {
    kind: isNew ? 'NEW' : 'RESALE',
    filingNumber: `WQ-${branch.entity === 'xinxiang' ? 'A' : 'B'}-${series}`,
    homeNumber: `419800-GB${series}-F${String(random.int(1, 9999)).padStart(4, '0')}`,
    address,
    priceFen,
    filedPriceFen: priceFen,
    areaSquareMetres: `${random.int(78, 142)}.${random.int(10, 99)}`,
    builtYear: isNew ? null : random.int(2005, 2020),
    sellerName: isNew ? `${estate.slice(0, 2)}置业有限公司` : personNameOf(random),
    accountNumber: `9998088${String(sequence).padStart(9, '0')}`,
    bankName: bank.name,
    seized: false,
  }
}

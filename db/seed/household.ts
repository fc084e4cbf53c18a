import type { Insertable } from 'kysely'
import { ageOn, type PlainDate } from '#contracts/dates.ts'
import type { LoanFacts, PersonFacts } from '#contracts/loan-facts.ts'
import type { LoanApplication } from '#contracts/loan.ts'
import { ZERO_FEN, type Fen } from '#contracts/money.ts'
import type { CasePartyTable } from '../tables.ts'
import { normaliseIdNumber, type Vault } from '../vault.ts'
import { isCadre, type Contributor, type Person } from './contributors.ts'
import type { Branch } from './orgs.ts'

/** A grown-up of the family: what they say at the counter, and what the sources will say of them. */
export interface Adult {
  readonly person: Person
  readonly employer: string
  readonly incomeFen: Fen
  readonly otherDebtFen: Fen
  /** Their account here; null for who never contributed. */
  readonly contributor: Contributor | null
  readonly dishonest: boolean
  /** Longest run of instalments in arrears in the credit report. */
  readonly overdueRunMonths: number
  /** The account is under a hold of whatever kind. */
  readonly restricted: boolean
  /** Barred from borrowing (骗提骗贷). */
  readonly ban: Ban | null
}

export interface Ban {
  readonly fromOn: PlainDate
  readonly toOn: PlainDate
  readonly decisionNumber: string
}

export interface Home {
  readonly kind: 'NEW' | 'RESALE'
  readonly filingNumber: string
  readonly homeNumber: string
  readonly address: string
  /** On the paper contract; what is filed may be another figure. */
  readonly priceFen: Fen
  readonly filedPriceFen: Fen
  readonly areaSquareMetres: string
  readonly builtYear: number | null
  readonly sellerName: string
  readonly accountNumber: string
  readonly bankName: string
  readonly seized: boolean
}

export interface EarlierLoan {
  readonly centre: string
  readonly grantedOn: PlainDate
  readonly amountFen: Fen
  readonly balanceFen: Fen
  readonly settledOn: PlainDate | null
}

/** A family that wants a loan: the one truth from which application, record and outside world are told. */
export interface Household {
  readonly branch: Branch
  readonly borrower: Adult
  readonly spouse: Adult | null
  readonly children: readonly Person[]
  readonly home: Home
  readonly homesInPlace: number
  readonly earlierLoans: readonly EarlierLoan[]
  /** The credit bureau does not answer about them. */
  readonly creditSilent: boolean
  readonly bankOrgId: string
  readonly bankName: string
  readonly guarantorOrgId: string | null
  readonly cardNumber: string
  readonly downPaymentFen: Fen
  readonly amountFen: Fen
  readonly months: number
  readonly method: LoanApplication['method']
  /** Day of the month. */
  readonly repaymentDay: number
}

/** What the counter would enter for them. */
export function applicationOf(family: Household): LoanApplication {
  const { home, guarantorOrgId } = family
  return {
    maritalStatus: family.spouse ? 'MARRIED' : 'SINGLE',
    borrower: applicantOf(family.borrower),
    spouse: family.spouse ? applicantOf(family.spouse) : null,
    children: family.children.map(({ name, idNumber }) => ({ name, idNumber })),
    coBorrowers: [],
    home: {
      kind: home.kind,
      use: 'OWN_OCCUPIED',
      filingNumber: home.filingNumber,
      homeNumber: home.homeNumber,
      place: family.branch.entity === 'xinxiang' ? '410700' : '410783',
      address: home.address,
      contractPriceFen: home.priceFen,
      areaSquareMetres: home.areaSquareMetres,
      builtYear: home.builtYear,
      sellerName: home.sellerName,
      receivingAccount: {
        kind: receivingKind(home),
        bankName: home.bankName,
        accountNumber: home.accountNumber,
        ownerName: home.sellerName,
      },
    },
    downPaymentPaidFen: family.downPaymentFen,
    withdrawnForHomeFen: ZERO_FEN,
    entrustedBankId: family.bankOrgId,
    guarantee: guarantorOrgId ? { kind: 'SURETY', institutionId: guarantorOrgId } : { kind: 'MORTGAGE', institutionId: null },
    amountFen: family.amountFen,
    months: family.months,
    method: family.method,
    repaymentDay: family.repaymentDay,
    repaymentCard: { bankName: family.bankName, number: family.cardNumber, ownerName: family.borrower.person.name },
  }
}

const receivingKind = (home: Home): 'SUPERVISION' | 'ESCROW' => (home.kind === 'NEW' ? 'SUPERVISION' : 'ESCROW')

const applicantOf = ({ person, employer, incomeFen, otherDebtFen }: Adult): LoanApplication['borrower'] => ({
  name: person.name,
  idNumber: person.idNumber,
  mobile: person.mobile,
  employer,
  retirementCategory: retirementOf(person),
  talentClass: null,
  monthlyIncomeFen: incomeFen,
  otherMonthlyDebtFen: otherDebtFen,
})

const retirementOf = (person: Person): PersonFacts['retirementCategory'] =>
  person.sex === 'MALE' ? 'MALE_60' : isCadre(person) ? 'FEMALE_55' : 'FEMALE_50'

/** What every source would answer about them on a day: the facts that the rules look at. */
export function factsOf(family: Household, on: PlainDate): LoanFacts {
  const known = <T>(source: string, value: T) => ({ state: 'KNOWN' as const, source, value })
  const { home, earlierLoans } = family
  return {
    borrower: personFacts(family.borrower, family.creditSilent),
    spouse: family.spouse ? personFacts(family.spouse, family.creditSilent) : null,
    coBorrowers: [],
    family: known('民政部门', {
      maritalStatus: family.spouse ? 'MARRIED' : 'SINGLE',
      minorChildren: family.children.filter((child) => ageOn(child.bornOn, on) < 18).length,
      registered: family.spouse ? { state: 'MARRIED', spouseDeclared: true } : { state: 'NO_RECORD', spouseDeclared: false },
    }),
    homesInPlace: known('不动产登记机构', family.homesInPlace),
    homesByHousingDepartment: known('住房保障部门', family.branch.entity === 'changyuan' ? family.homesInPlace : null),
    fundLoans: known('全国住房公积金贷款查询', {
      used: earlierLoans.length,
      outstanding: earlierLoans.filter((loan) => loan.settledOn === null).length,
    }),
    home: {
      kind: home.kind,
      use: 'OWN_OCCUPIED',
      inPlace: true,
      contractPriceFen: home.priceFen,
      areaSquareMetres: home.areaSquareMetres,
      builtYear: home.builtYear,
      filing: known('不动产登记机构', { priceFen: home.filedPriceFen, valid: true, buyersMatch: true, homeMatches: true }),
      seized: known('不动产登记机构', home.seized),
      otherMortgages: 0,
      projectSuspended: false,
      receivingAccount: receivingKind(home),
      downPaymentPaidFen: family.downPaymentFen,
      withdrawnFen: ZERO_FEN,
      otherOpenApplications: 0,
    },
    applied: {
      amountFen: family.amountFen,
      months: family.months,
      method: family.method,
      guarantee: family.guarantorOrgId ? 'SURETY' : 'MORTGAGE',
    },
  }
}

function personFacts(adult: Adult, creditSilent: boolean): PersonFacts {
  const { person, contributor } = adult
  const known = <T>(source: string, value: T) => ({ state: 'KNOWN' as const, source, value })
  const silent = { state: 'UNAVAILABLE' as const, source: '人民银行征信中心', cause: '多次请求未获应答' }
  return {
    bornOn: person.bornOn,
    sex: person.sex,
    retirementCategory: retirementOf(person),
    identity: known('公安机关', { matched: true, alive: true }),
    contribution: known('本中心', {
      status: contributor?.state ?? 'NONE',
      membership: 'EMPLOYEE',
      place: 'LOCAL',
      monthsContinuous: contributor?.state === 'NORMAL' ? contributor.monthsPaid : 0,
      baseFen: contributor?.baseFen ?? ZERO_FEN,
      monthlyFen: contributor?.monthlyFen ?? ZERO_FEN,
      balanceFen: contributor?.balanceFen ?? ZERO_FEN,
    }),
    credit: creditSilent
      ? silent
      : known('人民银行征信中心', {
          overdueNowFen: ZERO_FEN,
          overdueRunMonths: adult.overdueRunMonths,
          overdueTimes24Months: adult.overdueRunMonths,
          monthlyRepaymentFen: ZERO_FEN,
        }),
    dishonestDebtor: creditSilent ? silent : known('失信被执行人名单', adult.dishonest),
    talentClass: known('人才部门', null),
    bans: bansOf(adult),
    accountRestricted: adult.restricted,
    monthlyIncomeFen: adult.incomeFen,
    otherMonthlyDebtFen: adult.otherDebtFen,
  }
}

/** On file such a ban is of both kinds. */
function bansOf({ ban }: Adult): PersonFacts['bans'] {
  if (!ban) return []
  const { toOn: until, decisionNumber } = ban
  return [
    { kind: 'WITHDRAWAL_FRAUD', until, decisionNumber },
    { kind: 'LOAN_FRAUD', until, decisionNumber },
  ]
}

/** The people of a case. */
export function partyRows(caseId: string, family: Household, vault: Vault): Insertable<CasePartyTable>[] {
  const { borrower, spouse, children, branch } = family
  const people = [
    { role: 'BORROWER' as const, person: borrower.person, employer: borrower.employer },
    ...(spouse ? [{ role: 'SPOUSE' as const, person: spouse.person, employer: spouse.employer }] : []),
    ...children.map((person) => ({ role: 'CHILD' as const, person, employer: null })),
  ]
  const common = { case_id: caseId, org_id: branch.orgId, access_group_id: 'OPEN' }
  return people.map(({ role, person, employer }, index) => ({
    ...common,
    party_no: index + 1,
    role,
    name: person.name,
    id_number_enc: vault.seal(person.idNumber),
    id_hash: vault.hash(normaliseIdNumber(person.idNumber)),
    id_last4: person.idNumber.slice(-4),
    phone_enc: role === 'CHILD' ? null : vault.seal(person.mobile),
    born_on: person.bornOn,
    sex: person.sex,
    unit_name: employer,
  }))
}

import { ageOn, daysBetween, monthOf, monthsBetween, type PlainDate } from '#contracts/dates.ts'
import type { LoanApplication } from '#contracts/loan.ts'
import type { External, LoanFacts, PersonFacts } from '#contracts/loan-facts.ts'
import { fen, maxFen, minFen } from '#contracts/money.ts'
import { checkIdNumber } from '#contracts/identity.ts'
import type { Db } from '#db/connect.ts'
import { otherOpenApplications, readPersonOnBooks, type PersonOnBooks } from '#db/read/household.ts'
import { normaliseIdNumber, type Vault } from '#db/vault.ts'
import { Bug } from '../bug.ts'
import type { Ports } from '../ports/ports.ts'
import { lockKeysOf } from './locks.ts'
import { allKnown, askOutside, mapKnown, type SourceReply } from './outside.ts'

type Applicant = LoanApplication['borrower']

export interface Gathering {
  readonly db: Db
  readonly ports: Ports
  readonly vault: Vault
  readonly application: LoanApplication
  readonly entity: string
  readonly today: PlainDate
  /** The signed authorisation to query, by the number it is filed under. */
  readonly authorisationRef: string
  readonly ownCaseId?: string
}

/** Division code of the purchase place each reporting entity counts homes in. */
const PLACES: Record<string, string> = { xinxiang: '410700', changyuan: '410783' }
const OWN_BOOKS = '本中心业务系统'
/** Contributions count as current while the last paid month is not older than this. */
const MONTHS_BEHIND_MAX = 2
const ADULT_YEARS = 18

/**
 * Finds out everything the loan rules look at: our own books and every source outside, asked at once. A source that does not answer is
 * recorded as such. The case and the counter's pre-check call this same function.
 */
export async function gatherFacts(gathering: Gathering): Promise<{ facts: LoanFacts; replies: SourceReply[] }> {
  const { application, today, authorisationRef } = gathering
  const outside = askOutside(gathering.ports, { businessDate: today, authorisationRef })
  const ref = ({ name, idNumber }: { name: string; idNumber: string }) => ({ name, idNumber: normaliseIdNumber(idNumber) })
  const adults = [application.borrower, ...(application.spouse ? [application.spouse] : []), ...application.coBorrowers]
  const family = [application.borrower, ...(application.spouse ? [application.spouse] : []), ...application.children].map(ref)

  const [persons, marriage, children, homes, filing, encumbrances, loans] = await Promise.all([
    Promise.all(adults.map((adult) => gatherPerson(gathering, outside, adult))),
    outside.marriage(ref(application.borrower)),
    Promise.all(family.slice(0, application.spouse ? 2 : 1).map((person) => outside.children(person))),
    outside.homes(PLACES[gathering.entity] ?? '', family),
    outside.filing(application.home.filingNumber),
    outside.encumbrances(application.home.homeNumber),
    Promise.all(family.slice(0, application.spouse ? 2 : 1).map((person) => outside.fundLoans(person))),
  ])

  const books = persons.slice(0, application.spouse ? 2 : 1).map((person) => person.books)
  const [borrower, ...others] = persons.map((person) => person.facts)
  if (!borrower) throw new Bug('an application has a borrower')
  const facts: LoanFacts = {
    borrower,
    spouse: application.spouse ? (others[0] ?? null) : null,
    coBorrowers: application.spouse ? others.slice(1) : others,
    family: familyFact(application, marriage, allKnown(children, '出生与收养登记'), today),
    homesInPlace: mapKnown(homes, ({ homes: found }) => found.filter((home) => countsAsHome(home, application)).length),
    homesByHousingDepartment: { state: 'KNOWN', source: '住房保障部门', value: null },
    fundLoans: fundLoansFact(allKnown(loans, '全国公积金贷款共享平台'), books),
    home: {
      kind: application.home.kind,
      use: application.home.use,
      inPlace: true,
      contractPriceFen: application.home.contractPriceFen,
      areaSquareMetres: application.home.areaSquareMetres,
      builtYear: application.home.builtYear,
      filing: mapKnown(filing, (found) =>
        found.state === 'NOT_FOUND'
          ? null
          : {
              priceFen: found.filing.priceFen,
              valid: found.filing.state === 'VALID',
              buyersMatch: found.filing.buyers.some((buyer) => family.some((person) => person.idNumber === normaliseIdNumber(buyer))),
            },
      ),
      seized: mapKnown(encumbrances, ({ seizures }) => seizures.length > 0),
      projectSuspended: false,
      receivingAccount: application.home.receivingAccount.kind,
      downPaymentPaidFen: application.downPaymentPaidFen,
      withdrawnFen: application.withdrawnForHomeFen,
      otherOpenApplications: await otherOpenApplications(gathering.db, lockKeysOf(gathering.vault, application), gathering.ownCaseId),
    },
    applied: {
      amountFen: application.amountFen,
      months: application.months,
      method: application.method,
      guarantee: application.guarantee.kind,
    },
  }
  return { facts, replies: repliesOf(facts, authorisationRef) }
}

async function gatherPerson(
  gathering: Gathering,
  outside: ReturnType<typeof askOutside>,
  adult: Applicant,
): Promise<{ facts: PersonFacts; books: PersonOnBooks }> {
  const person = { name: adult.name, idNumber: normaliseIdNumber(adult.idNumber) }
  const [books, identity, death, credit] = await Promise.all([
    readPersonOnBooks(gathering.db, gathering.vault.hash(person.idNumber), gathering.today),
    outside.identity(person),
    outside.death(person),
    outside.credit(person),
  ])
  const checked = checkIdNumber(person.idNumber)
  if (!checked.ok) throw new Bug('an accepted application has valid identity numbers')
  const debtOnCredit =
    credit.state === 'KNOWN' && credit.value.credit.state === 'FOUND' ? credit.value.credit.report.monthlyRepaymentFen : fen(0n)
  const facts: PersonFacts = {
    bornOn: checked.bornOn,
    sex: checked.sex,
    retirementCategory: adult.retirementCategory,
    identity:
      identity.state === 'KNOWN'
        ? mapKnown(death, (told) => ({ matched: identity.value.match === 'MATCH', alive: told.death.state !== 'DECEASED' }))
        : identity,
    contribution: { state: 'KNOWN', source: OWN_BOOKS, value: contributionOf(books, gathering.today) },
    credit: mapKnown(credit, ({ credit: file }) =>
      file.state === 'NO_RECORD'
        ? { overdueNowFen: fen(0n), overdueRunMonths: 0, overdueTimes24Months: 0 }
        : {
            overdueNowFen: file.report.currentOverdueFen,
            overdueRunMonths: file.report.longestOverdueMonths,
            overdueTimes24Months: file.report.overdueMonthsIn24,
          },
    ),
    dishonestDebtor: mapKnown(credit, ({ dishonestDebtor }) => dishonestDebtor.listed),
    talentClass: { state: 'KNOWN', source: '人才主管部门认定材料', value: adult.talentClass },
    bans: books.bans.flatMap(({ kind, until, decisionNumber }) =>
      (kind === 'BOTH'
        ? (['WITHDRAWAL_FRAUD', 'LOAN_FRAUD'] as const)
        : [kind === 'LOAN' ? ('LOAN_FRAUD' as const) : ('WITHDRAWAL_FRAUD' as const)]
      ).map((word) => ({ kind: word, until, decisionNumber })),
    ),
    accountRestricted: books.restricted,
    // Income is counted no higher than what contributions are paid on; debts no lower than what the bureau knows.
    monthlyIncomeFen: books.account ? minFen(adult.monthlyIncomeFen, fen(books.account.baseFen)) : adult.monthlyIncomeFen,
    otherMonthlyDebtFen: maxFen(adult.otherMonthlyDebtFen, debtOnCredit),
  }
  return { facts, books }
}

function contributionOf({ account }: PersonOnBooks, today: PlainDate) {
  const base = { membership: 'EMPLOYEE', place: 'LOCAL' } as const
  if (!account || account.state === 'CLOSED') {
    return { ...base, status: 'NONE' as const, monthsContinuous: 0, baseFen: fen(0n), monthlyFen: fen(0n), balanceFen: fen(0n) }
  }
  const current = monthsBetween(account.paidThrough, monthOf(today)) <= MONTHS_BEHIND_MAX
  return {
    ...base,
    status: account.state === 'SEALED' ? ('SEALED' as const) : ('NORMAL' as const),
    monthsContinuous: current ? account.monthsContinuous : 0,
    baseFen: fen(account.baseFen),
    monthlyFen: fen(account.monthlyFen),
    balanceFen: fen(account.balanceFen),
  }
}

type Marriage = Awaited<ReturnType<ReturnType<typeof askOutside>['marriage']>>
type Children = External<readonly { readonly children: readonly { readonly idNumber: string; readonly bornOn: PlainDate }[] }[]>

/** The register and the form must agree on whether there is a spouse; where they do not, a person looks at it. */
function familyFact(application: LoanApplication, marriage: Marriage, children: Children, today: PlainDate): LoanFacts['family'] {
  if (marriage.state === 'UNAVAILABLE') return marriage
  if (children.state === 'UNAVAILABLE') return children
  const registered = marriage.value.marriage.state
  if ((registered === 'MARRIED') !== (application.maritalStatus === 'MARRIED')) {
    return { state: 'UNAVAILABLE', source: marriage.source, cause: '婚姻登记与申报不一致' }
  }
  const minors = new Map(children.value.flatMap(({ children: found }) => found).map((child) => [child.idNumber, child.bornOn]))
  const minorChildren = [...minors.values()].filter(
    (bornOn) => daysBetween(bornOn, today) >= 0 && ageOn(bornOn, today) < ADULT_YEARS,
  ).length
  return { state: 'KNOWN', source: marriage.source, value: { maritalStatus: application.maritalStatus, minorChildren } }
}

interface Home {
  readonly homeNo: string
  readonly use: string
  readonly disposedOn: PlainDate | null
}

/** Rural homesteads and collective land do not count, nor does a home that was sold, nor the one that is being bought. */
const countsAsHome = (home: Home, application: LoanApplication): boolean =>
  home.use === 'RESIDENTIAL' && home.disposedOn === null && home.homeNo !== application.home.homeNumber

type Loans = External<
  readonly {
    readonly loans: readonly { readonly contractNo: string; readonly settledOn: PlainDate | null }[]
    readonly silentCentres: readonly string[]
  }[]
>

/** A history with a silent centre is not complete, and an incomplete history is no history. */
function fundLoansFact(loans: Loans, books: readonly PersonOnBooks[]): LoanFacts['fundLoans'] {
  if (loans.state === 'UNAVAILABLE') return loans
  if (loans.value.some(({ silentCentres }) => silentCentres.length > 0)) {
    return { state: 'UNAVAILABLE', source: loans.source, cause: '有中心未答复，记录不完整' }
  }
  const elsewhere = new Map(loans.value.flatMap((told) => told.loans).map((loan) => [loan.contractNo, loan.settledOn]))
  const used = elsewhere.size + books.reduce((sum, book) => sum + book.loansUsed, 0)
  const outstanding =
    [...elsewhere.values()].filter((settledOn) => settledOn === null).length + books.reduce((sum, book) => sum + book.loansOutstanding, 0)
  return { state: 'KNOWN', source: loans.source, value: { used, outstanding } }
}

/** What is kept of each source's answer. */
function repliesOf(facts: LoanFacts, authorisation: string): SourceReply[] {
  const reply = (source: string, fact: External<unknown>, matched: boolean, summary: string): SourceReply => ({
    source,
    authorisation,
    outcome: fact.state === 'UNAVAILABLE' ? 'UNAVAILABLE' : matched ? 'MATCHED' : 'MISMATCHED',
    content: { summary: fact.state === 'UNAVAILABLE' ? `${fact.source}：${fact.cause}` : summary },
  })
  const { borrower, family, homesInPlace, fundLoans, home } = facts
  const value = <T>(fact: External<T>): T | undefined => (fact.state === 'KNOWN' ? fact.value : undefined)
  const filing = value(home.filing)
  return [
    reply('CIVIL', family, true, `婚姻状况一致；未成年子女${value(family)?.minorChildren ?? 0}名`),
    reply(
      'IDENTITY',
      borrower.identity,
      value(borrower.identity)?.matched === true,
      value(borrower.identity)?.matched ? '姓名与证件号一致' : '姓名与证件号不一致',
    ),
    reply('REGISTRY_HOMES', homesInPlace, true, `购房地住房${value(homesInPlace) ?? 0}套`),
    reply(
      'REGISTRY_FILING',
      home.filing,
      filing !== undefined && filing !== null && filing.valid && filing.buyersMatch && filing.priceFen === home.contractPriceFen,
      !filing ? '查无备案' : filing.priceFen === home.contractPriceFen ? '备案有效，价格一致' : '备案价格与合同不一致',
    ),
    reply('REGISTRY_SEIZURE', home.seized, value(home.seized) === false, value(home.seized) ? '存在查封' : '无查封'),
    reply(
      'CREDIT',
      borrower.credit,
      (value(borrower.credit)?.overdueNowFen ?? 0n) === 0n,
      `近24个月逾期${value(borrower.credit)?.overdueTimes24Months ?? 0}次`,
    ),
    reply('CITIES', fundLoans, true, `全国使用${value(fundLoans)?.used ?? 0}次，未结清${value(fundLoans)?.outstanding ?? 0}笔`),
  ]
}

import { monthOf, monthsBetween, type PlainDate } from '#contracts/dates.ts'
import { isMinor, type LoanApplication } from '#contracts/loan.ts'
import type { External, LoanFacts, PersonFacts } from '#contracts/loan-facts.ts'
import { addFen, fen, maxFen, type Fen } from '#contracts/money.ts'
import { checkIdNumber } from '#contracts/identity.ts'
import type { Db } from '#db/connect.ts'
import { otherOpenApplications, readPersonOnBooks, readWithdrawalsForHome, type PersonOnBooks } from '#db/read/household.ts'
import { normaliseIdNumber, type Vault } from '#db/vault.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { ENTITIES, SCOPES } from '#policy/scopes.ts'
import { CREDIT_BUREAU } from '#rules/loan/pre-check.ts'
import { Bug } from '../bug.ts'
import type { Ports } from '../ports/ports.ts'
import { coupleOf, owingOf } from './application.ts'
import { homeFacts } from './home-facts.ts'
import { homeKeyOf, lockKeysOf } from './locks.ts'
import { allKnown, askOutside, mapKnown, type SourceReply } from './outside.ts'
import { repliesOf } from './replies.ts'

type Applicant = LoanApplication['borrower']

export type CreditAuthorisation = { readonly reference: string } | { readonly because: string }

export interface Gathering {
  readonly db: Db
  readonly ports: Ports
  readonly vault: Vault
  readonly application: LoanApplication
  readonly entity: string
  readonly today: PlainDate
  /** On whose behalf the registers are asked: the case, or the counter's pre-check. */
  readonly authorisationRef: string
  /** The signed authorisation to ask the credit bureau, by the document it is filed as; or why there is none, and it is not asked. */
  readonly creditAuthorisation: CreditAuthorisation
  readonly ownCaseId?: string
  /** Rules the case: which registers of homes are asked is its word. */
  readonly policy: PolicySnapshot
  /** The day on which the form was entered; before there is a case, today. */
  readonly appliedOn: PlainDate
}

/** Division code of the purchase place each reporting entity counts homes in. */
const PLACES: Record<string, string> = { xinxiang: '410700', changyuan: '410783' }
const OWN_BOOKS = '本中心业务系统'

/**
 * Finds out everything the loan rules look at: our own books and every source outside, asked at once. A source that does not answer is
 * recorded as such. The case and the counter's pre-check call this same function.
 */
export async function gatherFacts(gathering: Gathering): Promise<{ facts: LoanFacts; replies: SourceReply[] }> {
  const { application, today, authorisationRef } = gathering
  const outside = askOutside(gathering.ports, { businessDate: today, authorisationRef })
  const bureau = bureauOn(gathering)
  const ref = ({ name, idNumber }: { name: string; idNumber: string }) => ({ name, idNumber: normaliseIdNumber(idNumber) })
  const couple = coupleOf(application).map(ref)
  // Whose homes count hangs on which children there are.
  const childrenTold = Promise.all(couple.map((person) => outside.children(person))).then((told) => allKnown(told, '出生与收养登记'))
  const familyTold = childrenTold.then((told) => [...couple, ...minorsOf(gathering, told)])

  const place = PLACES[gathering.entity] ?? ''
  const asksHousingDepartment = gathering.policy.values.homeCounting.value === 'REGISTRY_AND_HOUSING_DEPARTMENT'
  const [persons, marriage, children, homes, allotted, filing, encumbrances, loans, withdrawnFen] = await Promise.all([
    Promise.all(owingOf(application).map((adult) => gatherPerson(gathering, { outside, bureau }, adult))),
    outside.marriage(ref(application.borrower)),
    childrenTold,
    familyTold.then((family) => outside.homes(place, family)),
    asksHousingDepartment ? familyTold.then((family) => outside.allottedHomes(place, family)) : undefined,
    outside.filing(application.home.filingNumber),
    outside.encumbrances(application.home.homeNumber),
    Promise.all(couple.map((person) => outside.fundLoans(person))),
    withdrawnForHome(gathering),
  ])

  const books = persons.slice(0, couple.length).map((person) => person.books)
  const [borrower, ...others] = persons.map((person) => person.facts)
  if (!borrower) throw new Bug('an application has a borrower')
  const facts: LoanFacts = {
    borrower,
    spouse: application.spouse ? (others[0] ?? null) : null,
    coBorrowers: application.spouse ? others.slice(1) : others,
    family: familyFact(application, marriage, children, gathering.policy.date),
    homesInPlace: mapKnown(homes, ({ homes: found }) => found.filter((home) => countsAsHome(home, gathering)).length),
    homesByHousingDepartment: allotted
      ? mapKnown(allotted, ({ homes: found }) => found.filter((home) => isHeld(home, application)).length)
      : { state: 'KNOWN', source: '住房保障部门', value: null },
    fundLoans: fundLoansFact(allKnown(loans, '全国公积金贷款共享平台'), books),
    home: homeFacts(
      { filing, encumbrances },
      {
        ...gathering,
        withdrawnFen,
        otherOpenApplications: await otherOpenApplications(gathering.db, lockKeysOf(gathering.vault, application), gathering.ownCaseId),
      },
    ),
    applied: {
      amountFen: application.amountFen,
      months: application.months,
      method: application.method,
      guarantee: application.guarantee.kind,
    },
  }
  return { facts, replies: repliesOf(facts, gathering) }
}

/** The bureau is asked on the applicant's own signature, under the number of that paper, or not at all (《征信业管理条例》第十八条). */
function bureauOn({ ports, today, creditAuthorisation }: Gathering): ReturnType<typeof askOutside>['credit'] {
  if ('reference' in creditAuthorisation)
    return askOutside(ports, { businessDate: today, authorisationRef: creditAuthorisation.reference }).credit
  return () => Promise.resolve({ state: 'UNAVAILABLE', source: CREDIT_BUREAU, cause: creditAuthorisation.because })
}

async function gatherPerson(
  gathering: Gathering,
  { outside, bureau }: { outside: ReturnType<typeof askOutside>; bureau: ReturnType<typeof bureauOn> },
  adult: Applicant,
): Promise<{ facts: PersonFacts; books: PersonOnBooks }> {
  const person = { name: adult.name, idNumber: normaliseIdNumber(adult.idNumber) }
  const [books, identity, death, credit] = await Promise.all([
    readPersonOnBooks(gathering.db, gathering.vault.hash(person.idNumber), gathering.today),
    outside.identity(person),
    outside.death(person),
    bureau(person),
  ])
  const checked = checkIdNumber(person.idNumber)
  if (!checked.ok) throw new Bug('an accepted application has valid identity numbers')
  const facts: PersonFacts = {
    bornOn: checked.bornOn,
    sex: checked.sex,
    retirementCategory: adult.retirementCategory,
    identity:
      identity.state === 'KNOWN'
        ? mapKnown(death, (told) => ({ matched: identity.value.match === 'MATCH', alive: told.death.state !== 'DECEASED' }))
        : identity,
    contribution: { state: 'KNOWN', source: OWN_BOOKS, value: contributionOf(books, gathering) },
    credit: mapKnown(credit, ({ credit: file }) =>
      file.state === 'NO_RECORD'
        ? { overdueNowFen: fen(0n), overdueRunMonths: 0, overdueTimes24Months: 0 }
        : {
            overdueNowFen: file.report.currentOverdueFen,
            overdueRunMonths: file.report.longestOverdueMonths,
            overdueTimes24Months: file.report.overdueMonthsIn24,
            monthlyRepaymentFen: file.report.monthlyRepaymentFen,
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
    monthlyIncomeFen: adult.monthlyIncomeFen,
    otherMonthlyDebtFen: adult.otherMonthlyDebtFen,
  }
  return { facts, books }
}

/** Contributions count as current while the last paid month is not older than the policy allows; a city that has set none asks no more. */
function contributionOf({ account }: PersonOnBooks, { today, policy }: Gathering) {
  const base = { membership: 'EMPLOYEE', place: 'LOCAL' } as const
  if (!account || account.state === 'CLOSED') {
    return { ...base, status: 'NONE' as const, monthsContinuous: 0, baseFen: fen(0n), monthlyFen: fen(0n), balanceFen: fen(0n) }
  }
  const behindMax = policy.values.contributionMonthsBehindMax?.value
  const current = behindMax === undefined || monthsBetween(account.paidThrough, monthOf(today)) <= behindMax
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
interface Child {
  readonly name: string
  readonly idNumber: string
  readonly bornOn: PlainDate
}
type Children = External<readonly { readonly children: readonly Child[] }[]>

/**
 * 未成年子女, on the day whose policy rules the case: the family is that of the day of acceptance, whoever has come of age since. Those the form
 * names and those the register has; while it is silent, those of the form.
 */
function minorsOf({ application, policy }: Gathering, registered: Children): Pick<Child, 'name' | 'idNumber'>[] {
  const declared = application.children.map(({ name, idNumber }) => ({ name, idNumber: normaliseIdNumber(idNumber) }))
  const found = registered.state === 'KNOWN' ? registeredMinors(registered.value, policy.date) : []
  const known = new Map([...declared, ...found].map(({ name, idNumber }) => [idNumber, { name, idNumber }]))
  return [...known.values()]
}

/** Each of them once, whichever of the couple they are registered with. */
function registeredMinors(told: readonly { readonly children: readonly Child[] }[], on: PlainDate): Child[] {
  const children = new Map(told.flatMap((one) => one.children).map((child) => [child.idNumber, child]))
  return [...children.values()].filter(({ bornOn }) => isMinor(bornOn, on))
}

/** What all who will owe have withdrawn for this home: before the application no less than was declared or is on our books, and whatever has followed since. */
async function withdrawnForHome({ db, vault, application, appliedOn }: Gathering): Promise<Fen> {
  const { beforeFen, sinceFen } = await readWithdrawalsForHome(db, {
    idHashes: owingOf(application).map(({ idNumber }) => vault.hash(normaliseIdNumber(idNumber))),
    homeHash: homeKeyOf(vault, application),
    appliedOn,
  })
  return addFen(maxFen(application.withdrawnForHomeFen, fen(beforeFen)), fen(sinceFen))
}

/** What the registers say of marriage and children. Whether it agrees with the form is for the rules to say. */
function familyFact(application: LoanApplication, marriage: Marriage, children: Children, on: PlainDate): LoanFacts['family'] {
  if (marriage.state === 'UNAVAILABLE') return marriage
  if (children.state === 'UNAVAILABLE') return children
  const told = marriage.value.marriage
  const declared = application.spouse && normaliseIdNumber(application.spouse.idNumber)
  const registered = { state: told.state, spouseDeclared: told.state === 'MARRIED' && normaliseIdNumber(told.spouse.idNumber) === declared }
  const minorChildren = registeredMinors(children.value, on).length
  return { state: 'KNOWN', source: marriage.source, value: { maritalStatus: application.maritalStatus, minorChildren, registered } }
}

interface Home {
  readonly homeNo: string
  readonly use: string
  readonly disposedOn: PlainDate | null
}

/** People live in it, the entity's own rule does not leave it out (新乡：农村宅基地、集体土地), it was not sold, and it is not the one being bought. */
const countsAsHome = (home: Home, { application, policy }: Gathering): boolean =>
  home.use !== 'COMMERCIAL' && !policy.values.homeUsesUncounted?.value.includes(home.use) && isHeld(home, application)

const isHeld = (home: Pick<Home, 'homeNo' | 'disposedOn'>, application: LoanApplication): boolean =>
  home.disposedOn === null && home.homeNo !== application.home.homeNumber

type Loans = External<
  readonly {
    readonly loans: readonly { readonly centre: string; readonly contractNo: string; readonly settledOn: PlainDate | null }[]
    readonly silentCentres: readonly string[]
  }[]
>

/** Centres whose loans are on our own books: what the exchange repeats of them is counted there. */
const OWN_CENTRES: readonly string[] = ENTITIES.map((entity) => SCOPES[entity].label)

/**
 * A history with a silent centre is not complete, and an incomplete history is no history. A loan is one loan, whichever of the couple owes it
 * and whoever tells of it.
 */
function fundLoansFact(loans: Loans, books: readonly PersonOnBooks[]): LoanFacts['fundLoans'] {
  if (loans.state === 'UNAVAILABLE') return loans
  if (loans.value.some(({ silentCentres }) => silentCentres.length > 0)) {
    return { state: 'UNAVAILABLE', source: loans.source, cause: '有中心未答复，记录不完整' }
  }
  const elsewhere = loans.value
    .flatMap((told) => told.loans)
    .filter(({ centre }) => !OWN_CENTRES.includes(centre))
    .map(({ centre, contractNo, settledOn }) => [`${centre}/${contractNo}`, settledOn === null] as const)
  const here = books.flatMap((book) => book.loans).map(({ loanNumber, outstanding }) => [`/${loanNumber}`, outstanding] as const)
  const all = new Map([...elsewhere, ...here])
  const outstanding = [...all.values()].filter((runs) => runs).length
  return { state: 'KNOWN', source: loans.source, value: { used: all.size, outstanding } }
}

import { addDays, addMonths, plainDate, type PlainDate } from '#contracts/dates.ts'
import { fen, type Fen } from '#contracts/money.ts'
import type { Relation } from '#contracts/staff-change.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import type { Calendar } from '#rules/deadline/due-date.ts'
import { loanStages } from '#rules/loan/stages.ts'
import type { Vault } from '../vault.ts'
import { allot, type Allotted } from './allot.ts'
import type { BookLoan } from './book.ts'
import type { SeededCase } from './seeded-case.ts'
import { scheduleCase, tellCase, type CaseGround, type CasePlan, type Scheduled } from './cases.ts'
import { begunLately, makeContributors, makeUnits, type Contributor, type Unit } from './contributors.ts'
import { drawBook } from './draw-book.ts'
import { makeFamily } from './families.ts'
import type { Ban, Household } from './household.ts'
import { idNumbers } from './identities.ts'
import { delegationOf, LIVELY_FROM } from './lively.ts'
import { endedPlans, openPlans, type CaseWish } from './open-cases.ts'
import { CENTRES, type Branch } from './orgs.ts'
import { PATHS, type Destination } from './paths.ts'
import { demoPeople, type DemoApplicant } from './people.ts'
import type { Random } from './random.ts'
import { makeOfficers, type Officer } from './staff.ts'
import { workingDayBefore, type Delegation } from './walk.ts'

export interface Relative {
  readonly officer: Officer
  readonly relation: Relation
  readonly idNumber: string
}

export interface Hold {
  readonly holdId: string
  readonly contributor: Contributor
  readonly kind: 'COURT' | 'INTERNAL'
  readonly amountFen: Fen | null
  readonly fromOn: PlainDate
  readonly toOn: PlainDate | null
}

/** A city before it is written: everybody and everything in it, drawn from one seed. */
export interface City {
  readonly seed: number
  readonly officers: readonly Officer[]
  readonly relatives: readonly Relative[]
  readonly delegation: Delegation | null
  /** The working day before the first, when a lively city has just done a day's work; null in a quiet one. */
  readonly lastAfternoon: PlainDate | null
  readonly units: readonly Unit[]
  readonly contributors: readonly Contributor[]
  readonly holds: readonly Hold[]
  readonly bans: readonly { readonly banId: string; readonly contributor: Contributor; readonly ban: Ban }[]
  readonly loans: readonly BookLoan[]
  readonly caseOfLoan: ReadonlyMap<string, string>
  readonly closedCases: readonly SeededCase[]
  readonly openCases: readonly SeededCase[]
  /** The families of the stories, who have no case yet. */
  readonly families: readonly Household[]
  readonly sequences: readonly (readonly [name: string, year: number, last: number])[]
}

export interface CityPlan {
  readonly contributors: number
  readonly olderLoans: number
  readonly openCases: number
  readonly seed: number
  readonly on: PlainDate
  readonly calendar: Calendar
  readonly policyOn: (entity: Branch['entity'], on: PlainDate) => PolicySnapshot
}

/** Of ten older loans one is recent enough to have its case on record. */
const CLOSED_SHARE = 10
/** Of so many older loans there has been one application that ended otherwise. */
const ENDED_SHARE = 130

/** The whole city by one draw: the same seed and plan make the same city. */
export function drawCity(plan: CityPlan, vault: Vault, random: Random): City {
  const officers = makeOfficers(random.fork('officers'), vault)
  const stories = demoPeople(plan.on)
  const units = [
    ...stories.units,
    ...makeUnits(Math.max(8, Math.floor(plan.contributors / 10)) - stories.units.length, random.fork('units')),
  ]
  const drawn = makeContributors(plan.contributors, units, plan.on, random.fork('contributors'), 1)
  const able = drawn.filter(isAble)
  const wishes = [...openPlans(plan.openCases), ...endedPlans(Math.floor(plan.olderLoans / ENDED_SHARE))]
  const allotted = allot(wishes, able).map((one) => ({ ...one, applicant: applicantFor(one, plan.on, random) }))
  const applicants = allotted.map(({ applicant }) => applicant)
  const contributors = [...stories.contributors, ...replaced(drawn, applicants)]
  const relatives = relativesOf(officers, stories.applicants, applicants, random.fork('relatives'))

  const families = familiesFor(allotted, plan.on, random.fork('open families'))
  const spokenFor = new Set(applicants.map(({ accountNumber }) => accountNumber))
  const settled = able.filter(({ accountNumber }) => !spokenFor.has(accountNumber)).slice(0, Math.floor(plan.olderLoans / CLOSED_SHARE))
  const { loans, familyOfLoan } = drawBook(plan, contributors, settled, [...stories.contributors, ...applicants], random)
  const lively = plan.openCases >= LIVELY_FROM
  const delegation = lively ? delegationOf(officers, random.fork('delegation')) : null
  const cases = tellAll(plan, { officers, relatives, delegation, families, wishes, loans, familyOfLoan }, random.fork('cases'))
  return {
    seed: plan.seed,
    officers,
    relatives,
    delegation,
    lastAfternoon: lively ? workingDayBefore(plan.on, 1, plan.calendar) : null,
    units,
    contributors,
    holds: holdsOf(stories.applicants, contributors.slice(-40), random.fork('holds')),
    bans: bansOf(stories.applicants, random.fork('bans')),
    loans,
    families: stories.applicants.map(({ family }) => family),
    ...cases,
  }
}

/** Somebody to whom the rules would lend: paid up without a gap, and young enough for a long loan. */
const isAble = (one: Contributor): boolean =>
  one.state === 'NORMAL' && one.monthsPaid >= 12 && one.person.bornOn >= '1987-01-01' && one.baseFen >= 320_000n

/** The special approval turns on one missing month, the refusal on two: those applicants have begun to contribute only lately. */
const BEGUN_MONTHS: Readonly<Partial<Record<Destination, number>>> = { SPECIAL_APPROVAL: 5, REFUSED: 4 }

function applicantFor({ wish, applicant }: Allotted, on: PlainDate, random: Random): Contributor {
  const months = BEGUN_MONTHS[wish.destination]
  return months === undefined ? applicant : begunLately(applicant, on, months, random)
}

function replaced(drawn: readonly Contributor[], changed: readonly Contributor[]): Contributor[] {
  const byNumber = new Map(changed.map((one) => [one.accountNumber, one]))
  return drawn.map((one) => byNumber.get(one.accountNumber) ?? one)
}

function familiesFor(allotted: readonly Allotted[], on: PlainDate, random: Random): Household[] {
  const idNumber = idNumbers(
    random,
    allotted.map(({ applicant }) => applicant.person.idNumber),
  )
  return allotted.map(({ wish: { destination }, applicant, ...assigned }, index) => {
    const family = makeFamily(
      {
        branch: applicant.unit.branch,
        borrower: applicant.person,
        contributor: applicant,
        idNumber,
        sequence: 1 + index,
        on,
        ...assigned,
        // Above the approver's own limit lends only the uplift for several children.
        ...(isAboveApprover(destination) ? { amountFen: fen(52_000_000n), months: 240, children: 2 } : {}),
      },
      random,
    )
    return destination === 'MANUAL_CHECK' ? { ...family, creditSilent: true } : family
  })
}

/** Decided, or waiting, where the approver's own limit has ended. */
const isAboveApprover = (destination: Destination): boolean => destination === 'SENIOR_APPROVAL' || destination === 'SENIOR_RELEASE'

interface Told {
  readonly officers: readonly Officer[]
  readonly relatives: readonly Relative[]
  readonly delegation: Delegation | null
  readonly families: readonly Household[]
  readonly wishes: readonly CaseWish[]
  readonly loans: readonly BookLoan[]
  readonly familyOfLoan: ReadonlyMap<string, Household>
}

/** Every case in the order in which it came in, so that its number tells the same. */
function tellAll(plan: CityPlan, told: Told, random: Random): Pick<City, 'closedCases' | 'openCases' | 'caseOfLoan' | 'sequences'> {
  const numbers = caseNumbers()
  const ground: CaseGround = {
    officers: told.officers,
    calendar: plan.calendar,
    today: plan.on,
    policyOn: plan.policyOn,
    recusals: recusalsOf(told.relatives),
    numberOf: numbers.next,
    delegation: told.delegation,
  }
  const lastWorkday = workingDayBefore(plan.on, 1, plan.calendar)
  const schedule = (casePlan: CasePlan, loanNumber: string) => ({ loanNumber, ...scheduleCase(casePlan, plan.calendar, random) })
  const wished = told.families.map((family, index) => {
    const { moves, waiting } = told.wishes[index] ?? { moves: [], waiting: 0 }
    return schedule({ family, moves, lastOn: workingDayBefore(lastWorkday, waiting, plan.calendar) }, '')
  })
  const lent = told.loans.flatMap(({ loanNumber, disbursedOn }) => {
    const family = told.familyOfLoan.get(loanNumber)
    return family ? [schedule({ family, moves: PATHS.DISBURSED, lastOn: disbursedOn }, loanNumber)] : []
  })
  const byArrival = [...wished, ...lent].sort((a: Scheduled, b: Scheduled) =>
    a.created.at < b.created.at ? -1 : a.created.at > b.created.at ? 1 : 0,
  )
  const all = byArrival.map((one) => ({ ...one, kase: tellCase(one, ground, random) }))
  const isOpen = ({ kase }: (typeof all)[number]): boolean => loanStages[kase.walked.stage].terminal !== true
  return {
    openCases: all.filter(isOpen).map((one) => one.kase),
    closedCases: all.filter((one) => !isOpen(one)).map((one) => one.kase),
    caseOfLoan: new Map(all.filter((one) => one.loanNumber !== '').map((one) => [one.loanNumber, one.kase.caseId])),
    sequences: numbers.sequences(),
  }
}

/** Case numbers as the counter gives them; where the sequence stands goes into the database, and the next real case goes on from there. */
function caseNumbers() {
  const last = new Map<string, readonly [string, number, number]>()
  return {
    next: (entity: Branch['entity'], on: PlainDate): string => {
      const [name, year] = [`case/${entity}/loan`, Number(on.slice(0, 4))]
      const sequence = (last.get(`${name}/${year}`)?.[2] ?? 0) + 1
      last.set(`${name}/${year}`, [name, year, sequence])
      return `${entity === 'xinxiang' ? '新' : '长'}公积金贷〔${year}〕${String(sequence).padStart(6, '0')}号`
    },
    sequences: () => [...last.values()],
  }
}

/** Staff whose spouse or child is among the stories, and one whose parent has a case open already. */
function relativesOf(
  officers: readonly Officer[],
  stories: readonly DemoApplicant[],
  applicants: readonly Contributor[],
  random: Random,
): Relative[] {
  const ofStories = stories.flatMap(({ story, family }) => {
    const { relativeOf } = story
    const officer =
      relativeOf &&
      officers.find(
        (one) => one.posts.includes(relativeOf.post) && [family.branch.orgId, CENTRES[family.branch.entity]].includes(one.orgId),
      )
    return relativeOf && officer ? [{ officer, relation: relativeOf.relation, idNumber: family.borrower.person.idNumber }] : []
  })
  const atMain = applicants.find(
    (one) => officers.filter((officer) => officer.orgId === one.unit.branch.orgId && officer.posts.includes('REVIEWER')).length > 1,
  )
  const reviewer =
    atMain && random.pick(officers.filter((officer) => officer.orgId === atMain.unit.branch.orgId && officer.posts.includes('REVIEWER')))
  return atMain && reviewer ? [...ofStories, { officer: reviewer, relation: 'PARENT', idNumber: atMain.person.idNumber }] : ofStories
}

function recusalsOf(relatives: readonly Relative[]): Map<string, string[]> {
  const barred = new Map<string, string[]>()
  for (const { officer, idNumber } of relatives) barred.set(idNumber, [...(barred.get(idNumber) ?? []), officer.idNumber])
  return barred
}

/** The restricted account of the story, and a handful of others that have no case. */
function holdsOf(stories: readonly DemoApplicant[], others: readonly Contributor[], random: Random): Hold[] {
  const restricted = stories.flatMap(({ family }) => (family.borrower.restricted ? (family.borrower.contributor ?? []) : []))
  const some = others.filter((one, index) => index % 4 === 0 && !isAble(one)).slice(0, 10)
  return [...restricted, ...some].map((contributor, index): Hold => {
    const court = index % 2 === 0
    const fromOn = addDays(plainDate('2025-03-03'), random.int(0, 200))
    return {
      holdId: random.uuid(),
      contributor,
      kind: court ? 'COURT' : 'INTERNAL',
      amountFen: court ? fen(BigInt(random.int(10, 90)) * 100_000n) : null,
      fromOn,
      toOn: court ? addMonths(fromOn, 12) : null,
    }
  })
}

const bansOf = (stories: readonly DemoApplicant[], random: Random): City['bans'] =>
  stories.flatMap(({ family: { borrower } }) =>
    borrower.ban && borrower.contributor ? [{ banId: random.uuid(), contributor: borrower.contributor, ban: borrower.ban }] : [],
  )

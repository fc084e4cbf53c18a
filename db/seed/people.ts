import { monthOf, plainDate, type PlainDate } from '#contracts/dates.ts'
import type { LoanApplication } from '#contracts/loan.ts'
import { fen, ZERO_FEN, type Fen } from '#contracts/money.ts'
import { monthsUpTo, openAccount, type Contributor, type Person, type Unit } from './contributors.ts'
import { applicationOf, type Adult, type Household } from './household.ts'
import { cardOf, idNumberOf, mobileOf, usccOf } from './identities.ts'
import { BANKS, BRANCHES, GUARANTORS, type Branch } from './orgs.ts'
import { createRandom, type Random } from './random.ts'
import { stories, type Story, type StoryPerson } from './stories.ts'

/** The demo opens on this Monday. */
export const DEMO_DAY: PlainDate = plainDate('2025-11-03')

/** A story with everything that the counter types and the world knows. */
export interface DemoApplicant {
  readonly story: Story
  readonly family: Household
  readonly application: LoanApplication
}

/** A region of its own, so that nobody of the generated city can share a number with the people of the stories. */
const STORY_REGION = '419899'
const STORY_BAN = { fromOn: plainDate('2024-06-12'), toOn: plainDate('2029-06-11'), decisionNumber: '新公积金惩〔2024〕7号' } as const
const yuan = (amount: number): Fen => fen(BigInt(amount) * 100n)

/** The people of the stories with their employers and accounts, the same in every city and at every size. */
export function demoPeople(on: PlainDate): { units: Unit[]; contributors: Contributor[]; applicants: DemoApplicant[] } {
  const random = createRandom(419_899)
  const units = BRANCHES.map((branch, index): Unit => ({
    unitId: random.uuid(),
    unitNumber: `U9${String(index + 1).padStart(5, '0')}`,
    uscc: usccOf(900_000 + index),
    name: `${branch.district}安居示范机械有限公司`,
    branch,
  }))
  const contributors: Contributor[] = []
  const applicants = stories.map((story, index) => {
    const unit = units.find((one) => one.branch.orgId === story.branchId)
    if (!unit) throw new Error(`the branch of ${story.key} has no unit`)
    const family = familyOf(story, index, unit, on, random)
    contributors.push(...[family.borrower, ...(family.spouse ? [family.spouse] : [])].flatMap(({ contributor }) => contributor ?? []))
    return { story, family, application: applicationOf(family) }
  })
  return { units, contributors, applicants }
}

/** Those whom a newcomer or a test can enter at the counter on the first day. */
export const demoApplicants: readonly DemoApplicant[] = demoPeople(DEMO_DAY).applicants

/** @throws RangeError for a key that no story has */
export function demoApplicant(key: string): DemoApplicant {
  const found = demoApplicants.find(({ story }) => story.key === key)
  if (!found) throw new RangeError(`no story ${key}`)
  return found
}

function familyOf(story: Story, index: number, unit: Unit, on: PlainDate, random: Random): Household {
  const { branch } = unit
  const bank = BANKS.find((one) => one.entity === branch.entity)
  if (!bank) throw new Error('every entity has a bank')
  const sequence = 900_000 + index * 10
  return {
    branch,
    borrower: adultOf(story, story.borrower, sequence, unit, on, random),
    spouse: story.spouse ? adultOf(story, story.spouse, sequence + 1, unit, on, random) : null,
    children: (story.children ?? []).map((child, place) => personOf(child, sequence + 2 + place)),
    home: homeOf(story, branch, sequence, bank.name),
    homesInPlace: story.homesInPlace ?? 0,
    earlierLoans: (story.earlierLoans ?? []).map((loan) => ({
      centre: '江南市住房公积金管理中心（虚构）',
      grantedOn: plainDate(loan.grantedOn),
      amountFen: yuan(loan.amountYuan),
      balanceFen: loan.settledOn ? ZERO_FEN : yuan(loan.amountYuan - 60_000),
      settledOn: loan.settledOn ? plainDate(loan.settledOn) : null,
    })),
    creditSilent: story.twist === 'SILENT',
    bankOrgId: bank.orgId,
    bankName: bank.name,
    guarantorOrgId: index % 2 === 0 ? (GUARANTORS.find((one) => one.entity === branch.entity)?.orgId ?? null) : null,
    cardNumber: cardOf(sequence),
    downPaymentFen: yuan(story.priceYuan - story.amountYuan),
    amountFen: yuan(story.amountYuan),
    months: story.months,
    method: 'EQUAL_INSTALMENT',
    repaymentDay: 15,
  }
}

function personOf({ name, sex, bornOn }: Pick<StoryPerson, 'name' | 'sex' | 'bornOn'>, sequence: number): Person {
  const born = plainDate(bornOn)
  return { name, sex, bornOn: born, idNumber: idNumberOf(STORY_REGION, born, sequence, sex), mobile: mobileOf(sequence) }
}

function adultOf(story: Story, person: StoryPerson, sequence: number, unit: Unit, on: PlainDate, random: Random): Adult {
  const self = personOf(person, sequence)
  const months = monthsUpTo(on, person.monthsPaid)
  const borrows = person === story.borrower
  const plan = {
    person: self,
    baseFen: yuan(person.baseYuan),
    percent: 10,
    months,
    openingFen: yuan(person.openingYuan),
    openedOn: plainDate(`${months[0] ?? monthOf(on)}-01`),
    state: 'NORMAL',
    withdrawnFen: ZERO_FEN,
  } as const
  return {
    person: self,
    employer: unit.name,
    incomeFen: yuan(person.baseYuan),
    otherDebtFen: ZERO_FEN,
    contributor: person.monthsPaid > 0 ? openAccount(plan, unit, sequence, random) : null,
    dishonest: borrows && story.twist === 'DISHONEST',
    overdueRunMonths: 0,
    restricted: borrows && story.twist === 'HOLD',
    ban: borrows && story.twist === 'BAN' ? STORY_BAN : null,
  }
}

function homeOf(story: Story, branch: Branch, sequence: number, bankName: string): Household['home'] {
  const resale = story.kind === 'RESALE'
  return {
    kind: resale ? 'RESALE' : 'NEW',
    filingNumber: `WQ-S-${sequence}`,
    homeNumber: `419899-GB${sequence}-F0001`,
    address: `${branch.district}安禾大道${(sequence % 1000) + 8}号安居示范小区${(sequence % 20) + 1}号楼1单元1101室`,
    priceFen: yuan(story.priceYuan),
    filedPriceFen: yuan(story.filedYuan ?? story.priceYuan),
    areaSquareMetres: '108.66',
    builtYear: resale ? 2012 : null,
    sellerName: resale ? '卢明远' : '安居示范置业有限公司',
    accountNumber: `9998099${String(sequence).padStart(9, '0')}`,
    bankName,
    seized: story.twist === 'SEIZED',
  }
}

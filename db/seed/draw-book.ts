import { plainDate } from '#contracts/dates.ts'
import { addFen, type Fen } from '#contracts/money.ts'
import { makeBook, withinDeposits, type BookPlan } from './book.ts'
import type { Contributor, Person } from './contributors.ts'
import type { CityPlan } from './draw.ts'
import { makeFamily } from './families.ts'
import { idNumbers, mobileOf } from './identities.ts'
import { personNameOf } from './names.ts'
import { BRANCHES, type Branch } from './orgs.ts'
import type { Random } from './random.ts'

/** What may be lent of what has been paid in, percent. */
const LENT_PERCENT = 78n

/** The older book: the newest loans to contributors whose cases are on record, the rest to people here and gone. */
export function drawBook(
  plan: CityPlan,
  contributors: readonly Contributor[],
  settled: readonly Contributor[],
  spokenFor: readonly Contributor[],
  random: Random,
) {
  const drawing = random.fork('book')
  const idNumber = idNumbers(
    drawing,
    contributors.map(({ person }) => person.idNumber),
  )
  const recent = settled.map((contributor, index) => {
    const family = makeFamily(
      { branch: contributor.unit.branch, borrower: contributor.person, contributor, idNumber, sequence: 100_001 + index, on: plan.on },
      drawing,
    )
    const { amountFen: principalFen, months, method, bankOrgId, guarantorOrgId, repaymentDay } = family
    return {
      family,
      plan: {
        borrower: contributor.person,
        branch: contributor.unit.branch,
        granted: { principalFen, months, method, bankOrgId, guarantorOrgId, repaymentDay },
      },
    }
  })
  const taken = new Set([...spokenFor, ...settled].map((one) => one.accountNumber))
  const others = contributors.filter((one) => !taken.has(one.accountNumber))
  const older = Array.from({ length: plan.olderLoans - recent.length }, (_, index): BookPlan => {
    const contributor = index % 5 < 3 ? others[Math.floor(index / 5) * 3 + (index % 5)] : undefined
    return {
      borrower: contributor?.person ?? formerContributor(index, idNumber, drawing),
      branch: contributor?.unit.branch ?? drawing.pick(BRANCHES),
      granted: null,
    }
  })
  const deposits = (entity: Branch['entity']): Fen =>
    addFen(...contributors.filter((one) => one.unit.branch.entity === entity).map((one) => one.balanceFen))
  const book = makeBook([...older, ...recent.map((one) => one.plan)], plan.on, plan.calendar, drawing)
  const loans = withinDeposits(book, { xinxiang: deposits('xinxiang'), changyuan: deposits('changyuan') }, LENT_PERCENT)
  const byBorrower = new Map(recent.map((one) => [one.plan.borrower.idNumber, one.family]))
  const familyOfLoan = new Map(
    loans.flatMap((loan) => {
      const family = byBorrower.get(loan.borrower.idNumber)
      return family ? [[loan.loanNumber, family] as const] : []
    }),
  )
  return { loans, familyOfLoan }
}

function formerContributor(index: number, idNumber: ReturnType<typeof idNumbers>, random: Random): Person {
  const bornOn = plainDate(
    `${random.int(1958, 1990)}-${String(random.int(1, 12)).padStart(2, '0')}-${String(random.int(1, 28)).padStart(2, '0')}`,
  )
  const sex = random.chance(50) ? 'MALE' : 'FEMALE'
  return { name: personNameOf(random), idNumber: idNumber(bornOn, sex), bornOn, sex, mobile: mobileOf(700_000 + index) }
}

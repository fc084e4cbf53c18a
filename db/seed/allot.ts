import type { Contributor } from './contributors.ts'
import type { CaseWish } from './open-cases.ts'
import { BANKS, BRANCHES, CENTRES, GUARANTORS, MAIN_BRANCH, type Bank, type Branch } from './orgs.ts'
import type { Destination } from './paths.ts'
import { POST_LEVEL } from '#rules/cases/post-level.ts'
import { loanStages } from '#rules/loan/stages.ts'

/** Who applies in a case to be, and which bank and guarantor it is assigned to where that matters. */
export interface Allotted {
  readonly wish: CaseWish
  readonly applicant: Contributor
  readonly bankOrgId?: string
  readonly guarantorOrgId?: string | null
}

/**
 * Deals the cases out so that no desk stays empty while another overflows: each goes to the branch whose officers of that stage have the
 * least to do, the main branch counting as two; one of a centre to each entity in turn, the city first; one that banks must sign to each
 * bank in turn.
 * @throws RangeError when there are fewer applicants than cases
 */
export function allot(wishes: readonly CaseWish[], applicants: readonly Contributor[]): Allotted[] {
  if (applicants.length < wishes.length) throw new RangeError('a city of so few contributors cannot have so many open cases')
  const waiting = new Map(BRANCHES.map(({ orgId }) => [orgId, applicants.filter((one) => one.unit.branch.orgId === orgId)]))
  const desks = new Map<string, number>()
  const load = (desk: string): number => desks.get(desk) ?? 0
  const turns = new Map<Destination, number>()
  return wishes.map((wish) => {
    const turn = turns.get(wish.destination) ?? 0
    turns.set(wish.destination, turn + 1)
    const free = BRANCHES.filter(({ orgId }) => (waiting.get(orgId)?.length ?? 0) > 0)
    const fit = free.filter(({ entity }) => entity === (entityFor(wish.destination, turn) ?? entity))
    const bank = bankFor(wish.destination, fit, load)
    const branch = leastBusy(
      (fit.length > 0 ? fit : free).filter(({ entity }) => entity === (bank?.entity ?? entity)),
      (one) => desksOf(wish.destination, one).map((desk) => load(desk) / (one.orgId === MAIN_BRANCH ? 2 : 1)),
    )
    const applicant = waiting.get(branch.orgId)?.shift()
    if (!applicant) throw new RangeError('a branch was chosen that has nobody left')
    const signs = wish.destination === 'SIGNED' && bank
    for (const desk of [...desksOf(wish.destination, branch), ...(signs ? [bank.orgId] : [])]) desks.set(desk, load(desk) + 1)
    return { wish, applicant, ...(signs ? signers(bank, load(bank.orgId)) : bank ? { bankOrgId: bank.orgId } : {}) }
  })
}

/** Of what a centre decides the city has the first, and all that is too large for an approver: the county's ceilings end below that. */
function entityFor(destination: Destination, turn: number): Branch['entity'] | undefined {
  if (destination === 'SENIOR_APPROVAL' || destination === 'SENIOR_RELEASE') return 'xinxiang'
  const ofCentre = loanStages[destination].posts.some((post) => POST_LEVEL[post] === 'CENTRE')
  return ofCentre ? (turn % 2 === 0 ? 'xinxiang' : 'changyuan') : undefined
}

/** Where one waits for money, whoever is paid by the same bank waits behind it: so nobody else who is about to be paid is there. */
const QUEUE_BANK = 'bank-anhe'
const TO_BE_PAID: readonly Destination[] = ['SECURED', 'RELEASE_HELD', 'SENIOR_RELEASE', 'RELEASE_REQUESTED', 'PAY_UNKNOWN', 'PAY_FAILED', 'PAY_DISPUTED']

/** The bank, where it matters which: undefined leaves it to the family. */
function bankFor(destination: Destination, branches: readonly Branch[], load: (desk: string) => number): Bank | undefined {
  const banks = BANKS.filter((bank) => branches.some(({ entity }) => entity === bank.entity))
  if (destination === 'QUEUED') return banks.find(({ orgId }) => orgId === QUEUE_BANK)
  if (destination === 'SIGNED') return leastBusy(banks, ({ orgId }) => [load(orgId)])
  return TO_BE_PAID.includes(destination) ? banks.find(({ orgId }) => orgId !== QUEUE_BANK) : undefined
}

/** The first of a bank's cases has its entity's guarantor as well, the next has none. */
const signers = ({ orgId, entity }: Bank, nth: number): Pick<Allotted, 'bankOrgId' | 'guarantorOrgId'> => ({
  bankOrgId: orgId,
  guarantorOrgId: nth % 2 === 1 ? (GUARANTORS.find((one) => one.entity === entity)?.orgId ?? null) : null,
})

/** Whose list the case will be in, the nearest first: the post at its organisation, then the branch as a whole. */
function desksOf(destination: Destination, branch: Branch): string[] {
  const own = loanStages[destination].posts.flatMap((post) => {
    const level = POST_LEVEL[post]
    // Contracts and certificates lie in one hand.
    return level === 'BRANCH'
      ? [`${post === 'COLLATERAL' ? 'CONTRACTING' : post}@${branch.orgId}`]
      : level === 'CENTRE'
        ? [`${post}@${CENTRES[branch.entity]}`]
        : []
  })
  return [...own, branch.orgId]
}

/** The first with the smallest figures, compared one by one. */
function leastBusy<T>(all: readonly T[], figures: (one: T) => readonly number[]): T {
  const [first, ...rest] = all
  if (!first) throw new RangeError('nobody to choose from')
  return rest.reduce((least, one) => (isLess(figures(one), figures(least)) ? one : least), first)
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((figure, index) => figure !== b[index])
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0)
}

import type { PlainDate } from '#contracts/dates.ts'
import type { Calendar } from '#rules/deadline/due-date.ts'
import { assessLoan } from '#rules/loan/assess.ts'
import { materialLabel } from '#rules/loan/materials.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { broughtBy } from './brought.ts'
import { factsOf, type Household } from './household.ts'
import { drawLacks } from './lacks.ts'
import { opinionOf } from './opinions.ts'
import type { Branch } from './orgs.ts'
import type { Move } from './paths.ts'
import type { Random } from './random.ts'
import { whoActs, type Setting } from './roster.ts'
import { decidedOn, type SeededCase } from './seeded-case.ts'
import type { Officer } from './staff.ts'
import { stampMoves, walk, type Delegation, type Stamp, type Journey } from './walk.ts'

/** What every case of the city is made from. */
export interface CaseGround {
  readonly officers: readonly Officer[]
  readonly calendar: Calendar
  readonly today: PlainDate
  readonly policyOn: (entity: Branch['entity'], on: PlainDate) => PolicySnapshot
  /** Identity number of a relative → those members of staff that must stay away. */
  readonly recusals: ReadonlyMap<string, readonly string[]>
  readonly numberOf: (entity: Branch['entity'], createdOn: PlainDate) => string
  readonly delegation: Delegation | null
}

/** A case that is about to be told: its people, its way, and the day of the last step. */
export interface CasePlan {
  readonly family: Household
  readonly moves: readonly Move[]
  readonly lastOn: PlainDate
}

export interface Scheduled extends CasePlan {
  readonly created: Stamp
  readonly steps: Journey['steps']
}

/** When each step of a plan happened. Cases are numbered in the order in which they came in, so this comes before telling them. */
export const scheduleCase = (plan: CasePlan, calendar: Calendar, random: Random): Scheduled => ({
  ...plan,
  ...stampMoves(plan.moves, plan.lastOn, calendar, random),
})

/** Tells one case: who decided what when, what the rules said. @throws Error when rules and story disagree */
export function tellCase({ family, created, steps }: Scheduled, ground: CaseGround, random: Random): SeededCase {
  const { officers, calendar, today } = ground
  const caseId = random.uuid()
  const { branch, bankOrgId, guarantorOrgId, borrower, spouse } = family
  const parties = [borrower, ...(spouse ? [spouse] : [])].map(({ person }) => person.idNumber)
  const setting: Setting = {
    branch,
    bankOrgId,
    guarantorOrgId,
    barred: new Set([...parties, ...parties.flatMap((one) => ground.recusals.get(one) ?? [])]),
  }
  const createdBy = whoActs(officers, 'INTAKE', 'DESK', setting, new Map(), random.int(0, 7))
  const acceptedOn = steps.find(({ move }) => move.action === 'accept')?.stamp.on ?? created.on
  const snapshot = ground.policyOn(branch.entity, acceptedOn)
  const asked = steps.find(({ move }) => move.action === 'supplement' || move.action === 'request-correction')
  const notice = asked ? ground.policyOn(branch.entity, asked.stamp.on) : snapshot
  const facts = factsOf(family, acceptedOn)
  const assessment = assessLoan(facts, snapshot)
  const caseNumber = ground.numberOf(branch.entity, created.on)
  // Where the rules would grant nothing, those who read it carry on what was applied for.
  const terms = assessment.outcome === 'approved' ? assessment : facts.applied
  const lacks = drawLacks(random)
  const wording = {
    amountFen: terms.amountFen,
    months: terms.months,
    returnedFor: lacks.returned.reason,
    wanted: lacks.notice.map(({ material }) => materialLabel(material)),
  }
  const walked = walk(
    {
      caseId,
      setting,
      createdBy,
      created,
      steps,
      officers,
      calendar,
      answerDays: notice.values.answerDays?.value ?? 0,
      broughtTo: broughtBy({ amountFen: String(terms.amountFen), months: terms.months }, caseNumber),
      opinionOf: (move) => opinionOf(move, wording, random),
      delegation: ground.delegation,
    },
    random,
  )
  if (walked.decisions.some((one) => one.action === 'approve') && assessment.outcome !== 'approved') {
    throw new Error(
      `${caseNumber} was approved, but the rules say ${assessment.outcome}: ${assessment.reasons.map(({ code }) => code).join(', ')}`,
    )
  }
  const signedOn = decidedOn({ walked }, 'sign')
  const release = walked.stage === 'DISBURSED' ? ground.policyOn(branch.entity, walked.entered.on) : null
  const { barred } = setting
  return {
    caseId,
    caseNumber,
    family,
    createdBy,
    barred,
    created,
    walked,
    facts,
    assessment,
    snapshot,
    notice,
    contract: signedOn && ground.policyOn(branch.entity, signedOn),
    release,
    lacks,
    today,
    calendar,
  }
}

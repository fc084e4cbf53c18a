import type { Insertable } from 'kysely'
import { addDays, type PlainDate } from '#contracts/dates.ts'
import type { Post } from '#contracts/posts.ts'
import type { StepGroup } from '#contracts/stages.ts'
import { stepGroupOf } from '#rules/cases/may-act.ts'
import { dueDate, type Calendar } from '#rules/deadline/due-date.ts'
import { loanStages, type LoanStage } from '#rules/loan/stages.ts'
import type { CaseActorTable, DecisionTable, Instant, TaskTable } from '../tables.ts'
import type { Move } from './paths.ts'
import type { Random } from './random.ts'
import { orgOfPost, whoActs, type Setting } from './roster.ts'
import type { Officer } from './staff.ts'

export interface Stamp {
  readonly on: PlainDate
  readonly at: Instant
}

/** What a decider brings along, by the action. */
export interface Brought {
  readonly terms?: { readonly amountFen: string; readonly months: number }
  readonly fields?: Readonly<Record<string, string>>
}

export interface Journey {
  readonly caseId: string
  readonly setting: Setting
  readonly createdBy: Officer
  readonly created: Stamp
  readonly steps: readonly { readonly move: Move; readonly stamp: Stamp }[]
  readonly officers: readonly Officer[]
  readonly calendar: Calendar
  /** Calendar days the applicant has from the delivery of the notice. */
  readonly answerDays: number
  readonly broughtTo: (move: Move, on: PlainDate) => Brought
  readonly opinionOf: (move: Move) => string
  readonly delegation: Delegation | null
}

/** Somebody acts for a colleague while they are away (代理). */
export interface Delegation {
  readonly delegationId: string
  readonly from: Officer
  readonly to: Officer
  readonly post: Post
  readonly fromOn: PlainDate
  readonly toOn: PlainDate
}

export interface Walked {
  readonly stage: LoanStage
  readonly version: number
  readonly entered: Stamp
  readonly stageDueOn: PlainDate | null
  readonly dueWhose: 'POST' | 'APPLICANT'
  readonly decisions: readonly Insertable<DecisionTable>[]
  readonly tasks: readonly Insertable<TaskTable>[]
  readonly actors: readonly Insertable<CaseActorTable>[]
}

/**
 * Working days backwards from the day on which the last move was made. People decide at some time between morning and afternoon, one after
 * the other; the machine follows within minutes.
 */
export function stampMoves(
  moves: readonly Move[],
  lastOn: PlainDate,
  calendar: Calendar,
  random: Random,
): { created: Stamp; steps: Journey['steps'] } {
  const days: PlainDate[] = []
  let day = lastOn
  for (const move of [...moves].reverse()) {
    days.unshift(day)
    day = workingDayBefore(day, move.after, calendar)
  }
  let at = { on: days[0] ?? lastOn, minutes: random.int(0, MORNING_MINUTES) }
  const created = stampOf(at, random)
  const steps = moves.map((move, index) => {
    const on = days[index] ?? lastOn
    const later = move.post ? random.int(25, 60) : random.int(1, 3)
    at = on === at.on ? { on, minutes: at.minutes + later } : { on, minutes: random.int(0, MORNING_MINUTES) }
    return { move, stamp: stampOf(at, random) }
  })
  return { created, steps }
}

/** The first act of a day begins within these of half past eight; what follows on the same day still ends before the counter closes. */
const MORNING_MINUTES = 270

/** So many minutes after half past eight in Shanghai. */
function stampOf({ on, minutes }: { on: PlainDate; minutes: number }, random: Random): Stamp {
  const time = [Math.floor((minutes + 30) / 60), (minutes + 30) % 60, random.int(0, 59)]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
  return { on, at: `${on}T${time}Z` }
}

/** The working day so many working days before a day. @throws RangeError where the calendar does not know a year on the way */
export function workingDayBefore(on: PlainDate, days: number, calendar: Calendar): PlainDate {
  let day = on
  for (let left = days; left > 0 || calendar(day) !== 'WORKDAY';) {
    day = addDays(day, -1)
    if (calendar(day) === 'UNKNOWN') throw new RangeError(`the calendar of ${day} is not loaded`)
    if (calendar(day) === 'WORKDAY') left -= 1
  }
  return day
}

/** Carries a case along its moves as the deciding transaction would have: decisions, step groups, tasks closed and opened. */
export function walk(journey: Journey, random: Random): Walked {
  const { caseId, setting, created, createdBy, officers } = journey
  const held = new Map<string, StepGroup>([[createdBy.staffId, 'DESK']])
  const actors: Insertable<CaseActorTable>[] = [{ case_id: caseId, staff_id: createdBy.staffId, step_group: 'DESK', since: created.at }]
  const decisions: Insertable<DecisionTable>[] = []
  const tasks: OpenTask[] = []
  let at: Here = { stage: 'SUBMITTED', version: 1, entered: created, opinion: null, deliveredOn: null }
  // The first task lies with whoever entered the application; its day is counted by the first look of the case's workflow.
  tasks.push(
    ...tasksOf(journey, at, random).map((task) => ({ ...task, due_on: null, claimed_by: createdBy.staffId, claimed_at: created.at })),
  )

  for (const { move, stamp } of journey.steps) {
    const here = loanStages[move.stage]
    // A post that has no organisation in this case has no task and makes no move.
    if (move.post && !orgOfPost(move.post, setting)) continue
    if (move.stage !== at.stage) throw new Error(`the path leads to ${at.stage}, its next move is one of ${move.stage}`)
    const group = move.post ? stepGroupOf(here, move.post) : null
    const turn = random.int(0, 7)
    const standsIn = move.delegated && mayStandIn(journey, held, stamp.on) ? journey.delegation : null
    const actor = standsIn?.to ?? (move.post && group ? whoActs(officers, move.post, group, setting, held, turn) : null)
    for (const one of [actor, standsIn?.from]) {
      if (!one || !group || held.has(one.staffId)) continue
      held.set(one.staffId, group)
      actors.push({ case_id: caseId, staff_id: one.staffId, step_group: group, since: stamp.at })
    }
    const seq = decisions.length + 1
    const decision = decisionRow(journey, { move, stamp, at, actor, principal: standsIn?.from ?? null, group, seq, id: random.uuid() })
    decisions.push(decision)
    for (const task of tasks)
      if (task.state === 'OPEN' && (!move.post || task.post === move.post))
        Object.assign(task, { state: 'DONE', decision_id: decision.decision_id, closed_at: stamp.at })
    // Where several must sign, the case stays until the last of them has.
    const stays = tasks.some((task) => task.state === 'OPEN')
    const label = here.actions[move.action]?.label
    at = {
      stage: stays ? at.stage : move.to,
      version: at.version + 1,
      entered: stays || move.to === at.stage ? at.entered : stamp,
      opinion: label ? `${here.label}·${label}${decision.opinion ? `：${decision.opinion}` : ''}` : decision.opinion || null,
      deliveredOn: move.action === 'deliver' ? stamp.on : null,
    }
    if (!stays) tasks.push(...tasksOf(journey, at, random))
  }
  const open = tasks.find((task) => task.state === 'OPEN')
  const [stageDueOn, dueWhose] = [open?.due_on ?? null, open?.due_whose ?? 'POST']
  return { stage: at.stage, version: at.version, entered: at.entered, stageDueOn, dueWhose, decisions, tasks, actors }
}

/** Neither of the two is in the case already, and the day lies within the period. */
const mayStandIn = ({ delegation, setting }: Journey, held: ReadonlyMap<string, StepGroup>, on: PlainDate): boolean =>
  delegation !== null &&
  on >= delegation.fromOn &&
  on <= delegation.toOn &&
  orgOfPost(delegation.post, setting) === delegation.from.orgId &&
  [delegation.from, delegation.to].every((one) => !held.has(one.staffId) && !setting.barred.has(one.idNumber))

type OpenTask = Insertable<TaskTable>
interface Here {
  readonly stage: LoanStage
  readonly version: number
  readonly entered: Stamp
  readonly opinion: string | null
  /** The notice has been handed over in this stage: the time is the applicant's. */
  readonly deliveredOn: PlainDate | null
}

function tasksOf(
  { caseId, setting, calendar, answerDays }: Pick<Journey, 'caseId' | 'setting' | 'calendar' | 'answerDays'>,
  { stage, version, entered, opinion, deliveredOn }: Here,
  random: Random,
): OpenTask[] {
  const { posts, daysAllowed } = loanStages[stage]
  return posts.flatMap((post): OpenTask[] => {
    const orgId = orgOfPost(post, setting)
    if (!orgId) return []
    return [
      {
        task_id: random.uuid(),
        case_id: caseId,
        org_id: orgId,
        access_group_id: 'OPEN',
        stage,
        stage_version: version,
        post,
        state: 'OPEN',
        arrived_at: entered.at,
        ...(deliveredOn
          ? { due_on: dayAfter(deliveredOn, answerDays, 'CALENDAR', calendar), due_whose: 'APPLICANT' as const }
          : { due_on: daysAllowed === undefined ? null : workingDayAfter(entered.on, daysAllowed, calendar), due_whose: 'POST' as const }),
        previous_opinion: opinion,
        claimed_by: null,
        claimed_at: null,
        assigned_to: null,
        decision_id: null,
        closed_at: null,
      },
    ]
  })
}

interface Decided {
  readonly move: Move
  readonly stamp: Stamp
  readonly at: Here
  readonly actor: Officer | null
  /** In whose name the actor decides. */
  readonly principal: Officer | null
  readonly group: StepGroup | null
  readonly seq: number
  readonly id: string
}

function decisionRow(
  { caseId, setting, broughtTo, opinionOf }: Journey,
  { move, stamp, at, actor, principal, group, seq, id }: Decided,
): Insertable<DecisionTable> & { readonly opinion: string } {
  const { terms, fields } = broughtTo(move, stamp.on)
  return {
    decision_id: id,
    case_id: caseId,
    org_id: setting.branch.orgId,
    access_group_id: 'OPEN',
    seq,
    command_id: null,
    stage: at.stage,
    stage_version: at.version,
    stage_entered_at: at.entered.at,
    action: move.action,
    to_stage: move.to,
    actor_id: actor?.staffId ?? null,
    on_behalf_of: principal?.staffId ?? null,
    post: move.post ?? null,
    step_group: group,
    opinion: opinionOf(move),
    reason_code: move.reasonCode ?? null,
    terms: terms ? JSON.stringify(terms) : null,
    fields: JSON.stringify(fields ?? {}),
    decided_at: stamp.at,
    decided_on: stamp.on,
    recalled_by: null,
  }
}

/** @throws RangeError where the calendar ends: seeds stay inside the loaded years */
export const workingDayAfter = (from: PlainDate, days: number, calendar: Calendar): PlainDate => dayAfter(from, days, 'WORKING', calendar)

function dayAfter(from: PlainDate, days: number, unit: 'CALENDAR' | 'WORKING', calendar: Calendar): PlainDate {
  const due = dueDate({ startedOn: from, daysAllowed: days, unit, paused: [], calendar })
  if (!due.known) throw new RangeError(`no working day ${days} after ${from}`)
  return due.dueOn
}

import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect } from 'vitest'
import type { Post } from '#contracts/posts.ts'
import type { StageAction, StepGroup } from '#contracts/stages.ts'
import { openApplication } from '#activities/loan/application.ts'
import { canonicalJson } from '#db/canonical.ts'
import { connect, constraintOf, sqlState } from '#db/connect.ts'
import { stepGroupOf } from '#rules/cases/may-act.ts'
import { loanStages, type LoanStage } from '#rules/loan/stages.ts'
import type { Answer } from '../setup/http-client.ts'
import { BRANCH_POSTS, CENTRE_POSTS, type Person, type WorstCity } from './four-eyes-city.ts'
import { BREAKS } from './past-the-api.ts'

/** A case as it stands once no machine is at work on it. */
export interface Sight {
  readonly stage: LoanStage
  readonly stage_version: number
  readonly amount_fen: string | null
  readonly months: number | null
  readonly last_by: string | null
  readonly groups: Readonly<Record<string, StepGroup>>
  readonly posts: readonly Post[]
  /** Who has claimed what is open. */
  readonly holders: readonly string[]
}

/** Waits while a machine works, then tells in one statement what is needed to try anything. */
export async function look({ house }: WorstCity, caseId: string): Promise<Sight> {
  for (const until = performance.now() + 60_000; ;) {
    const { rows } = await sql<Sight>`
      select stage, stage_version, v.result ->> 'amountFen' as amount_fen, (v.result ->> 'months')::int as months,
        (select actor_id from decision d where d.case_id = c.case_id and actor_id is not null order by seq desc limit 1) as last_by,
        (select coalesce(jsonb_object_agg(staff_id, step_group), '{}') from case_actor a where a.case_id = c.case_id) as groups,
        array(select post from task t where t.case_id = c.case_id and t.state = 'OPEN' order by post) as posts,
        array(select claimed_by::text from task t where t.case_id = c.case_id and t.state = 'OPEN' and claimed_by is not null) as holders
      from case_file c left join lateral (select content::jsonb -> 'result' as result from verdict v where v.case_id = c.case_id
        and v.kind = 'ASSESSMENT' order by round desc limit 1) v on true
      where c.case_id = ${caseId}`.execute(house.owner)
    const [seen] = rows
    if (seen && !loanStages[seen.stage].machine) return seen
    if (performance.now() > until) throw new Error(`the machine does not get out of ${seen?.stage ?? 'nowhere'}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

/** One try at random. What the numbers choose from depends on how the case stands. */
export interface Attempt {
  readonly act: keyof typeof ACTS
  /**
   * Who tries: one who is awaited and has not acted in the case, more often than chance, or none would get on; whoever acted last in it; who
   * has one of its tasks; who stands in for others; or anybody.
   */
  readonly of: 'FRESH' | 'LAST' | 'HOLDER' | 'STAND_IN' | 'ANY'
  readonly who: number
  readonly other: number
  readonly which: number
  readonly turn: number
}

interface Try {
  readonly city: WorstCity
  readonly person: Person
  readonly other: Person
  readonly caseId: string
  readonly seen: Sight
  readonly turn: number
}

/** What was tried and what came of it, as `pay DONE` or `claim RECUSAL`. */
export async function attempt(city: WorstCity, { act, of, who, other, which, turn }: Attempt): Promise<string> {
  const { caseId, seen } = await oneOf(city, which, turn)
  const fresh = city.people.filter(({ staffId, posts }) => !(staffId in seen.groups) && posts.some((post) => seen.posts.includes(post)))
  const among: Record<Attempt['of'], readonly Person[]> = {
    FRESH: fresh,
    LAST: city.people.filter(({ staffId }) => staffId === seen.last_by),
    HOLDER: city.people.filter(({ staffId }) => seen.holders.includes(staffId)),
    STAND_IN: [...city.delegates, ...city.newcomers],
    ANY: city.people,
  }
  const oneAmong = (some: readonly Person[], index: number) => pick(some.length > 0 ? some : city.people, index)
  // What is given to somebody mostly goes to who could do something with it.
  return ACTS[act]({ city, person: oneAmong(among[of], who), other: oneAmong(turn % 3 === 0 ? [] : fresh, other), caseId, seen, turn })
}

/** A case by its number, those before the money twice as often; where it has ended mostly the next that has not, as long as there is one. */
async function oneOf(city: WorstCity, which: number, turn: number): Promise<{ caseId: string; seen: Sight }> {
  const cases = [...Object.values(city.cases), city.cases.toBePaid, city.cases.toBePaidToo]
  const first = pick(cases, which)
  for (const index of cases.keys()) {
    const caseId = pick(cases, which + index)
    const seen = await look(city, caseId)
    if (!loanStages[seen.stage].terminal || turn % 16 === 0) return { caseId, seen }
  }
  return { caseId: first, seen: await look(city, first) }
}

const pick = <T>(from: readonly T[], index: number): T => {
  const found = from[index % from.length]
  if (found === undefined) throw new Error('nothing to choose from')
  return found
}

const codeOf = (answer: Answer): string => (answer.status < 300 ? 'DONE' : String((answer.body as { code?: string }).code))

/** The answer's code. Nothing else may come of a try than what is named; that a case is out of sight happens to those outside the house. */
function told(what: string, answer: Answer, expected: readonly string[]): string {
  const code = codeOf(answer)
  expect(['DONE', 'NOT_FOUND', ...expected], `${what}: ${JSON.stringify(answer.body)}`).toContain(code)
  return `${what} ${code}`
}

const ACTS = {
  decide: decides,
  recall: async ({ person, caseId, seen }: Try) => {
    const answer = await person.browser.decide(caseId, { action: 'recall', opinion: '需要再核' }, { version: seen.stage_version })
    if (seen.last_by !== person.staffId) expect(codeOf(answer), 'a recall of somebody else’s decision').not.toBe('DONE')
    return told('recall', answer, ['CONFLICT'])
  },
  claim: async ({ person, caseId }: Try) =>
    told('claim', await person.browser.command('POST', `/api/cases/${caseId}/claim`, {}), [
      'CONFLICT',
      'FORBIDDEN',
      'FOUR_EYES',
      'RECUSAL',
    ]),
  takeOver: async ({ person, caseId }: Try) =>
    told('take-over', await person.browser.command('POST', `/api/cases/${caseId}/claim`, { takeOverReason: '原办理人外出' }), [
      'FORBIDDEN',
      'FOUR_EYES',
      'RECUSAL',
      'CONFLICT',
    ]),
  release: async ({ person, caseId }: Try) =>
    told('release', await person.browser.command('POST', `/api/cases/${caseId}/release`, {}), ['CONFLICT']),
  handOver: async ({ person, other }: Try) => {
    const answer = await person.browser.command('POST', '/api/hand-overs', { toStaffId: other.staffId, reason: '调离本岗位' })
    // Chance may name oneself.
    return `${told('hand-over', answer, ['INVALID_INPUT'])} ${(answer.body as { moved: number }).moved > 0 ? 'SOMETHING' : 'NOTHING'}`
  },
  note: async ({ person, caseId, turn }: Try) =>
    told(
      'note',
      await person.browser.command('POST', `/api/cases/${caseId}/notes`, { kind: turn % 2 ? 'NOTE' : 'URGE', text: '请尽快办理' }),
      ['RECUSAL', 'FORBIDDEN'],
    ),
  copy: async ({ person, other, caseId }: Try) =>
    told('copy', await person.browser.command('POST', `/api/cases/${caseId}/copies`, { staffIds: [other.staffId], remark: '请知悉' }), [
      'RECUSAL',
    ]),
  amend: async ({ city: { house }, person, caseId, seen }: Try) => {
    const forms = house.owner.selectFrom('loan_application').select('content_enc').where('case_id', '=', caseId).orderBy('version', 'desc')
    const form: unknown = JSON.parse(canonicalJson(openApplication(house.vault, (await forms.executeTakeFirstOrThrow()).content_enc)))
    const headers = { 'Idempotency-Key': `"${randomUUID()}"`, 'If-Match': `"v${seen.stage_version}"` }
    const answer = await person.browser.send('PUT', `/api/loans/${caseId}/application`, form, headers)
    const held = seen.groups[person.staffId]
    if (held && held !== 'DESK') expect(codeOf(answer), `amended by one who holds ${held}`).not.toBe('DONE')
    return told('amend', answer, ['CONFLICT', 'FORBIDDEN', 'FOUR_EYES', 'RECUSAL', 'STALE'])
  },
  delegate: async ({ city, person, other, turn }: Try) => {
    // Mostly what could be allowed, were there not a clash with what the newcomer stands in for already.
    const [from, to, posts] =
      turn % 4 === 0
        ? [person, other, [...BRANCH_POSTS, ...CENTRE_POSTS]]
        : [pick(city.everything, turn), pick(city.newcomers, turn), CENTRE_POSTS]
    const body = { toStaffId: to.staffId, post: pick(posts, turn), fromOn: '2025-11-03', toOn: '2025-11-14' }
    return told('delegate', await from.browser.command('POST', '/api/delegations', body), ['RULES_REFUSE', 'FORBIDDEN'])
  },
  revoke: async ({ city, person, turn }: Try) => {
    const given = await city.house.owner
      .selectFrom('delegation')
      .select(['delegation_id', 'from_staff_id'])
      .where('revoked_at', 'is', null)
      .where(sql<boolean>`from_on = business_today()`)
      .orderBy('created_at')
      .execute()
    if (given.length === 0) return 'revoke NOTHING'
    const one = pick(given, turn)
    const giver = turn % 4 === 0 ? person : (city.people.find(({ staffId }) => staffId === one.from_staff_id) ?? person)
    const answer = await giver.browser.command('POST', `/api/delegations/${one.delegation_id}/revoke`, {})
    if (giver.staffId !== one.from_staff_id) expect(codeOf(answer), 'somebody else’s delegation').toBe('NOT_FOUND')
    return told('revoke', answer, [])
  },
  pastTheApi: async ({ city, caseId, seen, turn }: Try) =>
    `past ${await breaks(city, caseId, seen, pick(Object.keys(BREAKS), turn), turn)}`,
} as const

/** A decision, with everything that the stage could ask for. A person who already holds another group is refused for that, or for not being awaited. */
async function decides({ city, person, caseId, seen, turn }: Try): Promise<string> {
  const stage = loanStages[seen.stage]
  // The way on is tried more often than the others, and an end seldom, or there would soon be no case left to try.
  const actions = Object.entries<StageAction<LoanStage>>(stage.actions)
  const end = turn % 5 === 0 || !actions.some(([, { tone }]) => tone === 'forward') ? 2 : 0
  const weight = { forward: 3, back: 1, side: 1, end }
  const open = actions.flatMap(([name, action]) => Array.from({ length: weight[action.tone] }, () => ({ ...action, name })))
  if (open.length === 0) return 'NOTHING'
  const action = pick(open, turn)
  const asked = await decisionOf(city, person, seen, action, turn)
  const answer = await person.browser.decide(caseId, asked, { version: seen.stage_version })
  const held = seen.groups[person.staffId]
  const groups = seen.posts.map((post) => stepGroupOf(stage, post))
  const code = codeOf(answer)
  if (held && !groups.includes(held)) {
    const without = action.needs?.includes('step-up') && asked['oneTimeCode'] === undefined ? ['STEP_UP_NEEDED'] : []
    expect(['FOUR_EYES', 'FORBIDDEN', 'RECUSAL', 'NOT_FOUND', ...without], `${action.name} by one who holds ${held}`).toContain(code)
  }
  if (action.name === 'pay' && code === 'FOUR_EYES' && held === 'PAYMENT_MAKER') return 'pay REFUSED_TO_WHO_ASKED'
  return told(action.name, answer, ['FOUR_EYES', 'FORBIDDEN', 'RECUSAL', 'RULES_REFUSE', 'OVER_LIMIT', 'CONFLICT', 'STEP_UP_NEEDED'])
}

/** What comes back is to be about who, not about what was left out; but for the code, which is now and then. */
async function decisionOf(
  city: WorstCity,
  person: Person,
  seen: Sight,
  action: StageAction<LoanStage> & { readonly name: string },
  turn: number,
): Promise<Record<string, unknown>> {
  const needs = (need: NonNullable<StageAction['needs']>[number]): boolean => action.needs?.includes(need) ?? false
  return {
    action: action.name,
    opinion: '已经核对',
    // Named even where only one place is open now: the table may know more, and which of them was meant is then for the person to say.
    to: pick(action.to, turn),
    ...(needs('reason') ? { reasonCode: 'NOT_OWN_OCCUPIED' } : {}),
    ...(needs('wants') || action.name === 'supplement' ? { wants: [{ item: '收入证明', reason: '未加盖公章' }] } : {}),
    ...(needs('terms') ? { terms: { amountFen: seen.amount_fen ?? '10000000', months: seen.months ?? 120 } } : {}),
    ...(needs('step-up') && turn % 7 !== 0 ? { oneTimeCode: await city.codeOf(person) } : {}),
    fields: {
      ...(needs('contract') ? { contractNumber: `JK-${randomUUID().slice(0, 8)}`, signedOn: '2025-11-03' } : {}),
      ...(needs('mortgage') ? { mortgageNumber: `DY-${randomUUID().slice(0, 8)}`, mortgageOn: '2025-11-03' } : {}),
      ...(needs('delivery') ? { deliveredOn: '2025-11-03', deliveryMethod: '当面送达' } : {}),
    },
  }
}

/** One way around the API, as somebody whom the case knows. @returns how the database has refused it, or that there is nobody to try it as */
export async function breaks(city: WorstCity, caseId: string, { groups }: Pick<Sight, 'groups'>, how: string, turn = 0): Promise<string> {
  const { by, refused, holds } = BREAKS[how] as (typeof BREAKS)[string]
  const some = Object.entries(groups).filter(([, group]) => holds === undefined || group === holds)
  if (some.length === 0) return 'NOBODY'
  const [staffId, held] = pick(some, turn)
  const { database, apiParts } = city.house
  const work = connect(database.workUrl, { max: 1 })
  const way = { work, desk: apiParts.desk, caseId, staffId, group: held === 'REVIEW' ? 'APPROVAL' : 'REVIEW' }
  const outcome = await by(way).then(
    () => 'DONE',
    (error: unknown) => `${sqlState(error)} ${constraintOf(error) ?? ''}`,
  )
  await work.destroy()
  expect(outcome, how).toBe(refused)
  return 'REFUSED'
}

/** Tries by the dozen: more than every second one a decision, and who tries as it is likely to come to something. */
export const attempts = (least: number, most: number): fc.Arbitrary<Attempt[]> => {
  const any = fc.nat({ max: 9_999 })
  const numbers = { who: any, other: any, which: any, turn: any }
  const tries = (weight: number, act: readonly Attempt['act'][], of: readonly Attempt['of'][]) => ({
    weight,
    arbitrary: fc.record({ act: fc.constantFrom(...act), of: fc.constantFrom(...of), ...numbers }),
  })
  const one = fc.oneof(
    tries(12, ['decide'], ['FRESH', 'FRESH', 'FRESH', 'LAST', 'LAST', 'HOLDER', 'STAND_IN', 'ANY']),
    tries(3, ['claim', 'takeOver'], ['FRESH', 'FRESH', 'STAND_IN', 'ANY']),
    tries(3, ['release', 'handOver', 'handOver'], ['HOLDER', 'HOLDER', 'ANY']),
    tries(2, ['recall'], ['LAST', 'LAST', 'ANY']),
    tries(2, ['amend'], ['FRESH', 'FRESH', 'STAND_IN', 'ANY']),
    tries(4, ['note', 'copy', 'delegate', 'delegate', 'revoke', 'pastTheApi'], ['ANY']),
  )
  return fc.array(one, { minLength: least, maxLength: most })
}

import { setTimeout as sleep } from 'node:timers/promises'
import { replayVerdict } from '#activities/loan/replay.ts'
import { checkAll } from '#db/checks/check-all.ts'
import { stageRows } from '#db/checks/stages.ts'
import type { Violation } from '#db/checks/violation.ts'
import { stepGroupOf } from '#rules/cases/may-act.ts'
import { POST_LEVEL } from '#rules/cases/post-level.ts'
import { stageTables } from '#rules/cases/stage-tables.ts'
import type { Sight } from './house.ts'
import { DETOURS, type Changed } from './story.ts'

const stages = stageRows(stageTables, { levelOf: POST_LEVEL, groupOf: stepGroupOf })

/** What happens by itself after the last answer — a late notice, a message, the end of the run — has happened by then, deaths included. */
const QUIET_MILLISECONDS_MAX = 45_000

/** A case that was told, and whose rights it changed, if it changed any. */
export interface Told {
  readonly caseId: string
  readonly changed?: Changed
}

/**
 * What a story leaves behind, in an order that does not depend on chance: two runs of one story leave the same, whatever happened on the
 * way. Counted, not named: ids and moments differ.
 */
export async function footprint(house: Sight, { caseId, changed }: Told): Promise<string[]> {
  const { owner } = house
  const { stage } = await owner.selectFrom('case_file').select('stage').where('case_id', '=', caseId).executeTakeFirstOrThrow()
  const decisions = await owner
    .selectFrom('decision')
    .select(['stage', 'action', 'post', 'actor_id', 'to_stage'])
    .where('case_id', '=', caseId)
    .orderBy('seq')
    .execute()
  const decided = deedsAmong(decisions)
  const ended = await owner.selectFrom('decision').select('seq').where('case_id', '=', caseId).where('to_stage', '=', stage).execute()
  const notes = await owner.selectFrom('case_note').select(['kind', 'text']).where('case_id', '=', caseId).execute()
  const claims = await owner
    .selectFrom('task_claim')
    .innerJoin('task', 'task.task_id', 'task_claim.task_id')
    .select(['act', 'seq'])
    .where('case_id', '=', caseId)
    .execute()
  const documents = await owner.selectFrom('document').select(['material', 'check_state']).where('case_id', '=', caseId).execute()
  const incidents = await owner
    .selectFrom('incident')
    .select(['kind', 'detail'])
    .where('state', '=', 'OPEN')
    .where('case_id', '=', caseId)
    .execute()
  const person =
    changed && (await owner.selectFrom('staff').select('state').where('staff_id', '=', changed.staffId).executeTakeFirstOrThrow())
  return [
    `stands in ${stage}`,
    `came there ${ended.length} times`,
    ...decided.map(({ stage: at, action, post }) => `decided ${at} ${action} (${post ?? ''})`),
    ...(await countsOf(house, caseId)),
    ...notes.map(({ kind, text }) => `note ${kind} ${text}`).toSorted(),
    ...claims.map(({ act, seq }) => `claim ${seq} ${act}`).toSorted(),
    ...documents.map(({ material, check_state }) => `document ${material} ${check_state}`).toSorted(),
    ...incidents.map(({ kind, detail }) => `incident ${kind}: ${detail}`),
    // A lock follows an unlock from one run to the next: what matters is that it is what was asked for.
    ...(changed && person
      ? [`rights ${(person.state === 'LOCKED') === (changed.change === 'LOCK') ? 'as asked' : `not as asked: ${person.state}`}`]
      : []),
  ]
}

interface Deed {
  readonly stage: string
  readonly to_stage: string
  readonly actor_id: string | null
}

/** What people have decided in a case to some effect, in order: neither what the machine did, nor what was done on a detour. */
export const deedsAmong = <Decision extends Deed>(decisions: readonly Decision[]): Decision[] =>
  decisions.filter((one, index) => one.actor_id !== null && !DETOURS.includes(one.stage) && !wasInVain(one, decisions[index + 1]))

/** The machine has led the case straight back, because a source was silent: somebody decides the same once more. */
const wasInVain = (one: Deed, next: Deed | undefined): boolean => next?.actor_id === null && next.to_stage === one.stage

const COUNTED = ['voucher', 'payment', 'loan_account', 'paper', 'case_copy', 'case_party'] as const

async function countsOf({ owner, bankPayments }: Sight, caseId: string): Promise<string[]> {
  const counts: string[] = []
  for (const table of COUNTED) {
    const rows = await owner.selectFrom(table).select('case_id').where('case_id', '=', caseId).execute()
    counts.push(`${rows.length} ${table}`)
  }
  const serials = new Set(
    (await owner.selectFrom('payment').select('payment_id').where('case_id', '=', caseId).execute()).map((row) => row.payment_id),
  )
  const paid = (await bankPayments()).filter(({ serial, state }) => state === 'SUCCEEDED' && serials.has(serial.toLowerCase()))
  return [...counts, `${paid.length} payments at the bank`]
}

/**
 * Waits until the house is at rest, then says everything that is not as if nothing had happened.
 * @param told the cases, each with what the same story leaves without a fault
 * @param openWorkflows ids of what still runs in the engine
 */
export async function complaintsAbout(
  house: Sight,
  told: readonly (Told & { readonly expected: readonly string[] })[],
  openWorkflows: () => Promise<readonly string[]>,
): Promise<string[]> {
  const until = performance.now() + QUIET_MILLISECONDS_MAX
  for (;;) {
    const over = performance.now() > until
    const complaints = await lookAt(house, told, openWorkflows, over).catch((error: unknown) => [`cannot be looked at: ${String(error)}`])
    if (complaints.length === 0 || over) return complaints
    await sleep(250)
  }
}

/** @param everything also where it is plain already that the house is not at rest: to ask the whole book takes it a while that it needs to come to rest */
async function lookAt(
  house: Sight,
  told: Parameters<typeof complaintsAbout>[1],
  openWorkflows: () => Promise<readonly string[]>,
  everything: boolean,
): Promise<string[]> {
  const complaints: string[] = []
  for (const one of told) complaints.push(...difference(one.expected, await footprint(house, one)).map((line) => `${one.caseId}: ${line}`))
  if (complaints.length === 0) complaints.push(...(await checkAll(house.owner, { stages, only: ['I13'] })).map(inWords))
  if (complaints.length > 0 && !everything) return complaints
  return [...new Set([...complaints, ...(await aboutHouse(house, openWorkflows)).map(inWords)])]
}

/** Lines of the one that are not in the other, and the order when that is all. */
function difference(expected: readonly string[], found: readonly string[]): string[] {
  const missing = expected.filter((line) => !found.includes(line)).map((line) => `without “${line}”`)
  const added = found.filter((line) => !expected.includes(line)).map((line) => `with “${line}”`)
  if (missing.length + added.length > 0) return [...missing, ...added]
  return expected.join('\n') === found.join('\n') ? [] : [`in another order, or twice: ${found.join(', ')}`]
}

async function aboutHouse(house: Sight, openWorkflows: () => Promise<readonly string[]>): Promise<Violation[]> {
  const bankPayments = (await house.bankPayments()).map(({ serial, state, amountFen }) => ({ serial, state, amountFen: BigInt(amountFen) }))
  return checkAll(house.owner, { stages, bankPayments, openWorkflows, replay: replayVerdict })
}

const inWords = ({ invariant, what, count, rows }: Violation): string =>
  `${invariant} ${what} (${count}): ${JSON.stringify(rows[0], (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`

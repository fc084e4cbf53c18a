import { setTimeout as sleep } from 'node:timers/promises'
import { replayVerdict } from '#activities/loan/replay.ts'
import { checkAll } from '#db/checks/check-all.ts'
import { stageRows } from '#db/checks/stages.ts'
import type { Violation } from '#db/checks/violation.ts'
import { stepGroupOf } from '#rules/cases/may-act.ts'
import { POST_LEVEL } from '#rules/cases/post-level.ts'
import { stageTables } from '#rules/cases/stage-tables.ts'
import type { FaultHouse } from './house.ts'

const stages = stageRows(stageTables, { levelOf: POST_LEVEL, groupOf: stepGroupOf })

/** What happens by itself after the last answer — a late notice, a message, the end of the run — has happened by then, deaths included. */
const QUIET_MILLISECONDS_MAX = 45_000

/** What people decided, in their order, as `STAGE action`. */
export async function humanDecisions(house: FaultHouse, caseId: string): Promise<string[]> {
  const rows = await house.owner
    .selectFrom('decision')
    .select(['stage', 'action', 'post'])
    .where('case_id', '=', caseId)
    .where('actor_id', 'is not', null)
    .orderBy('seq')
    .execute()
  return rows.map(({ stage, action, post }) => `${stage} ${action} (${post ?? ''})`)
}

/**
 * Waits until the house is at rest, then says everything that is not as if nothing had happened.
 * @param expected what people decided in a story without a fault
 * @param openWorkflows ids of what still runs in the engine
 */
export async function complaintsAbout(
  house: FaultHouse,
  caseId: string,
  expected: readonly string[],
  openWorkflows: () => Promise<readonly string[]>,
): Promise<string[]> {
  const until = performance.now() + QUIET_MILLISECONDS_MAX
  for (;;) {
    const complaints = [...(await aboutCase(house, caseId, expected)), ...(await aboutHouse(house, openWorkflows)).map(inWords)]
    if (complaints.length === 0 || performance.now() > until) return complaints
    await sleep(250)
  }
}

async function aboutCase(house: FaultHouse, caseId: string, expected: readonly string[]): Promise<string[]> {
  const { owner } = house
  const count = async (table: 'voucher' | 'loan_account' | 'payment'): Promise<number> =>
    (await owner.selectFrom(table).select('case_id').where('case_id', '=', caseId).execute()).length
  const { stage } = await owner.selectFrom('case_file').select('stage').where('case_id', '=', caseId).executeTakeFirstOrThrow()
  const disbursed = await owner.selectFrom('decision').select('seq').where('case_id', '=', caseId).where('to_stage', '=', 'DISBURSED').execute()
  const serials = await owner.selectFrom('payment').select('payment_id').where('case_id', '=', caseId).execute()
  const paid = (await house.bankPayments()).filter(
    ({ serial, state }) => state === 'SUCCEEDED' && serials.some((one) => one.payment_id === serial.toLowerCase()),
  )
  const decided = await humanDecisions(house, caseId)
  const incidents = await owner.selectFrom('incident').select(['kind', 'detail']).where('state', '=', 'OPEN').execute()
  const numbers = {
    'decisions to DISBURSED': disbursed.length,
    'payments of ours': await count('payment'),
    'payments at the bank': paid.length,
    vouchers: await count('voucher'),
    'loan accounts': await count('loan_account'),
  }
  return [
    ...(stage === 'DISBURSED' ? [] : [`the case stands in ${stage}`]),
    ...Object.entries(numbers).flatMap(([what, found]) => (found === 1 ? [] : [`${found} ${what} instead of 1`])),
    ...(decided.join('\n') === expected.join('\n') ? [] : [`people decided ${decided.join(', ')}`]),
    ...incidents.map(({ kind, detail }) => `incident ${kind}: ${detail}`),
  ]
}

async function aboutHouse(house: FaultHouse, openWorkflows: () => Promise<readonly string[]>): Promise<Violation[]> {
  const bankPayments = (await house.bankPayments()).map(({ serial, state, amountFen }) => ({ serial, state, amountFen: BigInt(amountFen) }))
  return checkAll(house.owner, { stages, bankPayments, openWorkflows, replay: replayVerdict })
}

const inWords = ({ invariant, what, count, rows }: Violation): string =>
  `${invariant} ${what} (${count}): ${JSON.stringify(rows[0], (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`

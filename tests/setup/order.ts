import { expect } from 'vitest'
import { workflowIdOf } from '#contracts/cases.ts'
import { checkAll } from '#db/checks/check-all.ts'
import { stageRows } from '#db/checks/stages.ts'
import { stepGroupOf } from '#rules/cases/may-act.ts'
import { POST_LEVEL } from '#rules/cases/post-level.ts'
import { stageTables } from '#rules/cases/stage-tables.ts'
import { replayVerdict } from '#activities/loan/replay.ts'
import type { House } from './house.ts'

const stages = stageRows(stageTables, { levelOf: POST_LEVEL, groupOf: stepGroupOf })

/**
 * Everything that must always be true is true, between record, bank and engine, once what is under way by itself (a start from the outbox, a
 * wake-up) has come to rest.
 */
export async function expectOrder(house: House): Promise<void> {
  const bankPayments = (await house.sandbox.payments()).flatMap(({ serial, state, amountFen }) =>
    state === 'ACCEPTED' || state === 'SUCCEEDED' || state === 'FAILED' ? [{ serial, state, amountFen }] : [],
  )
  const openWorkflows = async (): Promise<string[]> => {
    const found: string[] = []
    for await (const { kind, caseId } of house.engine.listRunning()) found.push(workflowIdOf(kind, caseId))
    return found
  }
  const inWords = async (): Promise<string[]> =>
    (await checkAll(house.owner, { stages, bankPayments, openWorkflows, replay: replayVerdict })).map(
      ({ invariant, what, rows }) => `${invariant} ${what} ${show(rows)}`,
    )
  await expect.poll(inWords, { timeout: 40_000, interval: 500 }).toEqual([])
}

const show = (rows: unknown): string => JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))

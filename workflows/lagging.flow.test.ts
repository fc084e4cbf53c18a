import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decideCase } from '#activities/case/decide.ts'
import { enterStage } from '#activities/cases.ts'
import { connect, type Db } from '#db/connect.ts'
import { receiveCommand } from '#db/write/commands.ts'
import { LoanCast } from '../tests/journeys/loan-cast.ts'
import { startHouse, type House } from '../tests/setup/house.ts'

let house: House
let cast: LoanCast
let work: Db
beforeAll(async () => {
  house = await startHouse()
  cast = new LoanCast(house)
  work = connect(house.database.workUrl, { max: 1 })
}, 60_000)
afterAll(async () => {
  await work.destroy()
  await house.end()
})

/** Commits a decision behind the engine's back: what is left when its Update dies with the server after the commit. */
async function commits(caseId: string, post: string, body: Record<string, unknown>): Promise<void> {
  const { staff_id } = await house.owner
    .selectFrom('staff')
    .select('staff_id')
    .where('staff_number', '=', cast.numberOf(post))
    .executeTakeFirstOrThrow()
  const versions = () =>
    house.owner.selectFrom('case_file').select(['stage_version', 'engine_version']).where('case_id', '=', caseId).executeTakeFirstOrThrow()
  // The engine knows the case and waits in its stage: from here on it is behind.
  await expect.poll(async () => (await versions()).engine_version, { timeout: 10_000 }).toBe((await versions()).stage_version)
  const { stage_version } = await versions()
  const commandId = randomUUID()
  await receiveCommand(work, {
    commandId,
    actorId: staff_id,
    key: randomUUID(),
    bodyHash: '',
    caseId,
    action: String(body['action']),
    expectedVersion: stage_version,
    body,
    steppedUp: false,
  })
  // No source outside is asked by these decisions.
  const { answer } = await decideCase(work, { db: work, vault: house.vault, ports: {} as never }, caseId, commandId)
  expect(answer).toMatchObject({ done: { state: 'DONE' } })
}

test('a case whose record is ahead goes on from the record: the machine’s next stage is not forgotten', async () => {
  const caseId = await cast.complete('approved-couple')
  await commits(caseId, 'INTAKE', { action: 'accept' })
  expect(await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW')).toBe('PRELIM_REVIEW')
}, 30_000)

test('an officer decides on the record while the engine still lags behind it', async () => {
  const caseId = await cast.accepted('approved-single')
  await commits(caseId, 'PRELIMINARY_REVIEWER', { action: 'pass' })
  await cast.decides('REVIEWER', caseId, { action: 'return', to: 'RETURNED', opinion: '请核对' })
  await cast.decides('INTAKE', caseId, { action: 'resubmit' })
  expect(await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW')).toBe('PRELIM_REVIEW')
}, 30_000)

test('a case that has ended in the record ends its workflow', async () => {
  const caseId = await cast.submit('approved-price-limits')
  await commits(caseId, 'INTAKE', { action: 'not-accept', reasonCode: 'NOT_OWN_OCCUPIED', opinion: '不属自住' })
  await expect.poll(() => house.engine.isRunning('loan', caseId), { timeout: 20_000 }).toBe(false)
}, 30_000)

/** What the engine has noted is gone with it, when it dies in the middle of an Update; what its workflow wrote into the record is not. */
async function commitsAndIsForgotten(caseId: string, post: string, body: Record<string, unknown>): Promise<void> {
  await commits(caseId, post, body)
  // As the workflow would have done in the same task: from here on the record says that the engine knows.
  await enterStage(work, caseId)
}

test('an engine that has forgotten a decision which the record believes it knows does the machine’s work all the same', async () => {
  const caseId = await cast.complete('approved-second-home')
  await commitsAndIsForgotten(caseId, 'INTAKE', { action: 'accept' })
  await expect.poll(async () => (await cast.see('INTAKE', caseId)).case.stage, { timeout: 100_000 }).toBe('PRELIM_REVIEW')
}, 120_000)

test('an engine that has forgotten the end of a case ends its workflow all the same', async () => {
  const caseId = await cast.submit('approved-many-children')
  await commitsAndIsForgotten(caseId, 'INTAKE', { action: 'not-accept', reasonCode: 'NOT_OWN_OCCUPIED', opinion: '不属自住' })
  await expect.poll(() => house.engine.isRunning('loan', caseId), { timeout: 30_000 }).toBe(false)
}, 60_000)

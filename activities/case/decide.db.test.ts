import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { connect, type Db } from '#db/connect.ts'
import { armFaults, PlannedFault } from '#db/fault.ts'
import { seedCity } from '#db/seed/city.ts'
import { createVault } from '#db/vault.ts'
import { receiveCommand } from '#db/write/commands.ts'
import { testDatabase, type TestDatabase } from '../../tests/setup/database.ts'
import type { Parts } from '../parts.ts'
import { decideCase } from './decide.ts'

let database: TestDatabase
let owner: Db
let work: Db
const vault = createVault({ dataKey: Buffer.alloc(32, 1), hashKey: Buffer.alloc(32, 2) })

beforeAll(async () => {
  database = await testDatabase()
  owner = connect(database.ownerUrl, { max: 2 })
  work = connect(database.workUrl, { max: 2 })
  await seedCity(owner, vault, { contributors: 60, olderLoans: 20, openCases: 24 })
})
afterEach(() => armFaults(undefined))
afterAll(async () => {
  await Promise.all([owner.destroy(), work.destroy()])
  await database.drop()
})

/** The first case in 初审, and somebody of its post who has no part in it. */
const waiting = () =>
  owner
    .selectFrom('task')
    .innerJoin('staff_post', (join) => join.onRef('staff_post.post', '=', 'task.post').onRef('staff_post.org_id', '=', 'task.org_id'))
    .innerJoin('case_file', 'case_file.case_id', 'task.case_id')
    .select(['task.case_id as caseId', 'staff_post.staff_id as staffId', 'case_file.stage_version as version'])
    .where('task.stage', '=', 'PRELIM_REVIEW')
    .where('task.state', '=', 'OPEN')
    .where('task.claimed_by', 'is', null)
    .where('staff_post.to_on', 'is', null)
    .where('staff_post.staff_id', 'not in', (eb) =>
      eb.selectFrom('case_actor').select('staff_id').whereRef('case_actor.case_id', '=', 'task.case_id'),
    )
    .orderBy('case_file.case_number')
    .executeTakeFirstOrThrow()

type Waiting = Awaited<ReturnType<typeof waiting>>
async function receivePass({ caseId, staffId, version }: Waiting): Promise<string> {
  const commandId = randomUUID()
  const command = { commandId, actorId: staffId, key: commandId, bodyHash: commandId, caseId, action: 'pass', expectedVersion: version }
  await receiveCommand(work, { ...command, body: { action: 'pass', opinion: '同意' }, steppedUp: false })
  return commandId
}
const decide = (caseId: string, commandId: string) => decideCase(work, { db: work, vault } as Parts, caseId, commandId)
const pass = async (about: Waiting) => decide(about.caseId, await receivePass(about))

test('what the database refuses for another reason is ours, and is thrown', async () => {
  await sql`alter table decision add constraint decision_case_id_other check (decided_on < '2000-01-01') not valid`.execute(owner)
  await expect(pass(await waiting())).rejects.toMatchObject({ constraint: 'decision_case_id_other' })
  await sql`alter table decision drop constraint decision_case_id_other`.execute(owner)
})

// The rule asks before; here it is made blind, as if somebody had got between its look and the decision.
test('what the database refuses for four eyes reaches the officer as that, and leaves nothing behind but the refusal', async () => {
  await sql`create function misfile() returns trigger language plpgsql as 'begin new.step_group := ''APPROVAL''; return new; end'`.execute(
    owner,
  )
  await sql`create trigger misfile before insert on decision for each row execute function misfile()`.execute(owner)
  const about = await waiting()
  const commandId = await receivePass(about)
  const stateNow = async () =>
    (await owner.selectFrom('command').select('state').where('command_id', '=', commandId).executeTakeFirstOrThrow()).state
  for (const [plan, left] of [
    ['decide-refused.before-commit#1=throw', 'RECEIVED'],
    ['decide-refused.after-commit#1=throw', 'REFUSED'],
  ] as const) {
    armFaults(plan)
    await expect(decide(about.caseId, commandId)).rejects.toThrow(PlannedFault)
    expect([plan, await stateNow()]).toEqual([plan, left])
  }
  // As the engine tries it again.
  const { answer, state } = await decide(about.caseId, commandId)
  expect(answer).toEqual({ refused: { code: 'FOUR_EYES', detail: '您或被代理人已办理过本案的其他环节' } })
  expect(state).toMatchObject({ stage: 'PRELIM_REVIEW', stageVersion: about.version })
  const command = await owner.selectFrom('command').select(['state', 'answer']).where('command_id', '=', commandId).executeTakeFirst()
  expect(command).toEqual({ state: 'REFUSED', answer })
  const joined = owner.selectFrom('case_actor').select('staff_id').where('case_id', '=', about.caseId).where('staff_id', '=', about.staffId)
  expect(await joined.execute()).toEqual([])
  const audited = owner.selectFrom('audit_row').select(['act', 'body']).where('case_id', '=', about.caseId).orderBy('seq', 'desc')
  const refusals = (await audited.execute()).filter(({ act }) => act.startsWith('refused/'))
  expect(refusals.map(({ act, body }) => [act, JSON.parse(body)])).toEqual([
    ['refused/pass', expect.objectContaining({ code: 'FOUR_EYES', command: commandId })],
  ])

  await sql`drop trigger misfile on decision`.execute(owner)
  expect((await pass(about)).answer).toMatchObject({ done: { stageVersion: about.version + 1 } })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { counterparts } from '#contracts/machine/message.ts'
import { newMachineKeys } from '#sandbox/spawned.ts'
import { LoanCast } from '../../tests/journeys/loan-cast.ts'
import { TEST_DATA_KEY } from '../../tests/setup/city.ts'
import { startHouse, type House } from '../../tests/setup/house.ts'
import { runCommand, runHere, type Ended } from '../running.fixture.ts'

let house: House
let cast: LoanCast
let client: Client
let connection: Connection
let env: NodeJS.ProcessEnv
const folder = mkdtempSync(join(tmpdir(), 'anju-operating-'))

beforeAll(async () => {
  house = await startHouse()
  cast = new LoanCast(house)
  const { address, namespace } = inject('temporal')
  connection = await Connection.connect({ address })
  client = new Client({ connection, namespace })
  const keys = newMachineKeys()
  const { database, sandbox, taskQueue } = house
  env = {
    PATH: process.env['PATH'],
    // Of no demo that may be running on this machine.
    ANJU_DATA: folder,
    NODE_ENV: 'test',
    DATABASE_URL_READ: database.readUrl,
    DATABASE_URL_WORK: database.workUrl,
    DATABASE_URL_BATCH: database.batchUrl,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    TASK_QUEUE: taskQueue,
    ANJU_DATA_KEY: TEST_DATA_KEY.toString('base64'),
    ANJU_HASH_KEY: TEST_DATA_KEY.toString('base64'),
    ANJU_SEAL_KEY: keys.centre,
    MACHINE_KEY: keys.centre,
    MACHINE_PEER_KEYS: keys.counterparts.publicKeys,
    ...Object.fromEntries(counterparts.map((name) => [`SANDBOX_URL_${name.toUpperCase()}`, `${sandbox.origin}/${name}`])),
  }
}, 60_000)
afterAll(async () => {
  await connection.close()
  await house.end()
  rmSync(folder, { recursive: true, force: true })
})

const anju = (name: string, ...args: string[]): Promise<Ended> => runHere(name, args, env)
const jsonOf = ({ out }: Ended): unknown => JSON.parse(out)

describe('anju clock', () => {
  test('shows the date and what falls due next', async () => {
    const caseId = await cast.accepted('approved-couple')
    const { code, out, err } = await anju('clock')
    expect([code, err]).toEqual([0, ''])
    expect(out).toBe('营业日期 2025-11-03（演示，可推进）\n下一个到期日 2025-11-07，有 1 件在办案件到期\n')
    expect(jsonOf(await anju('clock', '--json'))).toEqual({ mode: 'DEMO', businessDate: '2025-11-03', nextDue: '2025-11-07', dueCases: 1 })
    expect(await fired(caseId)).toEqual([])
  }, 60_000)

  test('advance --next moves to that day, and the cases concerned are told', async () => {
    const { code, out } = await anju('clock', 'advance', '--next')
    expect([code, out]).toEqual([0, '营业日期由 2025-11-03 推进到 2025-11-07；有 1 件案件到期，正在逐件提醒\n'])
    await vi.waitFor(
      async () => expect(await house.owner.selectFrom('deadline').select('code').where('state', '=', 'FIRED').execute()).toHaveLength(1),
      10_000,
    )
    const [move] = await house.owner.selectFrom('clock_move').selectAll().execute()
    expect(move).toMatchObject({ from_date: '2025-11-03', to_date: '2025-11-07', moved_by: null })
    const audit = await house.owner.selectFrom('audit_row').select('act').where('stream', '=', 'system').execute()
    expect(audit).toEqual([{ act: 'clock/advance' }])
  }, 30_000)

  test('advance --days counts from the business date', async () => {
    expect(jsonOf(await anju('clock', 'advance', '--days', '3', '--json'))).toMatchObject({ from: '2025-11-07', to: '2025-11-10' })
  })

  test.each([
    ['back', ['--to', '2025-11-01'], '只能向前推进'],
    ['too far', ['--to', '2027-06-01'], '一次至多推进'],
    ['to no day', ['--to', '2025-02-30'], '日期 2025-02-30 有误'],
    ['by no days', ['--days', '0'], '天数 0 有误'],
    ['two ways at once', ['--days', '1', '--next'], '之一'],
    ['nowhere', [], '之一'],
  ])('does not move %s', async (_sentence, args, words) => {
    const { code, out, err } = await anju('clock', 'advance', ...args)
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(words)
  })
})

describe('anju calendar', () => {
  const by = (post: string): string[] => ['--by', post === 'NOBODY' ? 'Z9999' : cast.numberOf(post), '--reason', '国办发明电〔2025〕99号']

  test('set makes a working day a day of rest, in somebody’s name', async () => {
    const caseId = await cast.accepted('approved-single')
    expect((await cast.see('INTAKE', caseId)).clock.dueOn).toBe('2025-11-25')
    const { code, out, err } = await anju('calendar', 'set', '2025-11-25', '--rest', ...by('SYS_ADMIN'))
    expect([code, err]).toEqual([0, ''])
    expect(out).toBe('2025-11-25 已改定为休息日；1 件在办案件的期限正在重算\n')
    await vi.waitFor(async () => expect((await cast.see('INTAKE', caseId)).clock.dueOn).toBe('2025-11-26'), 10_000)
    const note = await house.owner
      .selectFrom('case_note')
      .innerJoin('staff', 'staff.staff_id', 'case_note.staff_id')
      .select(['staff_number', 'text'])
      .executeTakeFirst()
    expect(note).toEqual({ staff_number: cast.numberOf('SYS_ADMIN'), text: expect.stringContaining('国办发明电〔2025〕99号') })
    // The command line does not know the person by a password: under whose account it ran is on record beside their name.
    const audit = await house.owner.selectFrom('audit_row').select('body').where('act', '=', 'calendar/day').executeTakeFirstOrThrow()
    expect(JSON.parse(audit.body)).toMatchObject({ operator: userInfo().username, reason: '国办发明电〔2025〕99号' })
  }, 60_000)

  test('load makes a year known that was not', async () => {
    const file = join(folder, '2027.json')
    writeFileSync(
      file,
      JSON.stringify({ year: 2027, source: '国办通知', holidays: [{ name: '元旦', from: '2027-01-01', to: '2027-01-03' }], madeUp: [] }),
    )
    expect(jsonOf(await anju('calendar', 'load', '--file', file, ...by('POLICY_ADMIN'), '--json'))).toEqual({ year: 2027, cases: 0 })
    const days = await house.owner.selectFrom('calendar_day').select(['day', 'working']).where('year', '=', 2027).orderBy('day').execute()
    expect(days).toHaveLength(365)
    expect(days.slice(0, 4).map(({ working }) => working)).toEqual([false, false, false, true])
  })

  test.each([
    ['by nobody', ['set', '2025-12-01', '--rest'], 'NOBODY', '工号 Z9999 不是在岗的系统管理员或政策参数岗'],
    ['by a clerk', ['set', '2025-12-01', '--rest'], 'INTAKE', '不是在岗的系统管理员或政策参数岗'],
    ['to what it is', ['set', '2025-12-01', '--working'], 'SYS_ADMIN', '已经是工作日'],
    ['in a year that is not loaded', ['set', '2028-12-01', '--rest'], 'SYS_ADMIN', '2028年的工作日历尚未载入'],
    ['to two things', ['set', '2025-12-01', '--rest', '--working'], 'SYS_ADMIN', '之一'],
    ['on no day', ['set', '2025-02-30', '--rest'], 'SYS_ADMIN', '日期 2025-02-30 有误'],
  ])('no day is changed %s', async (_sentence, args, post, words) => {
    const { code, out, err } = await anju('calendar', ...args, ...by(post))
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(words)
  })

  test('a year with a slip of the pen is refused with its place', async () => {
    const file = join(folder, 'slip.json')
    writeFileSync(
      file,
      JSON.stringify({ year: 2028, source: '国办通知', holidays: [{ name: '元旦', from: '2028-02-30', to: '2028-03-01' }], madeUp: [] }),
    )
    const { code, err } = await anju('calendar', 'load', '--file', file, ...by('POLICY_ADMIN'))
    expect([code, err]).toEqual([1, expect.stringContaining('holidays[0].from')])
  })
})

describe('anju reconcile', () => {
  test('finds nothing where record and engine agree', async () => {
    const { code, out, err } = await anju('reconcile')
    expect([code, err, out]).toEqual([0, '', '在办案件 2 件\n  与流程引擎一致\n'])
  }, 30_000)

  test('starts a case again whose workflow was lost, and says so beforehand when asked to change nothing', async () => {
    const { caseId, caseNumber } = await someCase()
    await client.workflow.getHandle(`loan/${caseId}`).terminate('lost')
    const dry = await anju('reconcile', '--dry-run', '--json')
    expect(dry.code).toBe(1)
    expect(jsonOf(dry)).toMatchObject({ dryRun: true, open: 2, missing: [{ caseId, caseNumber }], ended: [], strays: [] })
    expect(await statusOf(caseId)).toBe('TERMINATED')
    const { code, out } = await anju('reconcile')
    expect([code, out]).toEqual([0, `在办案件 2 件\n  已重新启动：${caseNumber}\n`])
    expect(await statusOf(caseId)).toBe('RUNNING')
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'pass', opinion: '流程已恢复' })
  }, 60_000)

  test('lists a workflow whose case nobody knows, and leaves it alone', async () => {
    const stray = crypto.randomUUID()
    // On a queue nobody serves it would not be listed; on ours it waits for a case that will never come.
    await client.workflow.start('loan', {
      workflowId: `loan/${stray}`,
      taskQueue: house.taskQueue,
      args: [],
      workflowTaskTimeout: '60 seconds',
    })
    const { code, out } = await listing(`loan/${stray}`)
    expect([code, out]).toEqual([1, expect.stringContaining(`记录中没有这件案件，请查明：loan/${stray}`)])
    expect(await statusOf(stray)).toBe('RUNNING')
    await client.workflow.getHandle(`loan/${stray}`).terminate('end of test')
  }, 60_000)

  test('tells a workflow whose case has ended to end', async () => {
    const { caseId } = await someCase()
    // An ended case that passes for known to the engine, as after a database was restored beside an engine that was not: no sweep comes by.
    await house.owner
      .updateTable('case_file')
      .set((eb) => ({
        open: false,
        stage: 'WITHDRAWN',
        stage_version: eb('stage_version', '+', 1),
        engine_version: eb('stage_version', '+', 1),
        closed_on: plainDate('2025-11-10'),
      }))
      .where('case_id', '=', caseId)
      .execute()
    const { code, out } = await listing(`loan/${caseId}`)
    expect([code, out]).toEqual([0, expect.stringContaining(`已通知结束：loan/${caseId}`)])
    await vi.waitFor(async () => expect(await statusOf(caseId)).toBe('COMPLETED'), 10_000)
  }, 60_000)

  /** The engine's list lags: asked until it has the workflow in it. */
  const listing = (workflowId: string): Promise<Ended> =>
    vi.waitFor(
      async () => {
        const ended = await anju('reconcile')
        expect(ended.out).toContain(workflowId)
        return ended
      },
      { timeout: 20_000 },
    )
})

describe('anju upgrade', () => {
  test('sends every waiting case on in a fresh run, in the stage where it was', async () => {
    const { caseId } = await someCase()
    const before = await client.workflow.getHandle(`loan/${caseId}`).describe()
    const stage = (await cast.see('INTAKE', caseId)).case
    const { code, out, err } = await anju('upgrade')
    expect([code, err, out]).toEqual([0, '', '已通知 1 件在办案件转到最新版本\n'])
    await vi.waitFor(
      async () => expect((await client.workflow.getHandle(`loan/${caseId}`).describe()).runId).not.toBe(before.runId),
      10_000,
    )
    expect((await cast.see('INTAKE', caseId)).case).toMatchObject({ stage: stage.stage, stageVersion: stage.stageVersion })
  }, 30_000)

  test('says how many have no workflow to be told', async () => {
    const { caseId } = await someCase()
    await client.workflow.getHandle(`loan/${caseId}`).terminate('lost')
    const ended = await anju('upgrade', '--json')
    expect([ended.code, jsonOf(ended)]).toEqual([1, { build: null, told: 0, missing: 1, behind: [], restarted: false }])
  }, 30_000)
})

test('a fault of the world is no refusal: without the engine they end with 2', async () => {
  const { code, out } = await runCommand('reconcile', [], { ...env, DATABASE_URL_WORK: 'postgresql://anju_work:x@127.0.0.1:9/anju' })
  expect([code, out]).toEqual([2, ''])
}, 30_000)

test.each(['clock', 'calendar', 'reconcile', 'upgrade'])('%s --help gives an example and needs no environment', async (name) => {
  const { code, out } = await runCommand(name, ['--help'], { PATH: process.env['PATH'], ANJU_DATA: folder })
  expect([code, out]).toEqual([0, expect.stringContaining(`npm run -s anju -- ${name}`)])
})

const someCase = async () => {
  const row = await house.owner
    .selectFrom('case_file')
    .select(['case_id', 'case_number'])
    .where('open', '=', true)
    .orderBy('case_number')
    .executeTakeFirstOrThrow()
  return { caseId: row.case_id, caseNumber: row.case_number }
}
const fired = (caseId: string) =>
  house.owner.selectFrom('deadline').select('code').where('case_id', '=', caseId).where('state', '=', 'FIRED').execute()
const statusOf = async (caseId: string): Promise<string> => (await client.workflow.getHandle(`loan/${caseId}`).describe()).status.name

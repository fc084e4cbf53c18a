import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { CaseRow } from '#contracts/cases.ts'
import { plainDate } from '#contracts/dates.ts'
import type { Answer } from '../setup/http-client.ts'
import { expectOrder } from '../setup/order.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

const WANTS = [{ item: '收入证明', reason: '未加盖单位公章' }]

openJourneys()

describe('before acceptance', () => {
  let caseId: string
  beforeAll(async () => {
    caseId = await cast.submit('approved-single')
    await cast.decides('INTAKE', caseId, { action: 'request-correction', wants: WANTS })
  }, 60_000)

  test('the officer has two working days to hand over the notice, and the applicant’s time has not begun', async () => {
    const { case: row, clock } = await cast.see('INTAKE', caseId)
    expect(row).toMatchObject({ dueOn: '2025-11-05', dueWhose: 'POST', daysUnit: 'WORKING', daysLeft: 2 })
    expect(clock.state).toBe('NOT_STARTED')
    expect(await lapses(caseId)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('告知书尚未登记送达') } })
  })

  test('the notice does not say that anything was accepted, and gives thirty days from delivery, as assumed', async () => {
    const input = await noticeOf(caseId)
    expect(input).toMatchObject({ appliedOn: '2025-11-03', acceptedOn: null, answerDays: 30 })
    expect(input.parameters.assumed).toEqual([expect.stringContaining('补正期限')])
  })

  test('once it is delivered the applicant has thirty calendar days, to the Monday if the last is a Sunday, and no clock runs', async () => {
    await advance('2025-11-07')
    await delivers(caseId, '2025-11-07')
    const { case: row, clock, tasks } = await cast.see('INTAKE', caseId)
    expect(row).toMatchObject({
      stage: 'CORRECTION_REQUESTED',
      dueOn: '2025-12-08',
      dueWhose: 'APPLICANT',
      daysUnit: 'CALENDAR',
      daysLeft: 31,
    })
    expect(tasks.map(({ dueOn }) => dueOn)).toEqual([null])
    expect(clock.state).toBe('NOT_STARTED')
    expect(await armed(caseId)).toEqual([['ANSWER_DUE', '2025-12-09']])
    expect(await lapses(caseId)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('补正期限至2025-12-08，尚未届满') } })
  }, 60_000)

  test('what is handed in ends the applicant’s time; asked a second time, it begins anew with that notice', async () => {
    await cast.decides('INTAKE', caseId, { action: 'resubmit' })
    expect((await armed(caseId)).map(([code]) => code)).toEqual(['STAGE_OVERDUE'])
    const again = { action: 'request-correction', wants: [{ item: '首付款发票', reason: '未提供' }] }
    const detail = '已发出过一次性告知；再次告知须说明理由，并计入统计'
    expect(await (await cast.person('INTAKE')).decide(caseId, again)).toMatchObject({ status: 409, body: { code: 'RULES_REFUSE', detail } })
    await cast.decides('INTAKE', caseId, { ...again, secondNoticeReason: '首付款发票系补正后才知遗失' })
    const told = (await cast.see('INTAKE', caseId)).timeline.map(({ secondNoticeReason }) => secondNoticeReason)
    expect(told.filter((reason) => reason !== null)).toEqual(['首付款发票系补正后才知遗失'])
    expect(await metric('anju_second_notices')).toBe(1)
    expect((await cast.see('INTAKE', caseId)).case).toMatchObject({ dueWhose: 'POST', dueOn: '2025-11-11' })
    expect(await lapses(caseId)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('告知书尚未登记送达') } })
    await delivers(caseId, '2025-11-07')
    expect((await cast.see('INTAKE', caseId)).case).toMatchObject({ dueWhose: 'APPLICANT', dueOn: '2025-12-08' })
  }, 60_000)
})

describe('after acceptance', () => {
  let [answered, silent] = ['', '']
  beforeAll(async () => {
    answered = await noticeSent('approved-couple')
    silent = await noticeSent('approved-second-home')
    await delivers(silent, '2025-11-07')
  }, 120_000)

  test('until delivery the law’s clock and the officer’s days count, from then on the applicant’s only', async () => {
    expect((await cast.see('INTAKE', answered)).case).toMatchObject({ dueWhose: 'POST', dueOn: '2025-11-12', paused: false })
    expect((await cast.see('INTAKE', silent)).case).toMatchObject({ dueWhose: 'APPLICANT', dueOn: '2025-12-08', paused: true })
    expect(await armed(silent)).toEqual([['ANSWER_DUE', '2025-12-09']])
  })

  test('the list stands in the order of the days that it shows', async () => {
    const rows = await todo()
    const [delivered, waiting] = [rows.findIndex(({ id }) => id === silent), rows.findIndex(({ id }) => id === answered)]
    expect(waiting).toBeLessThan(delivered)
    const days = rows.map(({ dueOn }) => dueOn ?? '9999-12-31')
    expect(days).toEqual(days.toSorted())
  })

  test('a case whose law’s end is sooner than the step’s stands by that, and says so', async () => {
    await advance('2025-11-21')
    // Fifteen days from 7 November end on Saturday the 22nd, and so on Monday the 24th; three working days from the 21st would be the 26th.
    await cast.decides('INTAKE', answered, { action: 'deliver', fields: { deliveredOn: '2025-11-21', deliveryMethod: '窗口当面送达' } })
    await cast.decides('INTAKE', answered, { action: 'receive', opinion: '材料已补齐' })
    await cast.reaches('PRELIMINARY_REVIEWER', answered, 'PRELIM_REVIEW')
    const { case: row, tasks, timeline } = await cast.see('PRELIMINARY_REVIEWER', answered)
    expect(row).toMatchObject({ dueWhose: 'DECISION', dueOn: '2025-11-24', daysUnit: 'CALENDAR' })
    expect(tasks.map(({ dueOn }) => dueOn)).toEqual(['2025-11-26'])
    const used = timeline.flatMap(({ actionLabel, daysUsed }) => (actionLabel ? [[actionLabel, daysUsed]] : []))
    expect(used).toEqual(expect.arrayContaining([['受理', 0], ['登记告知书送达', 14], ['已收到补正材料', 14]]))
  }, 60_000)

  test('nobody here is late while the applicant has time: nothing is told before the day after it, and then only that', async () => {
    const before = await total('overdue')
    await advance('2025-12-08')
    expect(await told(silent)).toEqual([])
    expect((await todo('overdue')).map(({ id }) => id)).not.toContain(silent)
    expect((await todo('today')).map(({ id }) => id)).toContain(silent)
    await advance('2025-12-09')
    expect(await told(silent)).toEqual(['ANSWER_DUE'])
    expect((await todo('overdue')).map(({ id }) => id)).toContain(silent)
    expect(await total('overdue')).toBeGreaterThan(before)
    const { timeline } = await cast.see('INTAKE', silent)
    expect(timeline.filter(({ kind }) => kind === 'DEADLINE').map(({ opinion }) => opinion)).toEqual(['申请人补正期限届满'])
    expect(await lapses(silent)).toMatchObject({ status: 200 })
  }, 60_000)

  test('a notice that nobody hands over is the officer’s to answer for', async () => {
    const caseId = await noticeSent('approved-many-children')
    await advance('2025-12-15')
    expect(await told(caseId)).toContain('STAGE_OVERDUE')
    const { timeline } = await cast.see('INTAKE', caseId)
    expect(timeline.map(({ opinion }) => opinion)).toContain('告知书逾时未登记送达，已提醒并升级')
  }, 60_000)

  test('a clock that stood for no day ends on the day it ended on before, and what was told of that is not told again', async () => {
    const caseId = await noticeSent('approved-price-limits')
    // Fifteen days from 15 December end on Tuesday the 30th.
    await advance('2025-12-29')
    const twice = ['DECISION_SOON', 'STAGE_OVERDUE']
    expect((await told(caseId)).toSorted()).toEqual(twice)
    await delivers(caseId, '2025-12-29')
    await cast.decides('INTAKE', caseId, { action: 'receive', opinion: '材料已补齐' })
    await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW')
    expect((await armed(caseId)).filter(([code]) => code.startsWith('DECISION'))).toEqual([['DECISION_OVERDUE', '2025-12-31']])
    await advance('2025-12-30')
    expect((await told(caseId)).toSorted()).toEqual(twice)
  }, 60_000)

  test('and the house is in order', () => expectOrder(house))
})

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${house.origin}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
}

async function noticeSent(story: string): Promise<string> {
  const caseId = await cast.accepted(story)
  await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'pass', wants: WANTS })
  await cast.decides('REVIEWER', caseId, { action: 'supplement' })
  return caseId
}

const delivers = (caseId: string, deliveredOn: string): Promise<unknown> =>
  cast.decides('INTAKE', caseId, { action: 'deliver', fields: { deliveredOn, deliveryMethod: '直接送达' } })

const lapses = async (caseId: string): Promise<Answer> =>
  (await cast.person('INTAKE')).decide(caseId, { action: 'lapse', opinion: '逾期未补正' })

/** Moves the date and waits until everything that fell due has been told. */
async function advance(to: string): Promise<void> {
  const answer = await (await cast.person('INTAKE')).command('POST', '/api/clock/advance', { to })
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  const untold = () =>
    house.owner.selectFrom('deadline').select('code').where('state', '=', 'ARMED').where('due_on', '<=', plainDate(to)).execute()
  await vi.waitFor(async () => expect(await untold()).toEqual([]), { timeout: 30_000, interval: 50 })
}

async function noticeOf(caseId: string) {
  const { input } = await house.owner
    .selectFrom('paper')
    .select('input')
    .where('case_id', '=', caseId)
    .where('kind', '=', 'SUPPLEMENT')
    .executeTakeFirstOrThrow()
  return JSON.parse(input) as { parameters: { assumed: string[] } }
}

const armed = async (caseId: string): Promise<[string, string][]> =>
  (
    await house.owner.selectFrom('deadline').select(['code', 'due_on']).where('case_id', '=', caseId).where('state', '=', 'ARMED').execute()
  ).map(({ code, due_on: dueOn }) => [code, dueOn])

const told = async (caseId: string): Promise<string[]> =>
  (await house.owner.selectFrom('deadline').select('code').where('case_id', '=', caseId).where('state', '=', 'FIRED').execute()).map(
    ({ code }) => code,
  )

const todo = async (due?: string): Promise<CaseRow[]> =>
  (await (await cast.person('INTAKE')).get<{ rows: CaseRow[] }>(`/api/tasks/todo?limit=100${due ? `&due=${due}` : ''}`)).rows

const total = async (due: string): Promise<number> => (await todo(due)).length

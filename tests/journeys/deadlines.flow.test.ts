import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { addDays, plainDate } from '#contracts/dates.ts'
import { connect } from '#db/connect.ts'
import { loadCalendarYear, setCalendarDay, type CalendarEditor } from '#db/write/calendar.ts'
import { startHouse } from '../setup/house.ts'
import { Calendar } from './calendar.ts'

describe('from Monday 3 November 2025 on', () => {
  let calendar: Calendar
  let [entered, proposed, reviewed, supplemented, silent, approved, unpaid] = ['', '', '', '', '', '', '']

  beforeAll(async () => {
    calendar = new Calendar(await startHouse())
    const { cast, house } = calendar
    entered = await cast.submit('approved-many-children')
    proposed = await calendar.proposesLock('STATISTICS')
    reviewed = await cast.accepted('approved-couple')
    supplemented = await calendar.awaitsAnswer('approved-second-home', '2025-11-03')
    silent = await calendar.awaitsAnswer('approved-price-differs', '2025-11-03')
    approved = await cast.approved('approved-price-limits')
    unpaid = await cast.readyToPay('approved-single')
    await house.sandbox.script({ service: 'bank', operation: '/payments/submit', count: 1, behaviour: { kind: 'late', notices: 0 } })
    await cast.pays(unpaid)
    await vi.waitFor(
      async () => {
        // Somebody keeps asking, so that the pauses between the queries are not sat out.
        await house.engine.lookAgain('loan', unpaid)
        expect(await calendar.stageOf(unpaid)).toBe('PAY_UNKNOWN')
      },
      { timeout: 20_000, interval: 150 },
    )
  }, 90_000)
  afterAll(() => calendar.house.end())

  test('what has only just been opened has its days like every later stage, without anybody having done anything', async () => {
    const seen = async (post: string, caseId: string) => (await calendar.cast.see(post, caseId)).case
    const dueWhose = 'POST'
    await expect.poll(() => seen('INTAKE', entered)).toMatchObject({ stage: 'SUBMITTED', dueOn: '2025-11-04', daysLeft: 1, dueWhose })
    await expect.poll(() => seen('SEC_ADMIN', proposed)).toMatchObject({ stage: 'PROPOSED', dueOn: '2025-11-05', daysLeft: 2, dueWhose })
    expect(await calendar.deadlines(entered, 'STAGE_OVERDUE')).toMatchObject([{ dueOn: '2025-11-05', state: 'ARMED' }])
    expect(await calendar.deadlines(proposed, 'STAGE_OVERDUE')).toMatchObject([{ dueOn: '2025-11-06', state: 'ARMED' }])
  }, 30_000)

  test('a step is reminded of on the day after its time is over, once, and not before', async () => {
    await calendar.reaches('2025-11-06')
    expect(await calendar.told(reviewed)).toEqual([])
    await calendar.reaches('2025-11-07')
    expect(await calendar.told(reviewed)).toEqual(['STAGE_OVERDUE'])
    expect(await calendar.copiedTo(reviewed)).toEqual(['REVIEWER'])
    await calendar.reaches('2025-11-08')
    expect(await calendar.told(reviewed)).toEqual(['STAGE_OVERDUE'])
  }, 60_000)

  test('each step is told one level up, whatever kind of case it is of', async () => {
    expect([await calendar.told(entered), await calendar.copiedTo(entered)]).toEqual([['STAGE_OVERDUE'], ['REVIEWER']])
    expect([await calendar.told(proposed), await calendar.copiedTo(proposed)]).toEqual([['STAGE_OVERDUE'], ['DEPUTY_DIRECTOR']])
    expect(await calendar.readsOf('DEPUTY_DIRECTOR', proposed)).toEqual(['“待安全管理员确认”环节已超过办理时限'])
    expect(await calendar.copiedTo(unpaid)).toEqual(['DEPUTY_DIRECTOR'])
  })

  test('a payment that nobody looks after is reminded of while the machine keeps asking the bank', async () => {
    expect(await calendar.told(unpaid)).toEqual(['STAGE_OVERDUE'])
    expect(await calendar.stageOf(unpaid)).toBe('PAY_UNKNOWN')
  })

  test('the days the clock stood do not count: five days of supplement move the end from the 18th to the 23rd, a Sunday, and so to the 24th', async () => {
    expect((await calendar.clockOf(reviewed)).dueOn).toBe('2025-11-18')
    expect(await calendar.clockOf(supplemented)).toMatchObject({ state: 'PAUSED', dueOn: null })
    expect(await calendar.deadlines(supplemented, 'DECISION_OVERDUE')).toEqual([])
    await calendar.cast.decides('INTAKE', supplemented, { action: 'receive', opinion: '材料已补齐' })
    expect(await calendar.clockOf(supplemented)).toMatchObject({ state: 'RUNNING', dueOn: '2025-11-24' })
    expect(await calendar.deadlines(supplemented, 'DECISION_OVERDUE')).toMatchObject([{ dueOn: '2025-11-25', state: 'ARMED' }])
    expect(await calendar.deadlines(supplemented, 'ANSWER_DUE')).toEqual([])
  }, 30_000)

  test('the end of the statutory term is announced two days before, and its passing told higher up; neither decides anything', async () => {
    await calendar.reaches('2025-11-15')
    expect(await calendar.told(reviewed)).not.toContain('DECISION_SOON')
    await calendar.reaches('2025-11-16')
    expect(await calendar.told(reviewed)).toEqual(['STAGE_OVERDUE', 'DECISION_SOON'])
    await calendar.reaches('2025-11-18')
    expect(await calendar.told(reviewed)).not.toContain('DECISION_OVERDUE')
    await calendar.reaches('2025-11-19')
    expect(await calendar.told(reviewed)).toEqual(['STAGE_OVERDUE', 'DECISION_SOON', 'DECISION_OVERDUE'])
    expect(await calendar.copiedTo(reviewed)).toEqual(['APPROVER', 'DEPUTY_DIRECTOR', 'REVIEWER'])
    const { case: kase, timeline } = await calendar.cast.see('PRELIMINARY_REVIEWER', reviewed)
    expect(kase).toMatchObject({ stage: 'PRELIM_REVIEW', open: true })
    expect(timeline.filter(({ kind }) => kind === 'DECISION').map(({ actionLabel }) => actionLabel)).toEqual(['受理'])
    await calendar.cast.decides('PRELIMINARY_REVIEWER', reviewed, { action: 'pass', opinion: '逾期办理，资料齐全' })
  }, 60_000)

  test('an applicant who stays silent may be ended by a person, and only after the last day for the answer', async () => {
    const { cast } = calendar
    const lapse = { action: 'lapse', opinion: '逾期未补正' }
    await calendar.reaches('2025-12-03')
    expect(await (await cast.person('INTAKE')).decide(silent, lapse)).toMatchObject({
      status: 409,
      body: { code: 'RULES_REFUSE', detail: expect.stringContaining('2025-12-03') },
    })
    await calendar.reaches('2025-12-04')
    expect(await calendar.told(silent)).toContain('ANSWER_DUE')
    expect(await calendar.readsOf('INTAKE', silent)).toEqual(['申请人补正期限已届满，请核实后决定是否终止'])
    expect(await calendar.stageOf(silent)).toBe('SUPPLEMENT_PENDING')
    await cast.decides('INTAKE', silent, lapse)
    expect(await calendar.stageOf(silent)).toBe('LAPSED')
  }, 60_000)

  test('an approval is good through its last day; after that nobody signs on it, and a person says that it has lapsed', async () => {
    const contracting = await calendar.cast.person('CONTRACTING')
    const sign = { action: 'sign', fields: { contractNumber: 'JK-2026-0001', signedOn: '2026-02-02' } }
    const expire = { action: 'expire', opinion: '审批有效期已过' }
    const lastDay = addDays(plainDate('2025-11-03'), 90)
    await calendar.reaches(lastDay)
    expect(await contracting.decide(approved, expire)).toMatchObject({
      status: 409,
      body: { code: 'RULES_REFUSE', detail: expect.stringContaining(lastDay) },
    })
    await calendar.reaches(addDays(lastDay, 1))
    expect(await calendar.told(approved)).toContain('APPROVAL_EXPIRED')
    expect(await calendar.readsOf('CONTRACTING', approved)).toEqual(['审批有效期已届满，请核实后确认失效'])
    expect(await calendar.stageOf(approved)).toBe('APPROVED')
    expect(await contracting.decide(approved, sign)).toMatchObject({
      status: 409,
      body: { code: 'RULES_REFUSE', detail: expect.stringContaining('失效') },
    })
    await calendar.cast.decides('CONTRACTING', approved, expire)
    expect(await calendar.stageOf(approved)).toBe('EXPIRED')
  }, 60_000)

  test('the date does not go back', async () => {
    const clerk = await calendar.cast.person('INTAKE')
    expect(await clerk.command('POST', '/api/clock/advance', { to: '2025-11-03' })).toMatchObject({
      status: 409,
      body: { code: 'RULES_REFUSE' },
    })
  })
})

describe('from Saturday 19 September 2026 on', () => {
  let calendar: Calendar
  let editor: CalendarEditor
  let [earlier, later, unknown] = ['', '', '']

  beforeAll(async () => {
    calendar = new Calendar(await startHouse({ city: { on: plainDate('2026-09-19') } }))
    const { staff_id, org_id } = await calendar.house.owner
      .selectFrom('staff')
      .innerJoin('staff_post', 'staff_post.staff_id', 'staff.staff_id')
      .select(['staff.staff_id', 'staff.org_id'])
      .where('post', '=', 'POLICY_ADMIN')
      .executeTakeFirstOrThrow()
    editor = { staffId: staff_id, orgId: org_id, reason: '国务院办公厅补充通知' }
  }, 60_000)
  afterAll(() => calendar.house.end())

  /** As the command does it: one transaction of the batch role; then waits until every case is counted. */
  async function change(work: (tx: Parameters<typeof setCalendarDay>[0]) => ReturnType<typeof setCalendarDay>): Promise<unknown> {
    const batch = connect(calendar.house.database.batchUrl, { max: 1 })
    const changed = await batch.transaction().execute(work)
    await batch.destroy()
    await vi.waitFor(
      async () => {
        const waiting = await calendar.house.owner
          .selectFrom('outbox')
          .select('case_id')
          .where('kind', '=', 'RECOUNT')
          .where('state', '<>', 'SENT')
          .execute()
        expect(waiting).toEqual([])
      },
      { timeout: 10_000, interval: 50 },
    )
    return changed
  }

  const notes = async (caseId: string): Promise<string[]> => {
    const rows = await calendar.house.owner
      .selectFrom('case_note')
      .select('text')
      .where('case_id', '=', caseId)
      .where('kind', '=', 'DEADLINE')
      .execute()
    return rows.map(({ text }) => text)
  }

  test('a case accepted on 19 September has fifteen days, one accepted on the 20th has ten', async () => {
    earlier = await calendar.cast.accepted('approved-couple')
    // The fifteenth day is in the holidays of National Day; the first working day after them is the 8th.
    expect(await calendar.clockOf(earlier)).toMatchObject({ daysAllowed: 15, dueOn: '2026-10-08' })
    await calendar.reaches('2026-09-20')
    later = await calendar.cast.accepted('approved-single')
    expect(await calendar.clockOf(later)).toMatchObject({ daysAllowed: 10, dueOn: '2026-09-30' })
    expect(await calendar.clockOf(earlier)).toMatchObject({ daysAllowed: 15, dueOn: '2026-10-08' })
  }, 60_000)

  test('a day that becomes a day of rest moves the ends that fall on it, tells why on those cases, and leaves the others alone', async () => {
    const changed = await change((tx) => setCalendarDay(tx, { day: plainDate('2026-09-30'), working: false, name: '国庆节' }, editor))
    expect(changed).toEqual({ cases: 2 })
    expect(await calendar.clockOf(later)).toMatchObject({ dueOn: '2026-10-08' })
    expect(await calendar.deadlines(later, 'DECISION_OVERDUE')).toMatchObject([{ dueOn: '2026-10-09', state: 'ARMED' }])
    expect(await calendar.deadlines(later, 'DECISION_SOON')).toMatchObject([{ dueOn: '2026-10-06', state: 'ARMED' }])
    expect(await notes(later)).toEqual(['工作日历调整（国务院办公厅补充通知）：审批期限由2026-09-30改为2026-10-08'])
    expect(await calendar.told(later)).toEqual(['recount'])
    expect([await notes(earlier), await calendar.told(earlier)]).toEqual([[], []])
    expect(await (await calendar.cast.person('APPROVER')).get(`/api/cases/${later}/audit`)).toMatchObject({ intact: true })
  }, 30_000)

  test('the same change again is refused, and so is a day of a year that is not loaded', async () => {
    const day = { working: false, name: null }
    expect(await change((tx) => setCalendarDay(tx, { ...day, day: plainDate('2026-09-30') }, editor))).toMatchObject({
      refused: { code: 'CONFLICT' },
    })
    expect(await change((tx) => setCalendarDay(tx, { ...day, day: plainDate('2027-01-04') }, editor))).toMatchObject({
      refused: { code: 'RULES_REFUSE' },
    })
  })

  test('an end that hangs on 2027 is not guessed: no due date, no reminder, an incident, and readiness says so', async () => {
    await calendar.reaches('2026-12-25')
    unknown = await calendar.cast.accepted('approved-price-limits')
    expect(await calendar.clockOf(unknown)).toMatchObject({ state: 'RUNNING', daysAllowed: 10, dueOn: null })
    expect(await calendar.deadlines(unknown, 'DECISION_OVERDUE')).toEqual([])
    const { rows } = await (
      await calendar.cast.person('RISK')
    ).get<{ rows: { kind: string; caseId: string; detail: string }[] }>('/api/incidents')
    expect(rows.filter(({ kind }) => kind === 'CALENDAR_UNKNOWN')).toMatchObject([
      { caseId: unknown, detail: expect.stringContaining('2027年') },
    ])
    expect(await (await fetch(`${calendar.house.origin}/readyz`)).json()).toMatchObject({ ready: true, uncountedCases: 1 })
  }, 60_000)

  test('once the year is loaded the case is counted, its reminders are armed, and the incident is over', async () => {
    const year = {
      year: 2027,
      source: '国务院办公厅关于2027年部分节假日安排的通知',
      holidays: [{ name: '元旦', from: '2027-01-01', to: '2027-01-04' }],
      madeUp: [],
    }
    expect(await change((tx) => loadCalendarYear(tx, year, editor))).toEqual({ cases: 1 })
    // The tenth day is the 4th, which this notice makes a day of rest.
    expect(await calendar.clockOf(unknown)).toMatchObject({ dueOn: '2027-01-05' })
    expect(await calendar.deadlines(unknown, 'DECISION_OVERDUE')).toMatchObject([{ dueOn: '2027-01-06', state: 'ARMED' }])
    expect(await notes(unknown)).toEqual(['工作日历调整（国务院办公厅补充通知）：审批期限由未知改为2027-01-05'])
    expect(await (await fetch(`${calendar.house.origin}/readyz`)).json()).toMatchObject({ uncountedCases: 0 })
  }, 30_000)
})

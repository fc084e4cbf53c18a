import { beforeAll, describe, expect, test } from 'vitest'
import type { CaseView } from '#contracts/api/cases.ts'
import { playAsking, playTold } from '../../bench/click-to-list.ts'
import type { Browser } from '../setup/http-client.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

openJourneys()

const copiesIn = ({ timeline }: CaseView) => timeline.filter(({ kind }) => kind === 'COPY').map(({ person, opinion }) => [person, opinion])

describe('a case that is copied to two colleagues', () => {
  let caseId: string
  let sender: { readonly staffId: string; readonly name: string }
  let told: Browser
  let toldNames: string[]
  beforeAll(async () => {
    caseId = await cast.accepted('approved-single')
    const clerk = await cast.person('PRELIMINARY_REVIEWER')
    sender = await clerk.get('/api/session')
    told = await cast.person('REVIEWER')
    const [one, other] = [
      await told.get<typeof sender>('/api/session'),
      await (await cast.person('APPROVER')).get<typeof sender>('/api/session'),
    ]
    const rows = await house.owner
      .selectFrom('staff')
      .select('name')
      .where('staff_id', 'in', [one.staffId, other.staffId])
      .orderBy('staff_number')
      .execute()
    toldNames = rows.map(({ name }) => name)
    const body = { staffIds: [one.staffId, other.staffId], remark: '请知悉' }
    expect((await clerk.command('POST', `/api/cases/${caseId}/copies`, body)).status).toBe(201)
  }, 60_000)

  const expected = () => [[sender.name, `抄送${toldNames.join('、')}：请知悉`]]

  test('says so to everybody who sees its remarks, in one entry, also to those it was not copied to', async () => {
    for (const post of ['REVIEWER', 'APPROVER', 'INTAKE', 'PRELIMINARY_REVIEWER']) {
      expect(copiesIn(await cast.see(post, caseId)), post).toEqual(expected())
    }
  })

  test('says nothing of it to the bank it is assigned to, which sees no remark either', async () => {
    const grants = await house.owner
      .selectFrom('case_grant')
      .innerJoin('org', 'org.org_id', 'case_grant.org_id')
      .select('org.name')
      .where('case_id', '=', caseId)
      .where('role', '=', 'BANK')
      .execute()
    const banker = await house.as('BANK_CHECKER', grants[0]?.name)
    const view = await banker.get<CaseView>(`/api/cases/${caseId}`)
    expect(copiesIn(view)).toEqual([])
    expect(JSON.stringify(view)).not.toContain('请知悉')
  })

  test('counts as unread until the one it was copied to opens it, and the list has as many as the badge', async () => {
    const unread = async (person: Browser) => {
      const { unread: badge, copied } = await person.get<{ unread: number; copied: number }>('/api/task-counts')
      const { total } = await person.get<{ total: number }>('/api/tasks/copied?unread=true')
      expect(total).toBe(badge)
      return { badge, copied }
    }
    const before = await unread(told)
    expect((await told.get<CaseView>(`/api/cases/${caseId}`)).copyUnread).toBe(true)
    expect((await cast.see('INTAKE', caseId)).copyUnread).toBe(false)

    // Whom it was not copied to reads nothing for anybody.
    expect((await (await cast.person('INTAKE')).command('POST', `/api/cases/${caseId}/copies/read`, {})).status).toBe(200)
    expect(await unread(told)).toEqual(before)

    expect((await told.command('POST', `/api/cases/${caseId}/copies/read`, {})).status).toBe(200)
    expect(await unread(told)).toEqual({ badge: before.badge - 1, copied: before.copied })
    expect((await told.get<CaseView>(`/api/cases/${caseId}`)).copyUnread).toBe(false)
    expect(await unread(await cast.person('APPROVER'))).toMatchObject({ badge: 1 })
  })

  test('is unread again when it is copied again', async () => {
    const { staffId } = await told.get<typeof sender>('/api/session')
    const clerk = await cast.person('PRELIMINARY_REVIEWER')
    expect((await clerk.command('POST', `/api/cases/${caseId}/copies`, { staffIds: [staffId], remark: '材料已更新' })).status).toBe(201)
    expect((await told.get<CaseView>(`/api/cases/${caseId}`)).copyUnread).toBe(true)
  })
})

test('a decision that is taken back is named by what takes it back, and its stage of return counts no visit of the next one', async () => {
  const caseId = await cast.accepted('approved-couple')
  await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'pass' })
  await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'recall', opinion: '金额须再核' })
  const view = await cast.see('PRELIMINARY_REVIEWER', caseId)
  const [pass, recall] = view.timeline.filter(({ kind }) => kind === 'DECISION').slice(-2)
  expect(pass).toMatchObject({ actionLabel: '初审通过', recalled: true, takesBack: null })
  expect(recall).toMatchObject({ actionLabel: '撤回', takesBack: '初审通过', toStageLabel: '初审', opinion: '金额须再核' })
  expect(view.stages.find(({ stage }) => stage === 'REVIEW')).toMatchObject({ visits: 0 })
})

// The bench's first measure, in small: nobody runs the bench every day, and it must not have stopped working when somebody does.
test('what an officer passes stands in the next one’s list by the time of the answer, on the bench’s schedule and at one moment', async () => {
  const [heard, ...cases] = [
    await cast.accepted('approved-price-differs'),
    await cast.accepted('approved-second-home'),
    await cast.accepted('approved-many-children'),
  ]
  const officers = { person: (post: string) => cast.person(post), terms: (caseId: string) => cast.granted(caseId) }
  const { told } = await playTold({ officers }, [heard])
  const { paced, burst } = await playAsking({ officers }, cases, { casesPerRound: 1 })
  expect([told.length, paced.length, burst.length]).toEqual([2, 2, 1])
  for (const { seenMs, answeredMs, stale } of [...told, ...paced, ...burst]) {
    expect([seenMs > 0, answeredMs > 0, stale]).toEqual([true, true, 0])
  }
})

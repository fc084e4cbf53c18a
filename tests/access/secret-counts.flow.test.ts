import { describe, expect, test, vi } from 'vitest'
import { cast, house, openJourneys } from '../journeys/open-journeys.ts'

openJourneys()

/** Puts everything of a case into an access group of its own, as a court's order is from its first row on. */
async function makeSecret(caseId: string): Promise<void> {
  for (const table of ['case_file', 'task', 'case_event', 'incident', 'payment', 'case_party'] as const)
    await house.owner.updateTable(table).set({ access_group_id: 'COURT:elsewhere' }).where('case_id', '=', caseId).execute()
}

/** The house's own figures, without those of the process. */
async function figures(): Promise<string[]> {
  const text = await (await fetch(`${house.origin}/metrics`)).text()
  return text.split('\n').filter((line) => line.startsWith('anju_'))
}
const readiness = async (): Promise<unknown> => (await fetch(`${house.origin}/readyz`)).json()
const clock = async () => (await cast.person('REVIEWER')).get<{ nextDue: string | null; dueCases: number }>('/api/clock')

describe('a case of an access group of its own changes no figure that is told without a session', () => {
  test('neither by being there, nor by being late, behind, stuck or unsent', async () => {
    const before = [await figures(), await readiness()]
    const caseId = await cast.accepted('approved-single')
    await makeSecret(caseId)
    // With a trouble of every sort that is counted. The worker would mend some of them: what is asked is what is told meanwhile.
    await house.owner
      .insertInto('incident')
      .values([
        {
          incident_id: crypto.randomUUID(),
          kind: 'CALENDAR_UNKNOWN',
          case_id: caseId,
          org_id: 'branch-wanghe',
          reference: `a/${caseId}`,
          detail: 'x',
          retry_reason: null,
          handled_by: null,
          handled_at: null,
        },
      ])
      .execute()
    await house.owner
      .insertInto('outbox')
      .values({ kind: 'MESSAGE', case_id: caseId, payload: '{}', state: 'PARKED', last_error: null, sent_at: null })
      .execute()
    await house.owner
      .updateTable('task')
      .set({ due_on: '2025-10-01' as never })
      .where('case_id', '=', caseId)
      .execute()
    expect([await figures(), await readiness()]).toEqual(before)
  }, 60_000)

  test('while one of everybody’s changes them', async () => {
    const before = await figures()
    await cast.lookedAt(await cast.submit('approved-couple'))
    expect(await figures()).not.toEqual(before)
  }, 60_000)

  test('nor does the date on which it falls due show in the clock, or in how many cases a move of the date wakes', async () => {
    const caseId = await cast.accepted('approved-many-children')
    await makeSecret(caseId)
    await house.owner
      .updateTable('deadline')
      .set({ due_on: '2025-11-04' as never })
      .where('case_id', '=', caseId)
      .where('state', '=', 'ARMED')
      .execute()
    expect((await clock()).nextDue).not.toBe('2025-11-04')
    const { body } = await (await cast.person('REVIEWER')).command('POST', '/api/clock/advance', { to: '2025-11-04' })
    expect(body).toMatchObject({ to: '2025-11-04', dueCases: 0 })
  }, 60_000)
})

describe('the ids of events', () => {
  interface Heard {
    readonly id: string
    readonly caseId: string
  }

  /** What a clerk's stream says first. @param meanwhile done again and again until it has said something: a stream begins when it is there */
  async function hears(lastEventId: string | undefined, meanwhile: () => Promise<unknown>): Promise<Heard[]> {
    const ended = new AbortController()
    const headers = {
      Cookie: (await cast.person('INTAKE')).cookieHeader,
      ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
    }
    const stream = await fetch(`${house.origin}/api/events`, { headers, signal: ended.signal })
    let text = ''
    const reading = (async () => {
      for await (const chunk of stream.body ?? []) text += Buffer.from(chunk).toString('utf8')
    })().catch(() => undefined)
    const told = (): Heard[] =>
      [...text.matchAll(/^id: (\S+)\nevent: case\ndata: (.+)$/gm)].map(([, id = '', data = '{}']) => ({
        id,
        ...(JSON.parse(data) as { caseId: string }),
      }))
    await vi.waitFor(
      async () => {
        await meanwhile()
        await expect.poll(() => told().length, { timeout: 2_000 }).toBeGreaterThan(0)
      },
      { timeout: 40_000, interval: 10 },
    )
    ended.abort()
    await reading
    return told()
  }

  const note = async (caseId: string): Promise<void> => {
    const answer = await (await cast.person('INTAKE')).command('POST', `/api/cases/${caseId}/notes`, { kind: 'NOTE', text: '记一笔' })
    expect(answer.status).toBe(201)
  }
  const nothing = (): Promise<void> => Promise.resolve()
  const happensInSecret = async (caseId: string): Promise<void> => {
    const { org_id } = await house.owner.selectFrom('case_file').select('org_id').where('case_id', '=', caseId).executeTakeFirstOrThrow()
    const event = { case_id: caseId, kind: 'NOTE', stage_version: 1, org_id, access_group_id: 'COURT:elsewhere' }
    await house.owner.insertInto('case_event').values(event).execute()
  }

  test('say nothing of the events between them, and a stream goes on from where it broke off', async () => {
    const [here, hidden, later] = [
      await cast.lookedAt(await cast.submit('approved-second-home')),
      await cast.lookedAt(await cast.submit('approved-price-limits')),
      await cast.lookedAt(await cast.submit('approved-price-differs')),
    ]
    const [first] = await hears(undefined, () => note(here))
    expect(first?.caseId).toBe(here)
    await happensInSecret(hidden)
    await note(later)
    const again = await hears(first?.id, nothing)
    expect(again.map((one) => one.caseId)).toContain(later)
    expect(again.map((one) => one.caseId)).not.toContain(hidden)
    for (const { id } of again) expect(id).not.toMatch(/^\d+$/)
    // The same place has another name each time it is told: ids cannot be compared, let alone counted.
    const twice = await hears(first?.id, nothing)
    expect(twice[0]?.caseId).toBe(again[0]?.caseId)
    expect(twice[0]?.id).not.toBe(again[0]?.id)
  }, 120_000)

  test.each(['1', Buffer.from('event/1').toString('base64url')])(
    'of anybody’s own making (%s) are not taken for a place: only what happens from now on is told',
    async (id) => {
      const others = await house.owner
        .selectFrom('case_event')
        .select('case_id')
        .distinct()
        .where('access_group_id', '=', 'OPEN')
        .orderBy('case_id')
        .execute()
      expect(others.length).toBeGreaterThan(1)
      const caseId = others[0]?.case_id ?? ''
      expect(new Set((await hears(id, () => note(caseId))).map((one) => one.caseId))).toEqual(new Set([caseId]))
    },
    60_000,
  )
})

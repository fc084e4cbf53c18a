import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from '../tests/setup/http-client.ts'
import type { BenchCity } from './city.ts'
import { openEar, type Ear } from './ear.ts'
import type { BenchHouse } from './house.ts'
import { together, type Officers } from './officers.ts'
import type { Finding, FindingRow } from './report.ts'
import { inTurns, median, percentile, ratioOf } from './statistics.ts'

export interface ClickSize {
  readonly rounds: number
  /** Two decisions each, one after the other, on the schedule. */
  readonly casesPerRound: number
  /** As many again, whose next officer is told by the stream. */
  readonly toldPerRound: number
  /** Decisions sent at one moment, once a round. */
  readonly burst: number
}

const ARRIVAL_MILLISECONDS = 500
const LIST = '/api/tasks/todo?limit=100'
/** The next officer's list is asked for again this long after it has come: it competes for the same two processors. */
const POLL_MILLISECONDS = 5
const PATIENCE_MILLISECONDS = 10_000

interface Seen {
  /** From the scheduled moment until a list that holds the case has arrived. */
  readonly seenMs: number
  readonly answeredMs: number
  /** Lists asked for after the answer that did not hold it. */
  readonly stale: number
}

interface Round {
  /** The next officer keeps asking for their list. */
  readonly paced: readonly Seen[]
  /** They ask when their stream says that the case has moved, as a console does. */
  readonly told: readonly Seen[]
  /** All at one moment, and the next officer keeps asking. */
  readonly burst: readonly Seen[]
}

/** A house as far as it is decided in. */
interface Desks {
  readonly officers: Pick<Officers, 'person' | 'terms'>
}

/** How many cases a round takes. */
export const casesOf = ({ casesPerRound, toldPerRound, burst }: ClickSize): number => casesPerRound + toldPerRound + burst

/**
 * P1. One officer decides; the next one, with a session of their own, keeps asking for their list until the case is in it, or asks when the
 * stream of events says that the case has moved, as the console does. Arrivals follow a schedule whatever the house does; a late answer
 * delays nobody's click and is measured from the moment the click was due.
 */
export async function clickToList(house: BenchHouse, floor: BenchHouse, city: BenchCity, size: ClickSize): Promise<Finding> {
  const perRound = casesOf(size)
  const wanted = city.applications.slice(0, size.rounds * perRound)
  const prepare = (one: BenchHouse) => together(6, wanted, (application) => one.officers.accepted(application))
  const cases = new Map([
    [house, await prepare(house)],
    [floor, await prepare(floor)],
  ])
  const round = (one: BenchHouse) => async (number: number) => {
    const ofRound = (cases.get(one) ?? []).slice(number * perRound, (number + 1) * perRound)
    const [byEvent, asking] = [ofRound.slice(0, size.toldPerRound), ofRound.slice(size.toldPerRound)]
    const told = await playTold(one, byEvent)
    await workOff(one, byEvent, [])
    const asked = await playAsking(one, asking, size)
    await workOff(one, asking.slice(0, size.casesPerRound), asking.slice(size.casesPerRound))
    return { ...told, ...asked }
  }
  const [ours, contender] = await inTurns(size.rounds, round(house), round(floor))

  const stale = (rounds: readonly Round[]) =>
    rounds.flatMap((one) => [...one.told, ...one.paced, ...one.burst]).reduce((sum, one) => sum + one.stale, 0)
  return {
    id: 'P1',
    title: '点击“通过”到出现在下一岗位的待办里',
    contender: '同样的 SQL 与 HTTP，没有流程引擎（bench/floor.ts）',
    size: `每方 ${size.rounds} 轮 × ${size.toldPerRound * 2} 个决定由事件告知、${size.casesPerRound * 2} 个决定由下一岗位不停查询，每秒 2 个，按时刻表；每轮另有 ${size.burst} 个同时到达`,
    rows: [
      ...rowsOf(
        '事件告知后查询，到达列表',
        valuesOf(ours, 'told', 'seenMs'),
        valuesOf(contender, 'told', 'seenMs'),
        '≤ 4 倍，空闲时 < 30 ms',
      ),
      ...rowsOf('事件告知后查询，答复', valuesOf(ours, 'told', 'answeredMs'), valuesOf(contender, 'told', 'answeredMs')),
      ...rowsOf('不停查询，到达列表', valuesOf(ours, 'paced', 'seenMs'), valuesOf(contender, 'paced', 'seenMs'), '≤ 4 倍，空闲时 < 30 ms'),
      ...rowsOf('不停查询，答复', valuesOf(ours, 'paced', 'answeredMs'), valuesOf(contender, 'paced', 'answeredMs')),
      ...rowsOf(`${size.burst} 个同时，到达列表`, valuesOf(ours, 'burst', 'seenMs'), valuesOf(contender, 'burst', 'seenMs')),
      { what: '答复之后仍读不到的次数', ours: stale(ours), contender: stale(contender), unit: '次', aim: '0' },
    ],
    wrong: stale(ours) > 0 ? ['答复之后，下一岗位的待办里还没有这个案件'] : [],
  }
}

/** Between two parts, unmeasured: reviewer and approver work their lists off, so that these are as long in the last part as in the first. */
async function workOff({ officers }: BenchHouse, atApproval: readonly string[], atReview: readonly string[]): Promise<void> {
  await together(2, atReview, async (caseId) =>
    officers.decides('REVIEWER', caseId, { action: 'pass', terms: await officers.terms(caseId) }),
  )
  const approve = async (caseId: string) =>
    officers.decides('APPROVER', caseId, { action: 'approve', terms: await officers.terms(caseId), opinion: '同意' })
  await together(2, [...atApproval, ...atReview], approve)
  await sleep(1_000)
}

/** The milliseconds of each round. */
const valuesOf = (rounds: readonly Round[], which: keyof Round, value: 'seenMs' | 'answeredMs'): number[][] =>
  rounds.map((round) => round[which].map((seen) => seen[value]))

/** Percentiles over all rounds; the ratio is that of the rounds' medians. */
const rowsOf = (what: string, ours: readonly number[][], contender: readonly number[][], aim = ''): FindingRow[] =>
  [50, 95, 99].map((percent) => ({
    what: `${what}，p${percent}`,
    ours: percentile(ours.flat(), percent),
    contender: percentile(contender.flat(), percent),
    unit: 'ms',
    ...(percent === 50 ? { ratio: ratioOf(ours.map(median), contender.map(median)), aim } : {}),
  }))

/** Cases that wait for their first review, on the schedule; the next officers hear of each from their streams. */
export async function playTold({ officers }: Desks, cases: readonly string[]): Promise<Pick<Round, 'told'>> {
  const ears = [await openEar(await officers.person('REVIEWER')), await openEar(await officers.person('APPROVER'))] as const
  const told = await onSchedule(officers, cases, [whenTold(ears[0]), whenTold(ears[1])])
  await Promise.all(ears.map((ear) => ear.close()))
  return { told }
}

/** The same with officers who keep asking: the first cases on the schedule, the others all at one moment. */
export async function playAsking(
  { officers }: Desks,
  cases: readonly string[],
  { casesPerRound }: Pick<ClickSize, 'casesPerRound'>,
): Promise<Omit<Round, 'told'>> {
  const [onTime, atOnce] = [cases.slice(0, casesPerRound), cases.slice(casesPerRound)]
  const paced = await onSchedule(officers, onTime, [now, now])
  const [preliminary, reviewer] = [await officers.person('PRELIMINARY_REVIEWER'), await officers.person('REVIEWER')]
  const versions = await together(4, atOnce, (caseId) => versionOf(preliminary, caseId))
  const at = performance.now() + 100
  const pass = { action: 'pass', opinion: '资料齐全' }
  const clicks = atOnce.map((caseId, index) => click([preliminary, reviewer], { caseId, version: versions[index] ?? 0, ...pass }, at, now))
  return { paced, burst: await Promise.all(clicks) }
}

/** Two decisions on each case, one after the other, at their times. */
async function onSchedule(
  officers: Desks['officers'],
  cases: readonly string[],
  [looksReviewer, looksApprover]: readonly [Looking, Looking],
): Promise<Seen[]> {
  const preliminary = await officers.person('PRELIMINARY_REVIEWER')
  const [reviewer, approver] = [await officers.person('REVIEWER'), await officers.person('APPROVER')]
  const began = performance.now()
  const clicks = cases.map(async (caseId, index) => {
    // Read before the click, as the officer has: the version and the terms are on the screen.
    const terms = await officers.terms(caseId)
    const [first, second] = [began + (2 * index + 4) * ARRIVAL_MILLISECONDS, began + (2 * index + 5) * ARRIVAL_MILLISECONDS]
    const version = await versionOf(preliminary, caseId)
    const passed = await click([preliminary, reviewer], { caseId, version, action: 'pass', opinion: '资料齐全' }, first, looksReviewer)
    const again = await click([reviewer, approver], { caseId, version: version + 1, action: 'pass', terms }, second, looksApprover)
    return [passed, again]
  })
  return (await Promise.all(clicks)).flat()
}

/** What the next officer waits for before they look. */
type Looking = (caseId: string, answered: Promise<unknown>) => Promise<unknown>

const now: Looking = () => Promise.resolve()

/** For the stream, or for the answer: whatever says first that the case has moved. */
const whenTold =
  (ear: Ear): Looking =>
  (caseId, answered) =>
    Promise.race([ear.moved(caseId), answered])

const versionOf = async (browser: Browser, caseId: string): Promise<number> =>
  (await browser.get<{ case: { stageVersion: number } }>(`/api/cases/${caseId}`)).case.stageVersion

async function click(
  [decider, next]: readonly [Browser, Browser],
  { caseId, version, ...decision }: { readonly caseId: string; readonly version: number } & Record<string, unknown>,
  dueAt: number,
  looking: Looking,
): Promise<Seen> {
  await sleep(Math.max(0, dueAt - performance.now()))
  let answeredAt: number | undefined
  let failure: Error | undefined
  const answering = decider.decide(caseId, decision, { version }).then((answer) => {
    if (answer.status === 200) answeredAt = performance.now()
    else failure = new Error(`decision: ${answer.status} ${JSON.stringify(answer.body)}`)
  })
  for (let stale = 0; ;) {
    await looking(caseId, answering)
    const askedAt = performance.now()
    const { rows } = await next.get<{ rows: { id: string }[] }>(LIST)
    if (failure) throw failure
    if (rows.some((row) => row.id === caseId)) {
      const seenMs = performance.now() - dueAt
      await answering
      return { seenMs, answeredMs: (answeredAt ?? Number.NaN) - dueAt, stale }
    }
    if (answeredAt !== undefined && askedAt > answeredAt) stale++
    if (performance.now() - dueAt > PATIENCE_MILLISECONDS) throw new Error('the next officer never sees the case')
    await sleep(POLL_MILLISECONDS)
  }
}

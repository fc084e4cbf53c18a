import { readFileSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '#db/seed/random.ts'
import { Office } from './clerk.ts'
import { drawApplicants, type Applicant } from './households.ts'
import type { FaultHouse } from './house.ts'
import { complaintsAbout, humanDecisions } from './judge.ts'
import { CAST, wholeLoan } from './story.ts'

/** One fault to live through. */
export interface Trial {
  readonly point: string
  readonly passage: number
  readonly trouble: 'kill9' | 'throw' | 'reply-lost'
}

export interface Outcome {
  readonly trial: Trial
  readonly milliseconds: number
  /** Deaths of worker and API in this trial. */
  readonly deaths: number
  /** Empty when the house came out of it as if nothing had happened. */
  readonly complaints: readonly string[]
}

/** A house whose people are signed in, and a story that is known to go well when nothing happens. */
export interface Rehearsed {
  readonly house: FaultHouse
  /** Every point the story passes, with how often. */
  readonly points: ReadonlyMap<string, number>
  run(trial: Trial): Promise<Outcome>
}

/**
 * Plays the story once without a fault, in recorder mode, and judges it like every other.
 * @param recordFile where the points are written
 * @throws Error when it does not go well even so: then no fault says anything
 */
export async function rehearse(house: FaultHouse, recordFile: string, openWorkflows: () => Promise<readonly string[]>): Promise<Rehearsed> {
  const office = new Office(house.origin, house.logins, '望禾区管理部')
  await Promise.all(CAST.map((post) => office.person(post)))
  const applicants = (await drawApplicants(house.owner, house.vault)).values()

  const play = async (plan: string): Promise<string> => {
    const { application, outside } = nextOf(applicants)
    await house.tellOutside(outside)
    // A code counts once in half a minute, and trials follow one another faster than that.
    await house.owner.deleteFrom('spent_one_time_code').execute()
    house.arm(plan)
    let caseId = ''
    await wholeLoan(office, application, (opened) => (caseId = opened))
    return caseId
  }

  rmSync(recordFile, { force: true })
  const caseId = await play(`record:${recordFile}`)
  const expected = await humanDecisions(house, caseId)
  const wrong = await complaintsAbout(house, caseId, expected, openWorkflows)
  if (wrong.length > 0) throw new Error(`the story does not go well without a fault:\n${wrong.join('\n')}`)
  const points = countLines(readFileSync(recordFile, 'utf8'))

  const deaths = (): number => house.deaths('worker') + house.deaths('api')
  return {
    house,
    points,
    async run(trial) {
      const [began, before] = [performance.now(), deaths()]
      const complaints = await (async () => {
        try {
          const played = await play(`${trial.point}#${trial.passage}=${trial.trouble}`)
          await waitForStrike(house)
          return await complaintsAbout(house, played, expected, openWorkflows)
        } catch (error) {
          return [error instanceof Error ? error.message : String(error)]
        }
      })()
      const died = deaths() - before
      // A fault that did not happen was not survived.
      if (!house.hasStruck()) complaints.push('the point was not passed')
      else if (died !== (trial.trouble === 'kill9' ? 1 : 0)) complaints.push(`${died} processes died`)
      return { trial, milliseconds: Math.round(performance.now() - began), deaths: died, complaints }
    },
  }
}

/** What the relay does by itself may be passed a little later than the last answer. */
async function waitForStrike(house: FaultHouse): Promise<void> {
  for (let waited = 0; !house.hasStruck() && waited < STRIKE_MILLISECONDS_MAX; waited += 100) await sleep(100)
}

const STRIKE_MILLISECONDS_MAX = 10_000

/** One trial for every point, at a passage drawn by the seed, and for every reply one in which it is lost; in an order drawn by the seed. */
export function drawTrials(points: ReadonlyMap<string, number>, seed: number): Trial[] {
  const random = createRandom(seed)
  const trials = [...points]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([point, passages]): Trial[] => {
      const passage = random.int(1, passages)
      const lost: Trial[] = point.endsWith('.before-reply') ? [{ point, passage, trouble: 'reply-lost' }] : []
      return [{ point, passage, trouble: 'kill9' }, ...lost]
    })
  return trials.map((trial) => ({ trial, at: random.int(0, 1_000_000) })).toSorted((a, b) => a.at - b.at).map(({ trial }) => trial)
}

function nextOf(applicants: Iterator<Applicant>): Applicant {
  const { value, done } = applicants.next()
  if (done) throw new Error('the city has no more households for the story')
  return value
}

function countLines(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const line of text.split('\n').filter(Boolean)) counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}

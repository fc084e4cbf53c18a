import { readFileSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '#db/seed/random.ts'
import { Office } from './clerk.ts'
import { drawApplicants, type Applicant } from './households.ts'
import type { FaultHouse, Sight } from './house.ts'
import { complaintsAbout, footprint, type Told } from './judge.ts'
import { named } from './places.ts'
import { stories, type Changed, type Given, type Story, type StoryName } from './story.ts'

export const TROUBLES = ['kill9', 'throw', 'slow', 'reply-lost'] as const
export type Trouble = (typeof TROUBLES)[number]

/** Longer than an officer waits for an answer and than a decision is given before it is tried again: both go on, and it comes back later. */
const SLOW_MILLISECONDS = 12_000

/** One fault to live through. */
export interface Trial {
  readonly story: StoryName
  readonly point: string
  readonly passage: number
  readonly trouble: Trouble
}

export interface Outcome {
  readonly trial: Trial
  readonly milliseconds: number
  /** Deaths of worker and API in this trial. */
  readonly deaths: number
  /** Empty when the house came out of it as if nothing had happened. */
  readonly complaints: readonly string[]
}

/** Every point that each story passes, with how often. */
export type Points = Readonly<Record<StoryName, ReadonlyMap<string, number>>>

/** The points of the code that no story has passed, by name. */
export const passedByNone = (points: Points, inCode: readonly string[]): string[] => {
  const passed = new Set(STORIES.flatMap((story) => [...points[story].keys()].map(named)))
  return inCode.filter((point) => !passed.has(point))
}

/** A house whose people are signed in, and stories that are known to go well when nothing happens. */
export interface Rehearsed {
  readonly house: FaultHouse
  readonly points: Points
  run(trial: Trial): Promise<Outcome>
}

/**
 * Tells every story once without a fault, in recorder mode, and judges it like every other.
 * @param recordFile where the points are written
 * @throws Error when one does not go well even so: then no fault says anything
 */
export async function rehearse(house: FaultHouse, recordFile: string, openWorkflows: () => Promise<readonly string[]>): Promise<Rehearsed> {
  const teller = await Teller.of(house, house.origin)
  const points: Record<StoryName, ReadonlyMap<string, number>> = { 'staff-change': new Map(), desk: new Map(), loan: new Map() }
  const expected = new Map<StoryName, readonly string[]>()
  for (const name of STORIES) {
    rmSync(recordFile, { force: true })
    house.arm(`record:${recordFile}`)
    const told = await teller.tell(name)
    const left = await footprint(house, told)
    const wrong = await complaintsAbout(house, [{ ...told, expected: left }], openWorkflows)
    if (!left.includes(`stands in ${stories[name].end}`)) wrong.push(`${name} ends elsewhere: ${left.join(', ')}`)
    if (wrong.length > 0) throw new Error(`the story ${name} does not go well without a fault:\n${wrong.join('\n')}`)
    points[name] = countLines(readFileSync(recordFile, 'utf8'))
    expected.set(name, left)
  }

  const deaths = (): number => house.deaths('worker') + house.deaths('api')
  return {
    house,
    points,
    async run(trial) {
      const [began, before] = [performance.now(), deaths()]
      const complaints = await (async () => {
        try {
          teller.sendVisitorsHome()
          house.arm(planOf(trial))
          const told = await teller.tell(trial.story)
          await waitForStrike(house)
          // Whoever is only slow still holds what they have claimed.
          if (trial.trouble !== 'slow') await house.endLeases()
          return await complaintsAbout(house, [{ ...told, expected: expected.get(trial.story) ?? [] }], openWorkflows)
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

export const STORIES = Object.keys(stories) as StoryName[]

const planOf = ({ point, passage, trouble }: Trial): string =>
  `${point}#${passage}=${trouble === 'slow' ? `slow:${SLOW_MILLISECONDS}` : trouble}`

/** Tells stories to a house, each with people of its own. */
export class Teller {
  private readonly house: Sight
  private readonly office: Office
  private readonly applicants: Iterator<Applicant>
  private readonly others: readonly string[]
  /** In before the first story: all but those who come for one act of a story. */
  private readonly regulars: ReadonlySet<string>
  private turn = 0

  private constructor(house: Sight, office: Office, applicants: readonly Applicant[], others: readonly string[]) {
    this.house = house
    this.office = office
    this.regulars = office.roll()
    this.applicants = applicants.values()
    this.others = others
  }

  /** @param origin where the API listens; everybody who takes part in any story is signed in there */
  static async of(house: Sight, origin: string): Promise<Teller> {
    const forget = async (): Promise<void> =>
      void (await house.owner
        .deleteFrom('spent_one_time_code')
        .execute()
        .catch(() => undefined))
    const office = new Office(origin, house.logins, BRANCH, forget)
    await Promise.all([...new Set(Object.values(stories).flatMap(({ cast }) => [...cast]))].map((post) => office.person(post)))
    const away = house.logins.people.filter(({ orgName, posts }) => orgName !== BRANCH && posts.includes('INTAKE'))
    const others = await house.owner
      .selectFrom('staff')
      .innerJoin('org', 'org.org_id', 'staff.org_id')
      .select('staff_id')
      .where('org.reporting_entity', '=', 'xinxiang')
      .where(
        'staff_number',
        'in',
        away.map(({ staffNumber }) => staffNumber),
      )
      .orderBy('staff_number')
      .execute()
    return new Teller(
      house,
      office,
      await drawApplicants(house.owner, house.vault),
      others.map(({ staff_id }) => staff_id),
    )
  }

  /** Whoever came only to countersign logs in anew in the next story, as in the first: it passes the points of the log-in like all others. */
  sendVisitorsHome(): void {
    this.office.keepOnly(this.regulars)
  }

  /** @throws Error when a command is refused or the case does not get where it should */
  async tell(name: StoryName): Promise<Told> {
    return (await this.prepare(name))()
  }

  /** Everything that a story needs before its first word, so that nothing but the house itself is asked while it is told. @returns the telling */
  async prepare(name: StoryName): Promise<() => Promise<Told>> {
    const story: Story = stories[name]
    const given = await this.given()
    await this.house.tellOutside(given.applicant.outside)
    return async () => {
      let caseId = ''
      await story.tell(given, (opened) => (caseId = opened))
      return { caseId, ...(name === 'staff-change' ? { changed: given.changed } : {}) }
    }
  }

  private async given(): Promise<Given> {
    const { value: applicant, done } = this.applicants.next()
    if (done) throw new Error('the city has no more households for the story')
    return { office: this.office, applicant, changed: await this.nextChange() }
  }

  /** People of other branches in turn, each locked one time and unlocked the next. */
  private async nextChange(): Promise<Changed> {
    const staffId = this.others[this.turn++ % this.others.length] ?? ''
    const { state } = await this.house.owner.selectFrom('staff').select('state').where('staff_id', '=', staffId).executeTakeFirstOrThrow()
    return { staffId, change: state === 'LOCKED' ? 'UNLOCK' : 'LOCK' }
  }
}

const BRANCH = '望禾区管理部'

/** What the relay does by itself may be passed a little later than the last answer. */
async function waitForStrike(house: FaultHouse): Promise<void> {
  for (let waited = 0; !house.hasStruck() && waited < STRIKE_MILLISECONDS_MAX; waited += 100) await sleep(100)
}

const STRIKE_MILLISECONDS_MAX = 10_000

/**
 * For every story and every point that it passes, one trial of each trouble at a passage drawn by the seed; for a point of the desk, which
 * every command of the desk passes, one at each passage. A reply can be lost where one is given. In an order drawn by the seed.
 */
export function drawTrials(points: Points, seed: number, troubles: readonly Trouble[] = TROUBLES): Trial[] {
  const random = createRandom(seed)
  const trials = STORIES.flatMap((story) =>
    [...points[story]]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([point, passages]) => {
        const every = story === 'desk' && point.startsWith('desk-command.')
        const drawn = every ? Array.from({ length: passages }, (_, index) => index + 1) : [random.int(1, passages)]
        const possible = TROUBLES.filter((trouble) => trouble !== 'reply-lost' || point.endsWith('.before-reply'))
        return drawn.flatMap((passage) => possible.map((trouble): Trial => ({ story, point, passage, trouble })))
      }),
  )
  return trials
    .map((trial) => ({ trial, at: random.int(0, 1_000_000) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ trial }) => trial)
    .filter(({ trouble }) => troubles.includes(trouble))
}

/**
 * So many of the trials, in their order, the stories taking turns: one of each trouble and then the rest. What comes back late takes its time:
 * one of those.
 */
export function fewOf(trials: readonly Trial[], count: number): Trial[] {
  const inTurn = takingTurns(trials)
  const quick = inTurn.filter(({ trouble }) => trouble !== 'slow')
  const musts = TROUBLES.flatMap((trouble) => inTurn.filter((trial) => trial.trouble === trouble).slice(0, 1))
  return [...new Set<Trial>([...quick.slice(0, STORIES.length), ...musts, ...quick])].slice(0, count)
}

/** The first of each story, then the second of each, and so on. */
const takingTurns = (trials: readonly Trial[]): Trial[] => {
  const turns = STORIES.map((story) => trials.filter((trial) => trial.story === story))
  return trials.flatMap((_, turn) => turns.flatMap((ofStory) => ofStory.slice(turn, turn + 1)))
}

function countLines(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const line of text.split('\n').filter(Boolean)) counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}

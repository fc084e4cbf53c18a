import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { createRandom } from '#db/seed/random.ts'
import { isRunning } from '../../tools/processes.ts'
import { openSight, openWorkflows, type Sight } from './house.ts'
import { complaintsAbout, footprint, type Told } from './judge.ts'
import type { LaunchedCity, Victim } from './launched-city.ts'
import { Teller } from './run.ts'
import type { StoryName } from './story.ts'

/** Told at once, a beat apart, so that what dies finds them in different places. */
const CROWD: readonly StoryName[] = ['loan', 'staff-change', 'loan', 'desk', 'loan', 'loan']
const BEAT_MILLISECONDS = 900

/** However often it died: every open case can be finished within this of the next start. */
const FINISHED_MILLISECONDS_MAX = 60_000

export interface ChaosOutcome {
  readonly victim: Victim
  /** From the first story until the blow. */
  readonly afterMs: number
  /** From the blow until the house served again; what was killed alone is served around, and counts from the blow itself. */
  readonly downMs: number
  /** From then until the last story was at its end. */
  readonly finishedMs: number
  readonly complaints: readonly string[]
}

/** A city whose people are signed in, once for all of its deaths, and in which every story is known to go well when nothing happens. */
export interface RehearsedCity {
  /**
   * Lets a crowd of stories run, kills the victim somewhere in the middle, starts again what does not start itself, and waits for all of
   * them to come to their ends, by nobody's doing but that of the people in them.
   */
  trial(victim: Victim, seed: number): Promise<ChaosOutcome>
  close(): Promise<void>
}

/** Tells every story once, one after the other, and keeps what it leaves. @throws Error when one does not go well even so */
export async function rehearseCity(city: LaunchedCity): Promise<RehearsedCity> {
  const environment = city.environment()
  const sight = openSight(environment)
  const open = (): Promise<string[]> => openWorkflows(environment)
  try {
    const teller = await Teller.of(sight, environment['PUBLIC_ORIGIN'] ?? '')
    const expected = new Map<StoryName, readonly string[]>()
    for (const name of new Set(CROWD)) {
      const told = await teller.tell(name)
      const left = await footprint(sight, told)
      const wrong = await complaintsAbout(sight, [{ ...told, expected: left }], open)
      if (wrong.length > 0) throw new Error(`the story ${name} does not go well without a fault:\n${wrong.join('\n')}`)
      expected.set(name, left)
    }
    return { trial: (victim, seed) => trial({ city, environment, sight, teller, expected }, victim, seed), close: () => sight.close() }
  } catch (error) {
    await sight.close()
    throw error
  }
}

interface Stage {
  readonly city: LaunchedCity
  readonly environment: Readonly<Record<string, string>>
  readonly sight: Sight
  readonly teller: Teller
  /** What each story leaves without a fault. */
  readonly expected: ReadonlyMap<StoryName, readonly string[]>
}

async function trial({ city, environment, sight, teller, expected }: Stage, victim: Victim, seed: number): Promise<ChaosOutcome> {
  const afterMs = createRandom(seed).int(1_500, CROWD.length * BEAT_MILLISECONDS)
  const tellings: { readonly name: StoryName; readonly tell: () => Promise<Told> }[] = []
  for (const name of CROWD) tellings.push({ name, tell: await teller.prepare(name) })
  const telling = tellings.map(async ({ name, tell }, index) => {
    await sleep(index * BEAT_MILLISECONDS)
    return { ...(await tell()), expected: expected.get(name) ?? [] }
  })
  const all = Promise.allSettled(telling)
  await sleep(afterMs)

  const blow = performance.now()
  const doomed = city.kill(victim)
  while (doomed.some(isRunning)) await sleep(10)
  if (victim === 'everything') await city.start()
  const serving = performance.now()
  const outcomes = await all
  const finishedMs = Math.round(performance.now() - serving)

  const told = outcomes.flatMap((one): (Told & { readonly expected: readonly string[] })[] =>
    one.status === 'fulfilled' ? [one.value] : [],
  )
  const complaints = outcomes.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))
  if (finishedMs > FINISHED_MILLISECONDS_MAX) complaints.push(`the last story took ${finishedMs} ms after the next start`)
  // Whoever has its address in a browser, or its tables under their eyes, finds the house where it was.
  if (!isDeepStrictEqual(city.environment(), environment)) complaints.push('the house came back with another environment')
  complaints.push(...(await complaintsAbout(sight, told, () => openWorkflows(environment))))
  return { victim, afterMs, downMs: victim === 'everything' ? Math.round(serving - blow) : 0, finishedMs, complaints }
}

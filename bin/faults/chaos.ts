import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '#db/seed/random.ts'
import { projectFolder } from '../../tools/folders.ts'
import { endProcess, isRunning, processStartTime, type ProcessId } from '../../tools/processes.ts'
import { readRunFile } from '../launcher/run-file.ts'
import { openSight, openWorkflows } from './house.ts'
import { complaintsAbout, footprint, type Told } from './judge.ts'
import { Teller } from './run.ts'
import type { StoryName } from './story.ts'

/** What dies, all of it in the same instant. `everything` is the launcher and all that it has started. */
export const VICTIMS = ['worker', 'api', 'sandbox', 'Temporal', 'PostgreSQL', 'everything'] as const
export type Victim = (typeof VICTIMS)[number]

/** Told at once, a beat apart, so that what dies finds them in different places. */
const CROWD: readonly StoryName[] = ['loan', 'staff-change', 'loan', 'desk', 'loan', 'loan']
const BEAT_MILLISECONDS = 900

/** However often it died: every open case can be finished within this of the next start. */
const FINISHED_MILLISECONDS_MAX = 60_000
const START_MILLISECONDS_MAX = 120_000

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

/** The real launcher, as `npm start` runs it, on a folder of its own; to be killed, and started again. */
export class LaunchedCity {
  private readonly folder: string
  private child: ChildProcess | undefined
  private said = ''

  constructor(folder: string) {
    this.folder = folder
  }

  /** Returns when it serves. @throws Error with its words when it does not */
  async start(): Promise<void> {
    const known = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR', 'NODE_OPTIONS'] as const
    const env = Object.fromEntries(known.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
    this.said = ''
    const child = spawn(process.execPath, [join(projectFolder, 'bin', 'start.mjs')], {
      cwd: projectFolder,
      env: { ...env, ANJU_DATA: this.folder },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    this.child = child
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (this.said += text))
    const until = performance.now() + START_MILLISECONDS_MAX
    while (!this.said.includes('Ctrl-C 停止')) {
      if (child.exitCode !== null || performance.now() > until) throw new Error(`the launcher does not start:\n${this.said}`)
      await sleep(50)
    }
  }

  /** Without a word to anybody: no signal that could be heard. @returns who died */
  kill(victim: Victim): readonly ProcessId[] {
    const run = readRunFile(this.folder)
    if (!run) throw new Error('nothing runs')
    const doomed = victim === 'everything' ? [run.supervisor, ...run.children] : run.children.filter(({ name }) => name === victim)
    if (doomed.length === 0) throw new Error(`no ${victim} runs`)
    for (const { pid } of doomed) process.kill(pid, 'SIGKILL')
    return doomed
  }

  environment(): Readonly<Record<string, string>> {
    return readRunFile(this.folder)?.environment ?? {}
  }

  async end(): Promise<void> {
    const pid = this.child?.pid ?? 0
    await endProcess({ pid, startTime: processStartTime(pid) ?? '' }, [{ signal: 'SIGTERM', limitMs: 60_000 }])
  }
}

/**
 * Lets a crowd of stories run, kills the victim somewhere in the middle, starts again what does not start itself, and waits for all of them
 * to come to their ends, by nobody's doing but that of the people in them.
 * @param expected what each story leaves without a fault
 */
export async function chaosTrial(
  city: LaunchedCity,
  victim: Victim,
  expected: ReadonlyMap<StoryName, readonly string[]>,
  seed: number,
): Promise<ChaosOutcome> {
  const environment = city.environment()
  const sight = openSight(environment)
  try {
    const teller = await Teller.of(sight, environment['PUBLIC_ORIGIN'] ?? '')
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
    complaints.push(...(await complaintsAbout(sight, told, () => openWorkflows(environment))))
    return { victim, afterMs, downMs: victim === 'everything' ? Math.round(serving - blow) : 0, finishedMs, complaints }
  } finally {
    await sight.close()
  }
}

/** What each story leaves when nothing happens, one after the other. @throws Error when one does not go well even so */
export async function rehearseCity(city: LaunchedCity): Promise<ReadonlyMap<StoryName, readonly string[]>> {
  const environment = city.environment()
  const sight = openSight(environment)
  try {
    const teller = await Teller.of(sight, environment['PUBLIC_ORIGIN'] ?? '')
    const expected = new Map<StoryName, readonly string[]>()
    for (const name of new Set(CROWD)) {
      const told = await teller.tell(name)
      const left = await footprint(sight, told)
      const wrong = await complaintsAbout(sight, [{ ...told, expected: left }], () => openWorkflows(environment))
      if (wrong.length > 0) throw new Error(`the story ${name} does not go well without a fault:\n${wrong.join('\n')}`)
      expected.set(name, left)
    }
    return expected
  } finally {
    await sight.close()
  }
}

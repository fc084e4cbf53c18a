import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { projectFolder } from '../../tools/folders.ts'
import { endProcess, ordinaryEnvironment, processStartTime, type ProcessId } from '../../tools/processes.ts'
import { readRunFile } from '../launcher/run-file.ts'

/** What dies, all of it in the same instant. `everything` is the launcher and all that it has started. */
export const VICTIMS = ['worker', 'api', 'sandbox', 'Temporal', 'PostgreSQL', 'everything'] as const
export type Victim = (typeof VICTIMS)[number]

const START_MILLISECONDS_MAX = 120_000

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
    this.said = ''
    const child = spawn(process.execPath, [join(projectFolder, 'bin', 'start.mjs')], {
      cwd: projectFolder,
      env: { ...ordinaryEnvironment(), ANJU_DATA: this.folder },
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

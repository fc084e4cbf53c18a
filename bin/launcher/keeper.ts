import { setTimeout as sleep } from 'node:timers/promises'
import type { ProcessId, Running } from '../../tools/processes.ts'

/** Something that is started, should stay up, and is ended in its turn. */
export interface Part<R extends Running = Running> {
  readonly name: string
  /** Returns when it serves. `spawned` is told the process at once. @throws Error when it does not come up; nothing is left running then */
  readonly start: (spawned: (process: ProcessId) => void) => Promise<R>
  readonly end: (process: ProcessId) => Promise<unknown>
}

export interface Keeper<R extends Running = Running> {
  readonly name: string
  readonly start: () => Promise<R>
  /** Ends it, also in the middle of its start, and never starts it again. */
  readonly stop: () => Promise<void>
  readonly process: () => ProcessId | undefined
}

export interface Surroundings {
  /** A line for the person at the terminal. */
  readonly say: (line: string) => void
  /** The process of some part is another one now. */
  readonly changed: () => void
}

const BACK_OFF_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000]

/** Longer up than this, and the next death is a new story. */
const HEALTHY_AFTER_MS = 60_000

/** Keeps a part up: a death that nobody asked for is said, and answered by a new start after a growing pause. */
export function keep<R extends Running>(part: Part<R>, { say, changed }: Surroundings): Keeper<R> {
  const stopped = new AbortController()
  let current: ProcessId | undefined
  let starting: Promise<R> | undefined

  function run(): Promise<R> {
    starting = part.start((process) => {
      current = process
      changed()
      // A stop that came between the decision to start and the spawn would miss this process.
      if (stopped.signal.aborted) void part.end(process)
    })
    return starting
  }

  async function watch(first: Running): Promise<void> {
    let running = first
    for (let deaths = 0; ;) {
      const began = performance.now()
      await running.exited
      if (stopped.signal.aborted) return
      if (performance.now() - began > HEALTHY_AFTER_MS) deaths = 0
      running = await again(() => deaths++)
      say(`${part.name} 已重新启动`)
    }
  }

  async function again(died: () => number): Promise<R> {
    for (;;) {
      const pauseMs = BACK_OFF_MS[Math.min(died(), BACK_OFF_MS.length - 1)] ?? 0
      say(`${part.name} 意外停止，${pauseMs / 1000} 秒后重新启动`)
      await sleep(pauseMs, undefined, { signal: stopped.signal })
      try {
        return await run()
      } catch (error) {
        if (stopped.signal.aborted) throw error
        say(error instanceof Error ? error.message : String(error))
      }
    }
  }

  return {
    name: part.name,
    process: () => current,
    async start() {
      const running = await run()
      // Rejects only when stopped in the middle of a restart: that is what was asked for.
      void watch(running).catch(() => {})
      return running
    },
    async stop() {
      stopped.abort()
      if (current) await part.end(current)
      await starting?.catch(() => {})
    },
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { Logger } from 'pino'
import { listenTo } from '#db/listen.ts'

/** How often the relay looks without being called, at new cases and at those the engine has lost sight of. */
const LOOK_MILLISECONDS = 2_000
/** What has failed, a database or an engine that is away mostly, is tried again after this. */
const FAILED_MILLISECONDS = 1_000

/** One thing to do. @returns how many items it handled */
export type Work = () => Promise<number>

/**
 * Runs the relay: at once when the database calls (`outbox`), and now and then anyhow, because a call can be lost. Every work has a loop of its
 * own, so that a counterpart that hangs, or an item that cannot be done, keeps nothing else waiting. Any number of processes may do this
 * beside one another. A database or an engine that is away is waited for.
 */
export function runRelay(options: {
  listen: () => Client
  /** What is done at a call, each as long as there is something. */
  relays: readonly Work[]
  /** What is looked for at a call and now and then, once at a time: what it finds may take others a while. */
  sweeps: readonly Work[]
  log: Logger
}): { end(): Promise<void> } {
  let ending = false
  let calls = 0
  const waiting = new Set<() => void>()
  const call = (): void => {
    calls += 1
    for (const wake of waiting) wake()
  }
  const waitForCall = async (milliseconds: number): Promise<void> => {
    const aborted = new AbortController()
    const wake = (): void => aborted.abort()
    waiting.add(wake)
    await sleep(milliseconds, undefined, { signal: aborted.signal }).catch(() => undefined)
    waiting.delete(wake)
  }

  const listening = listenTo('outbox', options.listen, call)

  const run = async (work: Work, again: boolean): Promise<void> => {
    while (!ending) {
      const heard = calls
      try {
        const handled = await work()
        if (again && handled > 0) continue
        if (calls === heard && !ending) await waitForCall(LOOK_MILLISECONDS)
      } catch (error) {
        options.log.warn({ err: error }, 'relay will look again')
        await sleep(FAILED_MILLISECONDS)
      }
    }
  }
  const running = [...options.relays.map((work) => run(work, true)), ...options.sweeps.map((work) => run(work, false))]

  return {
    async end() {
      ending = true
      call()
      await Promise.all([...running, listening.end()])
    },
  }
}

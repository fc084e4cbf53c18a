import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { Logger } from 'pino'

/** How often the relay looks without being called, at new cases and at those the engine has lost sight of. */
const LOOK_MILLISECONDS = 2_000
/** What has failed, a database or an engine that is away mostly, is tried again after this. */
const FAILED_MILLISECONDS = 1_000

/** One thing to do. @returns how many items it handled */
type Work = () => Promise<number>

/**
 * Runs the relay: at once when the database calls (`outbox`), and now and then anyhow, because a call can be lost. Any number of processes
 * may do this beside one another. A database or an engine that is away is waited for.
 */
export function runRelay(options: {
  listen: () => Client
  /** What is done at a call, each as long as there is something; what fails holds up none of the others. */
  relays: readonly Work[]
  /** What is looked for when nothing waits. */
  sweeps: readonly Work[]
  log: Logger
}): { end(): Promise<void> } {
  let ending = false
  let called = (): void => undefined
  const waitForCall = (milliseconds: number): Promise<unknown> =>
    Promise.race([sleep(milliseconds), new Promise<void>((resolve) => (called = resolve))])

  const listening = (async () => {
    while (!ending) {
      const client = options.listen()
      const lost = new Promise<void>((resolve) => client.once('error', () => resolve()).once('end', () => resolve()))
      try {
        await client.connect()
        client.on('notification', () => called())
        await client.query('LISTEN outbox')
        while (!ending) if (await Promise.race([lost.then(() => true), sleep(500).then(() => false)])) break
      } catch {
        await sleep(1_000)
      } finally {
        await client.end().catch(() => undefined)
      }
    }
  })()

  const doAll = async (works: readonly Work[]): Promise<{ handled: number; failed: boolean }> => {
    let [handled, failed] = [0, false]
    for (const work of works) {
      try {
        handled += await work()
      } catch (error) {
        options.log.warn({ err: error }, 'relay will look again')
        failed = true
      }
    }
    return { handled, failed }
  }
  const relaying = (async () => {
    while (!ending) {
      const relayed = await doAll(options.relays)
      if (relayed.handled > 0 && !relayed.failed) continue
      const swept = await doAll(options.sweeps)
      if (relayed.failed || swept.failed) await sleep(FAILED_MILLISECONDS)
      else await waitForCall(LOOK_MILLISECONDS)
    }
  })()

  return {
    async end() {
      ending = true
      called()
      await Promise.all([relaying, listening])
    },
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { Logger } from 'pino'

/** How often the relay looks without being called, at new cases and at those the engine has lost sight of. */
const LOOK_MILLISECONDS = 2_000

/**
 * Runs the relay: at once when the database calls (`outbox`), and now and then anyhow, because a call can be lost. Any number of processes
 * may do this beside one another. A database or an engine that is away is waited for.
 */
export function runRelay(options: { listen: () => Client; relay: () => Promise<number>; wake: () => Promise<number>; log: Logger }): { end(): Promise<void> } {
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

  const relaying = (async () => {
    while (!ending) {
      try {
        const handled = await options.relay()
        if (handled === 0) {
          await options.wake()
          await waitForCall(LOOK_MILLISECONDS)
        }
      } catch (error) {
        options.log.warn({ err: error }, 'relay will look again')
        await sleep(1_000)
      }
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

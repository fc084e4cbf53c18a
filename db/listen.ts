import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'

/** What the database calls about (`NOTIFY`): the outbox has something in it, a case has moved. */
export type Channel = 'outbox' | 'case_event'

/** A database that is away is tried again after this. */
const AWAY_MILLISECONDS = 1_000

/**
 * Calls whenever the database calls, on a connection of its own, and once whenever it has begun to listen. A database that is away is waited
 * for; what it called meanwhile is lost, so that whoever must miss nothing looks now and then anyhow.
 * @param connection a client that has not connected yet
 */
export function listenTo(channel: Channel, connection: () => Client, called: () => void): { end(): Promise<void> } {
  const ending = new AbortController()
  const ended = new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve()))
  const listening = (async () => {
    while (!ending.signal.aborted) {
      const client = connection()
      // Told twice where the server says that it goes, and then is gone.
      const lost = new Promise<void>((resolve) => client.on('error', () => resolve()).once('end', () => resolve()))
      try {
        await client.connect()
        client.on('notification', called)
        await client.query(`LISTEN ${channel}`)
        called()
        await Promise.race([lost, ended])
      } catch {
        await sleep(AWAY_MILLISECONDS, undefined, { signal: ending.signal }).catch(() => undefined)
      } finally {
        await client.end().catch(() => undefined)
      }
    }
  })()
  return {
    end() {
      ending.abort()
      return listening
    },
  }
}

import { ApplicationFailure, CancelledFailure } from '@temporalio/activity'
import { constraintOf, sqlState } from '#db/connect.ts'
import { PlannedFault } from '#db/fault.ts'
import { isDatabaseTrouble } from '#db/trouble.ts'
import { PortFault } from './ports/fault.ts'

/** Two who write the same row at once look like one who writes it twice, until the loser looks again. */
const RACE_STATES = ['23505', '23P01']
const RACE_TRIES = 3

/**
 * Whether we were wrong. The world is what is listed here: a counterpart, the way to it, the database as such, a race that was lost. Whatever
 * else is thrown is ours, however it is called: a key that does not open, a constraint that refuses, a thing that is not there.
 * @param attempt how often it has been tried, this time included
 */
export const isBug = (error: unknown, attempt = 1): boolean => !isWorld(error, attempt)

function isWorld(error: unknown, attempt: number): boolean {
  if (error instanceof PortFault || error instanceof PlannedFault || error instanceof CancelledFailure) return true
  // It says itself whether it may be tried again.
  if (error instanceof ApplicationFailure) return true
  if (RACE_STATES.includes(sqlState(error) ?? '')) return attempt < RACE_TRIES
  if (isDatabaseTrouble(error)) return true
  if (!(error instanceof Error)) return false
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return true
  // `fetch` reports a refused connection as a TypeError with the cause inside.
  return error.cause !== undefined && isWorld(error.cause, attempt)
}

/** What may be told of a bug: its kind and where the database refused, never its words, which may quote what it was about. */
export function kindOfBug(error: unknown): string {
  const state = sqlState(error)
  const isDatabase = state !== undefined && /^[0-9A-Z]{5}$/.test(state)
  if (isDatabase) return ['数据库', state, constraintOf(error)].filter(Boolean).join(' ')
  return error instanceof Error ? error.name : 'unknown'
}

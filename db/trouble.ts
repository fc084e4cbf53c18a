import { sqlState } from './connect.ts'

/** The way to the database, as the operating system names its failures. */
const NETWORK =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN|ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL)$/

/**
 * What PostgreSQL says when it is the server and not the statement that failed: connection (08), rollback for the sake of others (40),
 * resources (53), stopped, cancelled or out of time (57), its disk (58), a transaction left idle (25P03, 25P04), a standby that may not write
 * (25006), a lock not had in time (55P03).
 */
const SERVER = /^(08...|40...|53...|57...|58...|25P03|25P04|25006|55P03)$/

/** What the driver says without a code of its own. */
const DRIVER = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error',
  'Client was closed',
  'Query read timeout',
  'Cannot use a pool after calling end',
  'driver has already been destroyed',
]

/** Whether the database or the way to it has failed, and not what was asked of it: the same may go well in a moment. */
export function isDatabaseTrouble(error: unknown): boolean {
  const code = sqlState(error)
  if (code !== undefined) return NETWORK.test(code) || SERVER.test(code)
  return error instanceof Error && DRIVER.some((words) => error.message.startsWith(words))
}

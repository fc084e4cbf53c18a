import { flushCompileCache } from 'node:module'

/**
 * Tells whoever started this program that it serves, or is done: one line `ready {…}`. What Node has compiled until now is kept for the next
 * start, which a process that is killed one day would otherwise not leave behind.
 */
export function ready(facts: Readonly<Record<string, unknown>>): void {
  console.log(`ready ${JSON.stringify(facts)}`)
  flushCompileCache()
}

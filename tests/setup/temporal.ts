import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'

export interface TestTemporal {
  readonly address: string
  readonly namespace: string
  /** Of this test file alone: no other file's worker takes its work. */
  readonly taskQueue: string
}

/** The run's Temporal server with a fresh task queue. Only in `.flow` and `.e2e` tests. */
export function testTemporal(): TestTemporal {
  const { address, namespace } = inject('temporal')
  return { address, namespace, taskQueue: `test-${randomBytes(6).toString('hex')}` }
}

import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time.js'
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

/**
 * The same with a namespace of its own, for a house whose city has open cases: the same seed gives them the same ids in every house, and
 * with them the same workflow ids.
 */
export async function ownNamespace(): Promise<TestTemporal> {
  const { address, taskQueue } = testTemporal()
  const namespace = `house-${randomBytes(6).toString('hex')}`
  const connection = await Connection.connect({ address })
  try {
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1 day') })
    // The server's own list of namespaces is read anew every few seconds.
    const client = new Client({ connection, namespace })
    while (!(await knows(client))) await sleep(100)
    return { address, namespace, taskQueue }
  } finally {
    await connection.close()
  }
}

const knows = (client: Client): Promise<boolean> =>
  client.workflow.count().then(
    () => true,
    () => false,
  )

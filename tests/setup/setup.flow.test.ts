import { Connection } from '@temporalio/client'
import { expect, test } from 'vitest'
import { testTemporal } from './temporal.ts'

test('the namespace keeps closed histories for thirty days', async () => {
  const { address, namespace } = testTemporal()
  const connection = await Connection.connect({ address })
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace })
    expect(String(config?.workflowExecutionRetentionTtl?.seconds)).toBe(String(30 * 24 * 3600))
  } finally {
    await connection.close()
  }
})

test('two test files never share a task queue', () => {
  expect(testTemporal().taskQueue).not.toBe(testTemporal().taskQueue)
})

import { randomBytes } from 'node:crypto'
import { Connection } from '@temporalio/client'
import { expect, test } from 'vitest'
import { testTemporal } from '../tests/setup/temporal.ts'
import { ensureNamespace } from './temporal.ts'

test('on a server that is not ours the namespace is made once, keeps histories for thirty days, and is left alone after', async () => {
  const { address } = testTemporal()
  const namespace = `made-${randomBytes(4).toString('hex')}`
  await ensureNamespace(address, namespace)
  await ensureNamespace(address, namespace)
  const connection = await Connection.connect({ address })
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace })
    expect(String(config?.workflowExecutionRetentionTtl?.seconds)).toBe(String(30 * 24 * 3600))
  } finally {
    await connection.close()
  }
})

test('a server that does not answer is a fault, soon', async () => {
  await expect(ensureNamespace('127.0.0.1:1', 'anju')).rejects.toThrow()
}, 20_000)

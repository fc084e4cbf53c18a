import { Client, Connection } from '@temporalio/client'
import { inject } from 'vitest'

/** Every payload of one workflow, all its runs, as the engine keeps them: the histories as JSON texts. */
export async function storedHistories(taskQueue: string): Promise<{ workflowId: string; json: string }[]> {
  const { address, namespace } = inject('temporal')
  const connection = await Connection.connect({ address })
  try {
    const client = new Client({ connection, namespace })
    const found: { workflowId: string; json: string }[] = []
    for await (const { workflowId, runId } of client.workflow.list({ query: `TaskQueue = '${taskQueue}'` })) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
      found.push({
        workflowId,
        json: JSON.stringify(history, (_key, value: unknown) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
        ),
      })
    }
    return found
  } finally {
    await connection.close()
  }
}

/** The payloads of a history, wherever they stand in it. */
export function payloadsIn(json: string): { metadata: Record<string, string>; data: string }[] {
  const found: { metadata: Record<string, string>; data: string }[] = []
  JSON.parse(json, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'metadata' in value && 'data' in value && typeof value.data === 'string') {
      found.push(value as { metadata: Record<string, string>; data: string })
    }
    return value
  })
  return found
}

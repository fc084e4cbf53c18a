import { hostname } from 'node:os'
import { Connection } from '@temporalio/client'
import { z } from 'zod'
import { loadConfig } from '#config.ts'

/** Whether the process beside us in this container does its work: exit 0 or 1. A process that is merely alive is not enough. */
const [name] = process.argv.slice(2)
const limitMs = 4_000

/** `TaskQueueType` of the engine's protocol. */
const WORKFLOW_TASKS = 1

if (name !== 'api' && name !== 'worker') {
  console.error('用法：node bin/launcher/healthy.ts api|worker')
  process.exit(2)
}
const healthy = name === 'api' ? await apiAnswers() : await workerPolls()
process.exit(healthy ? 0 : 1)

/**
 * It answers, and its database answers it. That the engine is away, or no house founded yet, is no failure of this container: without the engine
 * lists are served all the same.
 */
async function apiAnswers(): Promise<boolean> {
  const { API_PORT } = loadConfig(process.env, 'api')
  try {
    const answer = await fetch(`http://127.0.0.1:${API_PORT}/readyz`, { redirect: 'manual', signal: AbortSignal.timeout(limitMs) })
    const readiness = z.object({ database: z.boolean() }).safeParse(await answer.json())
    return readiness.success && readiness.data.database
  } catch {
    return false
  }
}

/** Temporal has heard from a worker on this very host. The SDK calls itself `pid@hostname`. */
async function workerPolls(): Promise<boolean> {
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TASK_QUEUE } = loadConfig(process.env, 'worker')
  const connection = await Connection.connect({ address: TEMPORAL_ADDRESS, connectTimeout: limitMs })
  try {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace: TEMPORAL_NAMESPACE,
      taskQueue: { name: TASK_QUEUE },
      taskQueueType: WORKFLOW_TASKS,
    })
    return (pollers ?? []).some(({ identity }) => identity?.endsWith(`@${hostname()}`))
  } finally {
    await connection.close()
  }
}

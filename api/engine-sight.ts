import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import type { Doing } from '#activities/relay.ts'
import { workflowIdOf, type CaseKind } from '#contracts/cases.ts'

/** What the engine tells of its workflows, for whoever compares it with the record. */
export interface EngineSight {
  isRunning(kind: CaseKind, caseId: string): Promise<boolean>
  /** What the case's workflow is doing: an activity or a task of it is under way, or it waits for something, or none runs. */
  doingOf(kind: CaseKind, caseId: string): Promise<Doing>
  /** Which store the engine keeps its workflows in: a namespace made anew has another id. */
  storeId(): Promise<string>
  /** Every running case the engine lists. Its list may lag by seconds: whoever acts on it asks again. */
  listRunning(): AsyncIterable<{ readonly kind: CaseKind; readonly caseId: string }>
}

/** @param of the queue our workers serve, and which words are kinds of cases */
export function engineSight(client: Client, { taskQueue, isKind }: { taskQueue: string; isKind: (text: string) => boolean }): EngineSight {
  return {
    async isRunning(kind, caseId) {
      try {
        return (await client.workflow.getHandle(workflowIdOf(kind, caseId)).describe()).status.name === 'RUNNING'
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false
        throw error
      }
    },

    async doingOf(kind, caseId) {
      try {
        const { status, raw } = await client.workflow.getHandle(workflowIdOf(kind, caseId)).describe()
        if (status.name !== 'RUNNING') return 'GONE'
        return (raw.pendingActivities?.length ?? 0) > 0 || raw.pendingWorkflowTask ? 'WORKS' : 'WAITS'
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return 'GONE'
        throw error
      }
    },

    storeId: async () => (await client.workflowService.describeNamespace({ namespace: client.options.namespace })).namespaceInfo?.id ?? '',

    async *listRunning() {
      for await (const { workflowId } of client.workflow.list({
        query: `ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue}'`,
      })) {
        const [kind = '', caseId = ''] = workflowId.split('/')
        // What else runs on the queue (the end of the day) is no case.
        if (isKind(kind)) yield { kind: kind as CaseKind, caseId }
      }
    },
  }
}

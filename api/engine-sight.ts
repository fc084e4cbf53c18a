import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import type { Doing } from '#activities/relay.ts'
import { workflowIdOf, type CaseKind } from '#contracts/cases.ts'

/** Puts a question to the engine that has failed when it takes too long. */
export type InTime = <T>(question: () => Promise<T>) => Promise<T>

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
export function engineSight(
  client: Client,
  inTime: InTime,
  { taskQueue, isKind }: { taskQueue: string; isKind: (text: string) => boolean },
): EngineSight {
  const describe = (kind: CaseKind, caseId: string) => inTime(() => client.workflow.getHandle(workflowIdOf(kind, caseId)).describe())
  return {
    async isRunning(kind, caseId) {
      try {
        return (await describe(kind, caseId)).status.name === 'RUNNING'
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false
        throw error
      }
    },

    async doingOf(kind, caseId) {
      try {
        const { status, raw } = await describe(kind, caseId)
        if (status.name !== 'RUNNING') return 'GONE'
        return (raw.pendingActivities?.length ?? 0) > 0 || raw.pendingWorkflowTask ? 'WORKS' : 'WAITS'
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return 'GONE'
        throw error
      }
    },

    async storeId() {
      const { namespace } = client.options
      return (await inTime(() => client.workflowService.describeNamespace({ namespace }))).namespaceInfo?.id ?? ''
    },

    async *listRunning() {
      const listed = client.workflow.list({ query: `ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue}'` })[Symbol.asyncIterator]()
      for (let next = await inTime(() => listed.next()); !next.done; next = await inTime(() => listed.next())) {
        const [kind = '', caseId = ''] = next.value.workflowId.split('/')
        // What else may run on the queue is no case.
        if (isKind(kind)) yield { kind: kind as CaseKind, caseId }
      }
    },
  }
}

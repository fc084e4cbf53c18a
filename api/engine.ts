import {
  Client,
  Connection,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client'
import { ApplicationFailure, type DataConverter } from '@temporalio/common'
import type { CaseKind, CommandRef, DecisionAnswer } from '#contracts/cases.ts'
import { workflowIdOf } from '#contracts/cases.ts'
import type { Engine } from '#activities/relay.ts'
import { machineClock } from '#db/machine-clock.ts'
import { engineBuilds, type EngineBuilds } from './engine-builds.ts'
import { engineSight, type EngineSight, type InTime } from './engine-sight.ts'

/** How an Update ended, as far as its sender needs to tell. An engine that is away is slow. The command's row has the last word in every case. */
export type EngineOutcome =
  | { readonly kind: 'ANSWERED'; readonly outcome: DecisionAnswer }
  | { readonly kind: 'STALE' | 'ENDED' | 'SLOW' | 'BROKEN' }

/** The door to Temporal: starts cases, carries decisions to them, wakes them. Nothing else in the house holds a workflow client. */
export interface CaseEngine extends Engine, EngineBuilds, EngineSight {
  decide(kind: CaseKind, caseId: string, command: CommandRef): Promise<EngineOutcome>
  /** Sends a waiting case on in a fresh run, on the newest code. @returns false when no workflow is running */
  startAfresh(kind: CaseKind, caseId: string): Promise<boolean>
  /** Ends the run there is, whatever it is doing, and starts the case again from its record, which the caller has seen to be open. */
  replaceRun(kind: CaseKind, caseId: string): Promise<void>
  close(): Promise<void>
}

const WORKFLOW_TYPES = { loan: 'loan', 'staff-change': 'staffChange' } satisfies Record<CaseKind, string>

/** An officer waits this long for the answer; then the command's address is handed out and the console follows it. */
const ANSWER_MILLISECONDS_MAX = 10_000
/** An engine that takes longer to say who it is does not count as up. */
const UP_MILLISECONDS_MAX = 2_000
/** Every other question to the engine has failed after this, so that whoever asks is never held for good. */
const CALL_MILLISECONDS_MAX = 10_000

/** A worker that is killed in the middle of a decision is missed after this, and the decision is still made within the officer's wait. */
const TASK_MILLISECONDS_MAX = 5_000

/** @param options where the engine is, which queue its workers serve, and how payloads are written (the same as the workers') */
export async function connectEngine(options: {
  address: string
  namespace: string
  taskQueue: string
  dataConverter: DataConverter
}): Promise<CaseEngine> {
  const connection = Connection.lazy({ address: options.address })
  const client = new Client({ connection, namespace: options.namespace, dataConverter: options.dataConverter })
  const inTime: InTime = (question) => connection.withDeadline(machineClock.nowMs() + CALL_MILLISECONDS_MAX, question)

  const begin = async (
    kind: CaseKind,
    caseId: string,
    reuse: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE',
    running: 'USE_EXISTING' | 'TERMINATE_EXISTING' = 'USE_EXISTING',
  ): Promise<void> => {
    const workflow = {
      workflowId: workflowIdOf(kind, caseId),
      taskQueue: options.taskQueue,
      args: [{ caseId }],
      workflowTaskTimeout: TASK_MILLISECONDS_MAX,
      workflowIdReusePolicy: reuse,
      workflowIdConflictPolicy: running,
    }
    try {
      await inTime(() => client.workflow.start(WORKFLOW_TYPES[kind], workflow))
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    }
  }

  const signal = async (kind: CaseKind, caseId: string, name: string): Promise<boolean> => {
    try {
      await inTime(() => client.workflow.getHandle(workflowIdOf(kind, caseId)).signal(name))
      return true
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false
      throw error
    }
  }

  return {
    start: (kind, caseId) => begin(kind, caseId, 'REJECT_DUPLICATE'),
    restart: (kind, caseId) => begin(kind, caseId, 'ALLOW_DUPLICATE'),
    replaceRun: (kind, caseId) => begin(kind, caseId, 'ALLOW_DUPLICATE', 'TERMINATE_EXISTING'),

    lookAgain: (kind, caseId) => signal(kind, caseId, 'lookAgain'),
    startAfresh: (kind, caseId) => signal(kind, caseId, 'startAfresh'),

    ...engineSight(client, inTime, { taskQueue: options.taskQueue, isKind: (text) => text in WORKFLOW_TYPES }),
    ...engineBuilds(client, inTime),

    decide: (kind, caseId, command) => decide(connection, client, workflowIdOf(kind, caseId), command),

    isUp: () =>
      connection
        .withDeadline(machineClock.nowMs() + UP_MILLISECONDS_MAX, () => connection.workflowService.getSystemInfo({}))
        .then(
          () => true,
          () => false,
        ),
    close: () => connection.close(),
  }
}

/** Carries one decision to its case as an Update, and says how that ended. */
async function decide(connection: Connection, client: Client, workflowId: string, command: CommandRef): Promise<EngineOutcome> {
  const aborted = new AbortController()
  const timer = setTimeout(() => aborted.abort(), ANSWER_MILLISECONDS_MAX)
  try {
    const outcome = await connection.withAbortSignal(aborted.signal, () =>
      client.workflow
        .getHandle(workflowId)
        .executeUpdate<DecisionAnswer, [CommandRef]>('decide', { args: [command], updateId: command.commandId }),
    )
    return { kind: 'ANSWERED', outcome }
  } catch (error) {
    return { kind: outcomeOfFailure(error, aborted.signal.aborted) }
  } finally {
    clearTimeout(timer)
  }
}

function outcomeOfFailure(error: unknown, timedOut: boolean): Exclude<EngineOutcome['kind'], 'ANSWERED'> {
  if (timedOut) return 'SLOW'
  if (error instanceof WorkflowNotFoundError) return 'ENDED'
  if (error instanceof WorkflowUpdateFailedError) {
    if (!(error.cause instanceof ApplicationFailure)) return 'SLOW'
    if (error.cause.type === RUN_ENDED) return 'ENDED'
    return error.cause.type === 'STALE' ? 'STALE' : 'BROKEN'
  }
  return 'SLOW'
}

/** The engine's own word for an Update whose run was ended under it: nobody has judged it. */
const RUN_ENDED = 'AcceptedUpdateCompletedWorkflow'

import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  isCancellation,
  makeContinueAsNewFunc,
  proxyLocalActivities,
  setHandler,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow'
import type { CaseActivities } from '#activities/cases.ts'
import type { CaseInput, CaseState, CommandRef, DecisionAnswer } from '#contracts/cases.ts'
import { decideUpdate, lookAgainSignal, startAfreshSignal } from './messages.ts'

/**
 * Local: each is one short SQL transaction, idempotent by command id or stage version, at half the latency of a regular activity.
 * They are retried until the database answers; a bug is thrown as non-retryable and stops the case for a person to see.
 */
const { decide, enterStage } = proxyLocalActivities<CaseActivities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '200 ms', maximumInterval: '10 seconds' },
})

/** A run is left long before the server's own limits. */
const HISTORY_EVENTS_MAX = 2_000

/**
 * Every stage boundary starts a fresh run, on the newest code. The server delays a run that follows one younger than a second, so the
 * machine's own quick stages go on in the run they are in.
 */
const RUN_MILLISECONDS_MIN = 1_000
const isOldEnough = (): boolean => Date.now() - workflowInfo().runStartTime.getTime() >= RUN_MILLISECONDS_MIN

/** Leaves the run for a new one on the newest code. Choosing the version is experimental in the SDK, so it stands in this one place. */
const startAfresh = (input: CaseInput): Promise<never> =>
  makeContinueAsNewFunc<(input: CaseInput) => Promise<void>>({ initialVersioningBehavior: 'AUTO_UPGRADE' })(input)

interface Look extends CaseState {
  readonly waitMilliseconds: number
  /** Nudges heard before the look: a later one may be about something that it did not see. */
  readonly heard: number
}

/** What happens in a stage. It ends when the record has moved on; what it returns is where to. */
export type Step = () => Promise<CaseState>

/** An open case: its decisions and its way from stage to stage. */
export interface OpenCase {
  readonly id: string
  /** Waits for people: minutes, or weeks. Reminders fire meanwhile; none of them decides. */
  decision(): Promise<CaseState>
  /** Waits until somebody nudges or decides the case, or the time is over. @returns whether anything happened */
  nudged(milliseconds: number): Promise<boolean>
  /** Works off the recorded stage, then starts afresh for the next one, until the case has ended. */
  run(steps: Readonly<Record<string, Step>>): Promise<void>
}

/** Sets the handlers, at once; the state loads behind them. */
export function openCase({ caseId }: CaseInput): OpenCase {
  let record: CaseState | undefined
  let nudges = 0
  let leaving = false
  let stuck = false
  const learn = (state: CaseState): CaseState => (record = !record || state.stageVersion >= record.stageVersion ? state : record)

  const knows = (): boolean => record !== undefined || stuck
  const decideHere = async ({ commandId }: CommandRef): Promise<DecisionAnswer> => {
    await condition(knows)
    const outcome = await decide(caseId, commandId)
    learn(outcome.state)
    return outcome
  }
  setHandler(decideUpdate, decideHere, { validator: (command) => refuseStale(command, record) })
  setHandler(lookAgainSignal, () => void nudges++)
  setHandler(startAfreshSignal, () => void (leaving = true))

  const look = async (): Promise<Look> => {
    const heard = nudges
    const entered = await enterStage(caseId)
    learn(entered.state)
    return { ...entered.state, waitMilliseconds: entered.waitMilliseconds, heard }
  }
  /** What the run saw when it came to the stage: a step is over when the record is ahead of that. */
  let arrived: Look | undefined

  const nudged = (milliseconds: number): Promise<boolean> => {
    const [seen, version] = [nudges, record?.stageVersion]
    return condition(() => nudges > seen || record?.stageVersion !== version, milliseconds)
  }

  /** Whether this run should end although the case stays in its stage. */
  const isOver = (): boolean => leaving || workflowInfo().historyLength > HISTORY_EVENTS_MAX

  const decision = async (): Promise<CaseState> => {
    let here = arrived ?? (await look())
    const { stageVersion } = here
    for (;;) {
      const gone = (): boolean => record !== undefined && record.stageVersion > stageVersion
      await condition(() => gone() || isOver() || nudges > here.heard, here.waitMilliseconds)
      if (gone() || isOver()) return record as CaseState
      here = await look()
    }
  }

  const work = async (steps: Readonly<Record<string, Step>>): Promise<void> => {
    for (;;) {
      const here = await look()
      // The end is looked at like any stage: the engine then knows it, and nobody need wake the case again.
      if (!here.open) return condition(allHandlersFinished)
      arrived = here
      learn(await (steps[here.stage] ?? decision)())
      await condition(allHandlersFinished)
      if (record?.open && (isOldEnough() || isOver())) await startAfresh({ caseId })
    }
  }

  const run = (steps: Readonly<Record<string, Step>>): Promise<void> => {
    const seen = nudges
    return waitWhenStuck(caseId, work(steps), { stuck: () => void (stuck = true), mended: () => nudges > seen || leaving })
  }

  return { id: caseId, decision, nudged, run }
}

/** The engine may lag behind the record, never lead: only what is older than what it knows is certainly stale. */
function refuseStale({ expectedVersion }: CommandRef, record: CaseState | undefined): void {
  if (record && expectedVersion < record.stageVersion) throw ApplicationFailure.nonRetryable('stale', 'STALE')
}

/**
 * A step that failed for good stands on the incidents page. The run stays, so that the case can still be decided, and waits for whoever has
 * looked; then a fresh one, on the newest code, tries again.
 */
async function waitWhenStuck(caseId: string, work: Promise<void>, run: { stuck: () => void; mended: () => boolean }): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof TemporalFailure) || isCancellation(error)) throw error
    run.stuck()
    await condition(run.mended)
    await condition(allHandlersFinished)
    await startAfresh({ caseId })
  }
}

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DeterminismViolationError } from '@temporalio/workflow'
import { bundleWorkflowCode, Runtime, Worker } from '@temporalio/worker'
import { beforeAll, describe, expect, test } from 'vitest'

const quiet = { log: () => {}, trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
Runtime.install({ logger: quiet, shutdownSignals: [], telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } } })

interface HistoryEvent {
  readonly eventType: string
  readonly activityTaskScheduledEventAttributes?: { readonly activityType: { readonly name: string } }
}
interface Story {
  readonly workflowId: string
  /** First run first: a case goes on in a new run at every stage. */
  readonly runs: readonly { readonly events: readonly HistoryEvent[] }[]
}

/** Recorded by `histories/record.ts`. Red here means that open cases would stop: mend the workflow by a patch, do not record anew. */
const folder = fileURLToPath(new URL('./histories', import.meta.url))
const stories = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name.slice(0, -'.json'.length), JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Story]),
)
const events = [...stories.values()].flatMap(({ runs }) => runs.flatMap((run) => run.events))

/** Replays every run of every story. @returns what went wrong, by `story/run` */
async function replay(entry: string): Promise<Map<string, Error | undefined>> {
  const { code } = await bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL(entry, import.meta.url)), logger: quiet })
  const told = [...stories].flatMap(([story, { workflowId, runs }]) =>
    runs.map((history, index) => ({ name: `${story}/${index + 1}`, workflowId, history })),
  )
  const outcomes = new Map<string, Error | undefined>()
  let next = 0
  for await (const { error } of Worker.runReplayHistories({ workflowBundle: { code } }, told)) outcomes.set(told[next++]?.name ?? '', error)
  return outcomes
}

describe('what was recorded once', () => {
  let outcomes: Map<string, Error | undefined>
  beforeAll(async () => {
    outcomes = await replay('./index.ts')
  }, 30_000)

  test.each([...stories.keys()])('%s is replayed by the present workflows to the last event', (story) => {
    const runs = [...outcomes].filter(([name]) => name.startsWith(`${story}/`))
    expect(runs.length).toBe(stories.get(story)?.runs.length)
    expect(runs.filter(([, error]) => error)).toEqual([])
  })

  test('holds every activity that a loan has', () => {
    const done = new Set(events.map((event) => event.activityTaskScheduledEventAttributes?.activityType.name))
    expect([...done].filter((name) => typeof name === 'string').sort((a, b) => a.localeCompare(b))).toEqual([
      'checkData',
      'checkMortgage',
      'checkRelease',
      'closePayment',
      'openFile',
      'queryPayment',
      'sendPayment',
    ])
  })

  test('holds decisions, signals, waiting, going on in a new run, and ends', () => {
    const kinds = new Set(events.map(({ eventType }) => eventType))
    for (const kind of ['UPDATE_ACCEPTED', 'SIGNALED', 'CONTINUED_AS_NEW', 'COMPLETED'])
      expect(kinds).toContain(`EVENT_TYPE_WORKFLOW_EXECUTION_${kind}`)
    for (const kind of ['TIMER_STARTED', 'TIMER_CANCELED', 'MARKER_RECORDED']) expect(kinds).toContain(`EVENT_TYPE_${kind}`)
  })

  test('holds a step that failed for good, the wait for whoever mends it, and the fresh run in which it went well', () => {
    const runs = (stories.get('loan-stuck-retried')?.runs ?? []).map((run) => run.events.map(({ eventType }) => eventType))
    const stuck = runs.findIndex((kinds) => kinds.includes('EVENT_TYPE_ACTIVITY_TASK_FAILED'))
    expect(stuck).toBeGreaterThanOrEqual(0)
    const after = (runs[stuck] ?? []).slice(runs[stuck]?.indexOf('EVENT_TYPE_ACTIVITY_TASK_FAILED'))
    expect(after).toContain('EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED')
    expect(after.at(-1)).toBe('EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW')
    expect(runs[stuck + 1]).toContain('EVENT_TYPE_ACTIVITY_TASK_COMPLETED')
  })
})

test('a workflow that has changed without a patch turns the replay red, and only its own', async () => {
  const outcomes = await replay('./histories/planted/index.ts')
  for (const [name, error] of outcomes) {
    if (name.startsWith('loan-')) expect(error, name).toBeInstanceOf(DeterminismViolationError)
    else expect(error, name).toBeUndefined()
  }
}, 30_000)

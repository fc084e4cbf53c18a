import {
  ApplicationFailure,
  condition,
  continueAsNew,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  defineQuery,
  defineSignal,
  defineUpdate,
} from '@temporalio/workflow'

interface Probed {
  echo(text: string): Promise<string>
  note(text: string): Promise<void>
  fail(text: string): Promise<void>
}

const remote = proxyActivities<Probed>({ startToCloseTimeout: '5 seconds', retry: { maximumAttempts: 1 } })
const local = proxyLocalActivities<Probed>({ startToCloseTimeout: '5 seconds', retry: { maximumAttempts: 1 } })

/** Takes a text along every path a payload can go. */
export async function everyPath(text: string, runs: number): Promise<string> {
  let heard = ''
  let go = false
  setHandler(defineSignal<[string]>('tell'), (told) => {
    if (told === 'go') go = true
    else heard = told
  })
  setHandler(defineUpdate<string, [string]>('ask'), async (asked) => `heard ${await local.echo(asked)}`, {
    validator: (asked) => {
      if (asked === 'refuse') throw ApplicationFailure.nonRetryable('refused', 'STALE')
    },
  })
  setHandler(defineQuery('heard'), () => heard)
  await condition(() => go || runs === 0)
  // Nothing comes back from these: a payload without data is one too.
  await local.note(text)
  await remote.note(text)
  const again = await remote.echo(await local.echo(text))
  if (runs > 1) await continueAsNew<typeof everyPath>(again, 0)
  return `done ${again}`
}

export async function failing(text: string): Promise<void> {
  await local.fail(text).catch(() => undefined)
  await remote.fail(text)
}

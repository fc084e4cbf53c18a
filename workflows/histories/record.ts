import { startVitest } from 'vitest/node'

/**
 * Records the golden histories anew: `node workflows/histories/record.ts`, from the project's folder. Only when the stories change; a new one
 * alone by words of its name, `node workflows/histories/record.ts mortgage`, so that those recorded by earlier code stay as they are. When
 * the replay turns red because the workflows have changed, the answer is a patch or a new version beside the old, not a new recording:
 * cases that are open today were recorded by yesterday's code.
 */
const folder = import.meta.dirname
const [words] = process.argv.slice(2)

// The stories are told in the same house as the journeys: vitest starts its servers and ends them.
const vitest = await startVitest('test', [], {
  config: false,
  watch: false,
  root: `${folder}/../..`,
  include: ['workflows/histories/stories.record.ts'],
  globalSetup: ['./tests/setup/with-postgres.ts', './tests/setup/with-temporal.ts'],
  pool: 'forks',
  ...(words ? { testNamePattern: words } : {}),
  testTimeout: 120_000,
  hookTimeout: 120_000,
})
await vitest.close()

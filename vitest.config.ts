import { defineConfig } from 'vitest/config'

const exclude = ['**/node_modules/**', 'data/**', 'dist/**', 'tests/planted/**']
const postgres = './tests/setup/with-postgres.ts'
const temporal = './tests/setup/with-temporal.ts'
const builtConsole = './tests/setup/with-console.ts'

/** On two cores: a test waits for others a good part of its time. */
const maxWorkers = 3

/** How long a state is waited for, on a machine that is busy with something else as well. Nobody waits longer for what is there. */
const expect = { poll: { timeout: 15_000 } }

/**
 * Files follow one another in a process that is warm, and are loaded by Node itself, as the programs are: each house has its own database, queue
 * and sandbox, and what files share is code. A file that puts something in the place of a module runs alone.
 */
const warm = { isolate: false, experimental: { viteModuleRunner: false } }
const alone = ['tests/access/session.flow.test.ts']

/** Forks: Temporal's native runtime exists once per process. */
const withEngine = {
  globalSetup: [postgres, temporal],
  pool: 'forks' as const,
  maxWorkers,
  expect,
  testTimeout: 60_000,
  hookTimeout: 60_000,
}

/** The suffix says what a test needs; a project whose tests are not asked for starts no server. */
export const vitestConfig = defineConfig({
  test: {
    projects: [
      {
        // A limit is against hanging, not against a busy machine.
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...exclude, '**/*.{db,flow,e2e}.test.ts'],
          maxWorkers,
          expect,
          testTimeout: 30_000,
          isolate: false,
        },
      },
      {
        test: {
          name: 'db',
          include: ['**/*.db.test.ts'],
          exclude,
          globalSetup: [postgres],
          maxWorkers,
          expect,
          testTimeout: 30_000,
          hookTimeout: 60_000,
          ...warm,
        },
      },
      { test: { name: 'flow', include: ['**/*.flow.test.ts'], exclude: [...exclude, ...alone], ...withEngine, ...warm } },
      { test: { name: 'flow, alone', include: alone, exclude, ...withEngine } },
      {
        // Browsers beside one another: none of the journeys measures.
        test: {
          name: 'e2e',
          include: ['**/*.e2e.test.ts'],
          exclude,
          ...withEngine,
          globalSetup: [postgres, temporal, builtConsole],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          ...warm,
        },
      },
    ],
  },
})

export { vitestConfig as default }

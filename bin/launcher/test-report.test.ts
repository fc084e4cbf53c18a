import { expect, test } from 'vitest'
import { countTests } from './test-report.ts'

const file = (...statuses: string[]) => ({
  status: statuses.includes('failed') ? 'failed' : 'passed',
  assertionResults: statuses.map((status) => ({ status })),
})

const reportOf = (...testResults: ReturnType<typeof file>[]) => {
  const all = testResults.flatMap(({ assertionResults }) => assertionResults)
  const count = (wanted: string): number => all.filter(({ status }) => status === wanted).length
  return JSON.stringify({
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('skipped'),
    numTodoTests: count('todo'),
    testResults,
  })
}

test.each([
  ['two passed files', reportOf(file('passed', 'passed'), file('passed')), true, { passed: 3, failed: 0, skipped: 0 }],
  ['one failed test', reportOf(file('passed', 'failed')), false, { passed: 1, failed: 1, skipped: 0 }],
  ['skipped and postponed tests', reportOf(file('passed', 'skipped', 'todo')), true, { passed: 1, failed: 0, skipped: 2 }],
  [
    'a file that broke while loading',
    reportOf(file('passed'), { status: 'failed', assertionResults: [] }),
    false,
    { passed: 1, failed: 1, skipped: 0 },
  ],
  ['good tests, but vitest itself failed', reportOf(file('passed')), false, { passed: 1, failed: 1, skipped: 0 }],
  ['no report at all', '', false, { passed: 0, failed: 1, skipped: 0 }],
  ['half a report, though the run ended well', '{"numPassedTests": 3', true, { passed: 0, failed: 1, skipped: 0 }],
])('%s', (_name, json, exitedWell, expected) => {
  expect(countTests(json, exitedWell)).toEqual(expected)
})

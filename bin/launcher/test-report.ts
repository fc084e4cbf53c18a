import { z } from 'zod'

const vitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
})

export interface TestCount {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/**
 * Counts what vitest's JSON report says. A file that broke before its first test, a server that did not start, a run that left no report:
 * each is at least one failure, so that no run without a success can look like one.
 */
export function countTests(json: string, exitedWell: boolean): TestCount {
  const parsed = vitestReport.safeParse(parseJson(json))
  if (!parsed.success) return { passed: 0, failed: 1, skipped: 0 }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = parsed.data
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  const failed = numFailedTests + broken.length
  return { passed: numPassedTests, failed: failed === 0 && !exitedWell ? 1 : failed, skipped: numPendingTests + numTodoTests }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

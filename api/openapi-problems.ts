import type { ZodOpenApiOperationObject } from 'zod-openapi'
import type { EndpointSpec } from '#contracts/endpoint.ts'
import { problem, PROBLEMS, type ProblemCode } from '#contracts/problem.ts'

/** What may go wrong, as far as the shape of the endpoint tells: the same conditions under which the mounting refuses. */
export function problemsOf(spec: EndpointSpec): ProblemCode[] {
  const when = (holds: boolean, ...codes: ProblemCode[]): ProblemCode[] => (holds ? codes : [])
  return [
    ...when(spec.params !== undefined, 'NOT_FOUND'),
    ...when(spec.query !== undefined, 'UNKNOWN_PARAMETER'),
    ...when(spec.body !== undefined, 'BAD_REQUEST', 'INVALID_INPUT', 'TOO_LARGE', 'UNSUPPORTED_MEDIA'),
    ...when(spec.method !== 'GET', 'CROSS_ORIGIN'),
    ...when(spec.access !== 'PUBLIC', 'NOT_SIGNED_IN'),
    ...when(Array.isArray(spec.access), 'FORBIDDEN'),
    ...when(spec.command !== undefined, 'KEY_MISSING', 'KEY_REUSED', 'STILL_RUNNING', 'CONFLICT', 'RULES_REFUSE'),
    ...when(spec.command === 'CASE', 'FORBIDDEN', 'STEP_UP_NEEDED', 'FOUR_EYES', 'RECUSAL', 'OVER_LIMIT'),
    ...when(spec.ifMatch === true, 'VERSION_MISSING', 'STALE'),
    ...when(
      spec.path === '/session' && spec.method === 'POST',
      'BAD_CREDENTIALS',
      'ONE_TIME_CODE_NEEDED',
      'LOCKED_OUT',
      'TOO_MANY_REQUESTS',
    ),
    'INTERNAL',
    'UNAVAILABLE',
  ]
}

/** One answer per status, naming every code that comes with it. */
export function problemResponses(codes: readonly ProblemCode[]): ZodOpenApiOperationObject['responses'] {
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code][0]))].sort((a, b) => a - b)
  return Object.fromEntries(
    statuses.map((status) => {
      const named = [...new Set(codes)].filter((code) => PROBLEMS[code][0] === status)
      const description = named.map((code) => `${code}：${PROBLEMS[code][1]}`).join('；')
      return [`${status}`, { description, content: { 'application/problem+json': { schema: problem } } }]
    }),
  )
}

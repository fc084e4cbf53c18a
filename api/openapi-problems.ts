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
    ...signInProblems(spec),
    'INTERNAL',
    'UNAVAILABLE',
  ]
}

/** The doors of the house, each with the limits on tries and what may be wrong with this one. */
function signInProblems({ path, method }: EndpointSpec): ProblemCode[] {
  if (method === 'GET' || method === 'DELETE') return []
  switch (path) {
    case '/session':
      return ['BAD_CREDENTIALS', 'NEW_PASSWORD_NEEDED', 'ONE_TIME_CODE_NEEDED', 'ENROLMENT_NEEDED', 'LOCKED_OUT', 'TOO_MANY_REQUESTS']
    case '/session/new-password':
      return ['STEP_OVER', 'ONE_TIME_CODE_NEEDED', 'ENROLMENT_NEEDED']
    case '/session/enrolment':
      return ['STEP_OVER', 'NEW_PASSWORD_NEEDED', 'CONFLICT']
    case '/session/second-factor':
      return ['STEP_OVER', 'NEW_PASSWORD_NEEDED', 'BAD_CREDENTIALS', 'LOCKED_OUT', 'TOO_MANY_REQUESTS']
    case '/session/oidc':
      return ['NOT_FOUND', 'PROVIDER_DOWN', 'TOO_MANY_REQUESTS']
    case '/session/oidc/return': {
      const halves: ProblemCode[] = ['ONE_TIME_CODE_NEEDED', 'ENROLMENT_NEEDED']
      return ['NOT_FOUND', 'STEP_OVER', 'SIGN_IN_REFUSED', 'PROVIDER_DOWN', 'LOCKED_OUT', 'TOO_MANY_REQUESTS', ...halves]
    }
    case '/session/password':
      return ['LOCKED_OUT', 'TOO_MANY_REQUESTS']
    case '/staff-changes/:caseId/initial-password':
      return ['CONFLICT']
    default:
      return []
  }
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

import { PROBLEMS, type Problem, type ProblemCode } from '#contracts/problem.ts'
import { HttpError } from 'react-admin'

/** A problem of the API as react-admin wants it: `body.errors` keyed by the form's field, the contract's own members beside it. */
export class ApiProblem extends HttpError {
  readonly code: ProblemCode | 'NETWORK'
  readonly problem: Partial<Problem>

  constructor(status: number, code: ProblemCode | 'NETWORK', problem: Partial<Problem>) {
    const message = problem.detail ?? problem.title ?? '操作没有成功'
    super(message, status, { ...problem, errors: fieldErrors(problem) })
    // react-admin's constructor resets the prototype to its own; without this no `instanceof` below would hold.
    Object.setPrototypeOf(this, ApiProblem.prototype)
    this.code = code
    this.problem = problem
  }
}

/** Reads problem+json; whatever else comes (a proxy's page, nothing) becomes the nearest code. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const isProblem = response.headers.get('Content-Type')?.includes('json') ?? false
  const body: Partial<Problem> = isProblem ? ((await response.json().catch(() => ({}))) as Partial<Problem>) : {}
  const code = body.code ?? codeOfStatus(response.status)
  return new ApiProblem(response.status, code, { title: PROBLEMS[code][1], ...body })
}

/** No answer at all. The command may or may not have arrived: its key is kept, so that trying again is safe. */
export const networkProblem = (detail = '网络不通或服务没有应答。内容已保留，请稍后重试。'): ApiProblem =>
  new ApiProblem(0, 'NETWORK', { title: '没有应答', detail })

/** Whether the server has given its last word on a command; if not, the same key must be used again. */
export const isAnswer = (error: unknown): boolean =>
  error instanceof ApiProblem && error.status >= 400 && error.status < 500 && error.code !== 'STILL_RUNNING'

export const textOf = (error: unknown): string => (error instanceof Error ? error.message : '操作没有成功')

function codeOfStatus(status: number): ProblemCode {
  const found = (Object.keys(PROBLEMS) as ProblemCode[]).find((code) => PROBLEMS[code][0] === status)
  return found ?? (status >= 500 ? 'INTERNAL' : 'BAD_REQUEST')
}

interface FieldErrors {
  [field: string]: string | FieldErrors
}

/** `#/spouse/idNumber` → `{ spouse: { idNumber: '…' } }`; an error without a place belongs to the whole form. */
export function fieldErrors(problem: Partial<Problem>): FieldErrors {
  const errors: FieldErrors = {}
  for (const { pointer, detail } of problem.errors ?? []) {
    const path = pointer
      .replace(/^#?\/?/, '')
      .split('/')
      .filter(Boolean)
    const last = path.pop()
    if (last === undefined) {
      errors['root'] = { serverError: detail }
      continue
    }
    let here = errors
    for (const step of path) {
      const next = here[step]
      const branch: FieldErrors = typeof next === 'object' ? next : {}
      here[step] = branch
      here = branch
    }
    here[last] = detail
  }
  return errors
}

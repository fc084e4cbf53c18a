import { isGrpcServiceError } from '@temporalio/client'
import type { ErrorRequestHandler, Response } from 'express'
import { z } from 'zod'
import { PROBLEMS, problemType, type Problem, type ProblemCode, type Refusal } from '#contracts/problem.ts'
import type { Logger } from 'pino'
import { isDatabaseTrouble } from '#db/trouble.ts'

/** Thrown by handlers to answer with a problem; a value everywhere else. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError'
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}

/** A problem to be thrown. @param detail what it is about, in the officer's language; the code's own title stands above it */
export const refuse = (code: ProblemCode, detail?: string): RefusalError =>
  new RefusalError(detail === undefined ? { code } : { code, detail })

/**
 * A field of the body that cannot be so, to be thrown.
 * @param pointer the field, as a JSON pointer such as `#/toStaffId`
 * @param code what is wrong with it, in the contract's own word
 * @param detail the same in the officer's language
 */
export const invalid = (pointer: string, code: string, detail: string): RefusalError =>
  new RefusalError({ code: 'INVALID_INPUT', errors: [{ pointer, code, detail }] })

/** Sends problem+json, with `Retry-After` where waiting helps. The only place that knows how a refusal becomes HTTP. */
export function sendProblem(res: Response, refusal: Refusal): void {
  const [status, title] = PROBLEMS[refusal.code]
  const body: Problem = {
    type: problemType(refusal.code),
    title,
    status,
    code: refusal.code,
    ...(refusal.detail === undefined ? {} : { detail: refusal.detail }),
    ...(refusal.errors === undefined ? {} : { errors: refusal.errors }),
    ...(refusal.decidedBy === undefined ? {} : { decided_by: refusal.decidedBy }),
    ...(refusal.decidedAt === undefined ? {} : { decided_at: refusal.decidedAt }),
    request_id: String(res.getHeader('X-Request-Id') ?? ''),
  }
  const retryAfterSeconds = refusal.retryAfterSeconds ?? (refusal.code === 'UNAVAILABLE' ? 2 : undefined)
  if (retryAfterSeconds !== undefined) res.setHeader('Retry-After', String(retryAfterSeconds))
  res.status(status).type('application/problem+json').send(JSON.stringify(body))
}

const pointerOf = (path: readonly PropertyKey[]): string =>
  `#${path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`

/** Every fault of the input with its JSON pointer; an unknown field is named as such. */
export function inputErrors(error: z.ZodError): NonNullable<Refusal['errors']> {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ pointer: pointerOf([...issue.path, key]), code: 'UNKNOWN_FIELD', detail: '不认识的字段' }))
      : [{ pointer: pointerOf(issue.path), code: issue.code.toUpperCase(), detail: issue.message }],
  )
}

const BODY_FAULTS: Record<string, ProblemCode> = {
  'entity.parse.failed': 'BAD_REQUEST',
  'entity.too.large': 'TOO_LARGE',
  'encoding.unsupported': 'UNSUPPORTED_MEDIA',
  'charset.unsupported': 'UNSUPPORTED_MEDIA',
  'request.aborted': 'BAD_REQUEST',
  'request.size.invalid': 'BAD_REQUEST',
}

/** An address or a packed body that cannot be taken apart. */
const isUnreadable = (error: unknown): boolean =>
  error instanceof URIError || (error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_'))

/** Cancelled, out of time, out of resources, away: what the engine's own protocol calls them. */
const ENGINE_AWAY: readonly number[] = [1, 4, 8, 14]

/** Database or engine do not answer, or not in time: the same request may go well in a moment. */
const isUnavailable = (error: unknown): boolean =>
  isDatabaseTrouble(error) ||
  (isGrpcServiceError(error) && ENGINE_AWAY.includes(error.code)) ||
  (error instanceof Error && error.cause !== undefined && isUnavailable(error.cause))

/** The last handler: what was not foreseen is logged with its request id, and tells the caller nothing of our inside. */
export const problemHandler =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, _req, res, next) => {
    if (res.headersSent) return next(error)
    if (error instanceof RefusalError) return sendProblem(res, error.refusal)
    if (error instanceof z.ZodError) return sendProblem(res, { code: 'INVALID_INPUT', errors: inputErrors(error) })
    const kind = typeof error === 'object' && error !== null && 'type' in error ? BODY_FAULTS[String(error.type)] : undefined
    if (kind) return sendProblem(res, { code: kind })
    if (isUnreadable(error)) return sendProblem(res, { code: 'BAD_REQUEST' })
    log.error({ err: error, requestId: res.getHeader('X-Request-Id') }, 'request failed')
    return sendProblem(res, { code: isUnavailable(error) ? 'UNAVAILABLE' : 'INTERNAL' })
  }

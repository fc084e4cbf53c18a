import { api, type Api, type EndpointName } from '#contracts/api/api.ts'
import { uploadDocument as upload } from '#contracts/api/documents.ts'
import type { AnswerOf, EndpointSpec, RequestOf } from '#contracts/endpoint.ts'
import { plainText } from '../common/plain-text.ts'
import { isAttended } from './attended.ts'
import { networkProblem, problemOf } from './problem.ts'

/** What an endpoint takes: only the parts it has; a part whose every field is optional may be left out. */
type Parts<R> = { [K in keyof R as R[K] extends undefined ? never : Record<never, never> extends R[K] ? never : K]: R[K] } & {
  [K in keyof R as R[K] extends undefined ? never : Record<never, never> extends R[K] ? K : never]?: R[K]
}
export type Request<N extends EndpointName> = Parts<RequestOf<Api[N]>>

/** What an endpoint answers, as it travels: dates and amounts are text. */
export type Answer<N extends EndpointName> = AnswerOf<Api[N]>

export interface CallOptions {
  /** Idempotency key of a command: one per opened dialog, see `command-key.ts`. */
  readonly key?: string
  /** The version of the case the officer was looking at. */
  readonly version?: number
  readonly signal?: AbortSignal
}

/**
 * Calls an endpoint of the contract by its name. Every refusal and fault is thrown as an `ApiProblem`; a 202 is followed until the
 * command has an answer.
 */
export async function call<N extends EndpointName>(name: N, request: Request<N>, options: CallOptions = {}): Promise<Answer<N>> {
  const spec: EndpointSpec = api[name]
  const { params, query, body } = request as { params?: Plain; query?: Plain; body?: unknown }
  const response = await send(addressOf(spec, params ?? {}, query ?? {}), {
    method: spec.method,
    headers: headersOf(spec, body, options),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(options.signal ? { signal: options.signal } : {}),
  })
  if (response.status === 202) return (await followCommand(response)) as Answer<N>
  return (response.status === 204 ? {} : await response.json()) as Answer<N>
}

/** Uploads one file as a material of a case, under the key of this file: a form, and otherwise a command. @returns the document it became */
export async function uploadDocument(caseId: string, material: string, file: File, key: string): Promise<string> {
  const form = new FormData()
  form.append('material', material)
  form.append('file', file)
  const response = await send(addressOf(upload, { caseId }, {}), {
    method: upload.method,
    headers: headersOf(upload, undefined, { key }),
    body: form,
  })
  return ((await response.json()) as AnswerOf<typeof upload>).documentId
}

export const documentAddress = (documentId: string): string => `/api/documents/${encodeURIComponent(documentId)}/content`
export const paperAddress = (paperId: string): string => `/api/papers/${encodeURIComponent(paperId)}`

type Plain = Readonly<Record<string, unknown>>

async function send(address: string, init: RequestInit): Promise<Response> {
  const response = await fetch(address, { credentials: 'same-origin', ...init }).catch((cause: unknown) => {
    throw init.signal?.aborted ? cause : networkProblem()
  })
  if (!response.ok) throw await problemOf(response)
  return response
}

function addressOf(spec: EndpointSpec, params: Plain, query: Plain): string {
  const path = spec.path.replace(/:([a-zA-Z]+)/g, (_, name: string) => encodeURIComponent(plainText(params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    const text = plainText(value)
    if (text !== '') search.set(name, text)
  }
  const text = search.toString()
  return `/api${path}${text ? `?${text}` : ''}`
}

function headersOf(spec: EndpointSpec, body: unknown, options: CallOptions): Record<string, string> {
  return {
    Accept: 'application/json, application/problem+json',
    ...(spec.method === 'GET' ? {} : { 'X-Anju': '1' }),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(isAttended() ? {} : { 'X-Anju-Unattended': '1' }),
    ...(spec.command ? { 'Idempotency-Key': `"${options.key ?? crypto.randomUUID()}"` } : {}),
    ...(spec.ifMatch && options.version !== undefined ? { 'If-Match': `"v${options.version}"` } : {}),
  }
}

const POLL_MS = 800
/** The engine answers in milliseconds; a minute means that it is down, and the officer should know rather than wait. */
const POLL_TIMES_MAX = 75

async function followCommand(accepted: Response): Promise<unknown> {
  const address = accepted.headers.get('Location') ?? ''
  for (let times = 0; times < POLL_TIMES_MAX; times += 1) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    const response = await send(address, { method: 'GET' })
    const result = (await response.json()) as Answer<'readCommand'>
    if (result.state !== 'RUNNING') return result
  }
  throw networkProblem('办理请求已收到，但尚未得到结果。请稍后刷新案件查看，不必重复提交。')
}

import { randomUUID } from 'node:crypto'
import type { Express, Request, RequestHandler, Response } from 'express'
import type { z } from 'zod'
import { api, type Api, type EndpointName } from '#contracts/api/api.ts'
import type { AnswerOf, EndpointSpec, ParsedOf } from '#contracts/endpoint.ts'
import type { StoredAnswer } from '#contracts/cases.ts'
import { inputText } from '#contracts/input-text.ts'
import { canonicalJson, sha256Hex } from '#db/canonical.ts'
import { readonly, type Db, type Reader, type Tx } from '#db/connect.ts'
import { fault, transact } from '#db/fault.ts'
import { setContext } from '#db/read/context.ts'
import { answerCommand, receiveCommand } from '#db/write/commands.ts'
import type { ApiParts, SignedIn } from './parts.ts'
import { inputErrors, refuse, RefusalError, sendProblem } from './problems.ts'
import { readSession } from './session.ts'

/** What a handler is given besides its parsed input. */
export interface Call {
  readonly parts: ApiParts
  readonly me: SignedIn
  readonly res: Response
  readonly req: Request
  /** Runs a read in the caller's own context: only rows they may see exist in it. */
  read<T>(reading: (db: Reader) => Promise<T>): Promise<T>
  /** The version named by `If-Match`, for commands that need one. */
  readonly version: number
  readonly key: string
}

/** A desk command runs inside the transaction that also keeps its receipt. */
export interface DeskCall extends Call {
  readonly tx: Tx
  readonly commandId: string
}

type CallOf<E extends EndpointSpec> = E extends { command: 'DESK' } ? DeskCall : Call
export type Handlers = { [K in EndpointName]: (input: ParsedOf<Api[K]>, call: CallOf<Api[K]>) => Promise<AnswerOf<Api[K]>> }

/** A handler as the mounting sees it, once the types of its endpoint have been checked above. */
type Untyped = (input: { params: unknown; query: unknown; body: unknown }, call: Call) => Promise<unknown>

/** Mounts every endpoint of the contract. There is no route that is not in the contract, but the four that do not speak JSON. */
export function mountApi(app: Express, parts: ApiParts, handlers: Handlers): void {
  for (const name of Object.keys(api) as EndpointName[]) {
    const spec: EndpointSpec = api[name]
    const route = `/api${spec.path}`
    const handler = handle(parts, spec, handlers[name] as Untyped)
    if (spec.method === 'GET') app.get(route, handler)
    if (spec.method === 'POST') app.post(route, handler)
    if (spec.method === 'PUT') app.put(route, handler)
    if (spec.method === 'DELETE') app.delete(route, handler)
  }
  refuseOtherMethods(app)
}

/** An address of the contract answers the methods of the contract, and names them to whoever tries another. */
function refuseOtherMethods(app: Express): void {
  const addresses = Object.values<EndpointSpec>(api).map(({ path, method }) => ({
    method,
    pattern: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}/?$`),
  }))
  app.use('/api', (req, res, next) => {
    const allowed = addresses.filter(({ pattern }) => pattern.test(req.path)).map(({ method }) => method)
    if (allowed.length === 0) return next()
    res.setHeader('Allow', allowed.join(', '))
    throw refuse('METHOD_NOT_ALLOWED')
  })
}

const COMMAND_NAMES = { CASE: 'case-command', DESK: 'desk-command' } as const

const handle =
  (parts: ApiParts, spec: EndpointSpec, handler: Untyped): RequestHandler =>
  async (req, res) => {
    if (spec.method !== 'GET') guardOrigin(parts, req)
    const call = await openCall(parts, spec, req, res)
    const input = {
      params: parse(spec.params, req.params, 'NOT_FOUND'),
      query: parse(spec.query, req.query, 'UNKNOWN_PARAMETER'),
      body: parse(spec.body, req.body),
    }
    const answer = spec.command === 'DESK' ? await runDeskCommand(spec, handler, input, call) : await handler(input, call)
    if (res.headersSent) return
    res.setHeader('Cache-Control', 'no-store')
    if (spec.command) await fault(`${COMMAND_NAMES[spec.command]}.before-reply`, res)
    res.status(spec.status ?? 200).json(shaped(spec, answer))
  }

/** The answer as the contract has it. One that breaks it is our fault, not the caller's, and is never sent. */
function shaped(spec: EndpointSpec, answer: unknown): unknown {
  const { success, data, error } = spec.response.safeParse(answer)
  if (!success) throw new Error(`the answer to ${spec.method} ${spec.path} breaks its contract`, { cause: error })
  return data
}

function parse(schema: z.ZodType | undefined, value: unknown, code?: 'NOT_FOUND' | 'UNKNOWN_PARAMETER'): unknown {
  if (!schema) return undefined
  const parsed = schema.safeParse(value, { error: inputText })
  if (parsed.success) return parsed.data
  if (code === 'NOT_FOUND') throw refuse('NOT_FOUND')
  throw new RefusalError({ code: code ?? 'INVALID_INPUT', errors: inputErrors(parsed.error) })
}

/** A browser names where it comes from; only our own pages may change something, and only with our header and JSON. */
export function guardOrigin(parts: ApiParts, req: Request, media: 'application/json' | 'multipart/form-data' = 'application/json'): void {
  const origin = req.headers.origin
  if (origin !== undefined && !isOwnOrigin(parts, origin)) throw refuse('CROSS_ORIGIN')
  const site = req.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refuse('CROSS_ORIGIN')
  if (req.headers['x-anju'] !== '1') throw refuse('CROSS_ORIGIN', '缺少 X-Anju 请求头')
  if (req.method !== 'DELETE' && !req.is(media)) throw refuse('UNSUPPORTED_MEDIA')
}

const LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?$/

/** Outside production the loopback names are one and the same: a newcomer types whichever comes to mind. */
const isOwnOrigin = (parts: ApiParts, origin: string): boolean =>
  origin === parts.origin ||
  (!parts.production &&
    LOOPBACK.test(origin) &&
    LOOPBACK.test(parts.origin) &&
    LOOPBACK.exec(origin)?.[1] === LOOPBACK.exec(parts.origin)?.[1])

async function openCall(parts: ApiParts, spec: EndpointSpec, req: Request, res: Response): Promise<Call> {
  const me = spec.access === 'PUBLIC' ? undefined : await readSession(parts, req)
  if (spec.access !== 'PUBLIC' && !me) throw refuse('NOT_SIGNED_IN')
  if (me && Array.isArray(spec.access) && !me.posts.some(({ post }) => spec.access.includes(post as never))) throw refuse('FORBIDDEN')
  return {
    parts,
    req,
    res,
    get me(): SignedIn {
      if (!me) throw refuse('NOT_SIGNED_IN')
      return me
    },
    read: (reading) => readAs(parts.reader, me, reading),
    version: spec.ifMatch ? versionOf(req) : -1,
    key: spec.command ? keyOf(req) : '',
  }
}

function versionOf(req: Request): number {
  const match = /^(?:W\/)?"v(\d{1,9})"$/.exec(req.headers['if-match'] ?? '')
  if (!match) throw refuse('VERSION_MISSING', '请先读取案件，再带上 If-Match 版本')
  return Number(match[1])
}

/** The idempotency key, quoted as the draft standard has it or bare. */
function keyOf(req: Request): string {
  const raw = req.headers['idempotency-key']
  const match = typeof raw === 'string' ? /^"?([A-Za-z0-9_-]{8,80})"?$/.exec(raw) : null
  if (!match?.[1]) throw refuse('KEY_MISSING', '缺少 Idempotency-Key')
  return match[1]
}

/** A read-only transaction in the context of one person. Without a person there is no context, and without context no rows. */
export function readAs<T>(reader: Db, me: SignedIn | undefined, reading: (db: Reader) => Promise<T>): Promise<T> {
  return reader
    .transaction()
    .setAccessMode('read only')
    .execute(async (tx) => {
      if (me) await setContext(tx, me)
      return reading(readonly(tx))
    })
}

export const bodyHash = (...parts: unknown[]): string => sha256Hex(canonicalJson(parts))

/** Receipt, effect and answer in one transaction; a repeat gets the first answer again. */
async function runDeskCommand(
  spec: EndpointSpec,
  handler: Untyped,
  input: { params: unknown; query: unknown; body: unknown },
  call: Call,
): Promise<unknown> {
  const hash = bodyHash(spec.path, input.params ?? null, input.body ?? null)
  return transact(call.parts.desk, 'desk-command', async (tx) => {
    const receipt = await receiveCommand(tx, {
      commandId: randomUUID(),
      actorId: call.me.staffId,
      key: call.key,
      bodyHash: hash,
      caseId: null,
      action: `${spec.method} ${spec.path}`,
      expectedVersion: null,
      body: {},
      steppedUp: false,
    })
    if (receipt.kind === 'OTHER_BODY') throw refuse('KEY_REUSED')
    if (receipt.kind === 'RUNNING') throw refuse('STILL_RUNNING')
    if (receipt.kind === 'ANSWERED') return replay(call.res, receipt.answer)
    // Not a spread: `me` is a getter that must stay one.
    const desk: DeskCall = Object.assign(Object.create(call) as Call, { tx, commandId: receipt.commandId })
    const answer = shaped(spec, await handler(input, desk))
    await answerCommand(tx, receipt.commandId, { done: answer })
    return answer
  })
}

function replay(res: Response, answer: StoredAnswer): unknown {
  res.setHeader('Idempotent-Replay', 'true')
  if ('refused' in answer) {
    sendProblem(res, answer.refused)
    return undefined
  }
  return answer.done
}

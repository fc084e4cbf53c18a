import { randomUUID } from 'node:crypto'
import type { Express, Request, RequestHandler, Response } from 'express'
import type { z } from 'zod'
import { api, type Api, type EndpointName } from '#contracts/api/api.ts'
import type { AnswerOf, EndpointSpec, ParsedOf } from '#contracts/endpoint.ts'
import type { StoredAnswer } from '#contracts/cases.ts'
import { inputText } from '#contracts/input-text.ts'
import { PROBLEMS, type Refusal } from '#contracts/problem.ts'
import { canonicalJson } from '#db/canonical.ts'
import type { Reader, Tx } from '#db/connect.ts'
import { fault, transact } from '#db/fault.ts'
import { undoable } from '#db/savepoint.ts'
import { inReading } from '#db/transaction.ts'
import { answerCommand, receiveCommand } from '#db/write/commands.ts'
import { auditDeskRefusal } from '#db/write/refusals.ts'
import type { ApiParts, SignedIn } from './parts.ts'
import { inputErrors, refuse, RefusalError } from './problems.ts'
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

/** What came with a request, parsed: what the address names, what it asks for, what it brings. */
export interface Input {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
}

/** A handler as the mounting sees it, once the types of its endpoint have been checked above. */
type Untyped = (input: Input, call: Call) => Promise<unknown>

/** Mounts every endpoint of the contract. What is mounted beside it (`./server.ts`) does not speak JSON, or not to the console. */
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
    const answered =
      spec.command === 'DESK' ? await runDeskCommand(spec, input, call, (desk) => handler(input, desk)) : await handler(input, call)
    await reply(spec, answered, res)
  }

/** Replies with what a handler has answered, unless it has replied itself. */
export async function reply(spec: EndpointSpec, answered: unknown, res: Response): Promise<void> {
  if (res.headersSent) return
  res.setHeader('Cache-Control', 'no-store')
  if (spec.command) await fault(`${COMMAND_NAMES[spec.command]}.before-reply`, res)
  res.status(spec.status ?? 200).json(shaped(spec, answered))
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

/** Who calls, and with the key and the version that the endpoint asks for. @throws RefusalError when one of them is not there */
export async function openCall(parts: ApiParts, spec: EndpointSpec, req: Request, res: Response): Promise<Call> {
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
    read: (reading) => inReading(parts.reader, me, reading),
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

/** Tells one body from another. Under a key: whoever reads the receipts must not find a number by trying all there are. */
export const bodyHash = ({ vault }: ApiParts, ...said: unknown[]): string => vault.hash(canonicalJson(said)).toString('hex')

/**
 * Receipt, effect and answer in one transaction; a repeat gets the first answer again. Two at once wait for each other at the receipt. A
 * refusal takes back the effect alone: that somebody has tried stays on record, with what they were told.
 */
export async function runDeskCommand(
  spec: EndpointSpec,
  input: Input,
  call: Call,
  work: (call: DeskCall) => Promise<unknown>,
): Promise<unknown> {
  const hash = bodyHash(call.parts, spec.path, input.params ?? null, input.body ?? null)
  const action = `${spec.method} ${spec.path}`
  const outcome = await transact(call.parts.desk, 'desk-command', async (tx) => {
    const receipt = await receiveCommand(tx, {
      commandId: randomUUID(),
      actorId: call.me.staffId,
      key: call.key,
      bodyHash: hash,
      caseId: null,
      action,
      expectedVersion: null,
      body: {},
      steppedUp: false,
    })
    if (receipt.kind === 'OTHER_BODY') throw refuse('KEY_REUSED')
    if (receipt.kind === 'RUNNING') throw refuse('STILL_RUNNING')
    if (receipt.kind === 'ANSWERED') return replay(spec, call, receipt.answer)
    const { commandId } = receipt
    // Not a spread: `me` is a getter that must stay one.
    const desk: DeskCall = Object.assign(Object.create(call) as Call, { tx, commandId })
    const answer = await undoable(tx, async () => ({ done: shaped(spec, await work(desk)) }), finalRefusal)
    if ('refused' in answer) {
      await auditDeskRefusal(tx, call.me, { commandId, action, addressed: input.params ?? {} }, answer.refused)
      await answerCommand(tx, commandId, answer)
    } else {
      await answerCommand(tx, commandId, { done: spec.sealedReceipt ? sealAnswer(call.parts, answer.done) : answer.done })
    }
    return answer
  })
  if ('refused' in outcome) throw new RefusalError(outcome.refused)
  return outcome.done
}

/** A refusal that stays one however often it is asked. That something is away, or too busy, is the answer of a moment. */
function finalRefusal(error: unknown): { refused: Refusal } | undefined {
  if (!(error instanceof RefusalError)) return undefined
  const [status] = PROBLEMS[error.refusal.code]
  return status >= 500 || status === 429 ? undefined : { refused: error.refusal }
}

function replay(spec: EndpointSpec, { parts, res }: Call, answer: StoredAnswer): StoredAnswer {
  res.setHeader('Idempotent-Replay', 'true')
  return 'done' in answer && spec.sealedReceipt ? { done: openAnswer(parts, answer.done) } : answer
}

const sealAnswer = ({ vault }: ApiParts, answer: unknown): string => vault.seal(JSON.stringify(answer)).toString('base64')

const openAnswer = ({ vault }: ApiParts, kept: unknown): unknown => JSON.parse(vault.open(Buffer.from(String(kept), 'base64')))

import type { KeyObject } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import express, { type Express, type Request, type Response } from 'express'
import type { Pool } from 'pg'
import { signReply, verifyRequest } from '#activities/ports/http-signature.ts'
import type { CounterpartKeys } from '#activities/ports/keys.ts'
import { wireText, type Counterpart, type Head, type Operation, type RefusalCode } from '#contracts/machine/message.ts'
import type { Behaviour } from '#contracts/machine/sandbox.ts'
import { nowSeconds, nowText } from './clock.ts'
import type { Notices } from './notices.ts'
import { takeBehaviour } from './scripts.ts'
import { sendSpoilt } from './spoil.ts'

/** What every service of the outside world stands on. */
export interface World {
  readonly pool: Pool
  /** One key per counterpart; its name is the key id. */
  readonly keys: CounterpartKeys
  /** Whom the counterparts deal with. */
  readonly clientKeyId: string
  readonly clientKey: KeyObject
  /** The authority that clients must have signed; by configuration, not by the `Host` header. */
  readonly authority: string
  readonly notices: Notices
}

/** A counterpart's refusal to deal with a question. */
export class Refused {
  readonly code: RefusalCode
  constructor(code: RefusalCode) {
    this.code = code
  }
}

export type Handler<Question, Result> = (question: Question, behaviour: Behaviour | undefined) => Promise<Result | Refused>

const rawBody = express.raw({ type: () => true, limit: '1mb' })

/** Offers an operation under its counterpart's prefix: signature first, then the message, then the script, then the trade. */
export function serve<Question extends Head, Result>(
  app: Express,
  world: World,
  operation: Operation<Question, Result>,
  handle: Handler<Question, NoInfer<Result>>,
): void {
  const { counterpart, path } = operation
  app.post(`/${counterpart}${path}`, rawBody, async (request, response) => {
    const body = bodyOf(request)
    const signature = await verifiedSignature(world, request, body)
    if (signature === undefined) return void response.status(401).json({ refused: 'SIGNATURE' })
    const reply = replier(world, counterpart, signature, response)
    const question = operation.request.safeParse(parseJson(body))
    if (!question.success) return reply(400, wireText({ refused: 'BAD_REQUEST' }))
    const behaviour = await takeBehaviour(world.pool, counterpart, path, question.data)
    if (await withheld(behaviour, response)) return
    const result = await handle(question.data, behaviour)
    if (result instanceof Refused) return reply(409, wireText({ refused: result.code }))
    if (behaviour?.kind === 'answer-lost') return void response.socket?.destroy()
    const { requestId, authorisationRef } = question.data
    const answer = wireText({ provenance: { source: sources[counterpart], requestId, fetchedAt: nowText(), authorisationRef }, result })
    if (behaviour?.kind === 'garbage') return sendSpoilt(response, reply, behaviour.garbage, answer)
    reply(200, answer)
  })
}

/** Offers a signed download. `read` gives the text of the file, or undefined when there is none. */
export function serveFile(
  app: Express,
  world: World,
  counterpart: Counterpart,
  path: string,
  read: (name: string, behaviour: Behaviour | undefined) => Promise<string | undefined>,
) {
  app.get(`/${counterpart}${path}/:name`, async (request, response) => {
    const signature = await verifiedSignature(world, request, new Uint8Array())
    if (signature === undefined) return void response.status(401).json({ refused: 'SIGNATURE' })
    const reply = replier(world, counterpart, signature, response)
    const { name } = request.params
    const behaviour = await takeBehaviour(world.pool, counterpart, path, name)
    if (await withheld(behaviour, response)) return
    const text = await read(name, behaviour)
    if (text === undefined) return reply(404, wireText({ refused: 'UNKNOWN_OPERATION' }))
    if (behaviour?.kind === 'answer-lost') return void response.socket?.destroy()
    if (behaviour?.kind === 'garbage') return sendSpoilt(response, reply, behaviour.garbage, text)
    reply(200, text)
  })
}

/** How each house names itself in its answers. */
const sources: Readonly<Record<Counterpart, string>> = {
  registry: '不动产登记中心',
  housing: '住房保障部门',
  credit: '征信中心',
  civil: '政务数据共享平台',
  cities: '全国住房公积金数据平台',
  bank: '银行结算数据应用系统',
  guarantor: '担保公司',
  messages: '消息网关',
}

/** Sends a signed reply of this status and body. */
export type Reply = (status: number, body: string | Uint8Array) => void

function replier(world: World, counterpart: Counterpart, signature: string, response: Response): Reply {
  return (status, body) => {
    const bytes = Buffer.from(body)
    const key = { keyId: counterpart, privateKey: world.keys[counterpart] }
    response
      .status(status)
      .set(signReply(status, bytes, signature, key, nowSeconds()))
      .type('application/json')
      .send(bytes)
  }
}

async function verifiedSignature(world: World, request: Request, body: Uint8Array): Promise<string | undefined> {
  const [path = '', query] = request.originalUrl.split('?', 2)
  const received = { method: request.method, authority: world.authority, path, query: query === undefined ? '' : `?${query}`, body }
  const verified = await verifyRequest(received, (name) => request.get(name), {
    publicKeyOf: (keyId) => (keyId === world.clientKeyId ? world.clientKey : undefined),
    nowSeconds: nowSeconds(),
    claimNonce: (keyId, nonce, expires) => claimNonce(world.pool, keyId, nonce, expires),
  })
  return verified.valid ? verified.signature : undefined
}

async function claimNonce(pool: Pool, keyId: string, nonce: string, expires: number): Promise<boolean> {
  await pool.query('DELETE FROM sandbox.nonce WHERE expires_at <= $1', [nowSeconds()])
  const { rowCount } = await pool.query(
    'INSERT INTO sandbox.nonce (key_id, nonce, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [keyId, nonce, expires],
  )
  return rowCount === 1
}

/** Trouble that comes before anything is done; true when there will be no answer from the trade. */
async function withheld(behaviour: Behaviour | undefined, response: Response): Promise<boolean> {
  if (behaviour?.kind === 'hang') return true
  if (behaviour?.kind === 'down') {
    if (behaviour.how === 'cut') response.socket?.destroy()
    else response.status(503).json({ refused: 'UNAVAILABLE' })
    return true
  }
  if (behaviour?.kind === 'slow') await sleep(behaviour.delayMs)
  return false
}

const bodyOf = (request: Request): Uint8Array => (request.body instanceof Uint8Array ? request.body : new Uint8Array())

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return undefined
  }
}

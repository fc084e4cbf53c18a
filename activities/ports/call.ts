import type { KeyObject } from 'node:crypto'
import { readAnswer, refusalIn, wireText, type Answer, type Counterpart, type Head, type Operation } from '#contracts/machine/message.ts'
import { fault as faultPoint } from '#db/fault.ts'
import { PortFault, type PortFaultKind } from './fault.ts'
import { signRequest, verifyReply, type SigningKey } from './http-signature.ts'

/** How to reach one counterpart. The base address is the allow list: a port speaks to no other host and follows no redirect. */
export interface PortConfig {
  /** `https://host[:port][/prefix]`, without a slash at the end. Its host is the `@authority` that is signed. */
  readonly baseUrl: string
  /** Our key, and the id under which the counterpart knows it. */
  readonly key: SigningKey
  /** The counterpart's key and the id it signs with. */
  readonly peerKeyId: string
  readonly peerKey: KeyObject
  /** For the whole exchange, from connecting to the last byte of the answer. */
  readonly timeoutMs: number
  /** The machine clock, milliseconds since 1970. */
  readonly nowMs: () => number
}

/** Ten seconds: long enough for a slow registry, short enough for a person who waits. */
export const timeoutMsDefault = 10_000

const MEBIBYTE = 1024 * 1024

/**
 * Asks a counterpart and returns its answer, verified, parsed and about what was asked.
 * @throws PortFault for everything else; never an empty result.
 */
export async function ask<Question extends Head, Result>(
  config: PortConfig,
  operation: Operation<Question, Result>,
  question: Question,
): Promise<Answer<Result>> {
  const fault = faultOf(operation.counterpart, operation.path)
  const body = await exchange(config, operation, { method: 'POST', body: Buffer.from(wireText(question)), replyBytesMax: MEBIBYTE })
  const answer = readAnswer(operation, question, parseJson(body))
  if (answer === 'SHAPE') throw fault('garbled', 'not of the agreed shape')
  if (answer === 'OTHER_QUESTION') throw fault('mismatch', 'answers another question')
  if (answer === 'OTHER_SUBJECT') throw fault('mismatch', 'speaks about something else')
  return answer
}

/** Where a message goes, and how much may come back. */
export interface Outgoing {
  readonly method: 'GET' | 'POST'
  readonly body: Uint8Array
  readonly replyBytesMax: number
}

/** One signed exchange; the raw bytes of a verified 200. @throws PortFault */
export async function exchange(config: PortConfig, to: { counterpart: Counterpart; path: string }, out: Outgoing): Promise<Uint8Array> {
  const fault = faultOf(to.counterpart, to.path)
  const url = new URL(config.baseUrl + to.path)
  const address = { method: out.method, authority: url.host, path: url.pathname, query: url.search, body: out.body }
  const signature = signRequest(address, config.key, seconds(config))
  await faultPoint(`${to.counterpart}${to.path}.before-call`)
  const { response, body } = await send(config, url, signature, out, fault)
  await faultPoint(`${to.counterpart}${to.path}.after-call`)
  if (response.status >= 500) throw fault('unreachable', `status ${response.status}`)
  // The word of a refusal only informs, so it is read unsigned.
  if (response.status >= 400) throw fault('refused', `status ${response.status}`, refusalIn(parseJson(body)))
  if (response.status !== 200) throw fault('garbled', `status ${response.status}`)
  const verified = await verifyReply(response.status, body, signature.signature, (name) => response.headers.get(name) ?? undefined, {
    publicKeyOf: (keyId) => (keyId === config.peerKeyId ? config.peerKey : undefined),
    nowSeconds: seconds(config),
  })
  if (!verified.valid) throw fault('garbled', `signature ${verified.flaw}`)
  return body
}

type Fault = (kind: PortFaultKind, detail: string, code?: PortFault['code']) => PortFault

const faultOf =
  (counterpart: Counterpart, path: string): Fault =>
  (kind, detail, code) =>
    new PortFault(kind, counterpart, path, detail, code)

const seconds = (config: PortConfig): number => Math.floor(config.nowMs() / 1000)

async function send(config: PortConfig, url: URL, signature: Record<string, string>, out: Outgoing, fault: Fault) {
  const deadline = AbortSignal.timeout(config.timeoutMs)
  try {
    const response = await fetch(url, {
      method: out.method,
      headers: { ...signature, 'content-type': 'application/json', 'accept-encoding': 'identity' },
      redirect: 'manual',
      signal: deadline,
      ...(out.method === 'POST' ? { body: Buffer.from(out.body) } : {}),
    })
    return { response, body: await readCapped(response, out.replyBytesMax, fault) }
  } catch (error) {
    if (error instanceof PortFault) throw error
    if (deadline.aborted) throw fault('timeout', `no whole answer in ${config.timeoutMs} ms`)
    throw fault('unreachable', 'connection failed')
  }
}

/** Reads up to the cap and then hangs up: a partner's 100 MB must not become our memory. */
async function readCapped(response: Response, bytesMax: number, fault: Fault): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let total = 0
  const reader = response.body?.getReader()
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    total += read.value.byteLength
    if (total > bytesMax) {
      await reader?.cancel()
      throw fault('garbled', `more than ${bytesMax} bytes`)
    }
    chunks.push(read.value)
  }
  return Buffer.concat(chunks)
}

/** Undefined for what is not JSON in UTF-8; the library's own words are dropped because they quote the answer. */
function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}

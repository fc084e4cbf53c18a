import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { DataConverter, Payload, PayloadCodec, SerializationContext } from '@temporalio/common'

const ENCODING = 'binary/encrypted'
const SCHEME = 'anju-aes-256-gcm-1'
/** No workflow id is empty. */
const NO_WORKFLOW = ''
const [NONCE_BYTES, TAG_BYTES, LENGTH_BYTES] = [12, 16, 4]

/** Loaded by path: by client and worker, and into the workflow bundle. */
export const failureConverterPath = fileURLToPath(new URL('./failure-converter.ts', import.meta.url))

/**
 * How the house writes into Temporal and reads from it: every payload is ciphertext under a key of its own workflow, messages and stacks of
 * errors included. API, worker and whoever replays a history share it; the workflow id is what a replay must be given.
 * @param dataKey 32 bytes from the environment
 */
export const encryptedPayloads = (dataKey: Buffer): DataConverter => ({ payloadCodecs: [payloadCodec(dataKey)], failureConverterPath })

/**
 * AES-256-GCM, key by HKDF-SHA-256 from the data key and the workflow id, fresh nonce each time, the id as associated data: what was
 * written for one case opens for no other. The SDK names the workflow on every path, local activities and their markers included, but for
 * one: the report that a workflow task failed. That has a key of its own, under which nothing is ever read by a case; a codec that threw
 * there would take the worker down. Anything that is not ours is refused on reading: whoever can write to the engine's store still cannot speak to a case.
 */
export function payloadCodec(dataKey: Buffer): PayloadCodec {
  const secret = createSecretKey(dataKey)
  // What goes to a case and comes from it comes in a row: the key that was last derived is nearly always the next one too.
  let last: WorkflowKey | undefined
  const keyOf = (context: SerializationContext | undefined): WorkflowKey => {
    const workflowId = context?.workflowId ?? NO_WORKFLOW
    return (last = last?.workflowId === workflowId ? last : workflowKey(secret, workflowId))
  }
  return {
    encode: async (payloads, context) => payloads.map((payload) => seal(payload, keyOf(context))),
    decode: async (payloads, context) => payloads.map((payload) => open(payload, keyOf(context))),
  }
}

interface WorkflowKey {
  readonly key: KeyObject
  readonly workflowId: string
}

const workflowKey = (secret: KeyObject, workflowId: string): WorkflowKey => ({
  workflowId,
  key: createSecretKey(Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `anju/temporal/${workflowId}`, 32))),
})

function seal(payload: Payload, { key, workflowId }: WorkflowKey): Payload {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(workflowId))
  const body = Buffer.concat([cipher.update(bytesOf(payload)), cipher.final()])
  return {
    metadata: { encoding: Buffer.from(ENCODING), scheme: Buffer.from(SCHEME) },
    data: Buffer.concat([nonce, cipher.getAuthTag(), body]),
  }
}

function open(payload: Payload, { key, workflowId }: WorkflowKey): Payload {
  const { metadata, data } = payload
  if (textOf(metadata?.['encoding']) !== ENCODING || textOf(metadata?.['scheme']) !== SCHEME || !data) {
    throw new Error('a payload that this house did not encrypt')
  }
  const bytes = Buffer.from(data)
  const [nonce, tag] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)]
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(workflowId)).setAuthTag(tag)
  return payloadOf(Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]))
}

const textOf = (bytes: Uint8Array | null | undefined): string => (bytes ? Buffer.from(bytes).toString('utf8') : '')

/** A payload as bytes: length of the head, head (metadata as JSON, values in base64), data. */
function bytesOf({ metadata, data }: Payload): Buffer {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')])
  const head = Buffer.from(JSON.stringify(Object.fromEntries(entries)))
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32BE(head.length)
  // Where nothing was set, the protocol's own default is an empty plain array.
  return Buffer.concat([length, head, Buffer.from(data ?? [])])
}

function payloadOf(bytes: Buffer): Payload {
  const headEnd = LENGTH_BYTES + bytes.readUInt32BE(0)
  const head = JSON.parse(bytes.subarray(LENGTH_BYTES, headEnd).toString('utf8')) as Record<string, string>
  const metadata = Object.fromEntries(Object.entries(head).map(([name, value]) => [name, Buffer.from(value, 'base64')]))
  return { metadata, data: bytes.subarray(headEnd) }
}

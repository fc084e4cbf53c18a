import { Readable } from 'node:stream'
import type { Response } from 'express'
import type { GarbageKind } from '#contracts/machine/sandbox.ts'
import type { Reply } from './serve.ts'

/** Sends a good answer in the spoilt form a script asks for. Every form is the same each time it is asked for. */
export function sendSpoilt(response: Response, reply: Reply, kind: GarbageKind, answer: string): void {
  switch (kind) {
    case 'html':
      return void response.status(200).type('text/html').send('<!doctype html><title>502</title><h1>Bad Gateway</h1>')
    case 'huge':
      return void Readable.from(hundredMegabytes()).pipe(response.status(200).type('application/json'))
    case 'truncated':
      return cutHalfway(response, answer)
    case 'unsigned':
      return void response.status(200).type('application/json').send(answer)
    case 'not-json':
      return reply(200, answer.slice(0, -1))
    case 'other-charset':
      return reply(200, Buffer.concat([Buffer.from([0xd6, 0xd0, 0xce, 0xc4]), Buffer.from(answer)]))
    case 'error-200':
      return reply(200, JSON.stringify({ error: { code: 'E5001', message: '系统繁忙' } }))
    case 'wrong-amount':
      return reply(
        200,
        answer.startsWith('{') ? distort(answer, (name) => name.endsWith('Fen'), plusOne) : answer.replace(/\|(\d+)\|S/, plusOneInLine),
      )
    case 'wrong-currency':
      return reply(
        200,
        distort(
          answer,
          (name) => name === 'currency',
          () => 'USD',
        ),
      )
    case 'other-id':
      return reply(200, answer.startsWith('{') ? distort(answer, (name) => ids.has(name), other) : answer.replace(/^(H\|.*)\d$/m, '$19'))
    case 'other-request':
      return reply(
        200,
        distort(answer, (name) => name === 'requestId', other),
      )
    case 'short-file':
      return reply(200, answer.slice(0, Math.ceil(answer.length / 2)))
    case 'bad-line':
      return reply(200, answer.replace(/^D\|/m, 'D|?'))
  }
}

const ids = new Set(['subject', 'subjects', 'serial', 'homeNo', 'applicationNo', 'filingNo', 'contractNo', 'key'])

function* hundredMegabytes(): Generator<Buffer> {
  const megabyte = Buffer.alloc(1024 * 1024, 0x20)
  for (let sent = 0; sent < 100; sent += 1) yield megabyte
}

/** Promises the whole length, sends half, and is gone. */
function cutHalfway(response: Response, answer: string): void {
  const bytes = Buffer.from(answer)
  response.status(200).set('content-length', String(bytes.length)).type('application/json')
  response.write(bytes.subarray(0, bytes.length / 2), () => response.socket?.destroy())
}

const plusOne = (amount: string): string => String(BigInt(amount) + 1n)
const plusOneInLine = (_: string, amount: string): string => `|${plusOne(amount)}|S`
const other = (text: string): string => text.slice(0, -1) + (text.endsWith('0') ? '1' : '0')

/** The answer with every text under a chosen name changed, at any depth, lists included. */
function distort(answer: string, chosen: (name: string) => boolean, change: (text: string) => string): string {
  const walk = (value: unknown, spoilt: boolean): unknown => {
    if (typeof value === 'string') return spoilt ? change(value) : value
    if (Array.isArray(value)) return value.map((item) => walk(item, spoilt))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, chosen(name))]))
  }
  return JSON.stringify(walk(JSON.parse(answer), false))
}

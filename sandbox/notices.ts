import type { KeyObject } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'
import { signRequest, verifyReply } from '#activities/ports/http-signature.ts'
import { accountNoticePath, type PaymentStatus } from '#contracts/machine/bank.ts'
import { wireText } from '#contracts/machine/message.ts'
import { nowMs, nowSeconds, nowText } from './clock.ts'

/** Delivers the bank's account notices, at least once each, from a table that survives the process. */
export interface Notices {
  /** There may be new notices. */
  wake(): void
  /** One attempt for all waiting notices of a serial, now; resolves when it is over, delivered or not. */
  deliverNow(serial: string): Promise<void>
  stop(): Promise<void>
}

export interface NoticeTarget {
  /** Origin of the centre's API. */
  readonly apiUrl: string
  readonly bankKey: KeyObject
  readonly centreKeyId: string
  readonly centreKey: KeyObject
}

/** Puts `count` copies of a notice in line, within the transaction that made it true. The copies are equal, as a bank's repeats are. */
export async function queueNotice(client: Pool | PoolClient, payment: PaymentStatus, businessDate: string, count: number): Promise<void> {
  const noticeId = `N-${payment.serial}-${payment.state}`
  const body = wireText({ noticeId, businessDate, sentAt: nowText(), payment })
  await client.query('INSERT INTO sandbox.notice (notice_id, serial, body) SELECT $1, $2, $3 FROM generate_series(1, $4::int)', [
    noticeId,
    payment.serial,
    body,
    count,
  ])
}

/** Starts delivery, one at a time and in order, except that a refused notice waits its turn. Without a target all wait in their table. */
export function startNotices(pool: Pool, target: NoticeTarget | undefined): Notices {
  let line: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const inLine = (work: () => Promise<void>): Promise<void> => {
    const done = line.then(work)
    line = done.catch((error: unknown) => console.error('notices:', error instanceof Error ? error.message : error))
    return done
  }
  const round = async (): Promise<void> => {
    if (stopped || !target) return
    for (const notice of await waiting(pool, 'due_at <= $1', nowMs())) await deliver(pool, target, notice)
    if (stopped) return
    clearTimeout(timer)
    timer = setTimeout(wake, POLL_MS)
  }
  const wake = (): void => void inLine(round).catch(() => undefined)
  return {
    wake,
    deliverNow: (serial) =>
      inLine(async () => {
        if (!target) return
        for (const notice of await waiting(pool, 'serial = $1', serial)) await deliver(pool, target, notice)
      }),
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await line
    },
  }
}

interface WaitingNotice {
  readonly notice_seq: string
  readonly body: string
  readonly attempts: number
}

/** How often the table is looked at for notices whose turn has come again. */
const POLL_MS = 250
const DELIVERY_TIMEOUT_MS = 10_000
const RETRY_MS_MAX = 30_000

async function waiting(pool: Pool, which: 'due_at <= $1' | 'serial = $1', value: number | string): Promise<WaitingNotice[]> {
  const { rows } = await pool.query<WaitingNotice>(
    `SELECT notice_seq, body, attempts FROM sandbox.notice WHERE delivered_at IS NULL AND ${which} ORDER BY notice_seq LIMIT 100`,
    [value],
  )
  return rows
}

async function deliver(pool: Pool, target: NoticeTarget, notice: WaitingNotice): Promise<void> {
  const error = await attempt(target, Buffer.from(notice.body))
  if (error === undefined) {
    await pool.query('UPDATE sandbox.notice SET delivered_at = $2, attempts = attempts + 1, last_error = NULL WHERE notice_seq = $1', [
      notice.notice_seq,
      nowText(),
    ])
    return
  }
  const dueAt = nowMs() + Math.min(RETRY_MS_MAX, 200 * 2 ** notice.attempts)
  await pool.query('UPDATE sandbox.notice SET attempts = attempts + 1, due_at = $2, last_error = $3 WHERE notice_seq = $1', [
    notice.notice_seq,
    dueAt,
    error,
  ])
}

/** Undefined when the centre took the notice and signed for it; otherwise what went wrong. An unsigned 200 is nobody's receipt. */
async function attempt(target: NoticeTarget, body: Uint8Array): Promise<string | undefined> {
  const url = new URL(accountNoticePath, target.apiUrl)
  const address = { method: 'POST', authority: url.host, path: url.pathname, query: '', body }
  const signed = signRequest(address, { keyId: 'bank', privateKey: target.bankKey }, nowSeconds())
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...signed, 'content-type': 'application/json' },
      body: Buffer.from(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(DELIVERY_TIMEOUT_MS),
    })
    const reply = new Uint8Array(await response.arrayBuffer())
    if (!response.ok) return `status ${response.status}`
    const verified = await verifyReply(response.status, reply, signed.signature, (name) => response.headers.get(name) ?? undefined, {
      publicKeyOf: (keyId) => (keyId === target.centreKeyId ? target.centreKey : undefined),
      nowSeconds: nowSeconds(),
    })
    return verified.valid ? undefined : `receipt ${verified.flaw}`
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'unreachable'
  }
}

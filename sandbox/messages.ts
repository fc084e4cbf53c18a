import type { Express } from 'express'
import type { Pool } from 'pg'
import { deliveryReceipts, receipt, sendMessage, type Receipt } from '#contracts/machine/messages.ts'
import { wireText, type QuestionOf, type ResultOf } from '#contracts/machine/message.ts'
import type { Behaviour } from '#contracts/machine/sandbox.ts'
import { nowText } from './clock.ts'
import { Refused, serve, type World } from './serve.ts'
import { inTransaction } from './transaction.ts'

/** The message gateway: takes a key once, and tells on being asked whether the message arrived. */
export function mountMessages(app: Express, world: World): void {
  serve(app, world, sendMessage, (question, behaviour) => take(world.pool, question, behaviour))
  serve(app, world, deliveryReceipts, async ({ keys }) => ({ receipts: await receipts(world.pool, keys) }))
}

async function take(
  pool: Pool,
  question: QuestionOf<typeof sendMessage>,
  behaviour: Behaviour | undefined,
): Promise<ResultOf<typeof sendMessage> | Refused> {
  const { key, channel, to, template, text } = question
  const terms = wireText([channel, to, template, text])
  const undeliverable = behaviour?.kind === 'returned' ? 'NUMBER_UNKNOWN' : null
  const readyAfter = behaviour?.kind === 'late' ? (behaviour.queries ?? 1) : 0
  await pool.query(
    `INSERT INTO sandbox.message (key, terms, channel, recipient, template, text, taken_at, undeliverable, ready_after_queries)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (key) DO NOTHING`,
    [key, terms, channel, to, template, text, nowText(), undeliverable, readyAfter],
  )
  const { rows } = await pool.query<{ terms: string }>('SELECT terms FROM sandbox.message WHERE key = $1', [key])
  return rows[0]?.terms === terms ? { key, state: 'ACCEPTED', gatewayNo: `T-${key}` } : new Refused('KEY_REUSED')
}

interface MessageRow {
  readonly key: string
  readonly taken_at: string
  readonly undeliverable: string | null
  readonly queries: number
  readonly ready_after_queries: number
}

async function receipts(pool: Pool, keys: readonly string[]): Promise<Receipt[]> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<MessageRow>('SELECT * FROM sandbox.message WHERE key = ANY ($1::text[]) ORDER BY key FOR UPDATE', [
      keys,
    ])
    await client.query('UPDATE sandbox.message SET queries = queries + 1 WHERE key = ANY ($1::text[])', [keys])
    const byKey = new Map(rows.map((row) => [row.key, row]))
    return keys.map((key) => receiptOf(key, byKey.get(key)))
  })
}

function receiptOf(key: string, row: MessageRow | undefined): Receipt {
  if (!row) return { state: 'NOT_FOUND', key }
  if (row.queries < row.ready_after_queries) return { state: 'PENDING', key }
  if (row.undeliverable !== null) return receipt.parse({ state: 'UNDELIVERABLE', key, reason: row.undeliverable })
  return { state: 'DELIVERED', key, deliveredAt: row.taken_at }
}

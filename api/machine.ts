import { randomUUID } from 'node:crypto'
import express, { type Express, type Request } from 'express'
import { z } from 'zod'
import { signReply, verifyRequest } from '#activities/ports/http-signature.ts'
import { accountNotice, accountNoticePath, type AccountNotice } from '#contracts/machine/bank.ts'
import { wireText } from '#contracts/machine/message.ts'
import { sqlState, type Tx } from '#db/connect.ts'
import { fault, transact } from '#db/fault.ts'
import { centreOfNobody, raiseIncident } from '#db/write/incidents.ts'
import { callRelay } from '#db/write/outbox.ts'
import type { ApiParts } from './parts.ts'
import { sendProblem } from './problems.ts'

const BYTES_MAX = '256kb'
const UNIQUE_VIOLATION = '23505'

/**
 * Intake of machine clients: signature verified over the raw body before it is parsed, message stored with what it causes in one transaction,
 * reply signed too. Nothing is booked here: the relay is called and judges the message from its row (`judgeNotices`).
 */
export function mountMachine(app: Express, parts: ApiParts): void {
  app.post(accountNoticePath, express.raw({ type: () => true, limit: BYTES_MAX }), async (req, res) => {
    const raw = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0)
    const verified = await verify(parts, req, raw)
    if (!verified.valid) return sendProblem(res, { code: 'NOT_SIGNED_IN', detail: '报文签名无效' })
    const notice = accountNotice.safeParse(parseJson(raw))
    const stored = notice.success ? await storeNotice(parts, verified, notice.data) : 'MALFORMED'
    const body = Buffer.from(JSON.stringify({ stored }))
    const signed = signReply(notice.success ? 200 : 400, body, verified.signature, parts.machineKey, Math.floor(parts.clock.nowMs() / 1000))
    await fault('notice.before-reply', res)
    res
      .status(notice.success ? 200 : 400)
      .set(signed)
      .type('application/json')
      .send(body)
  })
}

const parseJson = (raw: Buffer): unknown => {
  try {
    return JSON.parse(raw.toString('utf8'))
  } catch {
    return undefined
  }
}

type Verified = Extract<Awaited<ReturnType<typeof verifyRequest>>, { valid: true }> & { readonly nonce: string }

async function verify(parts: ApiParts, req: Request, raw: Buffer): Promise<Verified | { valid: false }> {
  let nonce = ''
  const url = new URL(req.originalUrl, parts.origin)
  const result = await verifyRequest(
    { method: req.method, authority: new URL(parts.origin).host, path: url.pathname, query: url.search, body: raw },
    (name) => {
      const value = req.headers[name.toLowerCase()]
      return typeof value === 'string' ? value : undefined
    },
    {
      publicKeyOf: (keyId) => (keyId === 'bank' ? parts.peerKeys.bank : undefined),
      nowSeconds: Math.floor(parts.clock.nowMs() / 1000),
      claimNonce: async (_keyId, claimed) => {
        nonce = claimed
        const known = await parts.desk
          .selectFrom('machine_message')
          .select('message_id')
          .where('nonce', '=', claimed)
          .where('key_id', '=', 'bank')
          .executeTakeFirst()
        return known === undefined
      },
    },
  )
  return result.valid ? { ...result, nonce } : { valid: false }
}

/** Keeps a notice; one that fits no payment of ours stands on the incidents page and books nothing. */
async function storeNotice(parts: ApiParts, verified: Verified, notice: AccountNotice): Promise<'STORED' | 'UNMATCHED' | 'REPEATED'> {
  try {
    return await transact(parts.desk, 'notice', (tx) => storeIn(tx, verified, notice))
  } catch (error) {
    // The nonce was claimed by the same message arriving twice at once: the other one is stored.
    if (sqlState(error) === UNIQUE_VIOLATION) return 'REPEATED'
    throw error
  }
}

async function storeIn(tx: Tx, verified: Verified, notice: AccountNotice): Promise<'STORED' | 'UNMATCHED'> {
  const reference = notice.payment.serial.toLowerCase()
  // A serial of ours is a payment's id in capitals; what is not one was never sent by us.
  const ours = z.uuid().safeParse(reference).success
  const payment = ours
    ? await tx.selectFrom('payment').select('payment_id').where('payment_id', '=', reference).executeTakeFirst()
    : undefined
  await tx
    .insertInto('machine_message')
    .values({
      message_id: randomUUID(),
      client: 'bank',
      key_id: verified.keyId,
      nonce: verified.nonce,
      kind: 'ACCOUNT_NOTICE',
      reference,
      body: wireText({ noticeId: notice.noticeId, payment: notice.payment }),
      state: payment ? 'RECEIVED' : 'UNMATCHED',
    })
    .execute()
  if (payment) {
    await callRelay(tx)
    return 'STORED'
  }
  await raiseIncident(tx, {
    kind: 'NOTICE_UNMATCHED',
    caseId: null,
    orgId: await centreOfNobody(tx),
    reference: notice.noticeId,
    detail: `银行通知的流水 ${notice.payment.serial} 不是本中心发出的`,
  })
  return 'UNMATCHED'
}

import express, { type Express } from 'express'
import type { Pool } from 'pg'
import type { PaymentStatus } from '#contracts/machine/bank.ts'
import {
  paymentRelease,
  phantomScript,
  requestScript,
  sandboxLoad,
  sandboxPaths,
  sandboxPayments,
  type Behaviour,
  type PhantomScript,
} from '#contracts/machine/sandbox.ts'
import { wireText, type Counterpart } from '#contracts/machine/message.ts'
import { releasePayment } from './bank.ts'
import { queueNotice } from './notices.ts'
import { putCertificate } from './registry.ts'
import { putRecords } from './records.ts'
import { clearScripts, storeScript } from './scripts.ts'
import type { World } from './serve.ts'

/**
 * The hand behind the scenes: load the world, script its misbehaviour, see what the bank and the gateway have done.
 * Unsigned, therefore on loopback only.
 */
export function mountControl(app: Express, world: World): void {
  const { pool } = world
  const json = express.json({ limit: '64mb' })
  app.post(sandboxPaths.load, json, async (request, response) => {
    const parsed = sandboxLoad.safeParse(request.body)
    if (!parsed.success) return void response.status(422).json({ issues: parsed.error.issues })
    const { persons, homes, filings, accounts, institutions, certificates, silentCentres } = parsed.data
    await putRecords(
      pool,
      'person',
      persons.map((row) => [row.idNumber, row]),
    )
    await putRecords(
      pool,
      'home',
      homes.map((row) => [row.homeNo, row]),
    )
    await putRecords(
      pool,
      'filing',
      filings.map((row) => [row.filingNo, row]),
    )
    await putRecords(
      pool,
      'account',
      accounts.map((row) => [row.accountNo, row]),
    )
    await putRecords(
      pool,
      'institution',
      institutions.map((row) => [row.institutionId, row]),
    )
    for (const certificate of certificates) await putCertificate(pool, certificate)
    if (silentCentres) await putRecords(pool, 'setting', [['silentCentres', silentCentres]])
    response.status(204).end()
  })
  app.post(sandboxPaths.scripts, json, async (request, response) => {
    const flaw = await script(world, request.body)
    if (flaw === undefined) response.status(204).end()
    else response.status(422).json(flaw)
  })
  app.delete(sandboxPaths.scripts, async ({ query }, response) => {
    await clearScripts(pool, typeof query['operation'] === 'string' ? query['operation'] : undefined)
    response.status(204).end()
  })
  app.post(sandboxPaths.release, json, async (request, response) => {
    const parsed = paymentRelease.safeParse(request.body)
    if (!parsed.success) return void response.status(422).json({ issues: parsed.error.issues })
    const released = await releasePayment(world, parsed.data.serial, parsed.data.bookedOn)
    response.status(released ? 204 : 404).end()
  })
  app.get(sandboxPaths.payments, async (_, response) => {
    response.type('application/json').send(wireText(await payments(pool)))
  })
  app.get(sandboxPaths.notices, async (_, response) => {
    const { rows } = await pool.query(
      `SELECT notice_id AS "noticeId", serial, attempts, delivered_at AS "deliveredAt", last_error AS "lastError"
       FROM sandbox.notice ORDER BY notice_seq`,
    )
    response.json({ notices: rows })
  })
  app.get(sandboxPaths.messages, async (_, response) => {
    const { rows } = await pool.query(
      'SELECT key, channel, recipient, template, text, taken_at AS "takenAt" FROM sandbox.message ORDER BY taken_at, key',
    )
    response.json({ messages: rows })
  })
}

/** News of the trade concerns one operation of a service; a script for another would never be noticed, so it is refused. */
const tradeOperations: Readonly<Partial<Record<Counterpart, readonly { path: string; kinds: readonly Behaviour['kind'][] }[]>>> = {
  bank: [
    { path: '/payments/submit', kinds: ['failure', 'accepted-then-failed', 'late', 'twice', 'early-notice', 'contradictory', 'sent-back'] },
    { path: '/day-files', kinds: ['day-file'] },
  ],
  registry: [
    { path: '/mortgages/submit', kinds: ['late', 'returned'] },
    { path: '/mortgages/certificate', kinds: ['certificate'] },
  ],
  guarantor: [{ path: '/commitments', kinds: ['returned'] }],
  messages: [{ path: '/send', kinds: ['late', 'returned'] }],
}

const transportKinds: readonly Behaviour['kind'][] = ['down', 'hang', 'slow', 'garbage', 'answer-lost']

/** Stores a script, or says why it cannot be followed. */
async function script(world: World, body: unknown): Promise<object | undefined> {
  const phantom = phantomScript.safeParse(body)
  if (phantom.success) {
    await sendPhantom(world, phantom.data)
    return undefined
  }
  const parsed = requestScript.safeParse(body)
  if (!parsed.success) return { issues: parsed.error.issues }
  const given = parsed.data
  const trade = tradeOperations[given.service]?.find(({ kinds }) => kinds.includes(given.behaviour.kind))
  if (transportKinds.includes(given.behaviour.kind)) await storeScript(world.pool, given)
  else if (trade) await storeScript(world.pool, { ...given, operation: trade.path })
  else return { issues: [{ message: `${given.service} cannot be ${given.behaviour.kind}` }] }
  return undefined
}

async function sendPhantom(world: World, { behaviour, count }: PhantomScript): Promise<void> {
  const { kind, serial, amountFen, currency, businessDate } = behaviour
  const about = { serial, amountFen, currency }
  const payment: PaymentStatus =
    kind === 'phantom-acceptance'
      ? { state: 'ACCEPTED', ...about }
      : { state: 'SUCCEEDED', ...about, bankReference: `B-${serial}`, bookedOn: businessDate }
  await queueNotice(world.pool, payment, businessDate, count)
  world.notices.wake()
}

async function payments(pool: Pool): Promise<unknown> {
  const { rows } = await pool.query(
    `SELECT serial, business_type AS "businessType", amount_fen AS "amountFen", payee_account AS "payeeAccountNo", state, failure,
            booked_on AS "bookedOn", (SELECT count(*)::int FROM sandbox.bank_entry AS entry WHERE entry.serial = payment.serial) AS successes
     FROM sandbox.payment AS payment ORDER BY serial`,
  )
  return sandboxPayments.parse({ payments: rows })
}

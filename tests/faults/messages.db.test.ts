import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { judgeNotices } from '#activities/loan/bank-news.ts'
import { relayMessages } from '#activities/messages.ts'
import { relayReceipts } from '#activities/receipts.ts'
import type { Parts } from '#activities/parts.ts'
import { newCounterpartKeys, readPublicKeys } from '#activities/ports/keys.ts'
import { createPorts } from '#activities/ports/ports.ts'
import { counterparts, type Counterpart } from '#contracts/machine/message.ts'
import { connect, type Db } from '#db/connect.ts'
import { armFaults, PlannedFault } from '#db/fault.ts'
import { seedCity } from '#db/seed/city.ts'
import { createVault } from '#db/vault.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'

let database: TestDatabase
let owner: Db
let parts: Parts
let cases: string[]
/** A gateway that takes connections and does not answer until it is told to hang up. */
let gateway: Server
let heard = 0
const hangUp = (): void => gateway.closeAllConnections()

beforeAll(async () => {
  gateway = createServer(() => void (heard += 1)).listen(0, '127.0.0.1')
  await new Promise((resolve) => gateway.once('listening', resolve))
  const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`
  database = await testDatabase()
  owner = connect(database.ownerUrl, { max: 2 })
  const vault = createVault({ dataKey: randomBytes(32), hashKey: randomBytes(32) })
  await seedCity(owner, vault, { contributors: 200, olderLoans: 20, openCases: 48 })
  const ports = createPorts({
    urls: Object.fromEntries(counterparts.map((name) => [name, url])) as Record<Counterpart, string>,
    key: generateKeyPairSync('ed25519').privateKey,
    keyId: 'anju',
    peerKeys: readPublicKeys(newCounterpartKeys().publicKeys),
    nowMs: () => 0,
  })
  parts = { db: connect(database.workUrl, { max: 4 }), vault, ports }
  const loans = owner.selectFrom('case_file').innerJoin('case_party', 'case_party.case_id', 'case_file.case_id')
  const rows = await loans.select('case_file.case_id').where('role', '=', 'BORROWER').where('phone_enc', 'is not', null).limit(2).execute()
  cases = rows.map((row) => row.case_id)
}, 60_000)
afterAll(async () => {
  hangUp()
  gateway.close()
  await Promise.all([owner.destroy(), parts.db.destroy()])
  await database.drop()
})
afterEach(() => armFaults(undefined))
beforeEach(async () => {
  heard = 0
  await owner.deleteFrom('outbox').execute()
  // Those of the seeded city as well, and with them what was found about them.
  await owner.deleteFrom('payment_finding').execute()
  await owner.deleteFrom('incident').execute()
})

async function waitToBeSent(caseId: string | undefined, template = 'LOAN_ACCEPTED'): Promise<bigint> {
  const message = {
    kind: 'MESSAGE' as const,
    case_id: caseId ?? '',
    payload: JSON.stringify({ template }),
    last_error: null,
    sent_at: null,
  }
  return (await owner.insertInto('outbox').values(message).returning('outbox_id').executeTakeFirstOrThrow()).outbox_id
}
const rowOf = (id: bigint) =>
  owner.selectFrom('outbox').select(['state', 'attempts', 'delivery', 'last_error']).where('outbox_id', '=', id).executeTakeFirstOrThrow()

/** Whoever wants them may lock all rows of the outbox now. */
const nothingIsLocked = () =>
  owner.transaction().execute((tx) => tx.selectFrom('outbox').select('outbox_id').forUpdate().noWait().execute())

test('a gateway that hangs is waited for with no row locked and no transaction open', async () => {
  const message = await waitToBeSent(cases[0])
  const round = relayMessages(parts)
  await vi.waitFor(() => expect(heard).toBe(1), { timeout: 5_000 })
  await nothingIsLocked()
  expect(await relayMessages(parts), 'it is nobody else’s meanwhile').toBe(0)
  hangUp()
  expect(await round).toBe(1)
  expect(await rowOf(message)).toMatchObject({ state: 'WAITING', attempts: 1, last_error: 'unreachable' })
})

test('so is one that hangs when it is asked for receipts', async () => {
  const message = await waitToBeSent(cases[0])
  await owner.updateTable('outbox').set({ state: 'SENT', delivery: 'PENDING', receipt_next_at: '2025-01-01T00:00:00Z' }).execute()
  const round = relayReceipts(parts)
  await vi.waitFor(() => expect(heard).toBe(1), { timeout: 5_000 })
  await nothingIsLocked()
  expect(await relayReceipts(parts)).toBe(0)
  hangUp()
  expect(await round).toBe(0)
  expect(await rowOf(message)).toMatchObject({ delivery: 'PENDING' })
})

test('a message whose number cannot be read stands aside and is shown, and the others are tried', async () => {
  const [poison, other] = [await waitToBeSent(cases[0]), await waitToBeSent(cases[1])]
  await owner
    .updateTable('case_party')
    .set({ phone_enc: randomBytes(40) })
    .where('case_id', '=', cases[0] ?? '')
    .execute()
  const round = relayMessages(parts)
  await vi.waitFor(() => expect(heard).toBe(1), { timeout: 5_000 })
  hangUp()
  expect(await round).toBe(2)
  expect(await rowOf(poison)).toMatchObject({ state: 'PARKED' })
  expect(await rowOf(other)).toMatchObject({ state: 'WAITING', attempts: 1 })
  expect(await owner.selectFrom('incident').select(['kind', 'case_id', 'reference']).execute()).toEqual([
    { kind: 'MESSAGE_PARKED', case_id: cases[0], reference: String(poison) },
  ])
})

const receiveNotice = async (reference: string, body: string): Promise<string> => {
  const [messageId, of] = [randomUUID(), { client: 'bank', key_id: 'bank', nonce: randomUUID(), kind: 'ACCOUNT_NOTICE', reference }]
  await owner
    .insertInto('machine_message')
    .values({ message_id: messageId, ...of, body, state: 'RECEIVED' })
    .execute()
  return messageId
}

test('a notice of the bank that cannot be judged stands aside and is shown, and the next is judged', async () => {
  const payments = await owner.selectFrom('payment').select(['payment_id', 'case_id']).orderBy('payment_id').limit(2).execute()
  expect(payments.length).toBe(2)
  for (const [index, { payment_id: reference }] of payments.entries()) {
    // The first is not readable; the second says what nobody can say of any payment here.
    const payment = { serial: reference.toUpperCase(), state: 'ACCEPTED', amountFen: '1', currency: 'CNY' }
    const body = JSON.stringify(index === 0 ? {} : { noticeId: 'N-0000001', payment })
    await receiveNotice(reference, body)
  }
  expect(await judgeNotices(parts.db)).toBe(2)
  const ids = payments.map((row) => row.payment_id)
  const states = await owner.selectFrom('machine_message').select('state').where('reference', 'in', ids).execute()
  expect(states).toEqual([{ state: 'CONTRADICTORY' }, { state: 'CONTRADICTORY' }])
  const raised = await owner.selectFrom('incident').select(['kind', 'case_id', 'detail']).execute()
  const of = (caseId: string | undefined) => raised.filter(({ case_id }) => case_id === caseId)
  expect(of(payments[0]?.case_id)).toMatchObject([{ kind: 'PAYMENT_CONTRADICTED', detail: '银行通知无法辨认，不予认定' }])
  expect(of(payments[1]?.case_id)).toMatchObject([{ kind: 'PAYMENT_CONTRADICTED' }])
  expect(await judgeNotices(parts.db)).toBe(0)
})

test('one that a fault of ours keeps from being judged is set aside once, however often a worker dies at it', async () => {
  await sql`create function unjudged() returns trigger language plpgsql as 'begin raise ''a bug''; end'`.execute(owner)
  await sql`create trigger unjudged before update on machine_message for each row when (new.state = 'APPLIED')
    execute function unjudged()`.execute(owner)
  const paid = await owner
    .selectFrom('payment')
    .select(['payment_id', 'case_id', 'amount_fen'])
    .orderBy('payment_id')
    .executeTakeFirstOrThrow()
  const said = { serial: paid.payment_id.toUpperCase(), state: 'ACCEPTED', amountFen: String(paid.amount_fen), currency: 'CNY' }
  const messageId = await receiveNotice(paid.payment_id, JSON.stringify({ noticeId: 'N-0000002', payment: said }))
  const left = async () => [
    await owner.selectFrom('machine_message').select('state').where('message_id', '=', messageId).execute(),
    await owner.selectFrom('incident').select(['kind', 'case_id', 'detail']).execute(),
  ]
  armFaults('notice-set-aside.before-commit#1=throw')
  await expect(judgeNotices(parts.db)).rejects.toThrow(PlannedFault)
  expect(await left()).toEqual([[{ state: 'RECEIVED' }], []])
  armFaults('notice-set-aside.after-commit#1=throw')
  await expect(judgeNotices(parts.db)).rejects.toThrow(PlannedFault)
  const detail = '银行通知未能认定（数据库 P0001）'
  const aside = [[{ state: 'CONTRADICTORY' }], [{ kind: 'PAYMENT_CONTRADICTED', case_id: paid.case_id, detail }]]
  expect(await left()).toEqual(aside)
  expect(await judgeNotices(parts.db), 'nothing is left of it').toBe(0)
  expect(await left()).toEqual(aside)
  await sql`drop trigger unjudged on machine_message`.execute(owner)
})

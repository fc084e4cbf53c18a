import { randomUUID } from 'node:crypto'
import type { CaseKind } from '#contracts/cases.ts'
import type { Receipt } from '#contracts/machine/messages.ts'
import type { PlainDate } from '#contracts/dates.ts'
import type { Tx } from '#db/connect.ts'
import { fault, transact } from '#db/fault.ts'
import { businessTime } from '#db/read/time.ts'
import { lockCase, recordEvent } from '#db/write/cases.ts'
import { raiseIncident } from '#db/write/incidents.ts'
import { awaitReceipt, claimAwaited, keepReceipt, remarkOnTask } from '#db/write/receipts.ts'
import { stageOf } from '#rules/cases/stage-tables.ts'
import type { Parts } from './parts.ts'
import { PortFault } from './ports/fault.ts'
import { deliveryReceipts } from './ports/messages.ts'

/** The gateway knows a message by the outbox row that it came from. */
export const messageKey = (outboxId: bigint): string => `outbox-${String(outboxId).padStart(8, '0')}`

const BATCH = 50
/** With pauses that double up to an hour, this is two weeks: who has not been reached by then is told by hand. */
const ASKS_MAX = 348

/** The one message on which a period of law hangs. */
export const NOTICE = 'LOAN_SUPPLEMENT'

const FAILURES = { NUMBER_UNKNOWN: '号码不存在', SWITCHED_OFF: '对方已关机', BLOCKED: '对方拒收' } as const

/**
 * Asks the gateway what became of the messages it has taken, and keeps the answer with each. A silent gateway is asked again later. Where
 * time hangs on the message, one that cannot arrive calls the clerk, who delivers by hand.
 * @returns how many messages are settled
 */
export async function relayReceipts(parts: Parts): Promise<number> {
  const awaited = await parts.db.transaction().execute((tx) => claimAwaited(tx, BATCH))
  if (awaited.length === 0) return 0
  await fault('receipt.claimed')
  const { today } = await businessTime(parts.db)
  const receipts = await askGateway(parts, awaited, today)
  let settled = 0
  // Each by itself: one that cannot be kept is asked for again when its claim has run out, and keeps no other waiting.
  const failures: unknown[] = []
  for (const [index, item] of awaited.entries()) {
    try {
      if (await transact(parts.db, 'receipt-noted', (tx) => take(tx, item, receipts[index], today))) settled += 1
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return settled
}

type Item = Awaited<ReturnType<typeof claimAwaited>>[number]

/** One receipt per message, in their order; none at all when the gateway is away. */
async function askGateway(parts: Parts, awaited: readonly Item[], today: PlainDate): Promise<readonly Receipt[]> {
  const question = { requestId: randomUUID(), businessDate: today, authorisationRef: 'system' }
  try {
    const { result } = await deliveryReceipts(parts.ports.messages, {
      ...question,
      keys: awaited.map((item) => messageKey(item.outbox_id)),
    })
    return result.receipts
  } catch (error) {
    if (!(error instanceof PortFault)) throw error
    return []
  }
}

async function take(tx: Tx, item: Item, receipt: Receipt | undefined, today: PlainDate): Promise<boolean> {
  if (receipt?.state === 'DELIVERED') {
    // The gateway's own time is the machine's; the law counts business days, and from the day on which we know.
    await keepReceipt(tx, item.outbox_id, { deliveredOn: today })
    await recordEvent(tx, item, 'MESSAGE')
    return true
  }
  const failure = failureOf(item, receipt)
  if (failure === undefined) {
    await awaitReceipt(tx, item)
    return false
  }
  await keepReceipt(tx, item.outbox_id, { failure })
  await recordEvent(tx, item, 'MESSAGE')
  if (item.payload['template'] === NOTICE) await callClerk(tx, item, failure)
  return true
}

function failureOf({ receipt_asks: asks }: Item, receipt: Receipt | undefined): string | undefined {
  if (receipt?.state === 'UNDELIVERABLE') return FAILURES[receipt.reason]
  if (receipt?.state === 'NOT_FOUND') return '消息网关没有这条消息'
  return asks + 1 >= ASKS_MAX ? '消息网关始终没有回执' : undefined
}

/** The applicant's time runs from delivery, and this delivery has failed: unless it was made by hand meanwhile, the clerk is called. */
export async function callClerk(tx: Tx, item: Pick<Item, 'case_id' | 'outbox_id'>, failure: string): Promise<void> {
  const kase = await lockCase(tx, item.case_id)
  if (!kase || kase.clock_state === 'PAUSED' || stageOf(kase.kind as CaseKind, kase.stage).clock !== 'APPLICANT') return
  const detail = `一次性告知消息未能送达（${failure}），请直接送达或者邮寄送达告知书并登记`
  await remarkOnTask(tx, item.case_id, kase.stage, detail)
  await raiseIncident(tx, {
    kind: 'NOTICE_UNDELIVERED',
    caseId: item.case_id,
    orgId: kase.org_id,
    accessGroupId: kase.access_group_id,
    reference: String(item.outbox_id),
    detail,
  })
}

import { randomUUID } from 'node:crypto'
import type { Tx } from '#db/connect.ts'
import { fault, transact } from '#db/fault.ts'
import { businessTime } from '#db/read/time.ts'
import { raiseIncident } from '#db/write/incidents.ts'
import { claimMessages, markSent, markTaken, parkNow, postpone } from '#db/write/outbox.ts'
import type { Parts } from './parts.ts'
import { PortFault } from './ports/fault.ts'
import { sendMessage } from './ports/messages.ts'
import { callClerk, messageKey, NOTICE } from './receipts.ts'
import { workOff } from './round.ts'
import { isBug, kindOfBug } from './whose-fault.ts'

/** What the applicant is told by message. The letter itself is handed over at the counter; no figure and no reason stands here. */
const TEXTS: Readonly<Record<string, string>> = {
  LOAN_ACCEPTED: '您的住房公积金贷款申请（{number}）已受理，可凭受理回执查询进度。',
  LOAN_NOT_ACCEPTED: '您的住房公积金贷款申请（{number}）不予受理，请到受理的管理部领取通知书。',
  LOAN_SUPPLEMENT: '您的住房公积金贷款申请（{number}）需要补正材料，请到受理的管理部领取一次性告知书。',
  LOAN_APPROVED: '您的住房公积金贷款申请（{number}）已准予，请到受理的管理部领取通知书并办理签约。',
  LOAN_REFUSED: '您的住房公积金贷款申请（{number}）未获准予，请到受理的管理部领取通知书。',
  LOAN_RELEASED: '您的住房公积金贷款（{number}）已发放，请按还款计划按时还款。',
  LOAN_RETURNED: '您的住房公积金贷款（{number}）的款项被银行退回，本次放款已冲销，此前的还款计划不再适用，请与受理的管理部联系。',
}

const BATCH = 20

/**
 * Hands waiting messages to the gateway under the outbox row's own key, so that one handed over twice is sent once. Nothing waits for the
 * gateway: messages are claimed, handed over outside of any transaction, and what came of each is noted by itself. A gateway that is away is
 * tried again later, and after eight times the row is parked and shown.
 * @returns how many rows were handled
 */
export async function relayMessages(parts: Parts): Promise<number> {
  const items = await parts.db.transaction().execute((tx) => claimMessages(tx, BATCH))
  if (items.length > 0) await fault('message.claimed')
  return workOff(parts.db, items, async (item) => {
    const end = await handOver(parts, item)
    await transact(parts.db, 'message-noted', (tx) => note(tx, item, end))
  })
}

type Item = Awaited<ReturnType<typeof claimMessages>>[number]

/** What came of handing a message over. */
type End =
  | { readonly kind: 'TAKEN' }
  | { readonly kind: 'NOBODY' }
  | { readonly kind: 'AWAY'; readonly why: string }
  /** It can never be sent as it is. */
  | { readonly kind: 'IMPOSSIBLE'; readonly why: string }

async function handOver(parts: Parts, item: Item): Promise<End> {
  const template = String(item.payload['template'])
  const text = TEXTS[template]
  if (!text) return { kind: 'IMPOSSIBLE', why: `没有模板“${template}”` }
  if (!item.phone_enc) return { kind: 'NOBODY' }
  const { today } = await businessTime(parts.db)
  try {
    await sendMessage(parts.ports.messages, {
      requestId: randomUUID(),
      businessDate: today,
      authorisationRef: item.case_id ?? 'system',
      key: messageKey(item.outbox_id),
      channel: 'SMS',
      to: parts.vault.open(item.phone_enc),
      template,
      text: text.replace('{number}', item.case_number),
    })
    return { kind: 'TAKEN' }
  } catch (error) {
    if (error instanceof PortFault) return { kind: 'AWAY', why: error.kind }
    if (isBug(error)) return { kind: 'IMPOSSIBLE', why: `消息无法生成（${kindOfBug(error)}）` }
    throw error
  }
}

async function note(tx: Tx, item: Item, end: End): Promise<void> {
  switch (end.kind) {
    case 'TAKEN':
      return markTaken(tx, item.outbox_id)
    case 'NOBODY':
      return markSent(tx, item.outbox_id, 'no phone')
    case 'AWAY':
      if (await postpone(tx, item, end.why)) await report(tx, item, '消息多次未能发出')
      return
    case 'IMPOSSIBLE':
      // It stands aside, so that it holds up nobody.
      await parkNow(tx, item.outbox_id, end.why)
      await report(tx, item, end.why)
  }
}

/** On the incidents page; where the applicant's time runs from the message, on the clerk's task as well. */
async function report(tx: Tx, item: Item, detail: string): Promise<void> {
  await raiseIncident(tx, { kind: 'MESSAGE_PARKED', caseId: item.case_id, orgId: item.org_id, reference: String(item.outbox_id), detail })
  if (item.case_id && item.payload['template'] === NOTICE) await callClerk(tx, { ...item, case_id: item.case_id }, detail)
}

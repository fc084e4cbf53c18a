import { randomUUID } from 'node:crypto'
import type { Tx } from '#db/connect.ts'
import { businessTime } from '#db/read/time.ts'
import { markSent, markTaken, parkNow, postpone, takeMessages } from '#db/write/outbox.ts'
import { raiseIncident } from '#db/write/incidents.ts'
import type { Parts } from './parts.ts'
import { PortFault } from './ports/fault.ts'
import { sendMessage } from './ports/messages.ts'
import { callClerk, messageKey, NOTICE, relayReceipts } from './receipts.ts'

/** What the applicant is told by message. The letter itself is handed over at the counter; no figure and no reason stands here. */
const TEXTS: Readonly<Record<string, string>> = {
  LOAN_ACCEPTED: '您的住房公积金贷款申请（{number}）已受理，可凭受理回执查询进度。',
  LOAN_NOT_ACCEPTED: '您的住房公积金贷款申请（{number}）不予受理，请到受理的管理部领取通知书。',
  LOAN_SUPPLEMENT: '您的住房公积金贷款申请（{number}）需要补正材料，请到受理的管理部领取一次性告知书。',
  LOAN_APPROVED: '您的住房公积金贷款申请（{number}）已准予，请到受理的管理部领取通知书并办理签约。',
  LOAN_REFUSED: '您的住房公积金贷款申请（{number}）未获准予，请到受理的管理部领取通知书。',
  LOAN_RELEASED: '您的住房公积金贷款（{number}）已发放，请按还款计划按时还款。',
}

const BATCH = 20

/**
 * Hands waiting messages to the gateway under the outbox row's own key, so that one handed over twice is sent once. Business never waits
 * for it: a gateway that is away is tried again later, and after eight times the row is parked and shown. Then asks for the receipts of
 * what was handed over.
 * @returns how many rows were handled
 */
export async function relayMessages(parts: Parts): Promise<number> {
  return (await handOver(parts)) + (await relayReceipts(parts))
}

async function handOver(parts: Parts): Promise<number> {
  const { today } = await businessTime(parts.db)
  return parts.db.transaction().execute(async (tx) => {
    const items = await takeMessages(tx, BATCH)
    for (const item of items) {
      const template = String(item.payload['template'])
      const text = TEXTS[template]
      if (!text) {
        await park(tx, item, `没有模板“${template}”`)
        continue
      }
      if (!item.phone_enc) {
        await markSent(tx, item.outbox_id, 'no phone')
        continue
      }
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
        await markTaken(tx, item.outbox_id)
      } catch (error) {
        if (!(error instanceof PortFault)) throw error
        if (await postpone(tx, item, error.kind)) await report(tx, item, '消息多次未能发出')
      }
    }
    return items.length
  })
}

type Item = Awaited<ReturnType<typeof takeMessages>>[number]

/** What can never be sent stands aside, so that it holds up nobody. */
async function park(tx: Tx, item: Item, why: string): Promise<void> {
  await parkNow(tx, item.outbox_id, why)
  await report(tx, item, why)
}

/** On the incidents page; where the applicant's time runs from the message, on the clerk's task as well. */
async function report(tx: Tx, item: Item, detail: string): Promise<void> {
  await raiseIncident(tx, { kind: 'MESSAGE_PARKED', caseId: item.case_id, orgId: item.org_id, reference: String(item.outbox_id), detail })
  if (item.case_id && item.payload['template'] === NOTICE) await callClerk(tx, { ...item, case_id: item.case_id }, detail)
}

import type { Tx } from '#db/connect.ts'
import { readNotice } from '#db/read/notice.ts'
import { turnClock } from '#db/write/clock.ts'
import { closeIncidents } from '#db/write/incidents.ts'
import { lastMessage } from '#db/write/receipts.ts'
import { nameWants, openWants, satisfyWants } from '#db/write/wants.ts'
import type { Obstacle } from '#rules/cases/obstacle.ts'
import { noticeDelivered, type MessageReceipt } from '#rules/loan/notice-delivered.ts'
import { armDecisionDeadlines, disarmDecisionDeadlines, dueOnOf } from '../case/clock.ts'
import type { Judged } from '../case/kinds.ts'
import type { Parts } from '../parts.ts'
import { NOTICE } from '../receipts.ts'
import { dateField } from './brought.ts'
import { issuePaper } from './papers.ts'
import { tell } from './tell.ts'

/** The one notice (一次性告知): everything that is wanted, by whoever wanted it, in one paper. */
export async function sendNotice(tx: Tx, judged: Judged, parts: Parts): Promise<void> {
  const { kase, time, body } = judged
  if (judged.action === 'supplement') await keepResumeStage(tx, kase.case_id)
  await nameWants(tx, kase.case_id)
  await issuePaper(tx, parts, kase, 'SUPPLEMENT', time, body)
  await tell(tx, kase, NOTICE)
}

/** The stage that asked gets the answer; where both asked, the first one reads it first. */
async function keepResumeStage(tx: Tx, caseId: string): Promise<void> {
  const early = (await openWants(tx, caseId)).some(({ asked_stage: asked }) => asked === 'PRELIM_REVIEW')
  await tx
    .updateTable('case_file')
    .set({ resume_stage: early ? 'PRELIM_REVIEW' : 'REVIEW' })
    .where('case_id', '=', caseId)
    .execute()
}

/** Whether the delivery may be registered as it is told; what went by message is known from the gateway's receipt. */
export async function deliveryObstacles(tx: Tx, { kase, body, time }: Judged): Promise<Obstacle[]> {
  const deliveredOn = dateField(body.fields['deliveredOn'])
  const notice = await readNotice(tx, kase.case_id)
  if (!deliveredOn || !notice) return []
  const receipt = receiptOf(await lastMessage(tx, kase.case_id, NOTICE))
  const method = body.fields['deliveryMethod'] ?? ''
  return noticeDelivered({ method, deliveredOn, issuedOn: notice.issuedOn, today: time.today, receipt })
}

function receiptOf(message: Awaited<ReturnType<typeof lastMessage>>): MessageReceipt {
  if (message?.delivery === 'DELIVERED' && message.delivered_on) return { state: 'DELIVERED', on: message.delivered_on }
  if (message?.delivery === 'UNDELIVERABLE') return { state: 'UNDELIVERABLE', because: message.delivery_failure ?? '' }
  return { state: message?.delivery === 'PENDING' ? 'PENDING' : 'NOT_SENT' }
}

/**
 * The applicant's time begins, whose day the step gets with the move. After acceptance the clock stands from here on; before delivery the
 * centre is still at work.
 */
export async function keepDelivery(tx: Tx, { kase, body, time }: Judged): Promise<void> {
  const deliveredOn = dateField(body.fields['deliveredOn']) ?? time.today
  if (kase.clock_state === 'RUNNING') {
    await turnClock(tx, kase, deliveredOn, { state: 'PAUSED', reason: `一次性告知书送达（${body.fields['deliveryMethod'] ?? ''}）` })
    await disarmDecisionDeadlines(tx, kase.case_id, time.now)
    await tx.updateTable('case_file').set({ due_on: null }).where('case_id', '=', kase.case_id).execute()
  }
  await tx
    .updateTable('paper')
    .set({ delivered_on: deliveredOn })
    .where('case_id', '=', kase.case_id)
    .where('kind', '=', 'SUPPLEMENT')
    .where('delivered_on', 'is', null)
    .execute()
  await closeIncidents(tx, 'NOTICE_UNDELIVERED', kase.case_id)
}

/**
 * What was wanted is there: the wants are closed, the statutory clock runs on, and its reminders are armed for the new due day. The case
 * must be paused.
 */
export async function answerReceived(tx: Tx, judged: Judged): Promise<void> {
  const { kase, time } = judged
  await satisfyWants(tx, kase.case_id, time.now)
  await turnClock(tx, kase, time.today, { state: 'RUNNING', reason: '收到补正材料' })
  const dueOn = await dueOnOf(tx, kase)
  if (dueOn) await armDecisionDeadlines(tx, kase.case_id, dueOn)
}

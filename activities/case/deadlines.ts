import type { CaseKind } from '#contracts/cases.ts'
import type { Post } from '#contracts/posts.ts'
import type { Stage } from '#contracts/stages.ts'
import type { Tx } from '#db/connect.ts'
import { businessTime } from '#db/read/time.ts'
import { auditCase } from '#db/write/audit.ts'
import { recordEvent, type LockedCase } from '#db/write/cases.ts'
import { copyToAwaited, copyToHolders, millisecondsToNextDeadline } from '#db/write/deadlines.ts'
import { stageOf } from '#rules/cases/stage-tables.ts'
import { superiorsOf } from '#rules/cases/superiors.ts'
import { Bug } from '../bug.ts'

/** A timer sleeps no longer than this; then the case looks again, on the newest code. */
const WAIT_MILLISECONDS_MAX = 30 * 24 * 3600 * 1000

/** What a deadline says when it fires, and whom it tells: posts higher up, or where only the case's own officer can do something, that officer. */
interface Meaning {
  readonly text: (stage: Stage) => string
  readonly tells: 'WHOEVER_IS_AWAITED' | 'THEIR_SUPERIORS' | readonly Post[]
}
const DEADLINES: Record<string, Meaning> = {
  // Where the applicant will be awaited, the officers' time is that until the notice is in their hands.
  STAGE_OVERDUE: {
    text: ({ label, clock }) => `“${label}”环节${clock === 'APPLICANT' ? '的告知书逾时未登记送达' : '已超过办理时限'}`,
    tells: 'THEIR_SUPERIORS',
  },
  DECISION_SOON: { text: () => '距法定审批期限届满已不足三日', tells: ['REVIEWER'] },
  DECISION_OVERDUE: { text: () => '已超过法定审批期限', tells: ['REVIEWER', 'APPROVER', 'DEPUTY_DIRECTOR'] },
  ANSWER_DUE: { text: () => '申请人补正期限已届满，请核实后决定是否终止', tells: 'WHOEVER_IS_AWAITED' },
  APPROVAL_EXPIRED: { text: () => '审批有效期已届满，请核实后确认失效', tells: 'WHOEVER_IS_AWAITED' },
}

/** How long nothing will be due, for the case to sleep. */
export async function nextWait(tx: Tx, caseId: string): Promise<number> {
  const milliseconds = (await millisecondsToNextDeadline(tx, caseId)) ?? WAIT_MILLISECONDS_MAX
  return Math.min(WAIT_MILLISECONDS_MAX, Math.max(1, Math.ceil(milliseconds)))
}

/** Fires every armed deadline whose day has come: a note on the case, a copy to those who must know. Each fires once. */
export async function settleDue(tx: Tx, kase: LockedCase): Promise<void> {
  const { now, today } = await businessTime(tx)
  const due = await tx
    .updateTable('deadline')
    .set({ state: 'FIRED', settled_at: now, settled_on: today })
    .where('case_id', '=', kase.case_id)
    .where('state', '=', 'ARMED')
    .where('due_on', '<=', today)
    .returning(['deadline_id', 'code', 'due_on'])
    .execute()
  const stage = stageOf(kase.kind as CaseKind, kase.stage)
  for (const deadline of due) {
    const meaning = DEADLINES[deadline.code]
    if (!meaning) throw new Bug(`deadline ${deadline.code} has no meaning`)
    const remark = meaning.text(stage)
    if (meaning.tells === 'WHOEVER_IS_AWAITED') await copyToAwaited(tx, kase, remark)
    else await copyToHolders(tx, kase, meaning.tells === 'THEIR_SUPERIORS' ? superiorsOf(stage.posts) : meaning.tells, remark)
    await auditCase(tx, kase, 'system', `deadline/${deadline.code}`, {
      deadline: deadline.deadline_id,
      dueOn: deadline.due_on,
      on: today,
      stage: kase.stage,
    })
  }
  if (due.length > 0) await recordEvent(tx, kase, 'DEADLINE')
}

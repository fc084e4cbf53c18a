import { randomUUID } from 'node:crypto'
import type { CaseKind } from '#contracts/cases.ts'
import type { Post } from '#contracts/posts.ts'
import type { Stage } from '#contracts/stages.ts'
import type { Tx } from '#db/connect.ts'
import { KEPT } from '#db/kept-plans.ts'
import { WHOLE_CASE } from '#db/read/case-file.ts'
import type { BusinessTime } from '#db/read/time.ts'
import { auditCase } from '#db/write/audit.ts'
import { cancelDeadlines, closeTasks, insertDecision, openTask, recordEvent, type DecisionRow, type LockedCase } from '#db/write/cases.ts'
import { turnClock } from '#db/write/clock.ts'
import { POST_LEVEL } from '#rules/cases/post-level.ts'
import { stageOf } from '#rules/cases/stage-tables.ts'
import { armStep, presentStep } from './clock.ts'

export interface Moved {
  readonly kase: LockedCase
  readonly decisionId: string
  readonly seq: number
}

/**
 * Writes a decision and everything that follows from it by the stage table: tasks closed and opened, deadlines, clock, event, audit.
 * One place for people and machine alike. The case must be locked by `tx`, and the decision already judged.
 */
export async function moveCase(tx: Tx, kase: LockedCase, decision: DecisionRow, time: BusinessTime): Promise<Moved> {
  const here = stageOf(kase.kind as CaseKind, kase.stage)
  const decisionId = randomUUID()
  const countersigned = here.posts.length > 1 && here.actions[decision.action]?.tone === 'forward' && decision.post !== null
  const [seq, waiting] = await Promise.all([
    insertDecision(tx, kase, decisionId, decision, time),
    closeTasks(tx, kase.case_id, { decisionId, post: decision.post, othersWait: countersigned }, time.now),
  ])
  const stays = countersigned && waiting

  const moved = await setStage(tx, kase, stays ? kase.stage : decision.toStage, time)
  if (!stays) await arriveAt(tx, moved, opinionLine(here, decision), time, kase.stage)
  await recordEvent(tx, moved, 'MOVED')
  await auditCase(tx, kase, decision.actorId ? `staff/${decision.actorId}` : 'system', `decide/${decision.action}`, {
    seq,
    from: kase.stage,
    to: moved.stage,
    version: moved.stage_version,
    decision: decisionId,
    decided: { ...decision },
    on: time.today,
  })
  return { kase: moved, decisionId, seq }
}

/** What the next officer sees of the last one. */
const opinionLine = (stage: Stage, decision: DecisionRow): string | null => {
  const label = stage.actions[decision.action]?.label
  return label ? `${stage.label}·${label}${decision.opinion ? `：${decision.opinion}` : ''}` : decision.opinion || null
}

function setStage(tx: Tx, kase: LockedCase, toStage: string, time: BusinessTime): Promise<LockedCase> {
  const to = stageOf(kase.kind as CaseKind, toStage)
  return tx
    .updateTable('case_file')
    .set({
      stage: toStage,
      stage_version: kase.stage_version + 1,
      open: !to.terminal,
      // A case that had ended is opened again where money that went out has come back.
      closed_on: to.terminal ? time.today : null,
      ...(toStage === kase.stage ? {} : { stage_entered_at: time.now }),
    })
    .where('case_id', '=', kase.case_id)
    .returning(WHOLE_CASE)
    .modifyEnd(KEPT)
    .executeTakeFirstOrThrow()
}

/** Tasks, deadlines and clock of the stage a case has come to. */
export async function arriveAt(
  tx: Tx,
  kase: LockedCase,
  previousOpinion: string | null,
  time: BusinessTime,
  fromStage?: string,
): Promise<void> {
  const stage = stageOf(kase.kind as CaseKind, kase.stage)
  if (fromStage) await cancelDeadlines(tx, kase.case_id, { stage: fromStage }, time.now)
  if (stage.clock === 'NONE' && kase.clock_state !== 'NOT_STARTED' && kase.clock_state !== 'STOPPED') {
    await turnClock(tx, kase, time.today, undefined)
    await cancelDeadlines(tx, kase.case_id, { codes: ['DECISION_SOON', 'DECISION_OVERDUE'] }, time.now)
  }
  if (stage.terminal) {
    await cancelDeadlines(tx, kase.case_id, 'ALL', time.now)
    await tx.deleteFrom('case_lock').where('case_id', '=', kase.case_id).execute()
  }
  const [step, ...orgIds] = await Promise.all([presentStep(tx, kase, time.today), ...stage.posts.map((post) => orgOfPost(tx, kase, post))])
  const tasks = stage.posts.flatMap((post, index) => {
    const orgId = orgIds[index]
    return orgId ? [{ post, orgId, dueOn: step.dueOn, dueWhose: step.whose, previousOpinion }] : []
  })
  await Promise.all([...tasks.map((task) => openTask(tx, kase, task, time.now)), armStep(tx, kase, step)])
}

/** Which organisation's list a task belongs to. A post that has no organisation in this case (no guarantor) has no task. */
async function orgOfPost(tx: Tx, kase: LockedCase, post: Post): Promise<string | undefined> {
  const level = POST_LEVEL[post]
  if (level === 'BRANCH') return kase.org_id
  if (level === 'CENTRE') {
    const centre = await tx
      .selectFrom('org')
      .select('org_id')
      .where('kind', '=', 'CENTRE')
      .where('reporting_entity', '=', kase.reporting_entity)
      .executeTakeFirst()
    return centre?.org_id
  }
  const grant = await tx
    .selectFrom('case_grant')
    .select('org_id')
    .where('case_id', '=', kase.case_id)
    .where('role', '=', level)
    .where('ended_on', 'is', null)
    .executeTakeFirst()
  return grant?.org_id
}

import { sql } from 'kysely'
import type { Refusal } from '#contracts/problem.ts'
import type { Tx } from '../connect.ts'
import type { PostHeld } from '../read/actor.ts'

interface Claimant {
  readonly staffId: string
  readonly posts: readonly PostHeld[]
}

/**
 * Takes an open task of the case for one of the claimant's posts. Somebody else's claim needs a reason to be taken over; both are kept.
 * Claims are desk work: no decision reads them as truth, and no stage version changes.
 */
export async function claimTask(
  tx: Tx,
  caseId: string,
  who: Claimant,
  takeOverReason: string | undefined,
): Promise<{ claimedAt: string; tookOver: boolean } | { refused: Refusal }> {
  const tasks = await tx
    .selectFrom('task')
    .leftJoin('staff', 'staff.staff_id', 'task.claimed_by')
    .select(['task.task_id', 'task.post', 'task.org_id', 'task.claimed_by', 'task.claimed_at', 'staff.name as holder'])
    .where('task.case_id', '=', caseId)
    .where('task.state', '=', 'OPEN')
    .forUpdate('task')
    .execute()
  const task = tasks.find((one) => who.posts.some(({ post, orgId }) => post === one.post && orgId === one.org_id))
  if (!task) return { refused: { code: 'FORBIDDEN', detail: '此案当前没有您岗位的待办' } }
  if (task.claimed_by === who.staffId) return { claimedAt: task.claimed_at ?? '', tookOver: false }
  if (task.claimed_by !== null && !takeOverReason) {
    return {
      refused: {
        code: 'CONFLICT',
        detail: `${task.holder ?? '他人'}正在办理；如需接手请说明理由`,
        decidedBy: task.holder ?? '',
        decidedAt: task.claimed_at ?? '',
      },
    }
  }
  const { claimed_at } = await tx
    .updateTable('task')
    .set({ claimed_by: who.staffId, claimed_at: sql<string>`business_now()` })
    .where('task_id', '=', task.task_id)
    .returning('claimed_at')
    .executeTakeFirstOrThrow()
  await noteClaim(tx, task.task_id, who.staffId, task.claimed_by === null ? 'CLAIM' : 'TAKE_OVER', takeOverReason ?? null)
  return { claimedAt: claimed_at ?? '', tookOver: task.claimed_by !== null }
}

/** Gives a task back to its post. @returns whether the person held one */
export async function releaseTask(tx: Tx, caseId: string, staffId: string): Promise<boolean> {
  const task = await tx
    .updateTable('task')
    .set({ claimed_by: null, claimed_at: null })
    .where('case_id', '=', caseId)
    .where('state', '=', 'OPEN')
    .where('claimed_by', '=', staffId)
    .returning('task_id')
    .executeTakeFirst()
  if (task) await noteClaim(tx, task.task_id, staffId, 'RELEASE', null)
  return task !== undefined
}

/** Moves a claimed task to a colleague of the same post (移交). */
export async function handOverTask(tx: Tx, taskId: string, toStaffId: string, reason: string): Promise<void> {
  await tx
    .updateTable('task')
    .set({ claimed_by: toStaffId, claimed_at: sql<string>`business_now()` })
    .where('task_id', '=', taskId)
    .execute()
  await noteClaim(tx, taskId, toStaffId, 'HAND_OVER', reason)
}

const noteClaim = (tx: Tx, taskId: string, staffId: string, act: 'CLAIM' | 'RELEASE' | 'TAKE_OVER' | 'HAND_OVER', reason: string | null) =>
  tx
    .insertInto('task_claim')
    .values((eb) => ({
      task_id: taskId,
      seq: eb
        .selectFrom('task_claim')
        .select(sql<number>`coalesce(max(seq), 0) + 1`.as('next'))
        .where('task_id', '=', taskId),
      staff_id: staffId,
      act,
      reason,
      at: sql<string>`business_now()`,
    }))
    .execute()

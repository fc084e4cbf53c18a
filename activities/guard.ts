import { activityInfo, ApplicationFailure, Context } from '@temporalio/activity'
import { transact } from '#db/fault.ts'
import { raiseIncident } from '#db/write/incidents.ts'
import type { Parts } from './parts.ts'
import { isBug, kindOfBug } from './whose-fault.ts'

/** How often an activity says that its worker is alive; well within the time after which the engine gives the work to another. */
const BEAT_MILLISECONDS = 1_000

/**
 * What every activity of a case gets on its way to the engine. While it works it says so, so that a killed worker is noticed in seconds.
 * A fault of the world is thrown on and retried. A bug is not: it goes on the incidents page and stops the case until a person has looked,
 * because a case that fails in silence for ever is nobody's, and one that fails loudly every ten seconds is everybody's.
 */
export const guarded =
  <Rest extends readonly unknown[], T>(parts: Parts, work: (caseId: string, ...rest: Rest) => Promise<T>) =>
  async (caseId: string, ...rest: Rest): Promise<T> => {
    const beat = startBeating()
    try {
      return await work(caseId, ...rest)
    } catch (error) {
      if (!isBug(error, activityInfo().attempt)) throw error
      await report(parts, caseId, error)
      throw ApplicationFailure.nonRetryable('a bug; see the incidents page', kindOfBug(error))
    } finally {
      clearInterval(beat)
    }
  }

/** Local activities are part of a workflow task and live and die with it. */
function startBeating(): NodeJS.Timeout | undefined {
  if (activityInfo().heartbeatTimeoutMs === undefined) return undefined
  const context = Context.current()
  return setInterval(() => context.heartbeat(), BEAT_MILLISECONDS)
}

/** Where it happened, without the error's own words. */
const framesOf = (error: unknown): string[] =>
  (error instanceof Error ? (error.stack ?? '') : '').split('\n').filter((line) => /^\s+at /.test(line))

async function report(parts: Parts, caseId: string, error: unknown): Promise<void> {
  const { activityType } = activityInfo()
  Context.current().log.error('a bug stops a case', { caseId, activityType, kind: kindOfBug(error), at: framesOf(error) })
  await transact(parts.db, 'bug-reported', async (tx) => {
    const kase = await tx.selectFrom('case_file').select(['org_id', 'access_group_id']).where('case_id', '=', caseId).executeTakeFirst()
    if (!kase) return
    const { org_id: orgId, access_group_id: accessGroupId } = kase
    // A decision that failed has changed nothing: its case goes on, and the officer has been told.
    const [kind, detail] =
      activityType === 'decide'
        ? (['DECISION_BROKEN', `有一项办理因系统出错（${kindOfBug(error)}）未能生效；排查原因后由办理人重新提交`] as const)
        : (['CASE_STUCK', `办理步骤 ${activityType} 出错（${kindOfBug(error)}），已停止自动重试；请排查原因后重试`] as const)
    await raiseIncident(tx, { kind, caseId, orgId, accessGroupId, reference: caseId, detail })
  })
}

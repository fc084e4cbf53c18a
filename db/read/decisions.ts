import { forSql, type Db, type Reader, type Tx } from '../connect.ts'

/** The last decision of a case, by its place in the case. */
export async function readLastDecision(db: Db | Tx | Reader, caseId: string) {
  const row = await forSql(db)
    .selectFrom('decision')
    .select(['decision_id', 'actor_id', 'stage', 'to_stage', 'action', 'step_group', 'decided_at'])
    .where('case_id', '=', caseId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return undefined
  return {
    decisionId: row.decision_id,
    actorId: row.actor_id,
    stage: row.stage,
    toStage: row.to_stage,
    action: row.action,
    stepGroup: row.step_group,
    decidedAt: row.decided_at,
  }
}

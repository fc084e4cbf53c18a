import { sql } from 'kysely'
import { forSql, type Db, type Reader, type Tx } from '../connect.ts'
import { KEPT } from '../kept-plans.ts'

/** Somebody has corrected what was applied for, and it is not handed in yet. */
const CORRECTED = sql<boolean>`exists (select 1 from loan_application a join loan l using (case_id)
  where a.case_id = decision.case_id and a.version > l.application_version)`.as('corrected')

/** The last decision of a case, by its place in the case. */
export async function readLastDecision(db: Db | Tx | Reader, caseId: string) {
  const row = await forSql(db)
    .selectFrom('decision')
    .select(['decision_id', 'actor_id', 'stage', 'to_stage', 'action', 'step_group', 'decided_at', CORRECTED])
    .where('case_id', '=', caseId)
    .orderBy('seq', 'desc')
    .limit(sql.lit(1))
    .modifyEnd(KEPT)
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
    corrected: row.corrected,
  }
}

/** Who has asked for the payment that stands to be made: the last who sent the case to be checked for release, as often as it has come back. */
export async function readReleaseAsker(tx: Tx, caseId: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('decision')
    .select('actor_id')
    .where('case_id', '=', caseId)
    .where('step_group', '=', 'PAYMENT_MAKER')
    .where('to_stage', '=', 'RELEASE_CHECK')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.actor_id ?? undefined
}

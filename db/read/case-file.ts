import type { Tx } from '../connect.ts'

/**
 * A case's whole row by the names of its columns, for a statement that keeps its plan (`db/kept-plans.ts`). A column that is wanted of
 * `LockedCase` and missing here does not compile.
 */
export const WHOLE_CASE = [
  'case_file.case_id',
  'case_file.kind',
  'case_file.case_number',
  'case_file.case_number_backwards',
  'case_file.org_id',
  'case_file.access_group_id',
  'case_file.reporting_entity',
  'case_file.stage',
  'case_file.stage_version',
  'case_file.engine_version',
  'case_file.open',
  'case_file.applicant_masked',
  'case_file.amount_fen',
  'case_file.snapshot_id',
  'case_file.created_by',
  'case_file.created_at',
  'case_file.created_on',
  'case_file.accepted_on',
  'case_file.stage_entered_at',
  'case_file.closed_on',
  'case_file.clock_days_allowed',
  'case_file.clock_unit',
  'case_file.clock_rule',
  'case_file.clock_state',
  'case_file.due_on',
  'case_file.resume_stage',
] as const

/** The version a case has now, whoever has moved it since it was read. */
export const readStageVersion = async (tx: Tx, caseId: string): Promise<number | undefined> =>
  (await tx.selectFrom('case_file').select('stage_version').where('case_id', '=', caseId).executeTakeFirst())?.stage_version

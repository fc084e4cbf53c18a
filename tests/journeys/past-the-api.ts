import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '#db/connect.ts'

type Break = (work: Db, caseId: string, staffId: string, group: string) => Promise<unknown>

const decisionRow = (caseId: string, group: string) => ({
  decision_id: randomUUID(),
  case_id: caseId,
  org_id: 'any',
  access_group_id: 'OPEN',
  seq: 9_000,
  command_id: null,
  stage: 'REVIEW',
  stage_version: 1,
  stage_entered_at: '2025-11-03T01:00:00Z',
  action: 'pass',
  to_stage: 'APPROVAL',
  post: null,
  step_group: group,
  opinion: '',
  reason_code: null,
  terms: null,
  fields: '{}',
  decided_at: '2025-11-03T01:00:00Z',
  decided_on: sql<never>`date '2025-11-03'`,
  recalled_by: null,
})

/** The ways around the API, as the role of the activities: what the database itself answers to each. */
export const BREAKS: Readonly<Record<string, { readonly by: Break; readonly refused: string }>> = {
  'a second membership': {
    by: (work, case_id, staff_id, step_group) =>
      work.insertInto('case_actor').values({ case_id, staff_id, step_group, since: '2025-11-03T01:00:00Z' }).execute(),
    refused: '23505 case_actor_pkey',
  },
  'another membership than before': {
    by: (work, caseId, staffId, group) =>
      work.updateTable('case_actor').set({ step_group: group }).where('case_id', '=', caseId).where('staff_id', '=', staffId).execute(),
    refused: '42501 ',
  },
  'no membership any more': {
    by: (work, caseId, staffId) => work.deleteFrom('case_actor').where('case_id', '=', caseId).where('staff_id', '=', staffId).execute(),
    refused: '42501 ',
  },
  'a decision in another group': {
    by: (work, caseId, staffId, group) =>
      work
        .insertInto('decision')
        .values({ ...decisionRow(caseId, group), actor_id: staffId, on_behalf_of: null })
        .execute(),
    refused: '23503 decision_case_id_actor_id_step_group_fkey',
  },
  'a decision that was somebody else’s': {
    by: (work, caseId, staffId) => work.updateTable('decision').set({ actor_id: staffId }).where('case_id', '=', caseId).execute(),
    refused: '42501 ',
  },
}

import type { Tx } from '../connect.ts'
import { collect, type Violation } from './violation.ts'

/**
 * I6: every open case has exactly one open workflow, and every open workflow an open case.
 * @param workflowIds `<kind>/<caseId>` of what runs; asked after the record was read, so what opened since is not missed
 */
export async function workflowViolations(tx: Tx, workflowIds: readonly string[], quiet: boolean): Promise<Violation[]> {
  const times = new Map<string, number>()
  for (const id of workflowIds) times.set(id, (times.get(id) ?? 0) + 1)
  const cases = await tx
    .selectFrom('case_file')
    .select(['case_id', 'kind', 'stage', 'open'])
    .select((eb) =>
      eb
        .exists(
          eb
            .selectFrom('outbox')
            .select('outbox_id')
            .whereRef('outbox.case_id', '=', 'case_file.case_id')
            .where('outbox.kind', '=', 'START_CASE')
            .where('outbox.state', '<>', 'SENT'),
        )
        .as('starting'),
    )
    .where('open', '=', true)
    .execute()
  const apart = collect('I6', '在办案件与在运行的流程不是一一对应')
  for (const { case_id: caseId, kind, stage, starting } of cases) {
    const workflowId = `${kind}/${caseId}`
    const running = times.get(workflowId) ?? 0
    times.delete(workflowId)
    // A case of this minute waits for the relay to start it.
    if (running !== 1 && !(running === 0 && starting && !quiet)) apart.add({ workflowId, stage, running })
  }
  for (const [workflowId, running] of times) apart.add({ workflowId, stage: null, running })
  return apart.violations()
}

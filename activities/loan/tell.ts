import type { Tx } from '#db/connect.ts'
import { enqueue, type LockedCase } from '#db/write/cases.ts'

/** A message to the applicant, sent by the relay once the decision is true. */
export const tell = (tx: Tx, kase: LockedCase, template: string): Promise<void> =>
  enqueue(tx, { kind: 'MESSAGE', caseId: kase.case_id, payload: { template } })

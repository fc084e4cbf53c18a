import { sql } from 'kysely'
import { canonicalJson } from '../canonical.ts'
import type { Db } from '../connect.ts'
import { transact } from '../fault.ts'
import { KEPT } from '../kept-plans.ts'
import { auditCase, type AuditedCase } from './audit.ts'

/** Whoever opens the same thing again within this is still reading it: a page that follows the case asks for itself again and again. */
const SAME_LOOK_MINUTES = 15

/** That a person has read something of a case which the law calls for a trace of: credit, family, income, its documents and letters. */
export interface Look {
  readonly kase: AuditedCase
  readonly staffId: string
  readonly act: 'read/case' | 'read/application' | 'read/document' | 'print/paper'
  /** What was shown, and in which capacity. A new version of the case is another look. */
  readonly body: Record<string, unknown>
}

/** Writes the look into the chain of the case, once for each stretch of reading. Done before the answer leaves: without the row, no reading. */
export async function noteLook(db: Db, { kase, staffId, act, body }: Look): Promise<void> {
  const [stream, actor] = [`case/${kase.case_id}`, `staff/${staffId}`]
  const { rows } = await sql`
    ${KEPT} select 1 from audit_row where stream = ${stream} and actor = ${actor} and act = ${act} and body = ${canonicalJson(body)}
      and at > to_char((clock_timestamp() - make_interval(mins => ${SAME_LOOK_MINUTES})) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    limit 1`.execute(db)
  if (rows.length > 0) return
  await transact(db, 'look-noted', (tx) => auditCase(tx, kase, actor, act, body))
}

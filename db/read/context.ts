import { sql } from 'kysely'
import type { Tx } from '../connect.ts'
import { KEPT } from '../kept-plans.ts'

/** Whose eyes a transaction reads with: organisations, access groups, person. */
export interface ReadContext {
  readonly orgsInSight: readonly string[]
  readonly groups: readonly string[]
  readonly staffId: string
}

/** Sets the context of this transaction and of nothing else: it ends with the transaction, whoever gets the connection next. */
export async function setContext(tx: Tx, context: ReadContext): Promise<void> {
  await sql`${KEPT} select set_config('anju.orgs', ${context.orgsInSight.join(',')}, true), set_config('anju.groups', ${context.groups.join(',')}, true),
    set_config('anju.person', ${context.staffId}, true)`.execute(tx)
}

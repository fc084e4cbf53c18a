import type { Tx } from '../connect.ts'

/** Somebody another person may name in a command: to copy to, to stand in, to be given a post. */
export interface Colleague {
  readonly staffId: string
  readonly orgId: string
  readonly active: boolean
}

/** Those of the named people who belong to the reporting entity, its banks and guarantors included; the others are as if they did not exist. */
export async function readColleagues(tx: Tx, staffIds: readonly string[], reportingEntity: string): Promise<Colleague[]> {
  const rows = await tx
    .selectFrom('staff')
    .innerJoin('org', 'org.org_id', 'staff.org_id')
    .select(['staff.staff_id', 'staff.org_id', 'staff.state'])
    .where('staff.staff_id', 'in', [...staffIds])
    .where('org.reporting_entity', '=', reportingEntity)
    .execute()
  return rows.map((row) => ({ staffId: row.staff_id, orgId: row.org_id, active: row.state === 'ACTIVE' }))
}

/** Whether an organisation belongs to the reporting entity. */
export async function isOrgOf(tx: Tx, orgId: string, reportingEntity: string): Promise<boolean> {
  const row = await tx.selectFrom('org').select('org_id').where('org_id', '=', orgId).where('reporting_entity', '=', reportingEntity).executeTakeFirst()
  return row !== undefined
}

import { forSql, type Db, type Reader, type Tx } from '../connect.ts'

interface Institution {
  readonly orgId: string
  readonly name: string
}

/** 受委托银行与担保机构 that a reporting entity works with: the banks that hold its deposits, from which they pay loans out, and its guarantors. */
export async function readInstitutions(
  db: Db | Tx | Reader,
  reportingEntity: string,
): Promise<{ banks: Institution[]; guarantors: Institution[] }> {
  const rows = await forSql(db)
    .selectFrom('org')
    .select(['org_id as orgId', 'name', 'kind'])
    .where((eb) =>
      eb.or([
        eb.and([eb('kind', '=', 'GUARANTOR'), eb('reporting_entity', '=', reportingEntity)]),
        eb.and([
          eb('kind', '=', 'BANK'),
          eb.exists(
            eb
              .selectFrom('bank_account')
              .select('bank_org_id')
              .whereRef('bank_org_id', '=', 'org.org_id')
              .where('bank_account.reporting_entity', '=', reportingEntity)
              .where('ledger_code', 'like', '101%'),
          ),
        ]),
      ]),
    )
    .orderBy('org_id')
    .execute()
  const of = (kind: string): Institution[] => rows.filter((row) => row.kind === kind).map(({ orgId, name }) => ({ orgId, name }))
  return { banks: of('BANK'), guarantors: of('GUARANTOR') }
}

import { forSql, type Db, type Reader, type Tx } from '../connect.ts'

/** What was taken in with an application, one row for each line of the checklist: all but what was found missing or wrong. */
export const readMaterialsTaken = (from: Db | Tx | Reader, caseId: string) =>
  forSql(from)
    .selectFrom('document')
    .select(['material', (eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('count')])
    .where('case_id', '=', caseId)
    .where('check_state', 'not in', ['MISSING', 'MISMATCH'])
    .groupBy('material')
    .orderBy((eb) => eb.fn.min('uploaded_at'))
    .orderBy('material')
    .execute()

/** The officer who has accepted a case (受理人); undefined for one that nobody has. */
export async function readAccepter(from: Db | Tx | Reader, caseId: string): Promise<string | undefined> {
  const row = await forSql(from)
    .selectFrom('decision')
    .innerJoin('staff', 'staff.staff_id', 'decision.actor_id')
    .select('staff.name')
    .where('case_id', '=', caseId)
    .where('action', '=', 'accept')
    .where('recalled_by', 'is', null)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.name
}

/** A document without its content, if the context shows it. */
export const readDocument = (from: Reader, documentId: string) =>
  forSql(from)
    .selectFrom('document')
    .select(['case_id', 'org_id', 'access_group_id', 'material', 'uploaded_by'])
    .where('document_id', '=', documentId)
    .executeTakeFirst()

/** The newest signed authorisation to ask the credit bureau that was found good, by its document; or why the bureau may not be asked. */
export async function readCreditAuthorisation(
  from: Db | Tx,
  caseId: string,
): Promise<{ readonly reference: string } | { readonly because: string }> {
  const signed = await from
    .selectFrom('document')
    .select('document_id')
    .where('case_id', '=', caseId)
    .where('material', '=', 'CREDIT_AUTHORISATION')
    .where('check_state', '=', 'VERIFIED')
    .orderBy('uploaded_at', 'desc')
    .orderBy('document_id')
    .limit(1)
    .executeTakeFirst()
  return signed ? { reference: signed.document_id } : { because: '没有核对无误的征信查询授权书，不得查询' }
}

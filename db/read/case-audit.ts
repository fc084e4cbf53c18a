import { forSql, type Reader } from '../connect.ts'

/** The case's chain with what the house has noted as its end: one statement, so that neither runs ahead of the other. */
export const readAuditRows = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('audit_row')
    .leftJoin('audit_stream', 'audit_stream.stream', 'audit_row.stream')
    .selectAll('audit_row')
    .select(['audit_stream.last_seq as stream_last_seq', 'audit_stream.head as stream_head'])
    .where('audit_row.stream', '=', `case/${caseId}`)
    .orderBy('audit_row.seq')
    .execute()

/** The noted end of a chain none of whose rows are there. */
export const readAuditStream = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('audit_stream')
    .select(['last_seq as stream_last_seq', 'head as stream_head'])
    .where('stream', '=', `case/${caseId}`)
    .executeTakeFirst()

import { sql } from 'kysely'
import { verdictContent } from '#contracts/recorded-verdict.ts'
import { forSql, type Db, type Reader } from '../connect.ts'
import { KEPT } from '../kept-plans.ts'
import { WHOLE_CASE } from './case-file.ts'

/** The case itself, if the context shows it. */
export const readCaseFile = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('case_file')
    .innerJoin('org', 'org.org_id', 'case_file.org_id')
    .leftJoin('staff', 'staff.staff_id', 'case_file.created_by')
    .select(WHOLE_CASE)
    .select(['org.name as org_name', 'staff.name as creator_name'])
    .where('case_id', '=', caseId)
    .modifyEnd(KEPT)
    .executeTakeFirst()

/** What kind of case it is, if the context shows it: all that a decision must know to find its way. */
export const readKind = (db: Reader, caseId: string) =>
  forSql(db).selectFrom('case_file').select('kind').where('case_id', '=', caseId).modifyEnd(KEPT).executeTakeFirst()

/** Open tasks with who could take them. */
export const readTasks = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('task')
    .innerJoin('org', 'org.org_id', 'task.org_id')
    .leftJoin('staff', 'staff.staff_id', 'task.claimed_by')
    .select([
      'task.task_id',
      'task.post',
      'task.org_id',
      'org.name as org_name',
      'task.arrived_at',
      'task.due_on',
      'task.due_whose',
      'task.counts_on',
      'task.claimed_by',
      'task.claimed_at',
      'task.previous_opinion',
      'staff.name as claimed_name',
      sql<
        string[]
      >`(select coalesce(array_agg(s.name order by s.staff_number), '{}') from staff_post h join staff s on s.staff_id = h.staff_id
        where h.post = task.post and h.org_id = task.org_id and s.state = 'ACTIVE'
          and h.from_on <= business_today() and (h.to_on is null or h.to_on >= business_today()))`.as('candidates'),
    ])
    .where('task.case_id', '=', caseId)
    .where('task.state', '=', sql.lit('OPEN'))
    .modifyEnd(KEPT)
    .execute()

/** Everything decided in the case, by people and by the machine, in order; taken back ones too. */
export const readDecisions = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('decision')
    .leftJoin('staff as person', 'person.staff_id', 'decision.actor_id')
    .leftJoin('staff as principal', 'principal.staff_id', 'decision.on_behalf_of')
    .select([
      'decision.decision_id',
      'decision.seq',
      'decision.stage',
      'decision.stage_version',
      'decision.stage_entered_at',
      'decision.action',
      'decision.to_stage',
      'decision.actor_id',
      'decision.post',
      'decision.step_group',
      'decision.opinion',
      'decision.reason_code',
      'decision.fields',
      'decision.terms',
      'decision.decided_at',
      'decision.decided_on',
      'decision.recalled_by',
      'person.name as person_name',
      'principal.name as principal_name',
    ])
    .where('decision.case_id', '=', caseId)
    .orderBy('decision.seq')
    .modifyEnd(KEPT)
    .execute()

/** Notes on the case in order, with the name of whoever wrote them; the house writes some itself. */
export const readNotes = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('case_note')
    .leftJoin('staff', 'staff.staff_id', 'case_note.staff_id')
    .select(['case_note.kind', 'case_note.text', 'case_note.at', 'staff.name'])
    .where('case_id', '=', caseId)
    .orderBy('at')
    .modifyEnd(KEPT)
    .execute()

/** Who took the case's tasks, in order, and from whom: whoever held one before is what makes taking over or handing over readable. */
export const readClaims = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('task_claim')
    .innerJoin('task', 'task.task_id', 'task_claim.task_id')
    .innerJoin('staff', 'staff.staff_id', 'task_claim.staff_id')
    .select(['task.stage', 'task.post', 'task_claim.act', 'task_claim.reason', 'task_claim.at', 'staff.name'])
    .select(sql<string | null>`lag(staff.name) over (partition by task_claim.task_id order by task_claim.seq)`.as('before'))
    .where('task.case_id', '=', caseId)
    .orderBy('task_claim.at')
    .orderBy('task_claim.seq')
    .modifyEnd(KEPT)
    .execute()

/** Reminders that have come, in order; armed and cancelled ones are not among them. */
export const readFiredDeadlines = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('deadline')
    .select(['code', 'stage', 'due_on', 'settled_at'])
    .where('case_id', '=', caseId)
    .where('state', '=', sql.lit('FIRED'))
    .orderBy('settled_at')
    .modifyEnd(KEPT)
    .execute()

/** The parties as the form in force has them; numbers and telephones still sealed. */
export const readParties = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('case_party')
    .select(['party_no', 'role', 'name', 'id_number_enc', 'phone_enc', 'born_on', 'unit_name'])
    .where('case_id', '=', caseId)
    .orderBy('party_no')
    .modifyEnd(KEPT)
    .execute()

/** What has been asked for, in every notice and since, in the order it was asked. */
export const readWants = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('want')
    .select(['item', 'reason', 'asked_stage', 'notice_no', 'satisfied_at'])
    .where('case_id', '=', caseId)
    .orderBy('asked_at')
    .modifyEnd(KEPT)
    .execute()

/** The running and paused spans of the statutory clock, in order; the last one is open. */
export const readSpans = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('clock_span')
    .select(['state', 'from_on as fromOn', 'to_on as toOn', 'reason'])
    .where('case_id', '=', caseId)
    .orderBy('seq')
    .modifyEnd(KEPT)
    .execute()

/** All verdicts of the case, the newest first, each with its recorded facts and result. */
export async function readVerdicts(db: Reader, caseId: string) {
  const rows = await forSql(db)
    .selectFrom('verdict')
    .select(['kind', 'snapshot_id', 'rule_version', 'hash', 'content', 'made_at'])
    .where('case_id', '=', caseId)
    .orderBy('made_at', 'desc')
    .modifyEnd(KEPT)
    .execute()
  return rows.map((row) => ({ ...row, content: verdictContent(row.content) }))
}

/** The newest word of each source: not every source is asked every time. */
export const readSources = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('source_reply')
    .distinctOn('source')
    .select(['source', 'outcome', 'content', 'fetched_at', 'authorisation'])
    .where('case_id', '=', caseId)
    .orderBy('source')
    .orderBy('round', 'desc')
    .modifyEnd(KEPT)
    .execute()

/** What was handed in, with who took it in, in the order of upload; the contents are elsewhere. */
export const readDocuments = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('document')
    .innerJoin('staff', 'staff.staff_id', 'document.uploaded_by')
    .select([
      'document_id',
      'material',
      'document.name',
      'media_type',
      'size_bytes',
      'sha256',
      'uploaded_by',
      'uploaded_at',
      'check_state',
      'check_remark',
      'staff.name as uploader_name',
    ])
    .where('case_id', '=', caseId)
    .orderBy('uploaded_at')
    .modifyEnd(KEPT)
    .execute()

/** Papers issued in the case, in order, whether rendered yet or not. */
export const readPapers = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('paper')
    .select(['paper_id', 'kind', 'paper_number', 'issued_on', 'delivered_on', 'sha256'])
    .where('case_id', '=', caseId)
    .orderBy('issued_at')
    .modifyEnd(KEPT)
    .execute()

/** Payments of the case, in their order: after a failed one there may be another. */
export const readPayments = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('payment')
    .select([
      'payment_id',
      'payment_no',
      'amount_fen',
      'payee_name',
      'payee_bank',
      'payee_account_last4',
      'state',
      'bank_reference',
      'failure',
      'created_at',
      'settled_at',
    ])
    .where('case_id', '=', caseId)
    .orderBy('payment_no')
    .modifyEnd(KEPT)
    .execute()

/** Whether anything was paid in the case. For a connection that sees it whoever asks: a reader is shown only their own organisation's payments. */
export const hasPayment = async (db: Db | Reader, caseId: string): Promise<boolean> =>
  (await forSql(db)
    .selectFrom('payment')
    .select('payment_id')
    .where('case_id', '=', caseId)
    .limit(1)
    .modifyEnd(KEPT)
    .executeTakeFirst()) !== undefined

/** Every word that came about the payments of the case, in order, from whichever way it came. */
export const readPaymentEvents = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('payment_event')
    .selectAll()
    .where('payment_id', 'in', (eb) => eb.selectFrom('payment').select('payment_id').where('case_id', '=', caseId))
    .orderBy('seq')
    .execute()

/** Postings of the vouchers that the case has caused. Debit is positive, in fen. */
export const readPostings = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('posting')
    .innerJoin('voucher', 'voucher.voucher_id', 'posting.voucher_id')
    .innerJoin('ledger_account', 'ledger_account.code', 'posting.ledger_code')
    .leftJoin('bank_account', 'bank_account.bank_account_id', 'posting.sub_account')
    .leftJoin('org', 'org.org_id', 'posting.sub_account')
    .select([
      'voucher.voucher_number',
      'voucher.booked_on',
      'voucher.summary',
      'posting.line',
      'posting.ledger_code',
      'ledger_account.name as ledger_name',
      'posting.amount_fen',
    ])
    // What the account is called: that of a bank or an organisation; a loan's is its number.
    .select((eb) => eb.fn.coalesce('bank_account.name', 'org.name', 'posting.sub_account').as('sub_name'))
    .where('voucher.case_id', '=', caseId)
    .orderBy('voucher.voucher_number')
    .orderBy('posting.line')
    .modifyEnd(KEPT)
    .execute()

/** Who was sent a copy (抄送), by whom and with what remark, and whether it was read. */
export const readCopies = (db: Reader, caseId: string) =>
  forSql(db)
    .selectFrom('case_copy')
    .innerJoin('staff', 'staff.staff_id', 'case_copy.staff_id')
    .leftJoin('staff as sender', 'sender.staff_id', 'case_copy.copied_by')
    .select(['case_copy.staff_id', 'staff.name', 'sender.name as sender_name', 'case_copy.remark', 'case_copy.at', 'case_copy.read_at'])
    .where('case_id', '=', caseId)
    .orderBy('at')
    .orderBy('staff.staff_number')
    .modifyEnd(KEPT)
    .execute()

import type { ColumnType, Generated, GeneratedAlways, JSONColumnType } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import type { BankClaim, FindingState } from '#contracts/findings.ts'
import type { Relation, StaffChangeWord } from '#contracts/staff-change.ts'

/** ISO text in UTC; the machine's or the business clock's, as the column says. */
export type Instant = string
type Bytes = Buffer
type Json = JSONColumnType<Record<string, unknown>>
/** Written once, never updated. */
type Fixed<T> = ColumnType<T, T, never>
type Defaulted<T> = ColumnType<T, T | undefined, T>

/** The tenant of a row: who may see it. */
interface Owned {
  org_id: string
  access_group_id: Defaulted<string>
}

export interface OrgTable {
  org_id: string
  kind: 'CENTRE' | 'BRANCH' | 'BANK' | 'GUARANTOR' | 'COURT'
  name: string
  short_name: string
  parent_org_id: string | null
  reporting_entity: string
}

export interface StaffTable {
  staff_id: string
  staff_number: string
  name: string
  org_id: string
  state: Defaulted<'ACTIVE' | 'LOCKED' | 'LEFT'>
  /** Null while nobody can come in by password: between a reset and the handing out. */
  password_hash: string | null
  must_change_password: Defaulted<boolean>
  totp_secret_enc: Bytes | null
  /** What recusal goes by (回避信息). The hash alone where the number came before it was kept. */
  id_number_enc: Bytes | null
  id_hash: Bytes | null
  employer_unit_id: string | null
  created_at: Generated<Instant>
}

export interface StaffPostTable {
  staff_id: string
  post: string
  org_id: string
  from_on: PlainDate
  to_on: PlainDate | null
  granted_by_case: string | null
}

export interface StaffRelativeTable {
  staff_id: string
  relation: Relation
  id_hash: Bytes
  registered_by_case: string | null
}

export interface DelegationTable {
  delegation_id: string
  from_staff_id: string
  to_staff_id: string
  post: string
  from_on: PlainDate
  to_on: PlainDate
  created_at: Generated<Instant>
  revoked_at: Instant | null
}

export interface SessionTable {
  token_hash: Bytes
  staff_id: string
  created_at: Generated<Instant>
  last_seen_at: Defaulted<Instant>
  expires_at: Instant
  second_factor: Defaulted<boolean>
  stepped_up_at: Instant | null
  revoked_at: Instant | null
  revoked_why: string | null
}

/** How somebody tried to come in. */
export type SignInMeans = 'PASSWORD' | 'CODE' | 'OIDC'

export interface LoginAttemptTable {
  attempt_id: Generated<bigint>
  /** Of a known person; otherwise a keyed hash of what was typed. */
  staff_id: string | null
  login_hash: Bytes | null
  source_hash: Bytes | null
  means: SignInMeans
  at: Generated<Instant>
  outcome: Defaulted<'FAILED' | 'HALF_DONE' | 'SUCCEEDED'>
}

export interface SignInStepTable {
  step_hash: Bytes
  staff_id: string
  means: 'PASSWORD' | 'OIDC'
  secret_enc: Bytes | null
  return_to: string | null
  created_at: Generated<Instant>
  expires_at: Instant
  used_at: Instant | null
}

export interface OidcSignInTable {
  state_hash: Bytes
  browser_hash: Bytes
  nonce_enc: Bytes
  verifier_enc: Bytes
  return_to: string
  source_hash: Bytes
  created_at: Generated<Instant>
  expires_at: Instant
  used_at: Instant | null
}

export interface StaffIdentityTable {
  binding_id: Generated<bigint>
  issuer: Fixed<string>
  subject: Fixed<string>
  staff_id: Fixed<string>
  bound_by_case: Fixed<string>
  bound_at: Generated<Instant>
  ended_at: Instant | null
  ended_by_case: string | null
}

/** Who may be told an initial password, once. The password is not here. */
export interface InitialPasswordTable {
  case_id: string
  staff_id: string
  confirmer_id: string
  created_at: Generated<Instant>
  expires_at: Instant
  taken_at: Instant | null
}

export interface SpentOneTimeCodeTable {
  staff_id: string
  time_step: bigint
}

export interface StaffSettingTable {
  staff_id: string
  key: string
  value: ColumnType<unknown, string, string>
  updated_at: Defaulted<Instant>
}

export interface BusinessClockTable {
  only_row: Generated<boolean>
  mode: 'WALL' | 'DEMO'
  business_date: PlainDate
  moved_at: Defaulted<Instant>
}

export interface ClockMoveTable {
  move_id: Generated<bigint>
  from_date: PlainDate
  to_date: PlainDate
  moved_by: string | null
  at: Generated<Instant>
}

export interface CalendarYearTable {
  year: number
  source: string
  loaded_at: Generated<Instant>
}

export interface CalendarDayTable {
  day: PlainDate
  year: number
  working: boolean
  name: string | null
}

export interface ParameterTable {
  parameter_id: Generated<bigint>
  scope: string
  key: string
  effective_on: PlainDate
  value: ColumnType<unknown, string, never>
  standing: 'PUBLISHED' | 'ASSUMED'
  source: string
  article: string
  reason: string | null
  adopted_by_case: string | null
}

export interface PolicySnapshotTable {
  snapshot_id: string
  scope: string
  as_of: PlainDate
  hash: string
  content: string
}

export interface NumberSequenceTable {
  name: string
  year: number
  last_number: number
}

export interface CaseFileTable extends Owned {
  case_id: Fixed<string>
  kind: Fixed<string>
  case_number: Fixed<string>
  /** Made by the database: the number from its end, so that its last digits are a beginning. */
  case_number_backwards: GeneratedAlways<string>
  reporting_entity: string
  stage: string
  stage_version: Defaulted<number>
  engine_version: Defaulted<number>
  open: Defaulted<boolean>
  applicant_masked: string | null
  amount_fen: bigint | null
  snapshot_id: string | null
  created_by: string | null
  created_at: Instant
  created_on: PlainDate
  accepted_on: PlainDate | null
  stage_entered_at: Instant
  closed_on: PlainDate | null
  clock_days_allowed: number | null
  clock_unit: 'CALENDAR' | 'WORKING' | null
  clock_rule: string | null
  clock_state: Defaulted<'NOT_STARTED' | 'RUNNING' | 'PAUSED' | 'STOPPED'>
  due_on: PlainDate | null
  resume_stage: string | null
}

export interface CaseGrantTable {
  case_id: string
  org_id: string
  role: string
  granted_on: PlainDate
  ended_on: PlainDate | null
}

export interface CasePartyTable extends Owned {
  case_id: string
  party_no: number
  role: 'BORROWER' | 'SPOUSE' | 'CHILD' | 'CO_BORROWER' | 'SELLER'
  name: string
  id_number_enc: Bytes | null
  id_hash: Bytes | null
  id_last4: string | null
  phone_enc: Bytes | null
  born_on: PlainDate | null
  sex: 'MALE' | 'FEMALE' | null
  unit_name: string | null
}

export interface CaseActorTable {
  case_id: string
  staff_id: string
  step_group: string
  since: Instant
}

export interface CommandTable {
  command_id: string
  actor_id: string
  idempotency_key: string
  body_hash: string
  case_id: string | null
  action: string
  expected_version: number | null
  body: ColumnType<Record<string, unknown>, string | undefined, never>
  stepped_up: Defaulted<boolean>
  state: Defaulted<'RECEIVED' | 'DONE' | 'REFUSED'>
  answer: ColumnType<unknown, string | undefined, string>
  received_at: Generated<Instant>
  answered_at: Instant | null
  /** When it was last carried to its case again, because it had no answer. */
  carried_at: Generated<Instant | null>
}

export interface DecisionTable extends Owned {
  decision_id: string
  case_id: string
  seq: number
  command_id: string | null
  stage: string
  stage_version: number
  stage_entered_at: Instant
  action: string
  to_stage: string
  actor_id: string | null
  on_behalf_of: string | null
  post: string | null
  step_group: string | null
  opinion: Defaulted<string>
  reason_code: string | null
  terms: ColumnType<{ amountFen: string; months: number } | null, string | null, never>
  fields: ColumnType<Record<string, string>, string, never>
  decided_at: Instant
  decided_on: PlainDate
  recalled_by: string | null
}

export interface TaskTable extends Owned {
  task_id: string
  case_id: string
  stage: string
  stage_version: number
  post: string
  state: Defaulted<'OPEN' | 'DONE' | 'CANCELLED'>
  arrived_at: Instant
  /** The day of the step itself, and whose time it ends. */
  due_on: PlainDate | null
  due_whose: Defaulted<'POST' | 'APPLICANT'>
  /** The day that counts: the statutory one where it runs and is sooner. Only the database writes it. */
  counts_on: ColumnType<PlainDate | null, never, never>
  previous_opinion: string | null
  claimed_by: string | null
  claimed_at: Instant | null
  assigned_to: string | null
  decision_id: string | null
  closed_at: Instant | null
}

export interface TaskClaimTable {
  task_id: string
  seq: number
  staff_id: string
  act: 'CLAIM' | 'RELEASE' | 'TAKE_OVER' | 'HAND_OVER'
  reason: string | null
  at: Generated<Instant>
}

export interface WantTable extends Owned {
  want_id: string
  case_id: string
  item: string
  reason: string
  asked_stage: string
  asked_by: string
  asked_at: Instant
  notice_no: number | null
  satisfied_at: Instant | null
}

export interface ClockSpanTable extends Owned {
  case_id: string
  seq: number
  state: 'RUNNING' | 'PAUSED'
  from_on: PlainDate
  to_on: PlainDate | null
  reason: string
}

export interface DeadlineTable {
  deadline_id: string
  case_id: string
  code: string
  stage: string | null
  due_on: PlainDate
  state: Defaulted<'ARMED' | 'FIRED' | 'CANCELLED'>
  settled_at: Instant | null
  settled_on: PlainDate | null
}

export interface CaseCopyTable extends Owned {
  case_id: string
  staff_id: string
  copied_by: string | null
  remark: Defaulted<string>
  at: Generated<Instant>
  read_at: Instant | null
}

export interface CaseNoteTable extends Owned {
  note_id: string
  case_id: string
  staff_id: string
  kind: 'NOTE' | 'URGE' | 'RISK' | 'DEADLINE'
  text: string
  at: Generated<Instant>
}

export interface DraftTable {
  draft_id: string
  kind: string
  owner_id: string
  content_enc: Bytes
  title: string
  updated_at: Defaulted<Instant>
}

export interface OutboxTable {
  outbox_id: Generated<bigint>
  kind: 'START_CASE' | 'MESSAGE' | 'RECOUNT'
  case_id: string | null
  payload: ColumnType<Record<string, unknown>, string | undefined, string>
  state: Defaulted<'WAITING' | 'SENT' | 'PARKED'>
  attempts: Defaulted<number>
  next_at: Defaulted<Instant>
  last_error: string | null
  created_at: Generated<Instant>
  sent_at: Instant | null
  /** Null before the gateway has taken the message, and for one that had nowhere to go. */
  delivery: Defaulted<'PENDING' | 'DELIVERED' | 'UNDELIVERABLE' | null>
  delivered_on: Defaulted<PlainDate | null>
  delivery_failure: Defaulted<string | null>
  receipt_asks: Defaulted<number>
  receipt_next_at: Defaulted<Instant | null>
}

export interface EngineWatchTable {
  round: Fixed<'MACHINE' | 'ALL'>
  engine_id: string | null
  after_case: string | null
  next_at: Defaulted<Instant>
}

export interface CaseEventTable extends Owned {
  event_id: Generated<bigint>
  /** Which transaction wrote it. */
  transaction_id: Generated<string>
  case_id: string
  kind: string
  stage_version: number
  at: Generated<Instant>
}

export interface IncidentTable extends Owned {
  incident_id: string
  kind: string
  case_id: string | null
  reference: string
  detail: string
  state: Defaulted<'OPEN' | 'RETRIED' | 'CLOSED'>
  retry_reason: string | null
  handled_by: string | null
  created_at: Generated<Instant>
  handled_at: Instant | null
  /** The settled payment that a bank speaks against, and what it says became of it. */
  payment_id: Defaulted<string | null>
  claim: Defaulted<BankClaim | null>
}

export interface StaffChangeTable extends Owned {
  case_id: string
  /** Null until somebody who joins is here. */
  staff_id: string | null
  change: StaffChangeWord
  post: string | null
  post_org_id: string | null
  /** Whose identity is bound or unbound: of which provider, under which name there. */
  issuer: string | null
  subject: string | null
  /** Of somebody who joins. */
  new_staff_number: string | null
  new_name: string | null
  new_org_id: string | null
  /** What recusal goes by, of somebody who joins or whose particulars change; null for what stays as it is. */
  new_id_number_enc: Bytes | null
  new_id_hash: Bytes | null
  employer_change: 'SET' | 'CLEAR' | null
  employer_unit_id: string | null
  /** Of a relative who is declared: the number is theirs. */
  relation: Relation | null
  reason: string
}

export interface AuditStreamTable extends Owned {
  stream: string
  case_id: string | null
  last_seq: bigint
  head: string
}

export interface AuditRowTable extends Owned {
  audit_id: Generated<bigint>
  stream: string
  seq: bigint
  case_id: string | null
  at: Instant
  actor: string
  act: string
  body: string
  prev_hash: string
  hash: string
  xid: Generated<string>
  sealed_in: bigint | null
}

export interface AuditSealTable {
  seal_no: bigint
  sealed_at: Generated<Instant>
  row_count: number
  last_audit_id: bigint
  merkle_root: string
  prev_head: string
  head: string
  signature: string
  key_id: string
}

export interface UnitTable extends Owned {
  unit_id: string
  unit_number: string
  uscc: string
  name: string
  state: Defaulted<string>
}

export interface ContributorTable extends Owned {
  contributor_id: string
  unit_id: string
  name: string
  id_number_enc: Bytes
  id_hash: Bytes
  id_last4: string
  phone_enc: Bytes | null
  born_on: PlainDate
  sex: 'MALE' | 'FEMALE'
  worker_category: Defaulted<'WORKER' | 'CADRE'>
}

export interface PersonalAccountTable extends Owned {
  account_number: string
  contributor_id: string
  state: Defaulted<'NORMAL' | 'SEALED' | 'CLOSED'>
  base_fen: bigint
  unit_percent: string
  own_percent: string
  balance_fen: bigint
  opened_on: PlainDate
  paid_through: string
}

export type WithdrawalPurpose = 'HOME_PURCHASE' | 'REPAYMENT' | 'RENT' | 'RETIREMENT' | 'OTHER'

export interface AccountEntryTable extends Owned {
  account_number: string
  seq: number
  booked_on: PlainDate
  kind: string
  month: string | null
  amount_fen: bigint
  balance_fen: bigint
  purpose: ColumnType<WithdrawalPurpose | null, WithdrawalPurpose | null | undefined, never>
  home_hash: ColumnType<Buffer | null, Buffer | null | undefined, never>
}

export interface AccountHoldTable extends Owned {
  hold_id: string
  account_number: string
  kind: 'COURT' | 'INTERNAL'
  amount_fen: bigint | null
  from_on: PlainDate
  to_on: PlainDate | null
  released_on: PlainDate | null
}

export interface BanTable extends Owned {
  ban_id: string
  id_hash: Bytes
  kind: 'WITHDRAWAL' | 'LOAN' | 'BOTH'
  decision_number: string
  from_on: PlainDate
  to_on: PlainDate
}

export interface LedgerAccountTable {
  code: string
  name: string
  side: 'DEBIT' | 'CREDIT'
}

export interface BankAccountTable {
  bank_account_id: string
  org_id: string
  bank_org_id: string
  reporting_entity: string
  ledger_code: string
  number_enc: Bytes
  number_last4: string
  name: string
}

export interface VoucherTable extends Owned {
  voucher_id: string
  voucher_number: string
  reporting_entity: string
  booked_on: PlainDate
  kind: string
  case_id: string | null
  reverses: string | null
  summary: string
  made_by: string | null
  source_key: string
  posted_at: Generated<Instant>
}

export interface PostingTable extends Owned {
  voucher_id: string
  line: number
  ledger_code: string
  sub_account: string
  amount_fen: bigint
}

export interface LedgerBalanceTable {
  ledger_code: string
  sub_account: string
  reporting_entity: string
  amount_fen: bigint
  reserved_fen: Defaulted<bigint>
}

export type PaymentState = 'CREATED' | 'SENT' | 'ACCEPTED' | 'SUCCEEDED' | 'FAILED' | 'UNKNOWN'

export interface PaymentTable extends Owned {
  payment_id: string
  case_id: string
  payment_no: number
  bank_account_id: string
  amount_fen: bigint
  payee_name: string
  payee_bank: string
  payee_account_enc: Bytes
  payee_account_last4: string
  state: PaymentState
  maker_id: string
  checker_id: string
  /** What holds both to their step of the case, as `decision.step_group` does. */
  maker_group: GeneratedAlways<string>
  checker_group: GeneratedAlways<string>
  bank_reference: string | null
  failure: string | null
  queries: Defaulted<number>
  created_at: Instant
  sent_at: Instant | null
  settled_at: Instant | null
  settled_by: string | null
  /** The bank's own day of a success. */
  booked_on: Defaulted<PlainDate | null>
}

export interface PaymentFindingTable extends Owned {
  finding_id: string
  /** In the order in which they were made. */
  finding_no: GeneratedAlways<bigint>
  incident_id: string
  payment_id: string
  case_id: string
  claim: BankClaim
  bank_reference: string
  bank_day: PlainDate
  reason: string
  found_by: string
  /** For whom, where it was found in somebody's name (代理). */
  found_for: Defaulted<string | null>
  found_at: Instant
  state: Defaulted<FindingState>
  decided_by: string | null
  decided_at: Instant | null
  remark: string | null
}

export interface PaymentEventTable extends Owned {
  payment_id: string
  seq: number
  state: string
  source: string
  detail: Defaulted<string>
  at: Generated<Instant>
}

export interface ReservationTable {
  payment_id: string
  ledger_code: string
  sub_account: string
  amount_fen: bigint
  state: 'HELD' | 'POSTED' | 'RELEASED'
}

export interface MachineMessageTable {
  message_id: string
  client: string
  key_id: string
  nonce: string
  kind: string
  reference: string
  body: Json
  state: Defaulted<'RECEIVED' | 'APPLIED' | 'UNMATCHED' | 'CONTRADICTORY'>
  received_at: Generated<Instant>
}

export interface LoanApplicationTable extends Owned {
  case_id: string
  version: number
  content_enc: Bytes
  entered_by: string
  on_behalf_of: Generated<string | null>
  entered_at: Instant
  step_group: GeneratedAlways<'DESK'>
}

export interface CaseLockTable {
  lock_key: Bytes
  case_id: string
  what: string
}

export interface SourceReplyTable extends Owned {
  reply_id: string
  case_id: string
  round: number
  source: string
  outcome: 'MATCHED' | 'MISMATCHED' | 'UNAVAILABLE'
  authorisation: string
  content: ColumnType<unknown, string | null, never>
  fetched_at: Instant
}

export interface HandAnswerTable extends Owned {
  answer_id: string
  case_id: string
  round: number
  stage: string
  question: string
  person: string | null
  subject: Buffer
  answer: ColumnType<unknown, string, never>
  reference: string
  answered_by: string
  answered_at: Instant
}

export interface VerdictTable extends Owned {
  verdict_id: string
  case_id: string
  kind: string
  round: number
  outcome: string
  rule_version: string
  snapshot_id: string
  content: string
  hash: string
  made_at: Instant
}

export interface LoanTable extends Owned {
  case_id: string
  /** The version of the form on which parties, locks, assignments and amount stand. */
  application_version: Defaulted<number>
  bank_org_id: string | null
  guarantor_org_id: string | null
  home_order: string | null
  approved_fen: bigint | null
  approved_months: number | null
  approved_rate: string | null
  approved_on: PlainDate | null
  approval_valid_to: PlainDate | null
  repayment_method: string
  contract_number: string | null
  /** The rate that the contract prints, if it prints one. */
  contract_rate: Defaulted<string | null>
  signed_on: PlainDate | null
  mortgage_number: string | null
  mortgage_on: PlainDate | null
  mortgage_filed_as: Defaulted<string | null>
  disbursed_on: PlainDate | null
  disbursed_fen: bigint | null
  rate_percent: string | null
  rate_snapshot_id: string | null
}

export interface LoanAccountTable extends Owned {
  loan_number: string
  case_id: string | null
  borrower_name: string
  borrower_id_hash: Bytes
  bank_org_id: string
  guarantor_org_id: string | null
  principal_fen: bigint
  balance_fen: bigint
  rate_percent: string
  months: number
  method: string
  disbursed_on: PlainDate
  repayment_day: number
  /** `RETURNED`: its money came back, and its voucher was reversed; nothing is on it. */
  state: 'NORMAL' | 'OVERDUE' | 'SETTLED' | 'RETURNED'
  settled_on: PlainDate | null
}

export interface DocumentTable extends Owned {
  document_id: string
  case_id: string
  material: string
  name: string
  media_type: string
  size_bytes: number
  sha256: string
  uploaded_by: string
  uploaded_at: Generated<Instant>
  check_state: Defaulted<'UNCHECKED' | 'VERIFIED' | 'MISSING' | 'MISMATCH'>
  checked_by: string | null
  check_remark: string | null
}

export interface DocumentContentTable {
  sha256: string
  content: Bytes
}

export interface PaperTable extends Owned {
  paper_id: string
  case_id: string
  kind: string
  paper_number: string
  stage_version: number
  input: string
  template: string | null
  sha256: string | null
  issued_on: PlainDate
  issued_at: Instant
  delivered_on: PlainDate | null
}

/** Every table by its name in PostgreSQL. */
export interface Database {
  org: OrgTable
  staff: StaffTable
  staff_post: StaffPostTable
  staff_relative: StaffRelativeTable
  delegation: DelegationTable
  session: SessionTable
  login_attempt: LoginAttemptTable
  sign_in_step: SignInStepTable
  oidc_sign_in: OidcSignInTable
  staff_identity: StaffIdentityTable
  initial_password: InitialPasswordTable
  spent_one_time_code: SpentOneTimeCodeTable
  staff_setting: StaffSettingTable
  business_clock: BusinessClockTable
  clock_move: ClockMoveTable
  calendar_year: CalendarYearTable
  calendar_day: CalendarDayTable
  parameter: ParameterTable
  policy_snapshot: PolicySnapshotTable
  number_sequence: NumberSequenceTable
  case_file: CaseFileTable
  case_grant: CaseGrantTable
  case_party: CasePartyTable
  case_actor: CaseActorTable
  command: CommandTable
  decision: DecisionTable
  task: TaskTable
  task_claim: TaskClaimTable
  want: WantTable
  clock_span: ClockSpanTable
  deadline: DeadlineTable
  case_copy: CaseCopyTable
  case_note: CaseNoteTable
  draft: DraftTable
  outbox: OutboxTable
  engine_watch: EngineWatchTable
  case_event: CaseEventTable
  incident: IncidentTable
  staff_change: StaffChangeTable
  audit_stream: AuditStreamTable
  audit_row: AuditRowTable
  audit_seal: AuditSealTable
  unit: UnitTable
  contributor: ContributorTable
  personal_account: PersonalAccountTable
  account_entry: AccountEntryTable
  account_hold: AccountHoldTable
  ban: BanTable
  ledger_account: LedgerAccountTable
  bank_account: BankAccountTable
  voucher: VoucherTable
  posting: PostingTable
  ledger_balance: LedgerBalanceTable
  payment: PaymentTable
  payment_event: PaymentEventTable
  payment_finding: PaymentFindingTable
  reservation: ReservationTable
  machine_message: MachineMessageTable
  loan_application: LoanApplicationTable
  case_lock: CaseLockTable
  source_reply: SourceReplyTable
  hand_answer: HandAnswerTable
  verdict: VerdictTable
  loan: LoanTable
  loan_account: LoanAccountTable
  document: DocumentTable
  document_content: DocumentContentTable
  paper: PaperTable
}

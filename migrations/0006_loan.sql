-- Housing loans: applications by version, verdicts with everything they were made of, contracts, and the older book.

create table loan_application (
  case_id uuid not null references case_file,
  version int not null,
  org_id text not null,
  access_group_id text not null,
  -- the whole form as entered, sealed: it holds names, numbers and accounts
  content_enc bytea not null,
  entered_by uuid not null references staff,
  entered_at timestamptz not null,
  primary key (case_id, version)
);

create table source_reply (
  reply_id uuid primary key,
  case_id uuid not null references case_file,
  org_id text not null,
  access_group_id text not null,
  round int not null,
  source text not null,
  outcome text not null check (outcome in ('MATCHED', 'MISMATCHED', 'UNAVAILABLE')),
  authorisation text not null,
  content jsonb,
  fetched_at timestamptz not null,
  unique (case_id, round, source)
);

create table verdict (
  verdict_id uuid primary key,
  case_id uuid not null references case_file,
  org_id text not null,
  access_group_id text not null,
  kind text not null,
  round int not null,
  outcome text not null,
  rule_version text not null,
  snapshot_id text not null references policy_snapshot,
  -- canonical JSON (RFC 8785) of facts, snapshot id, rule version and result
  content text not null,
  hash text not null,
  made_at timestamptz not null,
  unique (case_id, kind, round)
);

create table loan (
  case_id uuid primary key references case_file,
  org_id text not null,
  access_group_id text not null,
  bank_org_id text references org,
  guarantor_org_id text references org,
  home_order text,
  approved_fen bigint,
  approved_months int,
  approved_rate numeric(6, 4),
  approved_on date,
  approval_valid_to date,
  repayment_method text not null,
  contract_number text unique,
  signed_on date,
  mortgage_number text,
  mortgage_on date,
  disbursed_on date,
  disbursed_fen bigint,
  rate_percent numeric(6, 4),
  rate_snapshot_id text
);

-- The book: loans in repayment, those disbursed here and those from before. Terms and events; the plan is derived.
create table loan_account (
  loan_number text primary key,
  case_id uuid unique references case_file,
  org_id text not null references org,
  access_group_id text not null default 'OPEN',
  borrower_name text not null,
  borrower_id_hash bytea not null,
  bank_org_id text not null references org,
  guarantor_org_id text references org,
  principal_fen bigint not null,
  balance_fen bigint not null check (balance_fen >= 0),
  rate_percent numeric(6, 4) not null,
  months int not null,
  method text not null,
  disbursed_on date not null,
  repayment_day int not null,
  state text not null check (state in ('NORMAL', 'OVERDUE', 'SETTLED')),
  settled_on date
);
create index loan_account_by_borrower on loan_account (borrower_id_hash);
create index loan_account_by_day on loan_account (disbursed_on desc, loan_number);

create table document (
  document_id uuid primary key,
  case_id uuid not null references case_file,
  org_id text not null,
  access_group_id text not null,
  material text not null,
  name text not null,
  media_type text not null,
  size_bytes int not null,
  sha256 text not null,
  uploaded_by uuid not null references staff,
  uploaded_at timestamptz not null default now(),
  check_state text not null default 'UNCHECKED' check (check_state in ('UNCHECKED', 'VERIFIED', 'MISSING', 'MISMATCH')),
  checked_by uuid references staff,
  check_remark text
);
create index document_of_case on document (case_id, uploaded_at);

create table document_content (
  sha256 text primary key,
  content bytea not null
);

create table paper (
  paper_id uuid primary key,
  case_id uuid not null references case_file,
  org_id text not null,
  access_group_id text not null,
  kind text not null,
  paper_number text not null unique,
  stage_version int not null,
  -- canonical JSON of everything printed: the same input gives the same bytes, whenever the paper is first asked for
  input text not null,
  template text,
  sha256 text references document_content,
  issued_on date not null,
  issued_at timestamptz not null,
  delivered_on date,
  unique (case_id, kind, stage_version)
);

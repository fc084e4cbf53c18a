-- Units, contributors, their accounts; the append-only ledger; payments and their reservations; holds.

create table unit (
  unit_id uuid primary key,
  unit_number text not null unique,
  uscc text not null unique,
  name text not null,
  org_id text not null references org,
  access_group_id text not null default 'OPEN',
  state text not null default 'NORMAL'
);

create table contributor (
  contributor_id uuid primary key,
  unit_id uuid not null references unit,
  org_id text not null references org,
  access_group_id text not null default 'OPEN',
  name text not null,
  id_number_enc bytea not null,
  id_hash bytea not null unique,
  id_last4 text not null,
  phone_enc bytea,
  born_on date not null,
  sex text not null check (sex in ('MALE', 'FEMALE')),
  worker_category text not null default 'WORKER' check (worker_category in ('WORKER', 'CADRE'))
);

create table personal_account (
  account_number text primary key,
  contributor_id uuid not null unique references contributor,
  org_id text not null references org,
  access_group_id text not null default 'OPEN',
  state text not null default 'NORMAL' check (state in ('NORMAL', 'SEALED', 'CLOSED')),
  base_fen bigint not null check (base_fen >= 0),
  unit_percent numeric(4, 2) not null,
  own_percent numeric(4, 2) not null,
  balance_fen bigint not null check (balance_fen >= 0),
  opened_on date not null,
  paid_through text not null
);

create table account_entry (
  account_number text not null references personal_account,
  seq int not null,
  org_id text not null,
  access_group_id text not null default 'OPEN',
  booked_on date not null,
  kind text not null,
  month text,
  amount_fen bigint not null,
  balance_fen bigint not null,
  primary key (account_number, seq)
);

-- Court and internal holds on a personal account. Who ordered a court hold is not here; that record belongs to the court group.
create table account_hold (
  hold_id uuid primary key,
  account_number text not null references personal_account,
  org_id text not null,
  access_group_id text not null,
  kind text not null check (kind in ('COURT', 'INTERNAL')),
  amount_fen bigint check (amount_fen > 0),
  from_on date not null,
  to_on date,
  released_on date
);
create index account_hold_active on account_hold (account_number) where released_on is null;

-- Persons barred from withdrawing or borrowing (骗提骗贷), by keyed hash.
create table ban (
  ban_id uuid primary key,
  id_hash bytea not null,
  org_id text not null,
  access_group_id text not null default 'OPEN',
  kind text not null check (kind in ('WITHDRAWAL', 'LOAN', 'BOTH')),
  decision_number text not null,
  from_on date not null,
  to_on date not null
);
create index ban_by_person on ban (id_hash);

create table ledger_account (
  code text primary key,
  name text not null,
  side text not null check (side in ('DEBIT', 'CREDIT'))
);

create table bank_account (
  bank_account_id text primary key,
  org_id text not null references org,
  bank_org_id text not null references org,
  reporting_entity text not null,
  ledger_code text not null references ledger_account,
  number_enc bytea not null,
  number_last4 text not null,
  name text not null
);

create table voucher (
  voucher_id uuid primary key,
  voucher_number text not null unique,
  org_id text not null,
  access_group_id text not null default 'OPEN',
  reporting_entity text not null,
  booked_on date not null,
  kind text not null,
  case_id uuid,
  reverses uuid unique references voucher,
  summary text not null,
  -- null for an automatic voucher: it has no maker
  made_by uuid references staff,
  source_key text not null unique,
  posted_at timestamptz not null default now()
);
create index voucher_of_case on voucher (case_id);
create index voucher_by_day on voucher (booked_on, voucher_id);

-- A posting adds to an account: positive is debit, negative is credit; those of one voucher sum to zero at commit.
create table posting (
  voucher_id uuid not null references voucher,
  line int not null,
  org_id text not null,
  access_group_id text not null default 'OPEN',
  ledger_code text not null references ledger_account,
  sub_account text not null,
  amount_fen bigint not null check (amount_fen <> 0),
  primary key (voucher_id, line)
);
create index posting_by_account on posting (ledger_code, sub_account);

create table ledger_balance (
  ledger_code text not null references ledger_account,
  sub_account text not null,
  reporting_entity text not null,
  amount_fen bigint not null,
  reserved_fen bigint not null default 0 check (reserved_fen >= 0),
  primary key (ledger_code, sub_account)
);

create function voucher_balances() returns trigger language plpgsql as $$
declare difference bigint;
begin
  select coalesce(sum(amount_fen), 0) into difference from posting where voucher_id = new.voucher_id;
  if difference <> 0 then
    raise exception 'voucher % is out of balance by % fen', new.voucher_id, difference using errcode = 'check_violation';
  end if;
  if not exists (select 1 from posting where voucher_id = new.voucher_id) then
    raise exception 'voucher % has no postings', new.voucher_id using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger voucher_balances_at_commit after insert on voucher
  deferrable initially deferred for each row execute function voucher_balances();
create constraint trigger posting_balances_at_commit after insert on posting
  deferrable initially deferred for each row execute function voucher_balances();

create function append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger voucher_append_only before update or delete on voucher for each row execute function append_only();
create trigger posting_append_only before update or delete on posting for each row execute function append_only();
create trigger account_entry_append_only before update or delete on account_entry for each row execute function append_only();
create trigger decision_never_deleted before delete on decision for each row execute function append_only();
create trigger audit_row_never_deleted before delete on audit_row for each row execute function append_only();

create table payment (
  payment_id uuid primary key,
  case_id uuid not null references case_file,
  org_id text not null,
  access_group_id text not null,
  payment_no int not null,
  bank_account_id text not null references bank_account,
  amount_fen bigint not null check (amount_fen > 0),
  payee_name text not null,
  payee_bank text not null,
  payee_account_enc bytea not null,
  payee_account_last4 text not null,
  state text not null check (state in ('CREATED', 'SENT', 'ACCEPTED', 'SUCCEEDED', 'FAILED', 'UNKNOWN')),
  maker_id uuid references staff,
  checker_id uuid references staff,
  bank_reference text,
  failure text,
  queries int not null default 0,
  created_at timestamptz not null,
  sent_at timestamptz,
  settled_at timestamptz,
  settled_by text,
  unique (case_id, payment_no)
);
create unique index payment_one_in_flight on payment (case_id) where state in ('CREATED', 'SENT', 'ACCEPTED', 'UNKNOWN');
create index payment_by_state on payment (state, created_at, payment_id);

create table payment_event (
  payment_id uuid not null references payment,
  seq int not null,
  org_id text not null,
  access_group_id text not null,
  state text not null,
  source text not null,
  detail text not null default '',
  at timestamptz not null default now(),
  primary key (payment_id, seq)
);

-- Taken in the approving transaction, counted against every hold check, posted on success, released on failure.
create table reservation (
  payment_id uuid primary key references payment,
  ledger_code text not null,
  sub_account text not null,
  amount_fen bigint not null check (amount_fen > 0),
  state text not null check (state in ('HELD', 'POSTED', 'RELEASED'))
);

-- Messages of machine clients, stored with what they caused; a nonce counts once per key.
create table machine_message (
  message_id uuid primary key,
  client text not null,
  key_id text not null,
  nonce text not null,
  kind text not null,
  reference text not null,
  body jsonb not null,
  state text not null default 'RECEIVED' check (state in ('RECEIVED', 'APPLIED', 'UNMATCHED', 'CONTRADICTORY')),
  received_at timestamptz not null default now(),
  unique (key_id, nonce)
);
create index machine_message_by_reference on machine_message (reference);

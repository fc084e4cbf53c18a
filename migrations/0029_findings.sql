-- A bank that speaks against a settled payment puts a question: which payment, and what it says became of it.
alter table incident
  add column payment_id uuid references payment,
  add column claim text check (claim in ('PAID', 'RETURNED')),
  add constraint incident_claim check ((payment_id is null) = (claim is null));

update incident i set payment_id = p.payment_id, claim = case p.state when 'FAILED' then 'PAID' else 'RETURNED' end
from payment p left join machine_message m on m.reference = p.payment_id::text
where i.kind = 'PAYMENT_CONTRADICTED' and i.state = 'OPEN' and p.state in ('SUCCEEDED', 'FAILED') and i.detail like '%结果矛盾%'
  and i.reference in (p.payment_id::text, m.message_id::text);

-- What somebody has found out to be true of it (认定), and what a second person made of that. Only added to; decided once.
create table payment_finding (
  finding_id uuid primary key,
  finding_no bigint generated always as identity,
  incident_id uuid not null references incident,
  payment_id uuid not null references payment,
  case_id uuid not null references case_file,
  org_id text not null,
  access_group_id text not null,
  claim text not null check (claim in ('PAID', 'RETURNED')),
  bank_reference text not null,
  -- the bank's own day, on which the money went out or came back
  bank_day date not null,
  reason text not null,
  found_by uuid not null references staff,
  -- for whom, where it was found in somebody's name (代理)
  found_for uuid references staff,
  found_at timestamptz not null,
  state text not null default 'FOUND' check (state in ('FOUND', 'CONFIRMED', 'DENIED')),
  -- null where the machine has seen that it cannot be carried out any more
  decided_by uuid references staff,
  decided_at timestamptz,
  remark text,
  check ((state = 'FOUND') = (decided_at is null)),
  check (state <> 'CONFIRMED' or decided_by is not null),
  constraint payment_finding_four_eyes check (decided_by is null or (decided_by <> found_by and decided_by is distinct from found_for))
);
create unique index payment_finding_awaited on payment_finding (case_id) where state = 'FOUND';
create index payment_finding_of_incident on payment_finding (incident_id);

alter table payment_finding enable row level security;
alter table payment_finding force row level security;
create policy owner_maintains on payment_finding to current_user using (true) with check (true);
create policy application_writes on payment_finding to anju_desk, anju_work using (true) with check (true);
create policy own_organisation on payment_finding for select to anju_read using (
  org_id = any((select context_orgs())::text[]) and access_group_id = any((select context_groups())::text[]));
grant select on payment_finding to anju_read, anju_work;
grant select, insert on payment_finding to anju_desk;
grant update (state, decided_by, decided_at, remark) on payment_finding to anju_work;

-- A loan whose money came back stays on the books as what it was, with nothing on it; its case may be paid again.
alter table loan_account drop constraint loan_account_state_check;
alter table loan_account add constraint loan_account_state_check check (state in ('NORMAL', 'OVERDUE', 'SETTLED', 'RETURNED'));
alter table loan_account add constraint loan_account_returned check (state <> 'RETURNED' or balance_fen = 0);
alter table loan_account drop constraint loan_account_case_id_key;
create unique index loan_account_of_case on loan_account (case_id) where state <> 'RETURNED';

-- What officers have read on paper where no source answered (人工核验): typed answers, each with the paper and who read it. Only added to.
create table hand_answer (
  answer_id uuid primary key,
  case_id uuid not null references case_file,
  org_id text not null,
  access_group_id text not null,
  -- the version of the case that was decided upon
  round int not null,
  -- where it was asked: an answer given before the release is for that release alone
  stage text not null,
  question text not null,
  person text,
  -- whom or what it is about, as a keyed hash: it is not said of another spouse or another home
  subject bytea not null,
  answer jsonb not null,
  reference text not null,
  answered_by uuid not null references staff,
  answered_at timestamptz not null
);
create unique index hand_answer_once on hand_answer (case_id, round, question, (coalesce(person, '')));

alter table hand_answer enable row level security;
alter table hand_answer force row level security;
create policy owner_maintains on hand_answer to current_user using (true) with check (true);
create policy application_writes on hand_answer to anju_desk, anju_work using (true) with check (true);
create policy own_organisation on hand_answer for select to anju_read using (
  org_id = any((select context_orgs())::text[]) and access_group_id = any((select context_groups())::text[]));
grant select on hand_answer to anju_read, anju_desk;
grant select, insert on hand_answer to anju_work;

-- What a withdrawal was for, and for which home: those for the home of a loan lower what may be lent on it. Null where it is not known.
alter table account_entry
  add column purpose text check (purpose in ('HOME_PURCHASE', 'REPAYMENT', 'RENT', 'RETIREMENT', 'OTHER')),
  add column home_hash bytea,
  add constraint account_entry_purpose check (kind = 'WITHDRAWAL' or num_nonnulls(purpose, home_hash) = 0);

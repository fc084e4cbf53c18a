-- How people come in: from where they try, with which half of a log-in done, by which identity of another house.

-- A try is kept under the person it is about, or under a keyed hash of what was typed: people type passwords where the number belongs.
-- What was typed before this day goes; what was tried at somebody's number stays with that person.
alter table login_attempt
  add column staff_id uuid references staff,
  add column login_hash bytea,
  add column source_hash bytea,
  add column means text not null default 'PASSWORD' check (means in ('PASSWORD', 'CODE', 'OIDC')),
  -- A half that is done is no failure, and clears none: whoever may do it again and again would otherwise guess codes for ever.
  add column outcome text not null default 'FAILED' check (outcome in ('FAILED', 'HALF_DONE', 'SUCCEEDED'));
update login_attempt set outcome = 'SUCCEEDED' where succeeded;
update login_attempt a set staff_id = s.staff_id from staff s where s.staff_number = a.staff_number;
delete from login_attempt where staff_id is null;
drop index login_attempt_recent;
alter table login_attempt drop column staff_number, drop column succeeded;
alter table login_attempt add constraint login_attempt_of_one check ((staff_id is null) <> (login_hash is null));
create index login_attempt_of_staff on login_attempt (staff_id, at desc) where staff_id is not null;
create index login_attempt_of_login on login_attempt (login_hash, at desc) where login_hash is not null;
create index login_attempt_from_source on login_attempt (source_hash, at desc);

-- One half of a log-in is done (password, or the word of an identity provider); the one-time code, or its enrolment, is still to come.
create table sign_in_step (
  step_hash bytea primary key,
  staff_id uuid not null references staff,
  means text not null check (means in ('PASSWORD', 'OIDC')),
  -- Of an enrolment: shown once, and the person's own from the first code on.
  secret_enc bytea,
  -- The page of ours that somebody left for the identity provider.
  return_to text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index sign_in_step_over on sign_in_step (expires_at);
create index sign_in_step_of_staff on sign_in_step (staff_id) where used_at is null;

-- Somebody has been sent to the identity provider and is expected back, once, in the same browser.
create table oidc_sign_in (
  state_hash bytea primary key,
  browser_hash bytea not null,
  nonce_enc bytea not null,
  verifier_enc bytea not null,
  return_to text not null,
  source_hash bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index oidc_sign_in_over on oidc_sign_in (expires_at);
create index oidc_sign_in_from_source on oidc_sign_in (source_hash, created_at desc);

-- Which member of staff an identity of the provider is. Bound and unbound by two people; the subject alone never makes anybody a person here.
create table staff_identity (
  binding_id bigint generated always as identity primary key,
  issuer text not null,
  subject text not null,
  staff_id uuid not null references staff,
  bound_by_case uuid not null references case_file,
  bound_at timestamptz not null default now(),
  ended_at timestamptz,
  ended_by_case uuid references case_file,
  check ((ended_at is null) = (ended_by_case is null))
);
create unique index staff_identity_bound on staff_identity (issuer, subject) where ended_at is null;
create unique index staff_identity_of_staff on staff_identity (staff_id, issuer) where ended_at is null;

alter table staff_change drop constraint staff_change_change_check;
alter table staff_change
  add column issuer text,
  add column subject text,
  add constraint staff_change_change_check check (change in
    ('GRANT_POST', 'REVOKE_POST', 'LOCK', 'UNLOCK', 'LEAVE', 'RESET_CODE', 'BIND_IDENTITY', 'UNBIND_IDENTITY')),
  add constraint staff_change_identity check (change not in ('BIND_IDENTITY') or (issuer is not null and subject is not null));

do $$
declare one text;
begin
  foreach one in array array['sign_in_step', 'oidc_sign_in', 'staff_identity'] loop
    execute format('alter table %I enable row level security', one);
    execute format('alter table %I force row level security', one);
    execute format('create policy owner_maintains on %I to current_user using (true) with check (true)', one);
    execute format('create policy application_writes on %I to anju_desk, anju_work using (true) with check (true)', one);
  end loop;
end $$;

-- The API's own connection signs people in; the reader sees nothing of it.
grant select, insert, update, delete on sign_in_step, oidc_sign_in to anju_desk;
grant select on staff_identity to anju_desk;
-- People set their own password and, at their enrolment, their own secret. Nothing else of a person is the desk's to change.
grant update (password_hash, totp_secret_enc) on staff to anju_desk;

-- Bindings and resets become true with the confirmation of the second person.
grant select, insert on staff_identity to anju_work;
grant update (ended_at, ended_by_case) on staff_identity to anju_work;
grant usage on all sequences in schema public to anju_desk, anju_work;
-- Who may come in is not the worker's to try.
revoke insert on login_attempt, session, spent_one_time_code from anju_work, anju_batch;

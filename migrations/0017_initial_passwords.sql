-- A new colleague, and a forgotten password: an initial password is told once, to the one who confirmed, and lasts for one log-in.

-- Without a hash nobody comes in by password: so it is between the confirmation and the handing out.
alter table staff
  alter column password_hash drop not null,
  add column must_change_password boolean not null default false;

-- Whoever joins is nobody yet: the proposal carries what their row will be made of, and names the row once it is there.
alter table staff_change
  alter column staff_id drop not null,
  add column new_staff_number text,
  add column new_name text,
  add column new_org_id text references org,
  drop constraint staff_change_change_check,
  add constraint staff_change_change_check check (change in
    ('GRANT_POST', 'REVOKE_POST', 'LOCK', 'UNLOCK', 'LEAVE', 'RESET_CODE', 'RESET_PASSWORD', 'JOIN', 'BIND_IDENTITY', 'UNBIND_IDENTITY')),
  add constraint staff_change_of_somebody check (change = 'JOIN' or staff_id is not null),
  add constraint staff_change_newcomer check (
    num_nonnulls(new_staff_number, new_name, new_org_id) = case when change = 'JOIN' then 3 else 0 end);

-- The right to be told an initial password, once. The password itself is made when it is told, and kept nowhere but as its hash.
create table initial_password (
  case_id uuid primary key references case_file,
  staff_id uuid not null references staff,
  confirmer_id uuid not null references staff,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  taken_at timestamptz,
  check (confirmer_id <> staff_id)
);
create index initial_password_waiting on initial_password (staff_id) where taken_at is null;

alter table initial_password enable row level security;
alter table initial_password force row level security;
create policy owner_maintains on initial_password to current_user using (true) with check (true);
create policy application_writes on initial_password to anju_desk, anju_work using (true) with check (true);
create policy own_confirmations on initial_password for select to anju_read using (confirmer_id = (select context_person()));

grant select on initial_password to anju_read, anju_desk;
grant update (taken_at) on initial_password to anju_desk;
grant select, insert on initial_password to anju_work;
grant update (expires_at) on initial_password to anju_work;
-- Handed out, or replaced by their owner's own: both by the desk, which sets the hash as well.
grant update (must_change_password) on staff to anju_desk;
-- A log-in that the old password has half done ends with that password. Of whom it is, and whether it is over: more of it the worker never sees.
grant select (staff_id, used_at), update (used_at, secret_enc) on sign_in_step to anju_work;

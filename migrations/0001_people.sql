-- Organisations, people and their posts, sessions. Identity numbers are ciphertext; they are found by a keyed hash.

create table org (
  org_id text primary key,
  kind text not null check (kind in ('CENTRE', 'BRANCH', 'BANK', 'GUARANTOR', 'COURT')),
  name text not null,
  short_name text not null,
  parent_org_id text references org,
  reporting_entity text not null
);

create table staff (
  staff_id uuid primary key,
  staff_number text not null unique,
  name text not null,
  org_id text not null references org,
  state text not null default 'ACTIVE' check (state in ('ACTIVE', 'LOCKED', 'LEFT')),
  password_hash text not null,
  totp_secret_enc bytea,
  id_hash bytea,
  employer_unit_id uuid,
  created_at timestamptz not null default now()
);

create table staff_post (
  staff_id uuid not null references staff,
  post text not null,
  org_id text not null references org,
  from_on date not null,
  to_on date,
  granted_by_case uuid,
  primary key (staff_id, post, org_id, from_on)
);

-- Recusal (回避): spouse, parents, children of a member of staff, by keyed hash only.
create table staff_relative (
  staff_id uuid not null references staff,
  relation text not null,
  id_hash bytea not null,
  primary key (staff_id, id_hash)
);

create table delegation (
  delegation_id uuid primary key,
  from_staff_id uuid not null references staff,
  to_staff_id uuid not null references staff,
  post text not null,
  from_on date not null,
  to_on date not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  check (from_staff_id <> to_staff_id and to_on >= from_on)
);

create table session (
  token_hash bytea primary key,
  staff_id uuid not null references staff,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  second_factor boolean not null default false,
  stepped_up_at timestamptz,
  revoked_at timestamptz,
  revoked_why text
);
create index session_of_staff on session (staff_id) where revoked_at is null;

create table login_attempt (
  attempt_id bigint generated always as identity primary key,
  staff_number text not null,
  at timestamptz not null default now(),
  succeeded boolean not null
);
create index login_attempt_recent on login_attempt (staff_number, at desc);

-- A one-time code counts once: its time step is spent with the transaction that accepts it.
create table spent_one_time_code (
  staff_id uuid not null references staff,
  time_step bigint not null,
  primary key (staff_id, time_step)
);

create table staff_setting (
  staff_id uuid not null references staff,
  key text not null,
  value jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (staff_id, key)
);

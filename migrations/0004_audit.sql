-- The audit chain: one per case (and one per desk), written in the transaction of the fact; sealed batches leave the database.

create table audit_stream (
  stream text primary key,
  case_id uuid,
  org_id text not null,
  access_group_id text not null,
  last_seq bigint not null,
  head text not null
);

create table audit_row (
  audit_id bigint generated always as identity unique,
  stream text not null,
  seq bigint not null,
  case_id uuid,
  org_id text not null,
  access_group_id text not null,
  -- the very text that is hashed: ISO, UTC, microseconds
  at text not null,
  actor text not null,
  act text not null,
  body text not null,
  prev_hash text not null,
  hash text not null,
  xid xid8 not null default pg_current_xact_id(),
  sealed_in bigint,
  primary key (stream, seq)
);
create index audit_row_of_case on audit_row (case_id, seq);
create index audit_row_unsealed on audit_row (audit_id) where sealed_in is null;

create table audit_seal (
  seal_no bigint primary key,
  sealed_at timestamptz not null default now(),
  row_count int not null,
  last_audit_id bigint not null,
  merkle_root text not null,
  prev_head text not null,
  head text not null,
  signature text not null,
  key_id text not null
);

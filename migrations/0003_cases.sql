-- Cases, tasks, decisions, commands, deadlines: everything the engine knows is also a row here.

create table number_sequence (
  name text not null,
  year int not null,
  last_number int not null,
  primary key (name, year)
);

create table case_file (
  case_id uuid primary key,
  kind text not null,
  case_number text not null unique,
  org_id text not null references org,
  access_group_id text not null default 'OPEN',
  reporting_entity text not null,
  stage text not null,
  stage_version int not null default 0,
  engine_version int not null default -1,
  open boolean not null default true,
  applicant_masked text,
  amount_fen bigint,
  snapshot_id text references policy_snapshot,
  created_by uuid references staff,
  created_at timestamptz not null,
  created_on date not null,
  accepted_on date,
  stage_entered_at timestamptz not null,
  closed_on date,
  -- the statutory clock: a budget of days, a due date derived from it, and whether it stands still
  clock_days_allowed int,
  clock_unit text check (clock_unit in ('CALENDAR', 'WORKING')),
  clock_rule text,
  clock_state text not null default 'NOT_STARTED' check (clock_state in ('NOT_STARTED', 'RUNNING', 'PAUSED', 'STOPPED')),
  due_on date,
  -- the stage a supplement or a re-check goes back to
  resume_stage text,
  check (stage_version >= engine_version)
);
create index case_open_by_stage on case_file (kind, stage) where open;
create index case_engine_behind on case_file (case_id) where engine_version < stage_version and open;
create index case_by_creator on case_file (created_by, created_at desc, case_id);
create index case_by_org on case_file (org_id, created_at desc, case_id);

-- Organisations outside the branch that may see a case while it is assigned to them: its bank, its guarantor.
create table case_grant (
  case_id uuid not null references case_file,
  org_id text not null references org,
  role text not null,
  granted_on date not null,
  ended_on date,
  primary key (case_id, org_id, role)
);
create index case_grant_by_org on case_grant (org_id, case_id) where ended_on is null;

create table case_party (
  case_id uuid not null references case_file,
  party_no int not null,
  org_id text not null,
  access_group_id text not null,
  role text not null check (role in ('BORROWER', 'SPOUSE', 'CHILD', 'CO_BORROWER', 'SELLER')),
  name text not null,
  id_number_enc bytea,
  id_hash bytea,
  id_last4 text,
  phone_enc bytea,
  born_on date,
  sex text check (sex in ('MALE', 'FEMALE')),
  unit_name text,
  primary key (case_id, party_no)
);
create index case_party_by_id on case_party (id_hash);
create index case_party_by_last4 on case_party (id_last4, case_id);
create index case_party_by_name on case_party (name, case_id);

-- Four eyes: within a case a person belongs to one step group. Decisions refer to this row, so the database refuses a second group.
create table case_actor (
  case_id uuid not null references case_file,
  staff_id uuid not null references staff,
  step_group text not null,
  since timestamptz not null,
  primary key (case_id, staff_id),
  unique (case_id, staff_id, step_group)
);

create table command (
  command_id uuid primary key,
  actor_id uuid not null references staff,
  idempotency_key text not null,
  body_hash text not null,
  case_id uuid,
  action text not null,
  expected_version int,
  -- what the officer sent, without the one-time code; whether that code was good is the API's word
  body jsonb not null default '{}',
  stepped_up boolean not null default false,
  state text not null default 'RECEIVED' check (state in ('RECEIVED', 'DONE', 'REFUSED')),
  answer jsonb,
  received_at timestamptz not null default now(),
  answered_at timestamptz,
  unique (actor_id, idempotency_key),
  check ((state = 'RECEIVED') = (answer is null))
);
create index command_of_case on command (case_id, received_at);

create table decision (
  decision_id uuid primary key,
  case_id uuid not null references case_file,
  org_id text not null,
  access_group_id text not null,
  seq int not null,
  command_id uuid unique references command,
  stage text not null,
  stage_version int not null,
  stage_entered_at timestamptz not null,
  action text not null,
  to_stage text not null,
  actor_id uuid references staff,
  on_behalf_of uuid references staff,
  post text,
  step_group text,
  opinion text not null default '',
  reason_code text,
  terms jsonb,
  fields jsonb not null default '{}',
  decided_at timestamptz not null,
  decided_on date not null,
  recalled_by uuid references decision,
  unique (case_id, seq),
  check ((actor_id is null) = (step_group is null)),
  foreign key (case_id, actor_id, step_group) references case_actor (case_id, staff_id, step_group),
  foreign key (case_id, on_behalf_of, step_group) references case_actor (case_id, staff_id, step_group)
);
create index decision_by_actor on decision (actor_id, decided_at desc, decision_id);

create table task (
  task_id uuid primary key,
  case_id uuid not null references case_file,
  org_id text not null references org,
  access_group_id text not null,
  stage text not null,
  stage_version int not null,
  post text not null,
  state text not null default 'OPEN' check (state in ('OPEN', 'DONE', 'CANCELLED')),
  arrived_at timestamptz not null,
  due_on date,
  previous_opinion text,
  claimed_by uuid references staff,
  claimed_at timestamptz,
  assigned_to uuid references staff,
  decision_id uuid references decision,
  closed_at timestamptz,
  check ((claimed_by is null) = (claimed_at is null))
);
create unique index task_open_once on task (case_id, stage, post) where state = 'OPEN';
create index task_todo on task (org_id, post, due_on, task_id) where state = 'OPEN';
create index task_of_case on task (case_id);

-- Claims and their takings-over, kept as facts.
create table task_claim (
  task_id uuid not null references task,
  seq int not null,
  staff_id uuid not null references staff,
  act text not null check (act in ('CLAIM', 'RELEASE', 'TAKE_OVER', 'HAND_OVER')),
  reason text,
  at timestamptz not null default now(),
  primary key (task_id, seq)
);

create table want (
  want_id uuid primary key,
  case_id uuid not null references case_file,
  org_id text not null,
  access_group_id text not null,
  item text not null,
  reason text not null,
  asked_stage text not null,
  asked_by uuid not null references staff,
  asked_at timestamptz not null,
  notice_no int,
  satisfied_at timestamptz
);
create index want_open on want (case_id) where satisfied_at is null;

-- Spans of the statutory clock. Days are counted from these, never stored.
create table clock_span (
  case_id uuid not null references case_file,
  seq int not null,
  org_id text not null,
  access_group_id text not null,
  state text not null check (state in ('RUNNING', 'PAUSED')),
  from_on date not null,
  to_on date,
  reason text not null,
  primary key (case_id, seq)
);

create table deadline (
  deadline_id uuid primary key,
  case_id uuid not null references case_file,
  code text not null,
  stage text,
  due_on date not null,
  state text not null default 'ARMED' check (state in ('ARMED', 'FIRED', 'CANCELLED')),
  settled_at timestamptz,
  settled_on date,
  check (state <> 'FIRED' or settled_on >= due_on)
);
create unique index deadline_armed_once on deadline (case_id, code, due_on) where state = 'ARMED';
create index deadline_due on deadline (due_on, case_id) where state = 'ARMED';

create table case_copy (
  case_id uuid not null references case_file,
  staff_id uuid not null references staff,
  copied_by uuid references staff,
  org_id text not null,
  access_group_id text not null,
  remark text not null default '',
  at timestamptz not null default now(),
  read_at timestamptz,
  primary key (case_id, staff_id)
);
create index case_copy_of_staff on case_copy (staff_id, at desc);

create table case_note (
  note_id uuid primary key,
  case_id uuid not null references case_file,
  org_id text not null,
  access_group_id text not null,
  staff_id uuid not null references staff,
  kind text not null check (kind in ('NOTE', 'URGE', 'RISK', 'DEADLINE')),
  text text not null,
  at timestamptz not null default now()
);
create index case_note_of_case on case_note (case_id, at);

-- What may be before one case at a time: a household, a home. Two counters cannot both take it; the end of the case gives it back.
create table case_lock (
  lock_key bytea primary key,
  case_id uuid not null references case_file,
  what text not null
);

create table draft (
  draft_id uuid primary key,
  kind text not null,
  owner_id uuid not null references staff,
  content_enc bytea not null,
  title text not null,
  updated_at timestamptz not null default now()
);
create index draft_of_owner on draft (owner_id, updated_at desc);

create table outbox (
  outbox_id bigint generated always as identity primary key,
  kind text not null check (kind in ('START_CASE', 'MESSAGE')),
  case_id uuid,
  payload jsonb not null default '{}',
  state text not null default 'WAITING' check (state in ('WAITING', 'SENT', 'PARKED')),
  attempts int not null default 0,
  next_at timestamptz not null default now(),
  last_error text,
  created_at timestamptz not null default now(),
  sent_at timestamptz
);
create index outbox_waiting on outbox (next_at, outbox_id) where state = 'WAITING';

-- What the screens are told: ids and versions only. Whoever may not see the case never hears of it.
create table case_event (
  event_id bigint generated always as identity primary key,
  case_id uuid not null,
  org_id text not null,
  access_group_id text not null,
  kind text not null,
  stage_version int not null,
  at timestamptz not null default now()
);
create index case_event_recent on case_event (at);

create table incident (
  incident_id uuid primary key,
  kind text not null,
  case_id uuid,
  org_id text not null,
  access_group_id text not null default 'OPEN',
  reference text not null,
  detail text not null,
  state text not null default 'OPEN' check (state in ('OPEN', 'RETRIED', 'CLOSED')),
  retry_reason text,
  handled_by uuid references staff,
  created_at timestamptz not null default now(),
  handled_at timestamptz
);
create unique index incident_open_once on incident (kind, reference) where state = 'OPEN';

create table staff_change (
  case_id uuid primary key references case_file,
  staff_id uuid not null references staff,
  org_id text not null,
  access_group_id text not null,
  change text not null check (change in ('GRANT_POST', 'REVOKE_POST', 'LOCK', 'UNLOCK', 'LEAVE')),
  post text,
  post_org_id text references org,
  reason text not null
);

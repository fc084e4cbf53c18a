-- The business clock, the calendar of working days, parameters with their dates and sources.

create table business_clock (
  only_row boolean primary key default true check (only_row),
  mode text not null check (mode in ('WALL', 'DEMO')),
  business_date date not null,
  moved_at timestamptz not null default now()
);

create table clock_move (
  move_id bigint generated always as identity primary key,
  from_date date not null,
  to_date date not null check (to_date > from_date),
  moved_by uuid references staff,
  at timestamptz not null default now()
);

-- In a demo the business date stands until it is moved; only the time of day goes on. In production both are the wall clock's.
create function business_today() returns date language sql stable as $$
  select case mode when 'WALL' then (now() at time zone 'Asia/Shanghai')::date else business_date end from business_clock
$$;
create function business_now() returns timestamptz language sql stable as $$
  select case mode when 'WALL' then now()
    else (business_date + (now() at time zone 'Asia/Shanghai')::time) at time zone 'Asia/Shanghai' end from business_clock
$$;

create table calendar_year (
  year int primary key,
  source text not null,
  loaded_at timestamptz not null default now()
);

-- One row per day of a loaded year. A year that is not here is unknown, and unknown is never guessed.
create table calendar_day (
  day date primary key,
  year int not null references calendar_year,
  working boolean not null,
  name text,
  check (extract(year from day) = year)
);

create table parameter (
  parameter_id bigint generated always as identity primary key,
  scope text not null,
  key text not null,
  effective_on date not null,
  value jsonb,
  standing text not null check (standing in ('PUBLISHED', 'ASSUMED')),
  source text not null,
  article text not null,
  reason text,
  adopted_by_case uuid,
  unique (scope, key, effective_on)
);

create table policy_snapshot (
  snapshot_id text primary key,
  scope text not null,
  as_of date not null,
  hash text not null,
  content text not null
);

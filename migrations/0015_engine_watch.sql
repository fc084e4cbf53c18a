-- The engine is watched from the record: two rounds through the open cases, each a row that whichever worker comes first takes a page of.
-- MACHINE goes quickly through the few cases that stand in a stage of the machine's, where nobody's decision would miss a lost workflow;
-- ALL goes slowly through every open case.
create table engine_watch (
  round text primary key check (round in ('MACHINE', 'ALL')),
  -- the store of the engine that the round was made on: another one begins it again at once
  engine_id text,
  after_case uuid,
  next_at timestamptz not null default now()
);
insert into engine_watch (round) values ('MACHINE'), ('ALL');

alter table engine_watch enable row level security;
alter table engine_watch force row level security;
create policy owner_maintains on engine_watch to current_user using (true) with check (true);
create policy application_writes on engine_watch to anju_work using (true) with check (true);
grant select, update on engine_watch to anju_work;

create index case_open on case_file (case_id) include (kind) where open;
-- Who watches and who wakes both leave out the cases whose first start is still before them; of those there are few.
create index outbox_unsent_start on outbox (case_id) where kind = 'START_CASE' and state <> 'SENT';

-- A demo's business time of day is the wall clock's, until the last hour before the midnight after its date was moved; from there on it
-- slows down and never reaches the end of the day. Whatever happens while the date stands has its order, and no case sees time go back.
create function demo_time(on_date date, moved_at timestamptz, at_moment timestamptz) returns timestamptz language sql stable as $$
  select (on_date + case when late <= 0 then (at_moment at time zone 'Asia/Shanghai')::time
    else time '23:00' + make_interval(secs => 3600 * late / (late + 3600)) end) at time zone 'Asia/Shanghai'
  from (select extract(epoch from at_moment -
    (((moved_at at time zone 'Asia/Shanghai')::date + time '23:00') at time zone 'Asia/Shanghai'))::float8 as late) last_hour
$$;
create or replace function business_now() returns timestamptz language sql stable as $$
  select case mode when 'WALL' then now() else demo_time(business_date, moved_at, now()) end from business_clock
$$;

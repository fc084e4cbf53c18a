-- Who was in, and by which code, goes when its time is over, as the tries to come in do (0021; db/write/sessions.ts, db/write/sign-in.ts).

-- With its try a session says who was in and from when to when: the law has both kept for six months, and no process of ours can remove it.
create index session_over on session (expires_at);
grant delete on session to anju_desk;
create policy kept_six_months on session as restrictive for delete to anju_desk using (expires_at < now() - interval '6 months');

-- A spent code stands in the way of its second use, which no clock takes an hour later. No process can make it fit to be used again.
create index spent_one_time_code_over on spent_one_time_code (time_step);
grant delete on spent_one_time_code to anju_desk;
create policy kept_while_it_counts on spent_one_time_code as restrictive for delete to anju_desk
  using (time_step < extract(epoch from now()) / 30 - 120);

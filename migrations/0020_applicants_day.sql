-- Whose time the present step takes. Once the notice is delivered it is the applicant's: their day is the day of the task, and the officers'
-- own time has stopped.
alter table task add column due_whose text not null default 'POST' check (due_whose in ('POST', 'APPLICANT'));

-- The day that counts: that of the step, or the statutory one where it runs and is over sooner. Lists show it, sort by it and filter by it, so
-- it is kept where their index is; the two triggers are all that writes it.
alter table task add column counts_on date;

create function task_counts_on() returns trigger language plpgsql as $$
begin
  new.counts_on := least(new.due_on, (select c.due_on from case_file c where c.case_id = new.case_id and c.clock_state = 'RUNNING'));
  return new;
end $$;
create trigger task_counts_on before insert or update of due_on on task for each row execute function task_counts_on();

create function case_counts_on() returns trigger language plpgsql as $$
begin
  update task set due_on = due_on where case_id = new.case_id and state = 'OPEN';
  return null;
end $$;
create trigger case_counts_on after update of due_on, clock_state on case_file for each row
  when ((old.due_on, old.clock_state) is distinct from (new.due_on, new.clock_state)) execute function case_counts_on();

-- How long an applicant has is the committee's to say. Where a centre has its parameters already, it gets the assumption with them.
insert into parameter (scope, key, effective_on, value, standing, source, article, reason)
select scope, 'answerDays', effective_on, '30', 'ASSUMED', '各地通行做法', '补正期限（假定）', '条例和年报均未载申请人补正的期限；按通行的30日（自然日）'
from parameter where key = 'approvalValidDays';

-- Cases whose applicant has the notice in hand: their day, and no reminder of the officers' time any more.
update task t set due_whose = 'APPLICANT', due_on = (
  select max(d.due_on) - 1 from deadline d where d.case_id = t.case_id and d.code = 'ANSWER_DUE' and d.state <> 'CANCELLED')
from case_file c where c.case_id = t.case_id and t.state = 'OPEN' and c.clock_state = 'PAUSED';
update deadline d set stage = c.stage from case_file c where c.case_id = d.case_id and d.state = 'ARMED' and d.code = 'ANSWER_DUE';
update deadline d set state = 'CANCELLED', settled_at = business_now() from case_file c
where c.case_id = d.case_id and d.state = 'ARMED' and d.code = 'STAGE_OVERDUE' and c.clock_state = 'PAUSED';
update task set due_on = due_on where state = 'OPEN';

drop index task_todo;
create index task_todo on task (org_id, post, counts_on, task_id) where state = 'OPEN';

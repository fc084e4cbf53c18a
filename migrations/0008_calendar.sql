-- A change of the working calendar counts open deadlines again, case by case: each is an item of the outbox, and what is half done goes on.
alter table outbox drop constraint outbox_kind_check;
alter table outbox add constraint outbox_kind_check check (kind in ('START_CASE', 'MESSAGE', 'RECOUNT'));

-- To which step group somebody belongs in a case is written once; of a decision only its recall is added later.
revoke update on case_actor, decision from anju_work, anju_batch;
grant update (recalled_by) on decision to anju_work;

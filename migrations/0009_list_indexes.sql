-- What officers open all day is read by an index, in the order of the list, with nothing sorted and nothing scanned from end to end.
-- The columns after `include` are those that row-level security asks for: a count is answered by the index alone.

create index case_by_arrival on case_file (created_at desc, case_id desc) include (org_id, access_group_id);

drop index case_by_creator;
create index case_by_creator on case_file (created_by, created_at desc, case_id desc) include (org_id, access_group_id);

drop index decision_by_actor;
create index decision_by_actor on decision (actor_id, decided_at desc, case_id desc) include (decision_id, org_id, access_group_id);

-- Digits at the end of a case number: read backwards they are a beginning, and a beginning is a range.
alter table case_file add column case_number_backwards text collate "C" generated always as (reverse(case_number)) stored;
create index case_by_number_backwards on case_file (case_number_backwards);

-- A total comes with its sum: the amount is beside the columns that row-level security asks for, and the index alone answers both.
drop index case_by_arrival;
create index case_by_arrival on case_file (created_at desc, case_id desc) include (org_id, access_group_id, amount_fen);
drop index case_by_creator;
create index case_by_creator on case_file (created_by, created_at desc, case_id desc) include (org_id, access_group_id, amount_fen);

-- A person's cases once each, however often they decided in one: counted to the limit and no further, instead of gathered first.
create index decision_once_a_case on decision (actor_id, case_id) include (decided_at, decision_id, org_id, access_group_id);
create index case_by_id on case_file (case_id) include (org_id, access_group_id, amount_fen);

-- Returns are few: whether the move that brought a case here was one is asked of them alone.
create index decision_that_returns on decision (case_id, stage_version) include (org_id, access_group_id, actor_id) where action = 'return';

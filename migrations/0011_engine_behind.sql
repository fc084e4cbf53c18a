-- The engine must hear of a case's end as well: the sweep looks at ended cases too.
drop index case_engine_behind;
create index case_engine_behind on case_file (case_id) where engine_version < stage_version;

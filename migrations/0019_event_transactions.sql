-- Ids of events are given out while they are written and become visible when they are committed, in another order: whoever goes by ids alone
-- passes by what comes late. The transaction that wrote an event, held against a snapshot, says whether it was there when somebody looked.
alter table case_event add column transaction_id xid8 not null default pg_current_xact_id();
create index case_event_by_transaction on case_event (transaction_id);

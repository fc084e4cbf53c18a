-- A decision that was received and has no answer is carried to its case again until it has one; the longest neglected comes first.
alter table command add column carried_at timestamptz;
create index command_without_answer on command (received_at) where state = 'RECEIVED';

-- What has nothing that could be carried out was never retried, whoever asked: it is somebody's to look into.
update incident i set state = 'OPEN' where state = 'RETRIED' and kind not in ('OUTBOX_PARKED', 'MESSAGE_PARKED', 'CASE_STUCK')
  and not exists (select 1 from incident o where o.kind = i.kind and o.reference = i.reference and o.state = 'OPEN');

-- What has still to be done by itself is found without reading what is done: notices to judge, payments to book.
create index machine_message_to_judge on machine_message (received_at, message_id) where state = 'RECEIVED';
create index reservation_held on reservation (payment_id) where state = 'HELD';

-- Which version of the application the case stands on: parties, locks, assignments and amount follow it when the case is handed in again.
alter table loan add column application_version int not null default 1;
-- A correction at the desk is a new version of the form and nothing else; who is before whom changes with the decision that hands it in.
revoke delete on case_party from anju_desk;

-- What became of a message after the gateway took it. PENDING is not delivered; what can never arrive is UNDELIVERABLE.
alter table outbox add column delivery text check (delivery in ('PENDING', 'DELIVERED', 'UNDELIVERABLE'));
alter table outbox add column delivered_on date;
alter table outbox add column delivery_failure text;
alter table outbox add column receipt_asks int not null default 0;
alter table outbox add column receipt_next_at timestamptz;
alter table outbox add check (delivered_on is null or delivery = 'DELIVERED');
create index outbox_receipt_due on outbox (receipt_next_at, outbox_id) where delivery = 'PENDING';
create index outbox_of_case on outbox (case_id, outbox_id) where kind = 'MESSAGE';

-- The queue for money (轮候) stands in the order of approval.
create index loan_by_bank on loan (bank_org_id, approved_on, case_id) where disbursed_on is null and approved_on is not null;

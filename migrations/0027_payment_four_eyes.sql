-- Four eyes up to the money. Who asked for a payment and who checked it hold those two step groups of the case, in `case_actor` like everybody who
-- decides: so neither is the other, and neither has approved the loan.
alter table payment
  alter column maker_id set not null,
  alter column checker_id set not null,
  add column maker_group text not null generated always as ('PAYMENT_MAKER') stored,
  add column checker_group text not null generated always as ('PAYMENT_CHECKER') stored,
  add constraint payment_of_its_maker foreign key (case_id, maker_id, maker_group) references case_actor (case_id, staff_id, step_group),
  add constraint payment_of_its_checker foreign key (case_id, checker_id, checker_group) references case_actor (case_id, staff_id, step_group);

-- What was checked is what is paid: of an order only what becomes of it is written later.
revoke update on payment from anju_work, anju_batch;
grant update (state, bank_reference, failure, queries, sent_at, settled_at, settled_by, booked_on) on payment to anju_work;

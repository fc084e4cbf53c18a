-- A house is founded by the owner of its tables, once. No role that serves it can make an organisation, an account of a centre at a bank, an
-- account of the ledger or a clock, nor change whose they are: money that is paid out leaves from what was reviewed before the first day.
revoke insert, update on org, ledger_account, bank_account, business_clock from anju_work, anju_batch;
-- A demo's date is moved, by its desk and by the command; that it is a demo's, or the wall's, stays as it was founded.
grant update (business_date, moved_at) on business_clock to anju_work;

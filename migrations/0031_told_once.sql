-- What a case has been told is looked up before it is armed again.
create index deadline_told on deadline (case_id, code, due_on) where state = 'FIRED';

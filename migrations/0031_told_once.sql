-- What a case has been told is looked up before it is armed again.
create index deadline_told on deadline (case_id, code, due_on) where state = 'FIRED';

-- Notices beyond the first of a case are counted.
create index want_again on want (case_id, notice_no) where notice_no > 1;

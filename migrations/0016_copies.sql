-- Whom a case was copied to is a fact of the case: it shows where the case's remarks and decisions show, not only to whom it was copied. The
-- bank and the guarantor that a case is assigned to see neither remarks nor opinions, and so no copies but their own.
create policy own_organisation on case_copy for select to anju_read using (
  org_id = any((select context_orgs())::text[]) and access_group_id = any((select context_groups())::text[]));

-- The day on which the applicant's time is over is asked for with every list that a case with a standing clock is in.
create index deadline_answer on deadline (case_id) where code = 'ANSWER_DUE';

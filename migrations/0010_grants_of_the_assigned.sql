-- Which bank or guarantor a case was given to is known to whoever sees the case by its own page; a stranger does not learn that it exists.
drop policy own_grants on case_grant;
create policy own_grants on case_grant for select to anju_read using (org_id = any((select context_orgs())::text[]));

-- An assigned bank or guarantor finds its own decisions again; those of the others stay with the branch.
create policy own_decisions on decision for select to anju_read
  using (actor_id = (select context_person()) and access_group_id = any((select context_groups())::text[]));

-- Who may touch what. Four roles own nothing; the read role sees only rows of the context set for its transaction.

create function context_orgs() returns text[] language sql stable as $$
  select string_to_array(nullif(current_setting('anju.orgs', true), ''), ',')
$$;
create function context_groups() returns text[] language sql stable as $$
  select string_to_array(nullif(current_setting('anju.groups', true), ''), ',')
$$;
create function context_person() returns uuid language sql stable as $$
  select nullif(current_setting('anju.person', true), '')::uuid
$$;

do $$
declare
  one text;
  own_rows constant text := 'org_id = any((select context_orgs())::text[]) and access_group_id = any((select context_groups())::text[])';
  granted constant text := 'exists (select 1 from case_grant g where g.case_id = %I.case_id and g.ended_on is null
    and g.org_id = any((select context_orgs())::text[]))';
begin
  -- every table in the schema is protected, forced for its owner too
  for one in select tablename from pg_tables where schemaname = 'public' and tablename not like 'kysely_%' loop
    execute format('alter table %I enable row level security', one);
    execute format('alter table %I force row level security', one);
    execute format('create policy owner_maintains on %I to current_user using (true) with check (true)', one);
    execute format('create policy application_writes on %I to anju_desk, anju_work, anju_batch using (true) with check (true)', one);
  end loop;

  -- what belongs to an organisation and nobody else
  foreach one in array array[
    'case_party', 'want', 'clock_span', 'case_note', 'incident', 'audit_stream', 'audit_row', 'unit', 'contributor',
    'personal_account', 'account_entry', 'ban', 'voucher', 'posting', 'payment', 'payment_event', 'source_reply', 'verdict',
    'loan_account', 'document', 'paper', 'case_event', 'staff_change', 'decision', 'loan_application', 'loan'
  ] loop
    execute format('create policy own_organisation on %I for select to anju_read using (%s)', one, own_rows);
  end loop;

  -- what an assigned bank or guarantor may see as well, while it is assigned
  foreach one in array array['case_file', 'loan', 'paper'] loop
    if one = 'case_file' then
      execute format('create policy own_organisation on %I for select to anju_read
        using (%s or (access_group_id = any((select context_groups())::text[]) and %s))', one, own_rows, format(granted, one));
    else
      execute format('create policy assigned_organisation on %I for select to anju_read
        using (access_group_id = any((select context_groups())::text[]) and %s)', one, format(granted, one));
    end if;
  end loop;
end $$;

-- a person's own rows
create policy own_copies on case_copy for select to anju_read
  using (staff_id = (select context_person()) and access_group_id = any((select context_groups())::text[]));
create policy own_drafts on draft for select to anju_read using (owner_id = (select context_person()));
create policy own_settings on staff_setting for select to anju_read using (staff_id = (select context_person()));
create policy own_grants on case_grant for select to anju_read using (true);
-- a task is its own organisation's, and everybody's who sees its case: they see who is waited for
create policy own_organisation on task for select to anju_read using (
  (org_id = any((select context_orgs())::text[]) and access_group_id = any((select context_groups())::text[]))
  or exists (select 1 from case_file c where c.case_id = task.case_id));
-- tables that follow the row they hang on: readable where that row is
create policy follows_case on case_actor for select to anju_read using (exists (select 1 from case_file c where c.case_id = case_actor.case_id));
create policy follows_case on deadline for select to anju_read using (exists (select 1 from case_file c where c.case_id = deadline.case_id));
create policy follows_task on task_claim for select to anju_read using (exists (select 1 from task t where t.task_id = task_claim.task_id));
create policy follows_document on document_content for select to anju_read using (
  exists (select 1 from document d where d.sha256 = document_content.sha256) or exists (select 1 from paper p where p.sha256 = document_content.sha256));
create policy follows_payment on reservation for select to anju_read using (exists (select 1 from payment p where p.payment_id = reservation.payment_id));
-- whether an account is restricted may show on the account's own page; by whom, for how much and until when may not
create policy own_organisation on account_hold for select to anju_read using (
  org_id = any((select context_orgs())::text[]) and access_group_id = any((select context_groups())::text[]));
-- common knowledge of everyone signed in
create policy common on org for select to anju_read using (context_person() is not null);
create policy common on staff for select to anju_read using (context_person() is not null);
create policy common on staff_post for select to anju_read using (context_person() is not null);
create policy common on business_clock for select to anju_read using (true);
create policy common on calendar_year for select to anju_read using (true);
create policy common on calendar_day for select to anju_read using (true);
create policy common on parameter for select to anju_read using (context_person() is not null);
create policy common on policy_snapshot for select to anju_read using (context_person() is not null);
create policy common on ledger_account for select to anju_read using (context_person() is not null);
create policy own_entity on bank_account for select to anju_read using (org_id = any((select context_orgs())::text[]));
create policy own_entity on ledger_balance for select to anju_read using (exists (
  select 1 from org o where o.org_id = any((select context_orgs())::text[]) and o.kind in ('CENTRE', 'BRANCH')
    and o.reporting_entity = ledger_balance.reporting_entity));
create policy own_delegations on delegation for select to anju_read using (context_person() in (from_staff_id, to_staff_id));
create policy own_commands on command for select to anju_read using (actor_id = (select context_person()));

-- read: everything but secrets of people and the machinery
grant select on all tables in schema public to anju_read;
revoke select on staff, session, login_attempt, spent_one_time_code, staff_relative, case_lock, outbox, machine_message from anju_read;
grant select (staff_id, staff_number, name, org_id, state) on staff to anju_read;

-- desk: claims, drafts, new cases with their outbox row, notes, settings, sessions, receipts, the log of reads; and machine intake
grant select on all tables in schema public to anju_desk;
grant insert, update on session, login_attempt, staff_setting, draft, command, delegation, case_copy, machine_message, audit_stream, incident to anju_desk;
grant insert on spent_one_time_code, case_file, case_grant, case_party, loan_application, loan, case_lock, case_actor, decision, task, task_claim,
  case_note, outbox, case_event, audit_row, document, document_content, payment_event, deadline, clock_span, staff_change, clock_move to anju_desk;
grant update (claimed_by, claimed_at, assigned_to) on task to anju_desk;
grant update (template, sha256) on paper to anju_desk;
grant update (check_state, checked_by, check_remark) on document to anju_desk;
grant insert, update on number_sequence to anju_desk;
grant update (business_date, moved_at) on business_clock to anju_desk;
grant delete on draft, case_party to anju_desk;

-- work: what activities write down
grant select, insert, update on all tables in schema public to anju_work;
grant delete on case_lock, case_party to anju_work;
revoke update on audit_row, voucher, posting, account_entry, audit_seal, calendar_year, calendar_day, clock_move, task_claim, machine_message, session,
  login_attempt, spent_one_time_code from anju_work;
grant update (sealed_in) on audit_row to anju_work;
grant update (revoked_at, revoked_why) on session to anju_work;
grant update (state) on machine_message to anju_work;

-- batch: the end of the business day
grant select, insert, update on all tables in schema public to anju_batch;
revoke update on audit_row, voucher, posting, account_entry, session, login_attempt, decision, command from anju_batch;

grant usage on all sequences in schema public to anju_desk, anju_work, anju_batch;
revoke truncate, references, trigger on all tables in schema public from anju_read, anju_desk, anju_work, anju_batch;
revoke all on schema public from public;
grant usage on schema public to anju_read, anju_desk, anju_work, anju_batch;

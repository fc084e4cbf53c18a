-- People whom recusal can see: identity number and employer of a member of staff (回避信息), set under two people.

-- As of applicants: ciphertext beside the keyed hash. Whose number came before this day has the hash alone.
alter table staff
  add column id_number_enc bytea,
  add constraint staff_employer foreign key (employer_unit_id) references unit,
  add constraint staff_number_is_found check (id_number_enc is null or id_hash is not null);
-- One person is one member of staff: two would be strangers to recusal and to four eyes. Whoever has left may come again.
create unique index staff_of_one_person on staff (id_hash) where state <> 'LEFT';

alter table staff_change
  add column new_id_number_enc bytea,
  add column new_id_hash bytea,
  add column employer_change text check (employer_change in ('SET', 'CLEAR')),
  add column employer_unit_id uuid references unit,
  add column relation text check (relation in ('SPOUSE', 'PARENT', 'CHILD', 'SIBLING')),
  drop constraint staff_change_change_check,
  add constraint staff_change_change_check check (change in
    ('GRANT_POST', 'REVOKE_POST', 'LOCK', 'UNLOCK', 'LEAVE', 'SET_PARTICULARS', 'ADD_RELATIVE', 'END_RELATIVE', 'RESET_CODE',
     'RESET_PASSWORD', 'JOIN', 'BIND_IDENTITY', 'UNBIND_IDENTITY')),
  add constraint staff_change_number check ((new_id_number_enc is null) = (new_id_hash is null)),
  add constraint staff_change_employer check ((employer_change is not distinct from 'SET') = (employer_unit_id is not null)),
  add constraint staff_change_particulars check (case change
    when 'SET_PARTICULARS' then num_nonnulls(new_id_hash, employer_change) > 0
    when 'JOIN' then employer_change is distinct from 'CLEAR'
    when 'ADD_RELATIVE' then num_nonnulls(new_id_hash, relation) = 2 and employer_change is null
    when 'END_RELATIVE' then new_id_hash is not null and employer_change is null
    else num_nonnulls(new_id_hash, employer_change) = 0 end),
  add constraint staff_change_relation check (change = 'ADD_RELATIVE' or relation is null);

-- Relatives are declared by two people as well. The words become codes, and one that is none of them stops here; what is taken back goes,
-- and its case tells that it was there.
alter table staff_relative add column registered_by_case uuid references case_file;
update staff_relative set relation = case relation when '配偶' then 'SPOUSE' when '父母' then 'PARENT' when '子女' then 'CHILD'
  when '兄弟姐妹' then 'SIBLING' end;
alter table staff_relative add constraint staff_relative_relation check (relation in ('SPOUSE', 'PARENT', 'CHILD', 'SIBLING'));
grant delete on staff_relative to anju_work;

-- Tries to log in go when their time is over (db/write/sign-in.ts); what the law has kept for six months no process of ours can remove.
create index login_attempt_over on login_attempt (at);
grant delete on login_attempt to anju_desk;
create policy kept_six_months on login_attempt as restrictive for delete to anju_desk using (at < now() - interval '6 months');

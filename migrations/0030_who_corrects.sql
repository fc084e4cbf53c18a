-- Four eyes over the form. Who enters or corrects an application holds the desk's step group of the case, and so does whoever they stand in for:
-- what a person has written about where the money goes they can neither release nor pay out. What was entered before is taken as it stands.
alter table loan_application
  add column on_behalf_of uuid references staff,
  add column step_group text not null default 'DESK' check (step_group = 'DESK'),
  add constraint application_by_the_desk foreign key (case_id, entered_by, step_group)
    references case_actor (case_id, staff_id, step_group) not valid,
  add constraint application_for_the_desk foreign key (case_id, on_behalf_of, step_group)
    references case_actor (case_id, staff_id, step_group) not valid;

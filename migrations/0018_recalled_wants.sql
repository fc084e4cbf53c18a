-- A decision that is taken back takes along what it wanted of the applicant; the command that carried the words stays.
grant delete on want to anju_work;

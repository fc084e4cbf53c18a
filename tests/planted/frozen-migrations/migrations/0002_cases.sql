create table case_file (id uuid primary key, added_later text); -- ✗

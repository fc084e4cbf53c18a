create table person (id uuid primary key);

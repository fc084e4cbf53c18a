create extension pgcrypto; -- ✗
create table person (id uuid primary key);
-- no extension is created here: create extension would need a superuser
create role anju_read; -- ✗
alter system set fsync = off; -- ✗

create table paper (id uuid primary key); -- ✗

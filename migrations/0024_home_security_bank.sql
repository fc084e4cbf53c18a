-- The day on which the bank booked the payment: interest runs from it, whenever we learn of it.
alter table payment add column booked_on date;
update payment set booked_on = (settled_at at time zone 'Asia/Shanghai')::date where state = 'SUCCEEDED';
alter table payment add check (state <> 'SUCCEEDED' or booked_on is not null);

-- The number under which the mortgage is before the registry, while it has not answered for good.
alter table loan add column mortgage_filed_as text;

-- Where a centre has its parameters already, it gets with them what was written in the code before, and the area it lends in.
insert into parameter (scope, key, effective_on, value, standing, source, article, reason)
select scope, 'contributionMonthsBehindMax', effective_on, '2', 'ASSUMED', '各地通行做法', '缴存连续性（假定）',
  '单位按月汇缴，当月款通常次月入账；滞后两个月以内的仍视为连续'
from parameter where key = 'contributionMonthsMin';
insert into parameter (scope, key, effective_on, value, standing, source, article, reason)
select scope, 'lendingArea', effective_on, case scope when 'changyuan' then '["410783"]' else '["410700"]' end::jsonb, 'ASSUMED',
  '新乡（市）住房公积金2024年年度报告', '贷款区域（假定）', '年报未载贷款区域；按本中心管理的行政区域'
from parameter where key = 'contributionMonthsMin' and scope in ('xinxiang', 'changyuan');

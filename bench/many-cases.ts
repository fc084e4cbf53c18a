import { sql, type RawBuilder } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import type { Db } from '#db/connect.ts'

export interface ManyCases {
  readonly count: number
  /** Cases came in evenly over this many years up to `on`. */
  readonly years: number
  readonly on: PlainDate
}

/**
 * Fills a founded city with loan cases, set-based and the same every time: file, parties, bank, actors, decisions, tasks and three audit
 * rows each, through the tables' own constraints. Of a hundred cases two are open, the newest. What lists, counts and search read is
 * there; verdicts, papers and money are deliberately absent. Audit rows carry no real chain.
 */
export async function writeManyCases(owner: Db, cases: ManyCases): Promise<void> {
  await owner.transaction().execute(async (tx) => {
    await sql`set local statement_timeout = 0`.execute(tx)
    for (const statement of statements(cases)) await statement.execute(tx)
  })
  await sql`analyze`.execute(owner)
}

/** A whole number from 0 up to below `max` that looks random and belongs to the case. */
const draw = (salt: string, max: number) => sql.raw(`(('x' || substr(md5(i || '/${salt}'), 1, 7))::bit(28)::int % ${max})`)

/** An id made of a text, version 4 by its shape: the API lets no other out. */
const idOf = (text: RawBuilder<unknown>) => sql`overlay(overlay(md5(${text}) placing '4' from 13) placing '8' from 17)::uuid`

function statements({ count, years, on }: ManyCases) {
  const openFrom = count - Math.floor(count / 50)
  return [
    sql`create temporary table many on commit drop as
      select i, ${idOf(sql`'case/' || i`)} as case_id,
        (array['branch-wanghe', 'branch-wanghe', 'branch-qinghuai', 'branch-yanhu', 'branch-lanqiao', 'branch-songsu', 'branch-qihe'])[
          1 + ${draw('branch', 7)}] as org_id,
        (array['bank-hefeng', 'bank-tongze', 'bank-jianghuai', 'bank-anhe'])[1 + ${draw('bank', 4)}] as bank_id,
        i > ${openFrom} as open, ${draw('stage', 8)} as turn, ${draw('place', 2)} as place,
        (${on}::date - make_interval(days => ${years * 365}::int)
          + (i - 1) * make_interval(secs => ${(years * 365 * 86_400) / count}::float8)) at time zone 'Asia/Shanghai' as came_at
      from generate_series(1, ${count}::int) i`,
    sql`create temporary table officer on commit drop as
      select p.post, p.org_id, p.staff_id, row_number() over (partition by p.post, p.org_id order by s.staff_number) - 1 as place,
        count(*) over (partition by p.post, p.org_id) as places
      from staff_post p join staff s using (staff_id)`,
    sql`insert into case_file (case_id, kind, case_number, org_id, access_group_id, reporting_entity, stage, stage_version, engine_version, open,
        applicant_masked, amount_fen, created_by, created_at, created_on, accepted_on, stage_entered_at, closed_on, clock_state)
      select m.case_id, 'loan', '新公积金贷〔' || extract(year from came_at)::int || '〕' ||
          (500000 + row_number() over (partition by extract(year from came_at) order by i)) || '号',
        m.org_id, 'OPEN', 'xinxiang',
        case when m.open then (array['SUBMITTED', 'PRELIM_REVIEW', 'REVIEW', 'APPROVAL', 'SIGNED', 'PRELIM_REVIEW', 'APPROVAL', 'REVIEW'])[1 + turn]
          when turn < 6 then 'DISBURSED' when turn = 6 then 'REFUSED' else 'WITHDRAWN' end,
        8, 8, m.open, '某**', (10 + ${draw('amount', 70)}) * 1000000::bigint, o.staff_id, came_at, came_at::date, came_at::date,
        came_at + interval '5 days', case when m.open then null else came_at::date + 40 end, 'STOPPED'
      from many m join officer o on o.post = 'INTAKE' and o.org_id = m.org_id and o.place = m.place % o.places`,
    sql`insert into case_party (case_id, party_no, org_id, access_group_id, role, name, id_last4)
      select case_id, no, org_id, 'OPEN', (array['BORROWER', 'SPOUSE'])[no],
        substr('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许', 1 + ${draw('surname', 20)} , 1)
          || substr('安宁和平书言景行知远清越雅婷浩然若溪明轩嘉树', 1 + (${draw('given', 22)} + no) % 22, 1)
          || substr('子思文博雨欣俊杰晓彤海燕志强丽华建国秀英', 1 + ${draw('last', 20)}, 1),
        lpad(((${draw('number', 10000)} + no * 37) % 10000)::text, 4, '0')
      from many, generate_series(1, 2) no`,
    sql`insert into case_grant (case_id, org_id, role, granted_on) select case_id, bank_id, 'BANK', came_at::date from many`,
    sql`create temporary table act on commit drop as
      select m.i, m.case_id, m.org_id, m.came_at, s.seq, s.stage, s.action, s.post, s.step_group, o.staff_id
      from many m
      cross join (values (1, 'SUBMITTED', 'accept', 'INTAKE', 'DESK'), (2, 'PRELIM_REVIEW', 'pass', 'PRELIMINARY_REVIEWER', 'PRELIMINARY'),
        (3, 'REVIEW', 'pass', 'REVIEWER', 'REVIEW'), (4, 'APPROVAL', 'approve', 'APPROVER', 'APPROVAL')) s (seq, stage, action, post, step_group)
      join officer o on o.post = s.post and o.org_id = case s.post when 'APPROVER' then 'centre-xinxiang' else m.org_id end
        and o.place = m.place % o.places
      where not m.open or s.seq <= least(m.turn, 3)`,
    sql`insert into case_actor (case_id, staff_id, step_group, since) select case_id, staff_id, step_group, came_at from act`,
    sql`insert into decision (decision_id, case_id, org_id, access_group_id, seq, stage, stage_version, stage_entered_at, action, to_stage, actor_id,
        post, step_group, opinion, decided_at, decided_on)
      select ${idOf(sql`'decision/' || i || '/' || seq`)}, case_id, org_id, 'OPEN', seq, stage, seq, came_at, action, 'REVIEW', staff_id, post,
        step_group, '同意', came_at + seq * interval '1 day', (came_at + seq * interval '1 day')::date from act`,
    sql`insert into task (task_id, case_id, org_id, access_group_id, stage, stage_version, post, state, arrived_at, closed_at)
      select ${idOf(sql`'task/' || i || '/' || seq`)}, case_id, org_id, 'OPEN', stage, seq, post, 'DONE', came_at, came_at from act`,
    sql`insert into task (task_id, case_id, org_id, access_group_id, stage, stage_version, post, state, arrived_at, due_on, previous_opinion)
      select ${idOf(sql`'task/' || m.i`)}, c.case_id,
        case c.stage when 'APPROVAL' then 'centre-xinxiang' when 'SIGNED' then m.bank_id else c.org_id end, 'OPEN', c.stage, 8,
        case c.stage when 'SUBMITTED' then 'INTAKE' when 'PRELIM_REVIEW' then 'PRELIMINARY_REVIEWER' when 'REVIEW' then 'REVIEWER'
          when 'APPROVAL' then 'APPROVER' else 'BANK_CHECKER' end,
        'OPEN', m.came_at, case when ${draw('dated', 10)} > 0 then ${on}::date + ${draw('due', 12)} - 4 end, '同意'
      from many m join case_file c using (case_id) where m.open`,
    sql`insert into audit_row (stream, seq, case_id, org_id, access_group_id, at, actor, act, body, prev_hash, hash)
      select 'case/' || case_id, no, case_id, org_id, 'OPEN', '2015-01-01T00:00:00.000000Z', 'system', 'many', '{}', md5(i::text), md5(no::text)
      from many, generate_series(1, 3) no`,
  ]
}

import { sql } from 'kysely'
import { moves, stageTables, type Check } from './check.ts'

const commands: readonly Check[] = [
  {
    invariant: 'I4',
    what: '已办的命令没有恰好一个决定，或未办的命令有决定',
    query: () => sql`
      select k.command_id, k.case_id, k.state, count(d.decision_id) as decisions
      from command k left join decision d using (command_id)
      where k.case_id is not null or d.decision_id is not null
      group by k.command_id having count(d.decision_id) <> case when k.state = 'DONE' and k.case_id is not null then 1 else 0 end`,
  },
  {
    invariant: 'I4',
    what: '命令与其决定的案件、办理人、动作或答复不同',
    query: () => sql`
      select k.command_id, d.case_id, d.seq, k.action as asked, d.action as decided, k.answer
      from command k join decision d using (command_id)
      where (k.case_id, k.actor_id, k.action, k.expected_version) is distinct from (d.case_id, d.actor_id, d.action, d.stage_version)
        or (k.answer -> 'done' ->> 'stageVersion')::int is distinct from d.stage_version + 1`,
  },
  {
    // History that came with the books was decided before there were commands. It can only be the beginning of a case: from the first
    // command on, every decision of a person has its own. A decision of the machine has none.
    invariant: 'I4',
    what: '人的决定没有命令，而此前已有以命令办理的决定；或机器的决定带有命令',
    query: () => sql`
      select d.case_id, d.seq, d.action, d.actor_id, d.command_id
      from decision d left join (select case_id, min(seq) as first_seq from decision where command_id is not null group by 1) c using (case_id)
      where (d.actor_id is not null and d.command_id is null and d.seq > c.first_seq) or (d.actor_id is null and d.command_id is not null)`,
  },
]

/** Who should be awaited: every post of the stage that has an organisation in this case, but for those who have signed since it arrived. */
const tasks: readonly Check[] = [
  {
    invariant: 'I5',
    what: '待办与案件环节不符：缺少、多余、机构不对或版本不对',
    query: (given) => sql`
      with ${moves(given)}, arrival as (
        select c.case_id, coalesce(max(m.seq) filter (where not m.stays), 0) as seq from case_file c left join move m using (case_id)
        where c.open group by 1),
      awaited as (
        select c.case_id, c.stage, p.post, a.seq + 1 as version,
          case p.level when 'BRANCH' then c.org_id
            when 'CENTRE' then (select o.org_id from org o where o.kind = 'CENTRE' and o.reporting_entity = c.reporting_entity limit 1)
            else (select g.org_id from case_grant g where g.case_id = c.case_id and g.role = p.level and g.ended_on is null limit 1) end as org_id
        from case_file c join arrival a using (case_id) join stage_post p on (p.kind, p.stage) = (c.kind, c.stage)
        where not exists (select 1 from move m where m.case_id = c.case_id and m.seq > a.seq and m.post = p.post))
      select coalesce(e.case_id, t.case_id) as case_id, coalesce(e.stage, t.stage) as stage, coalesce(e.post, t.post) as post,
        e.org_id as should_be_at, t.org_id as is_at, e.version as should_be_version, t.stage_version as version
      from (select * from awaited where org_id is not null) e
        full join (select * from task where state = 'OPEN') t on (t.case_id, t.stage, t.post) = (e.case_id, e.stage, e.post)
      where (e.org_id, e.version) is distinct from (t.org_id, t.stage_version)`,
  },
  {
    invariant: 'I5',
    what: '办结的待办没有其决定，或未办的待办有决定',
    query: () => sql`
      select t.task_id, t.case_id, t.stage, t.state, t.decision_id from task t left join decision d using (decision_id)
      where (t.state = 'DONE') <> (t.decision_id is not null) or (t.state = 'OPEN') <> (t.closed_at is null)
        or (t.decision_id is not null and (d.case_id, d.stage) is distinct from (t.case_id, t.stage))`,
  },
]

const fourEyes: readonly Check[] = [
  {
    invariant: 'I7',
    what: '一人在一案中办理了两个环节组',
    query: () => sql`
      select case_id, staff_id, array_agg(distinct step_group order by step_group) as step_groups from (
        select case_id, actor_id as staff_id, step_group from decision where actor_id is not null
        union all select case_id, on_behalf_of, step_group from decision where on_behalf_of is not null
        union all select case_id, staff_id, step_group from case_actor) held
      group by 1, 2 having count(distinct step_group) > 1`,
  },
  {
    invariant: 'I7',
    what: '办理人、被代理人或立案人没有登记为本案人员',
    query: () => sql`
      select case_id, staff_id, step_group from (
        select case_id, actor_id as staff_id, step_group from decision where actor_id is not null
        union select case_id, on_behalf_of, step_group from decision where on_behalf_of is not null
        union select case_id, created_by, null from case_file where created_by is not null) acted
      where not exists (select 1 from case_actor a where (a.case_id, a.staff_id) = (acted.case_id, acted.staff_id)
        and a.step_group = coalesce(acted.step_group, a.step_group))`,
  },
  {
    invariant: 'I7',
    what: '决定所记的环节组不是该环节该岗位的组',
    query: (given) => sql`
      with ${stageTables(given)}
      select d.case_id, d.seq, d.stage, d.post, d.step_group, p."group" as should_be from decision d join case_file c using (case_id)
        left join stage_post p on (p.kind, p.stage, p.post) = (c.kind, d.stage, d.post)
      where d.post is not null and d.step_group is distinct from p."group"`,
  },
]

const deadlines: readonly Check[] = [
  {
    invariant: 'I9',
    what: '时限在到期之前触发，或同一时限触发了两次',
    query: () => sql`
      select case_id, code, due_on, min(settled_on) as fired_on, count(*) as times from deadline where state = 'FIRED'
      group by case_id, code, due_on having count(*) > 1 or min(settled_on) is null or min(settled_on) < due_on`,
  },
  {
    invariant: 'I9',
    what: '触发的时限没有恰好一条审计记录，或审计所记的时限没有触发',
    // A recount after a change of the calendar is in the chain under a deadline's name as well, and fires none.
    query: () => sql`
      with fired as materialized (
        select stream, act, body::jsonb ->> 'deadline' as deadline_id from audit_row
        where act like 'deadline/%' and act <> 'deadline/recount' and body is json object)
      select coalesce(d.deadline_id::text, f.deadline_id) as deadline_id, min(d.code) as code, min(d.state) as state, count(f.deadline_id) as rows
      from (select * from deadline where state = 'FIRED') d
        full join fired f on f.deadline_id = d.deadline_id::text and f.stream = 'case/' || d.case_id and f.act = 'deadline/' || d.code
      group by 1 having count(d.deadline_id) = 0 or count(f.deadline_id) <> 1`,
  },
  {
    invariant: 'I9',
    what: '已办结的案件还有待触发的时限',
    query: () => sql`
      select d.case_id, d.code, d.due_on from deadline d join case_file c using (case_id) where d.state = 'ARMED' and not c.open`,
  },
  {
    invariant: 'I9',
    what: '时限已到期而没有触发',
    when: ({ quiet }) => quiet,
    query: () => sql`select case_id, code, due_on from deadline where state = 'ARMED' and due_on <= business_today()`,
  },
]

const outbox: readonly Check[] = [
  {
    invariant: 'I13',
    what: '发件箱里还有没有发出的',
    when: ({ quiet }) => quiet,
    query: () => sql`select outbox_id, kind, case_id, state, attempts, last_error from outbox where state <> 'SENT'`,
  },
  {
    invariant: 'I13',
    what: '发件箱里有搁置的',
    when: ({ quiet }) => !quiet,
    query: () => sql`select outbox_id, kind, case_id, attempts, last_error from outbox where state = 'PARKED'`,
  },
]

const notices: readonly Check[] = [
  {
    invariant: 'I13',
    what: '银行的通知还没有认定',
    when: ({ quiet }) => quiet,
    query: () => sql`select message_id, reference, kind, received_at from machine_message where state = 'RECEIVED'`,
  },
  {
    invariant: 'I13',
    what: '与记录矛盾或对不上的银行通知没有列入异常',
    query: () => sql`
      select message_id, reference, state from machine_message m where state in ('CONTRADICTORY', 'UNMATCHED')
        and not exists (select 1 from incident i where i.reference in (m.message_id::text, m.body ->> 'noticeId'))`,
  },
]

export const caseChecks: readonly Check[] = [...commands, ...tasks, ...fourEyes, ...deadlines, ...outbox, ...notices]

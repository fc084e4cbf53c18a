import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import type { Tx } from '../connect.ts'
import type { Instant } from '../tables.ts'
import type { LockedCase } from './cases.ts'

/**
 * Milliseconds of the machine clock until the case's next armed deadline; zero when one is due, null when none is armed. In a demo the date
 * stands still until somebody moves it, and moving it wakes the cases concerned: there is nothing to wait for by the wall clock.
 */
export async function millisecondsToNextDeadline(tx: Tx, caseId: string): Promise<number | null> {
  const { rows } = await sql<{ milliseconds: number | null }>`
    select case when min(d.due_on) <= business_today() then 0
      when (select mode from business_clock) = 'DEMO' then null
      else extract(epoch from (min(d.due_on)::timestamp at time zone 'Asia/Shanghai') - now())::float8 * 1000 end as milliseconds
    from deadline d where d.case_id = ${caseId} and d.state = 'ARMED'`.execute(tx)
  return rows[0]?.milliseconds ?? null
}

/** Copies the case (抄送) to everyone who holds one of the posts where the case belongs: its branch, and its centre. */
export async function copyToHolders(tx: Tx, kase: LockedCase, posts: readonly string[], remark: string): Promise<void> {
  if (posts.length === 0) return
  await sql`
    insert into case_copy (case_id, staff_id, copied_by, org_id, access_group_id, remark, at)
    select distinct ${kase.case_id}::uuid, p.staff_id, null::uuid, ${kase.org_id}, ${kase.access_group_id}, ${remark}, business_now()
    from staff_post p join org o on o.org_id = p.org_id
    where p.post = any(${[...posts]}) and (p.org_id = ${kase.org_id} or (o.kind = 'CENTRE' and o.reporting_entity = ${kase.reporting_entity}))
      and p.from_on <= business_today() and (p.to_on is null or p.to_on >= business_today())
    on conflict (case_id, staff_id) do update set remark = excluded.remark, at = excluded.at, read_at = null`.execute(tx)
}

/**
 * Copies the case to whoever it waits for: the officer who has taken it, or when nobody has, or they are no longer there, everybody who could,
 * those who stand in for somebody (代理) included.
 */
export async function copyToAwaited(tx: Tx, kase: LockedCase, remark: string): Promise<void> {
  await sql`
    with awaited as (
      select t.task_id, t.claimed_by, coalesce(d.to_staff_id, p.staff_id) as staff_id
      from task t join staff_post p on p.post = t.post and p.org_id = t.org_id
        left join lateral (
          select null::uuid as to_staff_id union all
          select to_staff_id from delegation g where g.from_staff_id = p.staff_id and g.post = p.post and g.revoked_at is null
            and business_today() between g.from_on and g.to_on) d on true
        join staff s on s.staff_id = coalesce(d.to_staff_id, p.staff_id) and s.state = 'ACTIVE'
      where t.case_id = ${kase.case_id} and t.state = 'OPEN'
        and p.from_on <= business_today() and (p.to_on is null or p.to_on >= business_today()))
    insert into case_copy (case_id, staff_id, copied_by, org_id, access_group_id, remark, at)
    select distinct ${kase.case_id}::uuid, a.staff_id, null::uuid, ${kase.org_id}, ${kase.access_group_id}, ${remark}, business_now()
    from awaited a where a.staff_id = a.claimed_by
      or not exists (select 1 from awaited c where c.task_id = a.task_id and c.staff_id = c.claimed_by)
    on conflict (case_id, staff_id) do update set remark = excluded.remark, at = excluded.at, read_at = null`.execute(tx)
}

/** The open tasks of a case with the business day they arrived on. */
export const openTaskDates = (tx: Tx, caseId: string) =>
  tx
    .selectFrom('task')
    .select(['task_id', 'stage', 'due_on', sql<PlainDate>`(arrived_at at time zone 'Asia/Shanghai')::date`.as('arrived_on')])
    .where('case_id', '=', caseId)
    .where('state', '=', 'OPEN')
    .orderBy('arrived_at')
    .execute()

/** Gives the open tasks of a case another due day; null where the calendar does not reach. */
export async function setTaskDue(tx: Tx, caseId: string, dueOn: PlainDate | null): Promise<void> {
  await tx.updateTable('task').set({ due_on: dueOn }).where('case_id', '=', caseId).where('state', '=', 'OPEN').execute()
}

/** Puts down on the case why its dates are other than they were, in the name of whoever changed what they are counted by. */
export async function noteDeadline(tx: Tx, kase: LockedCase, staffId: string, text: string): Promise<void> {
  await tx
    .insertInto('case_note')
    .values({
      note_id: randomUUID(),
      case_id: kase.case_id,
      org_id: kase.org_id,
      access_group_id: kase.access_group_id,
      staff_id: staffId,
      kind: 'DEADLINE',
      text,
      at: sql<Instant>`business_now()`,
    })
    .execute()
}

import { sql } from 'kysely'
import { expect } from 'vitest'
import type { Post } from '#contracts/posts.ts'
import type { Db, Tx } from '#db/connect.ts'
import { canonicalJson } from '#db/canonical.ts'
import { DEMO_DAY } from '#db/seed/people.ts'
import { policyAt } from '#policy/policy-at.ts'
import { publishedRows } from '#policy/published.ts'
import { incompatiblePosts } from '#rules/cases/incompatible-posts.ts'
import { stepGroupOf } from '#rules/cases/may-act.ts'
import { loanStages } from '#rules/loan/stages.ts'

/** Which step group each post of each stage belongs to, and who approves how much: as the tables of the rules have it. */
const GROUPS = canonicalJson(
  Object.entries(loanStages).flatMap(([stage, one]) => one.posts.map((post) => ({ stage, post, step_group: stepGroupOf(one, post) }))),
)
const LIMITS = canonicalJson(
  policyAt(publishedRows, 'xinxiang', DEMO_DAY).values.approverLevels.value.map(({ post, amountFenMax }) => ({ post, most: amountFenMax })),
)

interface Broken {
  readonly what: string
  readonly case_id: string | null
  readonly who: string | null
  /** Only where it is about posts that must go together: all of them. */
  readonly posts: readonly Post[] | null
}

/** Everything that is on record of who has done what, asked of all cases in one statement; of those who must stay away, since they must. */
const QUESTIONS = sql<Broken>`
  with held as (
    select case_id, actor_id as who, step_group, post from decision where actor_id is not null
    union select case_id, on_behalf_of, step_group, post from decision where on_behalf_of is not null
    union select case_id, entered_by, step_group, 'INTAKE' from loan_application
    union select case_id, on_behalf_of, step_group, 'INTAKE' from loan_application where on_behalf_of is not null),
  barred as (
    select p.case_id, r.staff_id as who from staff_relative r join case_party p using (id_hash)
    union select p.case_id, s.staff_id from staff s join case_party p using (id_hash)
    union select p.case_id, s.staff_id from staff s join unit u on u.unit_id = s.employer_unit_id
      join case_party p on p.role in ('BORROWER', 'SPOUSE', 'CO_BORROWER') left join contributor c on c.id_hash = p.id_hash
      where p.unit_name = u.name or c.unit_id = u.unit_id),
  trace as (
    select case_id, who from held union select case_id, staff_id from case_actor union select case_id, staff_id from case_note
    union select case_id, copied_by from case_copy union select case_id, claimed_by from task
    union select t.case_id, l.staff_id from task_claim l join task t using (task_id)),
  paid as (
    select p.*, pay.actor_id as payer, pay.on_behalf_of as payer_for, asked.actor_id as asker, asked.on_behalf_of as asker_for
    from payment p
    left join lateral (select * from decision d where d.case_id = p.case_id and d.action = 'pay' order by seq offset p.payment_no - 1 limit 1) pay on true
    left join lateral (select * from decision d where d.case_id = p.case_id and d.seq < pay.seq and d.step_group = 'PAYMENT_MAKER'
      and d.to_stage = 'RELEASE_CHECK' order by d.seq desc limit 1) asked on true)
  select 'holds two step groups of a case' as what, case_id, who, null::text[] as posts
    from (select case_id, who, step_group from held union select case_id, staff_id, step_group from case_actor) both_ways
    group by case_id, who having count(distinct step_group) > 1
  union all select 'must stay away and has left a trace', case_id, who, null
    from trace join barred using (case_id, who) join case_file using (case_id) where created_on = business_today()
  union all select 'holds a step group without having done anything in it', a.case_id, a.staff_id, null
    from case_actor a join case_file c using (case_id) where a.staff_id <> c.created_by
      and not exists (select 1 from held h where (h.case_id, h.who, h.step_group) = (a.case_id, a.staff_id, a.step_group))
  union all select 'has decided what somebody else had claimed', d.case_id, d.actor_id, null
    from task t join decision d using (decision_id) where t.claimed_by <> d.actor_id and d.action <> 'recall'
  union all select 'holds a task otherwise than its ledger says', t.case_id, t.claimed_by, null
    from task t join lateral (select * from task_claim l where l.task_id = t.task_id order by seq desc limit 1) l on true
    where t.claimed_by is distinct from case l.act when 'RELEASE' then null else l.staff_id end
  union all select 'has claimed what they may not decide', t.case_id, t.claimed_by, null
    from task t join case_actor a on a.case_id = t.case_id and a.staff_id = t.claimed_by
    join jsonb_to_recordset(${GROUPS}::jsonb) g(stage text, post text, step_group text) on g.stage = t.stage and g.post = t.post
    where t.state = 'OPEN' and a.step_group <> g.step_group
  union all select 'has approved above their limit', d.case_id, d.actor_id, null
    from decision d left join jsonb_to_recordset(${LIMITS}::jsonb) l(post text, most bigint) using (post)
    where d.action = 'approve' and (l.post is null or (d.terms ->> 'amountFen')::bigint > l.most)
  union all select 'is to be lent what nobody has approved', l.case_id, null, null
    from loan l join lateral (select * from decision d where d.case_id = l.case_id and d.action in ('approve', 'approve-specially')
      order by seq desc limit 1) d on true
    where l.approved_fen is distinct from (d.terms ->> 'amountFen')::bigint
  union all select 'has ended what they asked to end', v.case_id, v.actor_id, null
    from decision v join lateral (select * from decision d where d.case_id = v.case_id and d.seq < v.seq and d.action = 'propose-void'
      and d.recalled_by is null order by d.seq desc limit 1) asked on true
    where v.action = 'void' and array[v.actor_id, v.on_behalf_of] && array[asked.actor_id, asked.on_behalf_of]
  union all select 'is not who asked for the payment or who checked it', case_id, maker_id, null
    from paid where maker_id is distinct from asker or checker_id is distinct from payer
  union all select 'has had two hands in one payment', case_id, who, null
    from paid join lateral (
      select who from (select asker as who, 1 as hand from paid p where p.payment_id = paid.payment_id union select paid.asker_for, 1
        union select paid.payer, 2 union select paid.payer_for, 2
        union select h.who, 3 from held h where h.case_id = paid.case_id and h.step_group = 'APPROVAL') hands
      where who is not null group by who having count(distinct hand) > 1) twice on true
  union all select 'is paid another amount than was approved', p.case_id, p.checker_id, null
    from payment p join loan l using (case_id) where p.amount_fen <> l.approved_fen and p.state <> 'FAILED'
  union all select 'POSTS of a case', case_id, who, array_agg(distinct post)
    from held where post is not null group by case_id, who having count(distinct post) > 1
  union all select 'POSTS by delegation', null, to_staff_id, array_agg(distinct post) from (
      select to_staff_id, post from delegation where revoked_at is null
      union select staff_id, post from staff_post) given
    where to_staff_id in (select to_staff_id from delegation where revoked_at is null and from_on = business_today())
    group by to_staff_id`

/** Each sentence that does not hold, and of whom. */
export async function brokenIn(owner: Db | Tx): Promise<string[]> {
  const { rows } = await QUESTIONS.execute(owner)
  return rows.flatMap(({ what, case_id, who, posts }) => {
    const words = posts === null ? [what] : incompatiblePosts(posts).map(({ text }) => `${what}: ${text}`)
    return words.map((one) => `case ${case_id ?? 'none'}, person ${who ?? 'none'}: ${one}`)
  })
}

/**
 * What must hold after everything that anybody has tried.
 * @throws AssertionError with each sentence that does not
 */
export async function expectFourEyes(owner: Db): Promise<void> {
  const broken = await brokenIn(owner)
  expect(broken, broken.join('\n')).toEqual([])
}

import { sql } from 'kysely'
import type { Db } from '#db/connect.ts'
import { brokenIn } from './four-eyes-holds.ts'

/** A copy of some person's decision, with something in it changed, for each `n` from 1 to 2. */
const copiedTwice = (changed: string): string => `insert into decision
  select (jsonb_populate_record(null::decision, to_jsonb(d) || jsonb_build_object('decision_id', gen_random_uuid(), 'seq', 9000 + n, ${changed}))).*
  from (select * from decision where actor_id is not null and recalled_by is null order by seq limit 1) d cross join generate_series(1, 2) n`

/** What each question is for, done past every rule to a record that has none of it. */
export const PLANTS: Readonly<Record<string, string>> = {
  'holds two step groups of a case': `update case_actor a set step_group = 'CONFIRM' where exists
    (select 1 from decision d where d.case_id = a.case_id and d.actor_id = a.staff_id and d.step_group <> 'CONFIRM')`,
  'must stay away and has left a trace': `insert into case_note (note_id, case_id, staff_id, kind, text, at, org_id, access_group_id)
    select gen_random_uuid(), c.case_id, r.staff_id, 'NOTE', 'x', now(), c.org_id, c.access_group_id
    from staff_relative r join case_party p using (id_hash) join case_file c using (case_id) where c.created_on = business_today()`,
  'holds a step group without having done anything in it': `insert into case_actor (case_id, staff_id, step_group, since)
    select c.case_id, s.staff_id, 'REVIEW', now() from case_file c cross join staff s where s.staff_id <> c.created_by
      and not exists (select 1 from case_actor a where a.case_id = c.case_id and a.staff_id = s.staff_id) limit 1`,
  'has decided what somebody else had claimed': `update task t set claimed_by = (select staff_id from staff s where s.staff_id <> d.actor_id limit 1)
    from decision d where d.decision_id = t.decision_id and d.action <> 'recall'`,
  'holds a task otherwise than its ledger says': `update task t set claimed_by =
      (select staff_id from staff s where s.staff_id is distinct from t.claimed_by limit 1)
    where exists (select 1 from task_claim l where l.task_id = t.task_id)`,
  'has claimed what they may not decide': `update task t set state = 'OPEN', claimed_by = a.staff_id
    from case_actor a where a.case_id = t.case_id and a.step_group = 'DESK'
      and t.task_id = (select task_id from task where stage in ('PRELIM_REVIEW', 'REVIEW', 'APPROVAL') order by arrived_at limit 1)`,
  'has approved above their limit': `update decision set terms = jsonb_set(terms, '{amountFen}', '"99999999999999"') where action = 'approve'`,
  'is to be lent what nobody has approved': `update loan set approved_fen = approved_fen + 1`,
  'has ended what they asked to end': copiedTwice(`'action', (array['propose-void', 'void'])[n]`),
  'is not who asked for the payment or who checked it': `update payment set maker_id = checker_id`,
  'has had two hands in one payment': `update decision d set actor_id = pay.actor_id from decision pay
    where pay.case_id = d.case_id and pay.action = 'pay' and d.step_group = 'PAYMENT_MAKER' and d.to_stage = 'RELEASE_CHECK'`,
  'is paid another amount than was approved': `update payment set amount_fen = amount_fen + 1 where state <> 'FAILED'`,
  'POSTS of a case': copiedTwice(`'post', (array['SYS_ADMIN', 'LOG_ADMIN'])[n]`),
  'POSTS by delegation': `insert into staff_post (staff_id, post, org_id, from_on)
    select distinct to_staff_id, lent.post, 'centre-xinxiang', '2020-01-01'::date from delegation, unnest(array['SYS_ADMIN', 'LOG_ADMIN']) lent(post)
    where from_on = business_today() and revoked_at is null on conflict do nothing`,
}

/** Tables whose guards would refuse the plants, and are off for as long as one stands. */
const GUARDED = ['case_actor', 'case_note', 'decision', 'delegation', 'loan', 'loan_application', 'payment', 'staff_post', 'task']

class Undone extends Error {}

/** What the questions say of a record with a plant in it; afterwards nothing of the plant is there. */
export async function brokenByPlant(owner: Db, plant: string): Promise<string[]> {
  let broken: string[] = []
  const planting = owner.transaction().execute(async (tx) => {
    for (const table of GUARDED) await sql`alter table ${sql.table(table)} disable trigger user`.execute(tx)
    await sql
      .raw(
        `do $$ declare one record; begin
          for one in select conrelid::regclass as place, conname from pg_constraint
            where conrelid = any (array['${GUARDED.join("','")}']::regclass[]) and contype in ('f', 'c', 'x') loop
            execute format('alter table %s drop constraint %I', one.place, one.conname);
          end loop; end $$`,
      )
      .execute(tx)
    await sql.raw(plant).execute(tx)
    broken = await brokenIn(tx)
    throw new Undone()
  })
  await planting.catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error
  })
  return broken
}

import { sql, type RawBuilder } from 'kysely'
import type { PostHeld } from './actor.ts'

export interface Who {
  readonly staffId: string
  readonly posts: readonly PostHeld[]
}

export type ListName = 'todo' | 'done' | 'started' | 'copied' | 'all'

/** Where the cases of a list come from and in what order they stand. */
export interface Source {
  /** The list's cases as `c`, with what makes them its rows. */
  readonly from: RawBuilder<unknown>
  readonly where: RawBuilder<unknown>
  /** The sort columns, together unique; an index has them in this order. */
  readonly at: RawBuilder<unknown>
  readonly id: RawBuilder<unknown>
  /** Newest moment first; otherwise by day, the nearest first, those without a day last. */
  readonly newestFirst: boolean
  /** The rows are tasks `t`; elsewhere a row shows its case's own open task. */
  readonly ofTasks: boolean
  /** The same cases, once each, where they can be had without asking each row for a later one. */
  readonly counted?: RawBuilder<unknown>
}

/** A case's own open task, if there is one. */
export const OPEN_TASK = sql`left join lateral (
  select * from task k where k.case_id = c.case_id and k.state = 'OPEN' order by k.post limit 1) t on true`

export const SOURCES: Record<ListName, (who: Who) => Source> = {
  todo: ({ posts }) => ({
    from: sql`task t join case_file c on c.case_id = t.case_id`,
    where: sql`t.state = 'OPEN' and (t.post, t.org_id) in (${pairs(posts)})`,
    at: sql`t.counts_on`,
    id: sql`t.task_id`,
    newestFirst: false,
    ofTasks: true,
  }),
  // The person's last decision in each case.
  done: ({ staffId }) => ({
    ...newest(
      sql`decision d join case_file c on c.case_id = d.case_id`,
      sql`d.actor_id = ${staffId} and not exists (select 1 from decision e where e.case_id = d.case_id and e.actor_id = d.actor_id
        and (e.decided_at, e.decision_id) > (d.decided_at, d.decision_id))`,
      sql`d.decided_at`,
      sql`d.case_id`,
    ),
    counted: sql`(select distinct case_id from decision where actor_id = ${staffId}) d join case_file c on c.case_id = d.case_id`,
  }),
  started: ({ staffId }) => newest(sql`case_file c`, sql`c.created_by = ${staffId}`, sql`c.created_at`, sql`c.case_id`),
  copied: ({ staffId }) => newest(sql`case_copy y join case_file c on c.case_id = y.case_id`, sql`y.staff_id = ${staffId}`, sql`y.at`, sql`y.case_id`),
  all: () => newest(sql`case_file c`, sql`true`, sql`c.created_at`, sql`c.case_id`),
}

const newest = (from: RawBuilder<unknown>, where: RawBuilder<unknown>, at: RawBuilder<unknown>, id: RawBuilder<unknown>): Source => ({
  from,
  where,
  at,
  id,
  newestFirst: true,
  ofTasks: false,
})

const pairs = (posts: readonly PostHeld[]): RawBuilder<unknown> =>
  posts.length === 0 ? sql`select null, null where false` : sql.join(posts.map(({ post, orgId }) => sql`(${post}, ${orgId})`))

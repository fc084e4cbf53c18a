import { sql } from 'kysely'
import type { Tx } from '../connect.ts'
import { chainCheck } from '../seal/chain.ts'
import { rowsById, streams } from '../seal/export.ts'
import type { Check } from './check.ts'
import { collect, type Violation } from './violation.ts'

/** I8, the chains themselves: every row hashed again, none missing, none too many, each ending where the house says it ends. */
export async function chainViolations(tx: Tx): Promise<Violation[]> {
  const bad = collect('I8', '审计链断裂')
  const chains = chainCheck()
  for await (const row of rowsById(tx)) {
    const misfit = chains.take(row)
    if (misfit) bad.add({ ...misfit })
  }
  for await (const stream of streams(tx)) {
    const misfit = chains.end(stream)
    if (misfit) bad.add({ ...misfit })
  }
  for (const stream of chains.unended()) bad.add({ stream, seq: '1', what: '这条链没有登记' })
  return bad.violations()
}

/** Rows whose body is no object name no decision: they are found as decisions without their row. */
const decided = sql`
  r as materialized (select stream, seq, actor, act, body::jsonb as body from audit_row where act like 'decide/%' and body is json object)`

/** I8, the archive against the business data, in both directions. */
export const auditChecks: readonly Check[] = [
  {
    invariant: 'I8',
    what: '决定没有恰好一条审计记录',
    query: () => sql`
      with ${decided}
      select d.case_id, d.seq, d.action, count(r.seq) as rows
      from decision d left join r on r.body ->> 'decision' = d.decision_id::text and r.stream = 'case/' || d.case_id
      group by d.decision_id having count(r.seq) <> 1`,
  },
  {
    invariant: 'I8',
    what: '审计记录所指的决定不存在',
    query: () => sql`
      select stream, seq, act from audit_row a where act like 'decide/%' and not exists (
        select 1 from decision d where 'case/' || d.case_id = a.stream and 'decide/' || d.action = a.act and body is json object
          and d.decision_id::text = (case when body is json object then body::jsonb ->> 'decision' end))`,
  },
  {
    invariant: 'I8',
    what: '决定的内容与审计记录不同',
    query: () => sql`
      with ${decided}
      select d.case_id, d.seq, d.action, r.stream, r.seq as audit_seq
      from decision d join r on r.body ->> 'decision' = d.decision_id::text
      where (r.act, r.actor, r.body -> 'seq', r.body ->> 'from', r.body -> 'version', r.body ->> 'on') is distinct from
          ('decide/' || d.action, coalesce('staff/' || d.actor_id, 'system'), to_jsonb(d.seq), d.stage, to_jsonb(d.stage_version + 1), d.decided_on::text)
        or coalesce(r.body ->> 'opinion', r.body -> 'decided' ->> 'opinion') is distinct from d.opinion
        or (r.body ? 'decided' and r.body -> 'decided' <> jsonb_build_object('commandId', d.command_id, 'action', d.action, 'toStage', d.to_stage,
          'actorId', d.actor_id, 'onBehalfOf', d.on_behalf_of, 'post', d.post, 'stepGroup', d.step_group, 'opinion', d.opinion,
          'reasonCode', d.reason_code, 'terms', d.terms, 'fields', d.fields))`,
  },
  {
    invariant: 'I8',
    what: '案件的审计链不以立案开头，或链与案件对不上',
    query: () => sql`
      select coalesce(c.case_id, s.case_id) as case_id, s.stream, a.act from case_file c
        full join audit_stream s on s.stream = 'case/' || c.case_id left join audit_row a on a.stream = s.stream and a.seq = 1
      where (c.case_id is not null and a.act is distinct from 'open/' || c.kind)
        or (s.stream like 'case/%' and (c.case_id is null or s.case_id is distinct from c.case_id))
      union all
      select a.case_id, a.stream, a.act from audit_row a join audit_stream s using (stream) where a.case_id is distinct from s.case_id`,
  },
  {
    invariant: 'I8',
    what: '被拒的命令在审计中是被拒，在登记中不是',
    query: () => sql`
      with refused as materialized (
        select stream, seq, body::jsonb ->> 'command' as command_id from audit_row where act like 'refused/%' and body is json object)
      select r.stream, r.seq, r.command_id, k.state from refused r left join command k on k.command_id::text = r.command_id
      where k.state is distinct from 'REFUSED'`,
  },
  {
    invariant: 'I8',
    what: '被拒的命令没有恰好一条审计记录',
    query: () => sql`
      with refused as materialized (
        select seq, body::jsonb ->> 'command' as command_id from audit_row where act like 'refused/%' and body is json object)
      select k.command_id, k.case_id, k.action, count(r.seq) as rows
      from command k left join refused r on r.command_id = k.command_id::text
      where k.state = 'REFUSED' group by k.command_id having count(r.seq) <> 1`,
  },
]

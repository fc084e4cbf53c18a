import { sql } from 'kysely'
import { moves, stageTables, type Check } from './check.ts'

/** I14: what is kept for speed is what the facts give when they are added up again. */
export const projectionChecks: readonly Check[] = [
  {
    // A case starts at version one, and every decision adds one.
    invariant: 'I14',
    what: '案件版本不等于立案加决定之数，或决定的序号、版本不连续',
    query: () => sql`
      select c.case_id, c.stage_version, count(d.seq) as decisions, min(d.seq) as first_seq, max(d.seq) as last_seq
      from case_file c left join decision d using (case_id)
      group by c.case_id having c.stage_version <> 1 + count(d.seq) or max(d.seq) <> count(d.seq) or min(d.seq) <> 1
        or bool_or(d.stage_version <> d.seq)`,
  },
  {
    invariant: 'I14',
    what: '案件所在环节不是其决定所至',
    query: (given) => sql`
      with ${moves(given)}
      select case_id, seq, stage, action, to_stage, went_to from move where went_to <> to_stage and not stays
      union all
      select c.case_id, d.seq, coalesce(d.stage, c.stage), d.action, null, s.stage from case_file c join stage_row s on s.kind = c.kind and s.start
        left join decision d on d.case_id = c.case_id and d.seq = 1 where coalesce(d.stage, c.stage) <> s.stage`,
  },
  {
    invariant: 'I14',
    what: '人的决定不是该环节的动作，或所至不是该动作的去向',
    query: (given) => sql`
      with ${moves(given)}
      select case_id, seq, stage, action, to_stage from move m where actor_id is not null and action <> 'recall'
        and not exists (select 1 from stage_way w where (w.kind, w.stage, w.action, w."to") = (m.kind, m.stage, m.action, m.to_stage))`,
  },
  {
    invariant: 'I14',
    what: '在办与否与环节是否终结不符',
    query: (given) => sql`
      with ${stageTables(given)}
      select c.case_id, c.kind, c.stage, c.open, c.closed_on from case_file c left join stage_row s on (s.kind, s.stage) = (c.kind, c.stage)
      where s.terminal is null or c.open = s.terminal or c.open <> (c.closed_on is null)`,
  },
  {
    invariant: 'I14',
    what: '受委托银行、担保机构不是案件现时指定给的机构',
    query: () => sql`
      select l.case_id, l.bank_org_id, l.guarantor_org_id, g.assigned from loan l join case_file c using (case_id)
        left join lateral (select array_agg(role || '/' || org_id order by role) as assigned from case_grant
          where case_id = l.case_id and ended_on is null) g on true
      where c.open
        and coalesce(g.assigned, '{}') <> array_remove(array['BANK/' || l.bank_org_id, 'GUARANTOR/' || l.guarantor_org_id], null)`,
  },
  {
    // At the counter a corrected form waits to be handed in; with that it is the case's own.
    invariant: 'I14',
    what: '审核中的案件所据的申请不是末一版',
    query: () => sql`
      select l.case_id, c.stage, l.application_version, max(a.version) as newest from loan l join case_file c using (case_id)
        join loan_application a using (case_id)
      where c.open and c.stage not in ('SUBMITTED', 'CORRECTION_REQUESTED', 'RETURNED', 'SUPPLEMENT_PENDING')
      group by 1, 2, 3 having max(a.version) <> l.application_version`,
  },
  {
    invariant: 'I14',
    what: '划款的状态不是其经过的末一条',
    query: () => sql`
      select p.payment_id, p.state, e.state as last_event from payment p
        left join lateral (select state from payment_event where payment_id = p.payment_id order by seq desc limit 1) e on true
      where e.state is distinct from p.state`,
  },
  {
    invariant: 'I14',
    what: '个人账户余额不是其明细之和',
    query: () => sql`
      with summed as (
        select account_number, sum(amount_fen) as entries_fen,
          bool_and(balance_fen = running_fen) as runs from (
            select *, sum(amount_fen) over (partition by account_number order by seq) as running_fen from account_entry) e group by 1)
      select account_number, a.balance_fen, s.entries_fen from personal_account a left join summed s using (account_number)
      where a.balance_fen <> coalesce(s.entries_fen, 0) or not coalesce(s.runs, true)`,
  },
  {
    invariant: 'I14',
    what: '个人账户余额之和不等于住房公积金科目（201）',
    query: () => sql`
      select entity, persons_fen, ledger_fen from
        (select o.reporting_entity as entity, sum(a.balance_fen) as persons_fen from personal_account a join org o using (org_id) group by 1) p
        full join (select reporting_entity as entity, -sum(amount_fen) as ledger_fen from ledger_balance where ledger_code like '201%' group by 1) l
        using (entity)
      where coalesce(persons_fen, 0) <> coalesce(ledger_fen, 0)`,
  },
  {
    invariant: 'I14',
    what: '贷款余额之和不等于委托贷款与逾期贷款科目（121、122）',
    query: () => sql`
      select entity, loans_fen, ledger_fen from
        (select o.reporting_entity as entity, sum(a.balance_fen) as loans_fen from loan_account a join org o using (org_id) group by 1) p
        full join (select reporting_entity as entity, sum(amount_fen) as ledger_fen from ledger_balance
          where ledger_code like '121%' or ledger_code like '122%' group by 1) l using (entity)
      where coalesce(loans_fen, 0) <> coalesce(ledger_fen, 0)`,
  },
  {
    invariant: 'I14',
    what: '已放款的案件没有其贷款账户，或账户的本金、日期不同',
    query: () => sql`
      select l.case_id, l.disbursed_on, l.disbursed_fen, a.loan_number, a.principal_fen, a.disbursed_on as account_from
      from (select * from loan where disbursed_on is not null) l
        full join (select * from loan_account where case_id is not null and state <> 'RETURNED') a using (case_id)
      where (l.disbursed_on, l.disbursed_fen) is distinct from (a.disbursed_on, a.principal_fen)`,
  },
]

import { sql } from 'kysely'
import type { BankPayment, Check, Given } from './check.ts'

/** Entries that may take an account below what is held on it: the court's own deduction (扣划), which the hold was for. */
export const ENTRIES_ABOVE_HOLDS = ['COURT_DEDUCTION'] as const

const ledger: readonly Check[] = [
  {
    invariant: 'I1',
    what: '凭证没有分录，或借贷不平',
    query: () => sql`
      select v.voucher_number, sum(p.amount_fen) as difference_fen from voucher v left join posting p using (voucher_id)
      group by v.voucher_id, v.voucher_number having count(p.line) = 0 or sum(p.amount_fen) <> 0`,
  },
  {
    invariant: 'I1',
    what: '科目余额与从零累计的分录不符',
    query: () => sql`
      select ledger_code, sub_account, b.amount_fen as balance_fen, p.posted_fen
      from ledger_balance b full join (select ledger_code, sub_account, sum(amount_fen) as posted_fen from posting group by 1, 2) p
        using (ledger_code, sub_account)
      where coalesce(b.amount_fen, 0) <> coalesce(p.posted_fen, 0)`,
  },
  {
    invariant: 'I1',
    what: '核算主体的账不平，或分录记入了别家的科目',
    query: () => sql`
      select reporting_entity, sum(amount_fen) as difference_fen, null as voucher_number from ledger_balance group by 1 having sum(amount_fen) <> 0
      union all
      select b.reporting_entity, p.amount_fen, v.voucher_number
      from posting p join voucher v using (voucher_id) join ledger_balance b using (ledger_code, sub_account)
      where b.reporting_entity <> v.reporting_entity`,
  },
  {
    invariant: 'I1',
    what: '冲正凭证不是原凭证的反向',
    query: () => sql`
      select v.voucher_number, ledger_code, sub_account, sum(p.amount_fen) as difference_fen
      from voucher v join posting p on p.voucher_id in (v.voucher_id, v.reverses)
      where v.reverses is not null group by 1, 2, 3 having sum(p.amount_fen) <> 0`,
  },
]

const accounts: readonly Check[] = [
  {
    invariant: 'I2',
    what: '个人账户余额为负',
    query: () => sql`
      select account_number, balance_fen, null::int as seq from personal_account where balance_fen < 0
      union all select account_number, balance_fen, seq from account_entry where balance_fen < 0`,
  },
  {
    invariant: 'I2',
    what: '预留超过科目余额，或银行存款为负',
    query: () => sql`
      select ledger_code, sub_account, amount_fen, reserved_fen from ledger_balance
      where (reserved_fen > 0 and reserved_fen > amount_fen) or reserved_fen < 0 or (ledger_code like '10%' and amount_fen < 0)`,
  },
  {
    // Neither holds nor entries know the time of day, so an entry of the hold's first day is taken to have been there before it.
    invariant: 'I2',
    what: '冻结期间的支出使余额低于冻结金额',
    query: () => sql`
      select e.account_number, e.seq, e.kind, e.balance_fen, h.hold_id, h.amount_fen as held_fen
      from account_hold h join account_entry e on e.account_number = h.account_number and e.booked_on > h.from_on
        and e.booked_on <= least(coalesce(h.released_on - 1, 'infinity'), coalesce(h.to_on, 'infinity'))
      where e.amount_fen < 0 and (h.amount_fen is null or e.balance_fen < h.amount_fen) and e.kind <> all (${[...ENTRIES_ABOVE_HOLDS]})`,
  },
]

const payments: readonly Check[] = [
  {
    // While the house is at work, a payment may have been settled a moment ago and be booked the next.
    invariant: 'I3',
    what: '划款的状态与预留、放款凭证不相称',
    query: ({ quiet }) => sql`
      select p.payment_id, p.state, r.state as reservation, count(v.voucher_id) as vouchers
      from payment p join case_file c using (case_id) left join reservation r using (payment_id)
        left join voucher v on v.source_key = 'payment/' || p.payment_id and v.kind = 'LOAN_RELEASE' and v.case_id = p.case_id
          and not exists (select 1 from voucher x where x.reverses = v.voucher_id)
      group by p.payment_id, p.state, r.state, c.open
      having (r.state, count(v.voucher_id)) is distinct from (
          case p.state when 'SUCCEEDED' then 'POSTED' when 'FAILED' then 'RELEASED' else 'HELD' end,
          case p.state when 'SUCCEEDED' then 1 else 0 end)
        and (${quiet} or not (c.open and p.state in ('SUCCEEDED', 'FAILED') and r.state = 'HELD' and count(v.voucher_id) = 0))`,
  },
  {
    invariant: 'I3',
    what: '放款凭证的金额或账户与划款不符',
    query: () => sql`
      select v.voucher_number, p.payment_id, p.amount_fen, x.ledger_code, x.sub_account, x.amount_fen as posted_fen
      from voucher v left join payment p on v.source_key = 'payment/' || p.payment_id
        left join bank_account b using (bank_account_id)
        left join posting x on x.voucher_id = v.voucher_id and x.amount_fen < 0
      where v.kind = 'LOAN_RELEASE' and v.reverses is null
        and (x.ledger_code, x.sub_account, x.amount_fen) is distinct from (b.ledger_code, b.bank_account_id, -p.amount_fen)`,
  },
  {
    invariant: 'I3',
    what: '预留与划款的金额或账户不符',
    query: () => sql`
      select payment_id, p.amount_fen, r.amount_fen as reserved_fen, r.ledger_code, r.sub_account
      from reservation r join payment p using (payment_id) join bank_account b using (bank_account_id)
      where (r.amount_fen, r.ledger_code, r.sub_account) is distinct from (p.amount_fen, b.ledger_code, b.bank_account_id)`,
  },
  {
    invariant: 'I3',
    what: '科目上的预留与在途划款之和不符',
    query: () => sql`
      select ledger_code, sub_account, b.reserved_fen, h.held_fen
      from ledger_balance b full join (
        select ledger_code, sub_account, sum(amount_fen) as held_fen from reservation where state = 'HELD' group by 1, 2) h using (ledger_code, sub_account)
      where coalesce(b.reserved_fen, 0) <> coalesce(h.held_fen, 0)`,
  },
]

/** What a bank says against a settled payment is followed only where two people have found it true, and then everywhere. */
const findings: readonly Check[] = [
  {
    invariant: 'I3',
    what: '划款的结果与经确认的末一项认定不符',
    query: () => sql`
      select f.payment_id, f.claim, p.state from payment_finding f join payment p using (payment_id)
      where f.state = 'CONFIRMED' and p.state <> case f.claim when 'PAID' then 'SUCCEEDED' else 'FAILED' end
        and not exists (select 1 from payment_finding l where l.payment_id = f.payment_id and l.state = 'CONFIRMED' and l.finding_no > f.finding_no)`,
  },
  {
    invariant: 'I3',
    what: '放款凭证的冲销与经确认的退汇认定不是一一对应',
    query: () => sql`
      select p.payment_id, r.voucher_number as reversal, f.finding_id
      from (select v.source_key, r.voucher_number from voucher v join voucher r on r.reverses = v.voucher_id where v.kind = 'LOAN_RELEASE') r
        join payment p on r.source_key = 'payment/' || p.payment_id
        full join (select finding_id, payment_id from payment_finding where state = 'CONFIRMED' and claim = 'RETURNED') f using (payment_id)
      where r.voucher_number is null or f.finding_id is null`,
  },
  {
    invariant: 'I3',
    what: '划款结果待确认的案件没有待确认的认定',
    query: () => sql`
      select c.case_id, c.stage from case_file c where c.stage = 'PAY_DISPUTED'
        and not exists (select 1 from payment_finding f where f.case_id = c.case_id and f.state = 'FOUND')`,
  },
  {
    // While the house is at work, one has just been made.
    invariant: 'I3',
    what: '待确认的认定没有提交资金结算岗',
    when: ({ quiet }) => quiet,
    query: () => sql`
      select f.finding_id, f.case_id, c.stage from payment_finding f join case_file c using (case_id)
      where f.state = 'FOUND' and c.stage <> 'PAY_DISPUTED'`,
  },
  {
    invariant: 'I3',
    what: '退汇的贷款账户与其冲销的放款凭证不符',
    query: () => sql`
      select a.loan_number, a.balance_fen, v.voucher_number
      from (select * from loan_account where state = 'RETURNED') a
        full join (select v.voucher_number, x.sub_account from voucher v join posting x using (voucher_id)
          where v.kind = 'LOAN_RELEASE' and x.ledger_code = '12101' and exists (select 1 from voucher r where r.reverses = v.voucher_id)) v
          on v.sub_account = a.loan_number
      where a.loan_number is null or v.voucher_number is null or a.balance_fen <> 0`,
  },
]

const asRows = (payments: readonly BankPayment[]): string =>
  JSON.stringify(payments.map(({ serial, state, amountFen }) => ({ serial, state, amount_fen: String(amountFen) })))

const bankRows = ({ bankPayments = [] }: Given) =>
  sql`bank as materialized (select * from jsonb_to_recordset(${asRows(bankPayments)}::jsonb) as b(serial text, state text, amount_fen bigint))`

const withBank = ({ bankPayments }: Given): boolean => bankPayments !== undefined

const bank: readonly Check[] = [
  {
    invariant: 'I3',
    what: '银行就同一流水付款不止一次',
    when: withBank,
    query: (given) => sql`
      with ${bankRows(given)} select serial, count(*) as times, sum(amount_fen) as paid_fen from bank where state = 'SUCCEEDED'
      group by serial having count(*) > 1`,
  },
  {
    invariant: 'I3',
    what: '银行的付款与本中心的划款不符',
    when: withBank,
    query: (given) => sql`
      with ${bankRows(given)}
      select coalesce(b.serial, upper(p.payment_id::text)) as serial, b.state as bank, b.amount_fen as bank_fen, p.state as house, p.amount_fen as house_fen
      from (select * from bank where state = 'SUCCEEDED') b full join payment p on b.serial = upper(p.payment_id::text)
      where (b.serial is null and p.state = 'SUCCEEDED') or (b.serial is not null and (p.payment_id is null or p.state = 'FAILED'
        or b.amount_fen <> p.amount_fen or (${given.quiet} and p.state not in ('SUCCEEDED', 'UNKNOWN'))))`,
  },
  {
    invariant: 'I3',
    what: '银行付出的总额，不等于账上放款的总额加结果未明而银行已付的总额',
    when: withBank,
    query: (given) => sql`
      with ${bankRows(given)}, sums as (
        select (select coalesce(sum(amount_fen), 0) from bank where state = 'SUCCEEDED') as bank_fen,
          (select coalesce(-sum(x.amount_fen), 0) from posting x join voucher v using (voucher_id)
            where v.kind = 'LOAN_RELEASE' and x.amount_fen < 0
              and not exists (select 1 from voucher r where r.reverses = v.voucher_id)) as booked_fen,
          (select coalesce(sum(p.amount_fen), 0) from payment p where exists (
              select 1 from bank b where b.state = 'SUCCEEDED' and b.serial = upper(p.payment_id::text))
            and not exists (select 1 from voucher v where v.source_key = 'payment/' || p.payment_id)) as unknown_fen)
      select * from sums where bank_fen <> booked_fen + unknown_fen`,
  },
]

export const moneyChecks: readonly Check[] = [...ledger, ...accounts, ...payments, ...findings, ...bank]

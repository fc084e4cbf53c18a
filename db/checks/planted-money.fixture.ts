import type { BankPayment } from './check.ts'
import type { CheckOptions } from './check-all.ts'
import { copyOf, freshUuid, run, unchanged, type Planted } from './planted.fixture.ts'

const bankOf = ({ bankPayments = [] }: CheckOptions): readonly BankPayment[] => bankPayments

/** Decides the finding that the city has, and nothing else. */
const CONFIRM = `update payment_finding set state = $state, decided_by = (select checker_id from payment p where p.payment_id = payment_finding.payment_id),
  decided_at = now(), remark = '' where state = 'FOUND'`

export const moneyPlanted: readonly Planted[] = [
  {
    invariant: 'I1',
    what: '凭证没有分录，或借贷不平',
    done: 'a posting is raised by one fen',
    by: run(`update posting set amount_fen = amount_fen + 1 where line = 1`),
  },
  {
    invariant: 'I1',
    what: '凭证没有分录，或借贷不平',
    done: 'a voucher has lost its postings',
    by: run(`delete from posting where voucher_id in (select voucher_id from voucher where case_id = $paid)`),
  },
  {
    invariant: 'I1',
    what: '科目余额与从零累计的分录不符',
    done: 'a balance is raised by one fen',
    by: run(`update ledger_balance set amount_fen = amount_fen + 1 where ledger_code = '10101'`),
  },
  {
    invariant: 'I1',
    what: '科目余额与从零累计的分录不符',
    done: 'a balance is gone',
    by: run(`delete from ledger_balance where ledger_code = '201'`),
  },
  {
    invariant: 'I1',
    what: '核算主体的账不平，或分录记入了别家的科目',
    done: 'a county account stands in the city’s books',
    by: run(`update ledger_balance set reporting_entity = 'xinxiang' where ledger_code = '201' and sub_account = 'branch-weize'`),
  },
  {
    invariant: 'I1',
    what: '冲正凭证不是原凭证的反向',
    done: 'a reversal books half of it back',
    by: run(
      copyOf(
        'voucher',
        freshUuid('voucher_id', `, 'voucher_number', 'R-1', 'source_key', 'reversal/1', 'reverses', t.voucher_id`),
        `case_id = $paid`,
      ),
      `insert into posting select r.voucher_id, p.line, p.org_id, p.access_group_id, p.ledger_code, p.sub_account, -p.amount_fen / 2
        from voucher r join posting p on p.voucher_id = r.reverses`,
    ),
  },
  {
    invariant: 'I2',
    what: '个人账户余额为负',
    done: 'a person owes the fund',
    by: run(
      `alter table personal_account drop constraint personal_account_balance_fen_check`,
      `update personal_account set balance_fen = -1 where account_number = (select min(account_number) from personal_account)`,
    ),
  },
  {
    invariant: 'I2',
    what: '预留超过科目余额，或银行存款为负',
    done: 'more is set aside than there is',
    by: run(`update ledger_balance set reserved_fen = amount_fen + 1 where ledger_code = '10101'`),
  },
  {
    invariant: 'I2',
    what: '冻结期间的支出使余额低于冻结金额',
    done: 'a withdrawal goes out the day after a whole account was frozen',
    by: run(
      `update account_hold set amount_fen = null`,
      `insert into account_entry select account_number, 900, org_id, access_group_id, from_on + 1, 'WITHDRAWAL', null, -100, 500 from account_hold limit 1`,
    ),
  },
  {
    invariant: 'I3',
    what: '划款的状态与预留、放款凭证不相称',
    done: 'a paid loan has no voucher',
    by: run(`update voucher set source_key = 'elsewhere' where case_id = $paid`),
  },
  {
    invariant: 'I3',
    what: '划款的状态与预留、放款凭证不相称',
    done: 'a reservation is given back while nobody knows how the payment ended',
    by: run(`update reservation set state = 'RELEASED' where state = 'HELD'`),
  },
  {
    invariant: 'I3',
    what: '划款的状态与预留、放款凭证不相称',
    done: 'a failed payment keeps its reservation',
    by: run(`update reservation set state = 'HELD' where state = 'RELEASED'`),
  },
  {
    invariant: 'I3',
    what: '放款凭证的金额或账户与划款不符',
    done: 'less was ordered than was booked',
    by: run(`update payment set amount_fen = amount_fen - 1 where case_id = $paid`),
  },
  {
    invariant: 'I3',
    what: '预留与划款的金额或账户不符',
    done: 'another amount was set aside than is paid',
    by: run(`update reservation set amount_fen = amount_fen + 1 where state = 'HELD'`),
  },
  {
    invariant: 'I3',
    what: '科目上的预留与在途划款之和不符',
    done: 'an account forgets what is set aside',
    by: run(`update ledger_balance set reserved_fen = 0`),
  },
  {
    invariant: 'I3',
    what: '划款的结果与经确认的末一项认定不符',
    done: 'what two people have found true is not what stands',
    by: run(CONFIRM.replace('$state', `'CONFIRMED'`)),
  },
  {
    invariant: 'I3',
    what: '放款凭证的冲销与经确认的退汇认定不是一一对应',
    done: 'somebody reverses a release of their own accord',
    by: run(
      copyOf(
        'voucher',
        freshUuid(
          'voucher_id',
          `, 'voucher_number', 'R-2', 'source_key', 'reversal/2', 'reverses', t.voucher_id, 'kind', 'LOAN_RELEASE_REVERSAL'`,
        ),
        `case_id = $paid`,
      ),
    ),
  },
  {
    invariant: 'I3',
    what: '划款结果待确认的案件没有待确认的认定',
    done: 'a finding was denied, and its case waits on',
    by: run(CONFIRM.replace('$state', `'DENIED'`)),
  },
  {
    invariant: 'I3',
    what: '待确认的认定没有提交资金结算岗',
    done: 'a finding is brought before nobody',
    by: run(`update payment_finding set case_id = $paid where state = 'FOUND'`),
  },
  {
    invariant: 'I3',
    what: '退汇的贷款账户与其冲销的放款凭证不符',
    done: 'a loan counts as come back whose voucher stands',
    by: run(`update loan_account set state = 'RETURNED', balance_fen = 0 where case_id = $paid`),
  },
  {
    invariant: 'I3',
    what: '银行就同一流水付款不止一次',
    done: 'the bank pays a serial twice',
    by: unchanged,
    options: (all) => ({ ...all, bankPayments: [...bankOf(all), ...bankOf(all)] }),
  },
  {
    invariant: 'I3',
    what: '银行的付款与本中心的划款不符',
    done: 'the bank has never heard of a payment',
    by: unchanged,
    options: (all) => ({ ...all, bankPayments: [] }),
  },
  {
    invariant: 'I3',
    what: '银行的付款与本中心的划款不符',
    done: 'the bank paid another amount',
    by: unchanged,
    options: (all) => ({ ...all, bankPayments: bankOf(all).map((one) => ({ ...one, amountFen: one.amountFen + 1n })) }),
  },
  {
    invariant: 'I3',
    what: '银行付出的总额，不等于账上放款的总额加结果未明而银行已付的总额',
    done: 'the bank paid for a serial of nobody',
    by: unchanged,
    options: (all) => ({ ...all, bankPayments: [...bankOf(all), { serial: 'NOBODY', state: 'SUCCEEDED', amountFen: 5n }] }),
  },
]

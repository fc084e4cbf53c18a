import { copyOf, LAST_DECISION, run, type Planted } from './planted.fixture.ts'

export const projectionsPlanted: readonly Planted[] = [
  {
    invariant: 'I14',
    what: '案件版本不等于立案加决定之数，或决定的序号、版本不连续',
    done: 'a case forgets a version',
    by: run(`update case_file set stage_version = stage_version - 1, engine_version = -1 where case_id = $decided`),
  },
  {
    invariant: 'I14',
    what: '案件版本不等于立案加决定之数，或决定的序号、版本不连续',
    done: 'a decision in the middle is gone',
    by: run(`delete from decision where case_id = $decided and seq = 2`),
  },
  {
    invariant: 'I14',
    what: '案件所在环节不是其决定所至',
    done: 'a case has been moved without a decision',
    by: run(`update case_file set stage = 'APPROVED' where case_id = $decided`),
  },
  {
    invariant: 'I14',
    what: '案件所在环节不是其决定所至',
    done: 'a new case begins in the middle',
    by: run(`update case_file set stage = 'APPROVED' where case_id = (select case_id from case_file where stage = 'SUBMITTED' limit 1)`),
  },
  {
    invariant: 'I14',
    what: '人的决定不是该环节的动作，或所至不是该动作的去向',
    done: 'a review approves',
    by: run(`update decision set action = 'approve', to_stage = 'APPROVED' where ${LAST_DECISION}`),
  },
  {
    invariant: 'I14',
    what: '在办与否与环节是否终结不符',
    done: 'a case that has ended is open again',
    by: run(`update case_file set open = true, closed_on = null where case_id = $paid`),
  },
  {
    invariant: 'I14',
    what: '受委托银行、担保机构不是案件现时指定给的机构',
    done: 'a case is another bank’s, and the earlier one still sees it',
    by: run(`update loan set bank_org_id = (select min(org_id) from org where kind = 'BANK' and org_id <> bank_org_id) where case_id = $signed`),
  },
  {
    invariant: 'I14',
    what: '审核中的案件所据的申请不是末一版',
    done: 'a form is corrected behind the reviewer’s back',
    by: run(copyOf('loan_application', `jsonb_build_object('version', 2)`, 'case_id = $decided')),
  },
  {
    invariant: 'I14',
    what: '划款的状态不是其经过的末一条',
    done: 'a payment is said to have failed',
    by: run(`update payment set state = 'FAILED' where case_id = $paid`),
  },
  {
    invariant: 'I14',
    what: '个人账户余额不是其明细之和',
    done: 'a remittance is entered twice',
    by: run(copyOf('account_entry', `jsonb_build_object('seq', 900)`, 'seq = 1')),
  },
  {
    invariant: 'I14',
    what: '个人账户余额之和不等于住房公积金科目（201）',
    done: 'a person’s balance is raised',
    by: run(`update personal_account set balance_fen = balance_fen + 1`),
  },
  {
    invariant: 'I14',
    what: '贷款余额之和不等于委托贷款与逾期贷款科目（121、122）',
    done: 'a loan is forgiven in silence',
    by: run(`update loan_account set balance_fen = 0 where case_id = $paid`),
  },
  {
    invariant: 'I14',
    what: '已放款的案件没有其贷款账户，或账户的本金、日期不同',
    done: 'a loan that was paid out is not in the book',
    by: run(`delete from loan_account where case_id = $paid`),
  },
]

import type { Insertable } from 'kysely'
import type { LedgerAccountTable } from './tables.ts'

/** 会计科目 at the level on which is posted; what lies below is the sub-account: a bank account, bank, branch, centre or single loan. */
const ACCOUNTS = [
  ['10101', '住房公积金存款—活期', 'DEBIT'],
  ['10201', '增值收益存款—活期', 'DEBIT'],
  ['11101', '应收利息—贷款', 'DEBIT'],
  ['119', '其他应收款', 'DEBIT'],
  ['12101', '委托贷款—个人', 'DEBIT'],
  ['12201', '逾期贷款—个人', 'DEBIT'],
  ['124', '国家债券', 'DEBIT'],
  ['201', '住房公积金', 'CREDIT'],
  ['211', '应付利息', 'CREDIT'],
  ['21401', '专项应付款—管理费用', 'CREDIT'],
  ['21402', '专项应付款—廉租住房建设补充资金', 'CREDIT'],
  ['21901', '其他应付款—单位预缴', 'CREDIT'],
  ['21904', '其他应付款—其他', 'CREDIT'],
  ['30101', '贷款风险准备—个人', 'CREDIT'],
  ['311', '增值收益', 'CREDIT'],
  ['32104', '增值收益分配—待分配', 'CREDIT'],
  ['40103', '业务收入—委托贷款利息', 'CREDIT'],
  ['40105', '业务收入—其他', 'CREDIT'],
  ['41101', '业务支出—职工利息', 'DEBIT'],
  ['41102', '业务支出—归集手续费', 'DEBIT'],
  ['41103', '业务支出—委托贷款手续费', 'DEBIT'],
] as const

/** The same in every house: the national accounting method prints them. */
export const ledgerAccounts: readonly Insertable<LedgerAccountTable>[] = ACCOUNTS.map(([code, name, side]) => ({ code, name, side }))

/** The accounts that stand for money at a bank: contributors' deposits, and the surplus apart from them. */
export type CashAccount = '10101' | '10201'

/** The id of a centre's account at a bank; also its sub-account in the ledger. */
export const bankAccountIdOf = (ledgerCode: CashAccount, bankOrgId: string): string => `${ledgerCode}-${bankOrgId.replace('bank-', '')}`

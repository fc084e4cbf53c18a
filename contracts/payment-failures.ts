import type { FailureCode } from './machine/bank.ts'

/** Why a bank has not paid, in an officer's words. */
export const PAYMENT_FAILURES: Readonly<Record<FailureCode, string>> = {
  ACCOUNT_NOT_FOUND: '收款账号不存在',
  ACCOUNT_CLOSED: '收款账户已销户',
  ACCOUNT_FROZEN: '收款账户被冻结',
  NAME_MISMATCH: '户名与账号不符',
  INSUFFICIENT_FUNDS: '付款专户余额不足',
  REJECTED_BY_PAYEE_BANK: '收款银行拒收',
}

/** What the bank gave as its reason; a code it does not share with us is shown as it came. */
export const failureText = (failure: string): string =>
  Object.entries(PAYMENT_FAILURES).find(([code]) => failure.startsWith(code))?.[1] ?? failure

import { HOME_KINDS, RECEIVING_ACCOUNTS } from '#contracts/loan.ts'
import { reason } from '../reason-codes.ts'
import { known, type LoanRule } from './rule.ts'

/** 所购住房条件. Own-occupied, in the area, free of seizure, in a project that goes on, and not already before another counter. */
export const homeMayBeFinanced: LoanRule = ({ home }) => [
  ...(home.use === 'OWN_OCCUPIED' ? [] : [reason('NOT_OWN_OCCUPIED', {})]),
  ...(home.inPlace ? [] : [reason('HOME_OUTSIDE_AREA', {})]),
  ...(known(home.seized) ? [reason('HOME_SEIZED', {})] : []),
  ...(home.otherMortgages ? [reason('HOME_MORTGAGED', { mortgages: home.otherMortgages })] : []),
  ...(home.projectSuspended ? [reason('PROJECT_SUSPENDED', {})] : []),
  ...(home.otherOpenApplications > 0 ? [reason('DUPLICATE_APPLICATION', { applications: home.otherOpenApplications })] : []),
]

/** 贷款资金划付. Money for a pre-sold home goes to its supervision account and nowhere else, for a resale home to escrow. */
export const paidWhereItBelongs: LoanRule = ({ home }) => {
  const rightAccount = home.kind === 'NEW' ? 'SUPERVISION' : 'ESCROW'
  if (home.receivingAccount === rightAccount) return []
  return [reason('RECEIVING_ACCOUNT_WRONG', { homeKind: HOME_KINDS[home.kind], accountKind: RECEIVING_ACCOUNTS[rightAccount] })]
}

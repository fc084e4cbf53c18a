import { reason } from '../reason-codes.ts'
import { partiesOf, type LoanRule } from './rule.ts'

const BAN_KINDS = { WITHDRAWAL_FRAUD: '骗提住房公积金', LOAN_FRAUD: '骗取住房公积金贷款' } as const

/**
 * 骗提骗贷限制（《住房公积金管理条例》第四十一条）与账户受限. A ban holds through its last day. A restricted account is refused in the same
 * words whatever restricts it: the kind of a hold may be a secret of the court.
 */
export const freeOfBansAndHolds: LoanRule = (facts, { date }) =>
  partiesOf(facts).flatMap(({ who, person }) => [
    ...person.bans
      .filter((ban) => ban.until >= date)
      .map(({ kind, decisionNumber, until }) => reason('UNDER_BAN', { who, banKind: BAN_KINDS[kind], decisionNumber, until })),
    ...(person.accountRestricted ? [reason('ACCOUNT_RESTRICTED', { who })] : []),
  ])

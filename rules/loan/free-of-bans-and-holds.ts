import type { PlainDate } from '#contracts/dates.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { Reason } from '#contracts/verdict.ts'
import { articleOn } from '../articles.ts'
import { reason } from '../reason-codes.ts'
import { partiesOf, type LoanRule } from './rule.ts'

const BAN_KINDS = { WITHDRAWAL_FRAUD: '骗提住房公积金', LOAN_FRAUD: '骗取住房公积金贷款' } as const

/**
 * 骗提骗贷限制与账户受限. A ban holds through its last day, and rests on what held on the day that rules the case: the revised Regulation, or
 * before it the decision that imposed the ban. A restricted account is refused in the same words whatever restricts it: the kind of a hold may
 * be a secret of the court.
 */
export const freeOfBansAndHolds: LoanRule = (facts, { date }) =>
  bansAndHolds(facts, date, (ban) => {
    const article = articleOn('UNDER_BAN', date)
    return { ...reason('UNDER_BAN', ban), article }
  })

/** As `loan-1` had it: one article for all days, and the last day of the ban left out in words. */
export const freeOfBansAndHoldsOfLoan1: LoanRule = (facts, { date }) =>
  bansAndHolds(facts, date, (ban) => ({
    ...reason('UNDER_BAN', ban),
    article: '《住房公积金管理条例》第四十一条',
    text: `${ban.who}因${ban.banKind}（${ban.decisionNumber}）在${ban.until}前不得申请贷款`,
  }))

interface Ban {
  readonly who: string
  readonly banKind: string
  readonly decisionNumber: string
  readonly until: PlainDate
}

const bansAndHolds = (facts: LoanFacts, date: PlainDate, banned: (ban: Ban) => Reason): readonly Reason[] =>
  partiesOf(facts).flatMap(({ who, person }) => [
    ...person.bans
      .filter((ban) => ban.until >= date)
      .map(({ kind, decisionNumber, until }) => banned({ who, banKind: BAN_KINDS[kind], decisionNumber, until })),
    ...(person.accountRestricted ? [reason('ACCOUNT_RESTRICTED', { who })] : []),
  ])

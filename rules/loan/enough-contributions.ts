import { CONTRIBUTION_STATUSES } from '#contracts/loan-facts.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { reason } from '../reason-codes.ts'
import { coupleOf, known, partiesOf, type LoanRule, type Party } from './rule.ts'

/**
 * 缴存条件（《住房公积金管理条例》第二十六条）. The borrower pays in normally, continuously and in full for long enough; a high-level talent,
 * where a city says so, may apply as soon as the account is open.
 */
export const enoughContributions: LoanRule = (facts, policy) => {
  const borrower: Party = { who: '借款人', person: facts.borrower }
  const found = known(facts.borrower.contribution)
  if (!found) return []
  const { who } = borrower
  const minimum = policy.values.contributionMonthsMin
  const months = found.monthsContinuous
  return [
    ...(found.status === 'NORMAL' ? [] : [reason('CONTRIBUTION_NOT_NORMAL', { who, status: CONTRIBUTION_STATUSES[found.status] })]),
    ...(months < minimum.value && !periodWaived(borrower, policy)
      ? [reason('CONTRIBUTION_SHORT', { who, months, monthsMin: minimum.value }, minimum)]
      : []),
  ]
}

/** 缴存情况提示. What a reviewer should see about who pays in, and where. */
export const contributionNotes: LoanRule = (facts, policy) =>
  partiesOf(facts).flatMap(({ who, person }) => {
    const found = known(person.contribution)
    const talentClass = known(person.talentClass)
    return [
      ...(found?.membership === 'FLEXIBLE' && found.status !== 'NONE' ? [reason('FLEXIBLE_MEMBER', { who })] : []),
      ...(found?.place === 'ELSEWHERE' && found.status !== 'NONE' ? [reason('CROSS_CITY_MEMBER', { who })] : []),
      ...(talentClass && policy.values.talents ? [reason('TALENT_TERMS', { who, talentClass }, policy.values.talents)] : []),
      ...(found && found.status !== 'NONE' && person.monthlyIncomeFen > found.baseFen
        ? [reason('INCOME_ABOVE_BASE', { who, incomeFen: person.monthlyIncomeFen, baseFen: found.baseFen })]
        : []),
    ]
  })

/** The spouses who pay in normally and long enough (单缴存、双缴存): they set the maximum of the loan. */
export const contributorsOf = (facts: Parameters<LoanRule>[0], policy: PolicySnapshot): readonly Party[] =>
  coupleOf(facts).filter((party) => {
    const found = known(party.person.contribution)
    const longEnough = (found?.monthsContinuous ?? 0) >= policy.values.contributionMonthsMin.value || periodWaived(party, policy)
    return found?.status === 'NORMAL' && longEnough
  })

const periodWaived = ({ person }: Party, { values }: PolicySnapshot): boolean =>
  values.talents?.value.contributionPeriodWaived === true && (known(person.talentClass) ?? null) !== null

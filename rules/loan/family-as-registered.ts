import { REGISTERED_MARRIAGES } from '#contracts/hand-answers.ts'
import type { LoanFacts, RegisteredMarriage } from '#contracts/loan-facts.ts'
import { MARITAL_STATUSES } from '#contracts/loan.ts'
import type { Reason } from '#contracts/verdict.ts'
import { reason } from '../reason-codes.ts'
import { known, type LoanRule } from './rule.ts'

/**
 * 婚姻登记与申报核对. The spouse of the form is the spouse of the register: with another one, two incomes and the wrong homes would count.
 * What the register says otherwise is left to a person; what the certificate says otherwise is no longer a question.
 */
export const familyAsRegistered: LoanRule = (facts) => familyReasons(facts)

/** The same without a policy, of which it needs none. */
export function familyReasons({ family }: Pick<LoanFacts, 'family'>): readonly Reason[] {
  const told = known(family)
  if (!told) return []
  const { maritalStatus, registered, onPaper } = told
  const declared = MARITAL_STATUSES[maritalStatus]
  const agrees = ({ state, spouseDeclared }: RegisteredMarriage): boolean =>
    (state === 'MARRIED') === (maritalStatus === 'MARRIED') && (state !== 'MARRIED' || spouseDeclared)
  if (onPaper) return agrees(onPaper) ? [] : [reason('FAMILY_NOT_AS_DECLARED', { declared, found: marriageInWords(onPaper) })]
  return !registered || agrees(registered) ? [] : [reason('FAMILY_CONTRADICTED', { declared, found: marriageInWords(registered) })]
}

/** A marriage as letters say it; who the other spouse is stays with the register. */
export const marriageInWords = ({ state, spouseDeclared }: RegisteredMarriage): string =>
  state === 'MARRIED' && !spouseDeclared ? '已婚（配偶不是申报的配偶）' : REGISTERED_MARRIAGES[state]

import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { Fen } from '#contracts/money.ts'
import type { Reason } from '#contracts/verdict.ts'
import { reason } from '../reason-codes.ts'
import { known } from './rule.ts'

/** 住房权利负担. Nobody else's mortgage stands on the home before money moves: ours would come after it. Not asked is not answered here. */
export const homeIsClear = ({ otherMortgages }: Pick<LoanFacts['home'], 'otherMortgages'>): readonly Reason[] =>
  otherMortgages ? [reason('HOME_STILL_MORTGAGED', { mortgages: otherMortgages })] : []

/**
 * 抵押登记核验. Does the registry have, under the certificate's number, an effective mortgage on this home, for the centre, over the approved
 * amount? A mortgage exists from its registration on, not from the paper. Not asked yet, or not answered, is another rule's matter.
 */
export function mortgageStands(mortgage: LoanFacts['mortgage'], approvedFen: Fen): readonly Reason[] {
  const told = mortgage && known(mortgage)
  if (told === undefined) return []
  if (told === null) return [reason('MORTGAGE_NOT_REGISTERED', {})]
  return [
    ...(told.effective ? [] : [reason('MORTGAGE_CANCELLED', {})]),
    ...(told.homeMatches ? [] : [reason('MORTGAGE_OTHER_HOME', {})]),
    ...(told.holderMatches ? [] : [reason('MORTGAGE_OTHER_HOLDER', {})]),
    ...(told.amountFen === approvedFen ? [] : [reason('MORTGAGE_AMOUNT_DIFFERS', { registeredFen: told.amountFen, approvedFen })]),
  ]
}

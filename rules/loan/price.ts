import { divideHalfUp, fen, minFen, type Fen } from '#contracts/money.ts'
import type { HomeOrder } from '#contracts/loan-assessment.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { Reason } from '#contracts/verdict.ts'
import type { PolicySnapshot, PolicyValue } from '#policy/policy-at.ts'
import { reason } from '../reason-codes.ts'
import { rateUnits } from '../repayment/interest.ts'
import { known, type LoanRule } from './rule.ts'

/** 房屋总价. The lower of the price in the contract and the price filed; the contract's alone while the registry is silent. */
export function priceCounted({ home }: Pick<LoanFacts, 'home'>): Fen {
  const filing = known(home.filing)
  return filing ? minFen(home.contractPriceFen, filing.priceFen) : home.contractPriceFen
}

/** 网签备案. The contract is filed, the filing stands, and it names the borrower's family; a price that differs is a risk to look at. */
export const contractIsFiled: LoanRule = ({ home }) => filingReasons(home)

/** The same of the home alone, for the file. */
export function filingReasons(home: LoanFacts['home']): readonly Reason[] {
  const filing = known(home.filing)
  if (filing === undefined) return []
  if (filing === null) return [reason('FILING_NOT_FOUND', {})]
  const { contractPriceFen } = home
  return [
    ...(filing.valid ? [] : [reason('FILING_INVALID', {})]),
    ...(filing.homeMatches === false ? [reason('FILING_OTHER_HOME', {})] : []),
    ...(filing.buyersMatch ? [] : [reason('FILING_OTHER_BUYER', {})]),
    ...(filing.priceFen === contractPriceFen
      ? []
      : [reason('PRICE_DIFFERS', { contractPriceFen, filingPriceFen: filing.priceFen, countedFen: priceCounted({ home }) })]),
  ]
}

/** 首付款. What the buyer has paid reaches the least share of the price for a home of this order. */
export function downPaymentReached(facts: LoanFacts, policy: PolicySnapshot, order: HomeOrder): readonly Reason[] {
  const share = downPaymentShare(policy, order)
  const priceFen = priceCounted(facts)
  const neededFen = percentOf(priceFen, share.value)
  const paidFen = facts.home.downPaymentPaidFen
  return paidFen >= neededFen ? [] : [reason('DOWN_PAYMENT_SHORT', { paidFen, priceFen, percentMin: share.value, neededFen }, share)]
}

/** The least share of the price that the buyer pays, in per cent, by the order of the home; with its source. */
export const downPaymentShare = ({ values }: PolicySnapshot, order: HomeOrder): PolicyValue<string> =>
  order === 'first' ? values.downPaymentFirstPercent : values.downPaymentSecondPercent

/** A share of an amount, half up to the fen. */
export const percentOf = (amountFen: Fen, percent: string): Fen => fen(divideHalfUp(amountFen * rateUnits(percent), 100n * 10_000n))

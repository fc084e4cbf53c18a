import { addFen, fen, floorToStep, maxFen, minFen, subtractFen, ZERO_FEN, type Fen } from '#contracts/money.ts'
import type { Ceiling, HomeOrder } from '#contracts/loan-assessment.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { Reason } from '#contracts/verdict.ts'
import type { PolicySnapshot, PolicyValue } from '#policy/policy-at.ts'
import { citation, standingOf } from '../reason-codes.ts'
import { balanceLimit } from './balance-formula.ts'
import { bearableLoan } from './capacity.ts'
import { contributorsOf } from './enough-contributions.ts'
import { downPaymentShare, percentOf, priceCounted } from './price.ts'
import { coupleOf, known } from './rule.ts'

/** What a loan would cost if granted: needed before its ceilings can be told. */
export interface Terms {
  readonly order: HomeOrder
  readonly months: number
  readonly ratePercent: string
}

export interface LoanCeilings {
  readonly ceilings: readonly Ceiling[]
  /** The lowest of them in whole steps (向下取整). */
  readonly amountFen: Fen
  /** The labels of the binding ones, for people. */
  readonly limits: string
  readonly open: readonly Reason[]
}

type Limit = Omit<Ceiling, 'binding'>

/** 贷款额度: every ceiling computed on its own and kept; the lowest binds, whoever asks why finds all of them. */
export function loanCeilings(facts: LoanFacts, policy: PolicySnapshot, terms: Terms): LoanCeilings {
  const balance = balanceLimit(facts, policy)
  const limits: readonly Limit[] = [
    maximum(facts, policy, terms.order),
    loanToValue(facts, policy, terms.order),
    priceLessWithdrawals(facts),
    ...(balance.limitFen === undefined ? [] : [limit('BALANCE_FORMULA', '账户余额倍数', balance.limitFen, policy.values.balanceFormula)]),
    limit(
      'REPAYMENT_CAPACITY',
      '还款能力',
      bearableLoan(facts, policy, terms.ratePercent, terms.months),
      policy.values.incomeSharePercentMax,
    ),
    { code: 'APPLIED', label: '申请金额', limitFen: facts.applied.amountFen, article: '借款申请', standing: 'PUBLISHED' },
  ]
  const lowest = limits.map(({ limitFen }) => limitFen).reduce((least, next) => minFen(least, next))
  const ceilings = limits.map((one) => ({ ...one, binding: one.limitFen === lowest }))
  return {
    ceilings,
    amountFen: floorToStep(lowest, policy.values.amountStepFen.value),
    limits: ceilings
      .filter(({ binding }) => binding)
      .map(({ label }) => label)
      .join('、'),
    open: balance.open,
  }
}

/**
 * The centre's maximum: by one or two contributors, raised for a family with several children that buys a first home, or the talents'
 * maximum instead where that is higher. Whether the two add up is not published; they are not added here.
 */
function maximum(facts: LoanFacts, policy: PolicySnapshot, order: HomeOrder): Limit {
  const { maxOneContributorFen, maxTwoContributorsFen } = policy.values
  const base = contributorsOf(facts, policy).length >= 2 ? maxTwoContributorsFen : maxOneContributorFen
  const uplift = multiChildUplift(facts, policy, order)
  const ordinaryFen = addFen(base.value, ...uplift.map(({ value }) => value))
  const talent = talentMaximum(facts, policy)
  if (talent && talent.maxFen > ordinaryFen) return limit('MAX_LOAN', '高层次人才最高额度', talent.maxFen, talent.basis)
  if (uplift.length === 0) return limit('MAX_LOAN', '最高贷款额度', ordinaryFen, base)
  return limit('MAX_LOAN', '最高贷款额度（含多子女上浮）', ordinaryFen, base, ...uplift, ...definitionOfManyChildren(policy))
}

function multiChildUplift(facts: LoanFacts, { values }: PolicySnapshot, order: HomeOrder): readonly PolicyValue<Fen>[] {
  const { multiChildUpliftFenMax: uplift, multiChildChildrenMin: childrenMin } = values
  const children = known(facts.family)?.minorChildren ?? 0
  return uplift && childrenMin && order === 'first' && children >= childrenMin.value ? [uplift] : []
}

const definitionOfManyChildren = ({ values }: PolicySnapshot): readonly PolicyValue<number>[] =>
  values.multiChildChildrenMin ? [values.multiChildChildrenMin] : []

function talentMaximum(
  facts: LoanFacts,
  { values: { talents } }: PolicySnapshot,
): { maxFen: Fen; basis: PolicyValue<unknown> } | undefined {
  if (!talents) return undefined
  const classes = coupleOf(facts).flatMap(({ person }) => known(person.talentClass) ?? [])
  const maxima = talents.value.maxima.filter(({ classFrom, classTo }) => classes.some((one) => classFrom <= one && one <= classTo))
  return maxima.length === 0
    ? undefined
    : { maxFen: maxima.map(({ maxFen }) => maxFen).reduce((most, next) => maxFen(most, next)), basis: talents }
}

/** Price less the down payment that a home of this order needs at least; a fen that does not divide goes to the buyer's side. */
function loanToValue(facts: LoanFacts, policy: PolicySnapshot, order: HomeOrder): Limit {
  const share = downPaymentShare(policy, order)
  const priceFen = priceCounted(facts)
  return limit('LOAN_TO_VALUE', `房价扣除${share.value}%首付款`, subtractFen(priceFen, percentOf(priceFen, share.value)), share)
}

/** Withdrawals for this home and the loan together do not exceed its price (新乡 2024-03-18；长垣 2024). */
function priceLessWithdrawals(facts: LoanFacts): Limit {
  const limitFen = maxFen(ZERO_FEN, subtractFen(priceCounted(facts), facts.home.withdrawnFen))
  const article = '《新乡（市）住房公积金2024年年度报告》六、（三）新乡2（1）、长垣2'
  return { code: 'PRICE_LESS_WITHDRAWALS', label: '房价扣除已提取公积金', limitFen, article, standing: 'PUBLISHED' }
}

const limit = (code: string, label: string, limitFen: Fen, ...basis: readonly PolicyValue<unknown>[]): Limit => ({
  code,
  label,
  limitFen: fen(limitFen),
  article: basis.map(citation).join('；'),
  standing: standingOf(basis),
})

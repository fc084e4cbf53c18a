import { addFen, fen, maxFen, minFen, subtractFen, ZERO_FEN, type Fen } from '#contracts/money.ts'
import type { LoanFacts, PersonFacts } from '#contracts/loan-facts.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { reason } from '../reason-codes.ts'
import { rateUnits } from '../repayment/interest.ts'
import { principalFor } from '../repayment/instalment.ts'
import { known, partiesOf, type LoanRule } from './rule.ts'

/** 还款能力: the largest loan whose first instalment the household can bear at this rate and term, down to the fen; zero when it bears none. */
export function bearableLoan(facts: LoanFacts, policy: PolicySnapshot, ratePercent: string, months: number): Fen {
  const instalmentFen = bearableInstalment(facts, policy)
  return instalmentFen <= 0n || months < 1 ? fen(0n) : principalFor(facts.applied.method, instalmentFen, ratePercent, months)
}

/** 收入负担. The permitted share of the income covers at least the other debts. */
export const incomeCoversDebts: LoanRule = (facts, policy) => {
  if (bearableInstalment(facts, policy) > 0n) return []
  const { incomeFen, otherDebtFen } = household(facts)
  const { incomeSharePercentMax: share } = policy.values
  return [reason('INCOME_INSUFFICIENT', { incomeFen, sharePercent: share.value, otherDebtFen }, share)]
}

/** A share of the income of all who will owe, down to the fen, less what they owe every month already; negative when debts exceed it. */
export function bearableInstalment(facts: LoanFacts, { values }: PolicySnapshot): Fen {
  const { incomeFen, otherDebtFen } = household(facts)
  return subtractFen(fen((incomeFen * rateUnits(values.incomeSharePercentMax.value)) / 1_000_000n), otherDebtFen)
}

/** 核定收入. Counted no higher than what contributions are paid on; of who pays none in, as proved. */
function countedIncome({ contribution, monthlyIncomeFen }: PersonFacts): Fen {
  const found = known(contribution)
  return found && found.status !== 'NONE' ? minFen(monthlyIncomeFen, found.baseFen) : monthlyIncomeFen
}

/** Debts are counted no lower than what the credit report has. */
const countedDebt = ({ credit, otherMonthlyDebtFen }: PersonFacts): Fen =>
  maxFen(otherMonthlyDebtFen, known(credit)?.monthlyRepaymentFen ?? ZERO_FEN)

function household(facts: LoanFacts): { incomeFen: Fen; otherDebtFen: Fen } {
  const persons = partiesOf(facts).map(({ person }) => person)
  return {
    incomeFen: addFen(...persons.map(countedIncome)),
    otherDebtFen: addFen(...persons.map(countedDebt)),
  }
}

import { addFen, fen, type Fen } from '#contracts/money.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { Reason } from '#contracts/verdict.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import type { BalanceFormula } from '#policy/value-types.ts'
import { reason } from '../reason-codes.ts'
import { contributorsOf } from './enough-contributions.ts'
import { known, type Party } from './rule.ts'

type Multiple = Extract<BalanceFormula, { kind: 'MULTIPLE' }>

export interface BalanceLimit {
  /** Undefined where the city has no formula, waives it, or has not published what it takes. */
  readonly limitFen?: Fen
  readonly open: readonly Reason[]
}

/**
 * 余额倍数: account balance × multiple × coefficient of the months paid in, added up for the contributors. Months below the first published
 * step have no coefficient; then a person works it out, by the paper that says so. Talents are free of it where the city says so.
 */
export function balanceLimit(facts: LoanFacts, policy: PolicySnapshot): BalanceLimit {
  const formula = policy.values.balanceFormula.value
  const contributors = contributorsOf(facts, policy)
  const waived = policy.values.talents !== undefined && contributors.some(({ person }) => (known(person.talentClass) ?? null) !== null)
  if (formula.kind === 'NONE' || waived) return { open: [] }
  const shares = contributors.map((party) => shareOf(party, formula))
  const open = shares.flatMap(({ gap }) => (gap ? [reason('COEFFICIENT_NOT_PUBLISHED', gap, policy.values.balanceFormula)] : []))
  return open.length > 0 ? { open } : { limitFen: addFen(...shares.map(({ limitFen }) => limitFen ?? fen(0n))), open }
}

function shareOf(
  { who, person }: Party,
  { multiple, coefficients }: Multiple,
): { limitFen?: Fen; gap?: { who: string; months: number; monthsMin: number } } {
  const found = known(person.contribution)
  const months = found?.monthsContinuous ?? 0
  const step = coefficients.filter(({ monthsMin }) => monthsMin <= months).at(-1)
  // What is published goes before what somebody has worked out.
  const percent = step?.percent ?? (person.balanceCoefficientPercent && known(person.balanceCoefficientPercent))
  if (!found || percent === undefined) return { gap: { who, months, monthsMin: coefficients[0]?.monthsMin ?? 0 } }
  return { limitFen: fen((found.balanceFen * BigInt(multiple) * BigInt(percent)) / 100n) }
}

import type { Fen } from './money.ts'
import type { Reason, Standing } from './verdict.ts'

export type HomeOrder = 'first' | 'second'

/** One limit of the amount, computed on its own and kept even when another one binds. */
export interface Ceiling {
  readonly code: string
  readonly label: string
  readonly limitFen: Fen
  /** True for each of the lowest ones. */
  readonly binding: boolean
  readonly article: string
  readonly standing: Standing
}

/** What the rules say of a loan. A value, never thrown; a refusal by the machine alone always goes to a person. */
export interface LoanAssessment {
  readonly outcome: 'approved' | 'refused' | 'manual'
  /** What may be granted, in whole steps; zero when refused, or when an open fact decides it. */
  readonly amountFen: Fen
  /** The term that may be granted; zero when there is none. */
  readonly months: number
  /** Yearly, for the rate of the snapshot's day; null while the order of the home is open. The day of release decides. */
  readonly ratePercent: string | null
  readonly homeOrder: HomeOrder | null
  readonly ceilings: readonly Ceiling[]
  /** Every refusal and every open question, not only the first. */
  readonly reasons: readonly Reason[]
  /** What an officer should look at, and which refuses nothing. */
  readonly notes: readonly Reason[]
  readonly automaticAllowed: false
}

import type { External, LoanFacts, PersonFacts } from '#contracts/loan-facts.ts'
import type { Reason } from '#contracts/verdict.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'

/** A question about a loan: facts and policy in, every reason out. An unanswered source is another rule's matter: here it says nothing. */
export type LoanRule = (facts: LoanFacts, policy: PolicySnapshot) => readonly Reason[]

/** The answer of a source, or undefined when it gave none. */
export const known = <T>(fact: External<T>): T | undefined => (fact.state === 'KNOWN' ? fact.value : undefined)

export interface Party {
  /** As a letter calls the person; names are not the rules' business. */
  readonly who: string
  readonly person: PersonFacts
}

/** Everybody who will owe the loan. */
export const partiesOf = ({ borrower, spouse, coBorrowers }: LoanFacts): readonly Party[] => [
  ...coupleOf({ borrower, spouse }),
  ...coBorrowers.map((person, index) => ({ who: `共同借款人${index + 1}`, person })),
]

/** Borrower and spouse: the two whose contributions count. */
export const coupleOf = ({ borrower, spouse }: Pick<LoanFacts, 'borrower' | 'spouse'>): readonly Party[] => [
  { who: '借款人', person: borrower },
  ...(spouse ? [{ who: '配偶', person: spouse }] : []),
]

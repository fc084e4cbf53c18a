import { ageOn } from '#contracts/dates.ts'
import type { Reason } from '#contracts/verdict.ts'
import { reason } from '../reason-codes.ts'
import { known, partiesOf, type LoanRule, type Party } from './rule.ts'

const MAJORITY_YEARS = 18
/** From this age on whoever lives mainly on their own wages is taken for an adult (《民法典》第十八条第二款). */
const OWN_WAGES_YEARS = 16

/** 借款主体资格（《民法典》第十三条、第十七条、第十八条）. Everybody who will owe may bind themselves, is alive and who the papers say. */
export const ableToContract: LoanRule = (facts, { date }) =>
  partiesOf(facts).flatMap((party) => [...ofAge(party, ageOn(party.person.bornOn, date)), ...aliveAndTheSame(party)])

/** As `loan-1` had it: nobody under eighteen, whatever they live on. */
export const ableToContractOfLoan1: LoanRule = (facts, { date }) =>
  partiesOf(facts).flatMap((party) => {
    const ageYears = ageOn(party.person.bornOn, date)
    return [...(ageYears < MAJORITY_YEARS ? [reason('NOT_ADULT', { who: party.who, ageYears })] : []), ...aliveAndTheSame(party)]
  })

/** Between sixteen and eighteen it hangs on wages of their own. The books show whether there are any; how far they carry, a person looks at. */
function ofAge({ who, person }: Party, ageYears: number): readonly Reason[] {
  if (ageYears >= MAJORITY_YEARS) return []
  if (ageYears < OWN_WAGES_YEARS) return [reason('NOT_ADULT', { who, ageYears })]
  const contribution = known(person.contribution)
  // While the books are silent the question is open, which another rule says.
  if (!contribution) return []
  const earns = contribution.status === 'NORMAL' && contribution.membership === 'EMPLOYEE' && person.monthlyIncomeFen > 0n
  return [earns ? reason('MINOR_ON_WAGES', { who, ageYears }) : reason('NOT_ADULT', { who, ageYears })]
}

function aliveAndTheSame({ who, person }: Party): readonly Reason[] {
  const identity = known(person.identity)
  return [
    ...(identity && !identity.alive ? [reason('PERSON_DECEASED', { who })] : []),
    ...(identity && !identity.matched ? [reason('IDENTITY_MISMATCH', { who })] : []),
  ]
}

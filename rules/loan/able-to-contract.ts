import { ageOn } from '#contracts/dates.ts'
import { reason } from '../reason-codes.ts'
import { known, partiesOf, type LoanRule } from './rule.ts'

const MAJORITY_YEARS = 18

/** 借款主体资格（《民法典》第十三条、第十七条、第十八条）. Everybody who will owe is of age, alive and who the papers say. */
export const ableToContract: LoanRule = (facts, { date }) =>
  partiesOf(facts).flatMap(({ who, person }) => {
    const identity = known(person.identity)
    const ageYears = ageOn(person.bornOn, date)
    return [
      ...(ageYears < MAJORITY_YEARS ? [reason('NOT_ADULT', { who, ageYears })] : []),
      ...(identity && !identity.alive ? [reason('PERSON_DECEASED', { who })] : []),
      ...(identity && !identity.matched ? [reason('IDENTITY_MISMATCH', { who })] : []),
    ]
  })

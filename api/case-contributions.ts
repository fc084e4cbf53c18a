import type { CaseView } from '#contracts/api/cases.ts'
import type { PersonFacts } from '#contracts/loan-facts.ts'
import { maskName } from '#contracts/masking.ts'
import type { Recorded } from '#contracts/recorded-verdict.ts'
import type * as pages from '#db/read/case-page.ts'

type Rows<K extends keyof typeof pages> = Awaited<ReturnType<(typeof pages)[K]>>
type Contribution = NonNullable<CaseView['contributions']>['people'][number]

type RecordedPerson = Recorded<Pick<PersonFacts, 'contribution' | 'accountRestricted'>>

/**
 * What our own books said of everybody's contributions when the rules last looked: read from the verdict's own facts, so that the page
 * shows what was decided upon, not what the account holds today.
 * @param verdicts newest first
 */
export function presentContributions(verdicts: Rows<'readVerdicts'>, parties: Rows<'readParties'>): CaseView['contributions'] {
  const [latest] = verdicts
  if (!latest) return null
  const { facts } = latest.content
  const of = (role: Contribution['role'], person: RecordedPerson | null | undefined, place = 0): Contribution[] => {
    const party = parties.filter((one) => one.role === role)[place]
    return person && party ? [presentPerson(role, person, party)] : []
  }
  return {
    takenAt: latest.made_at,
    verdictKind: latest.kind,
    people: [
      ...of('BORROWER', facts.borrower),
      ...of('SPOUSE', facts.spouse),
      ...facts.coBorrowers.flatMap((person, place) => of('CO_BORROWER', person, place)),
    ],
  }
}

function presentPerson(role: Contribution['role'], person: RecordedPerson, party: Rows<'readParties'>[number]): Contribution {
  const { contribution } = person
  return {
    role,
    name: maskName(party.name),
    unitName: party.unit_name,
    source: contribution.source,
    account: contribution.state === 'KNOWN' ? contribution.value : null,
    unavailable: contribution.state === 'KNOWN' ? null : contribution.cause,
    restricted: person.accountRestricted,
  }
}

import { ageOn, type PlainDate } from '#contracts/dates.ts'
import { checkIdNumber } from '#contracts/identity.ts'
import type { LoanApplication } from '#contracts/loan.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { Fen } from '#contracts/money.ts'
import { normaliseIdNumber } from '#db/vault.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { isEntity, SCOPES } from '#policy/scopes.ts'
import { buyersApply, type FiledBuyers } from '#rules/loan/buyers-apply.ts'
import { inLendingArea } from '#rules/loan/in-lending-area.ts'
import type { askOutside } from './outside.ts'
import { mapKnown } from './outside.ts'
import { othersMortgages } from './security.ts'

type Outside = ReturnType<typeof askOutside>

/** What the registry says of the home: the filed contract, and what stands on it. */
export interface HomeAnswers {
  readonly filing: Awaited<ReturnType<Outside['filing']>>
  readonly encumbrances: Awaited<ReturnType<Outside['encumbrances']>>
}

export interface HomeQuestion {
  readonly application: LoanApplication
  readonly entity: string
  readonly policy: PolicySnapshot
  readonly today: PlainDate
  readonly withdrawnFen: Fen
  readonly otherOpenApplications: number
}

const ADULT_YEARS = 18

/** The home as the form has it, held against the registry: one home, one contract, the buyers who borrow for it. */
export function homeFacts({ filing, encumbrances }: HomeAnswers, question: HomeQuestion): LoanFacts['home'] {
  const { application, entity, policy, withdrawnFen, otherOpenApplications } = question
  const { home, downPaymentPaidFen } = application
  const filed = filing.state === 'KNOWN' && filing.value.state === 'FOUND' ? filing.value.filing : undefined
  const ours = isEntity(entity) ? SCOPES[entity].label : ''
  return {
    kind: home.kind,
    use: home.use,
    inPlace: inLendingArea([home.place, filed?.place], policy),
    contractPriceFen: home.contractPriceFen,
    areaSquareMetres: home.areaSquareMetres,
    builtYear: home.builtYear,
    filing: mapKnown(filing, (found) =>
      found.state === 'NOT_FOUND'
        ? null
        : {
            priceFen: found.filing.priceFen,
            valid: found.filing.state === 'VALID',
            buyersMatch: buyersApply(buyersOf(found.filing.buyers, question)),
            homeMatches: found.filing.homeNo === home.homeNumber,
          },
    ),
    seized: mapKnown(encumbrances, ({ seizures }) => seizures.length > 0),
    ...(encumbrances.state === 'KNOWN' ? { otherMortgages: othersMortgages(encumbrances.value.mortgages, ours) } : {}),
    projectSuspended: filed?.project === 'SUSPENDED',
    receivingAccount: home.receivingAccount.kind,
    downPaymentPaidFen,
    withdrawnFen,
    otherOpenApplications,
  }
}

/** Who the filed buyers are in this application. A child who is of age is a co-borrower or a stranger. */
function buyersOf(buyers: readonly string[], { application, today }: HomeQuestion): FiledBuyers {
  const named = new Set(buyers.map(normaliseIdNumber))
  const isNamed = ({ idNumber }: { idNumber: string }): boolean => named.has(normaliseIdNumber(idNumber))
  const minors = application.children.filter((child) => isNamed(child) && isMinor(child.idNumber, today)).length
  const coBorrowers = application.coBorrowers.filter(isNamed).length
  const [borrower, spouse] = [isNamed(application.borrower), application.spouse !== null && isNamed(application.spouse)]
  const known = minors + coBorrowers + Number(borrower) + Number(spouse)
  return { borrower, spouse, coBorrowers, minorChildren: minors, others: named.size - known }
}

function isMinor(idNumber: string, today: PlainDate): boolean {
  const checked = checkIdNumber(idNumber)
  return checked.ok && ageOn(checked.bornOn, today) < ADULT_YEARS
}

import type { PlainDate } from '#contracts/dates.ts'
import type { LoanApplication } from '#contracts/loan.ts'
import type { External, LoanFacts } from '#contracts/loan-facts.ts'
import type { PersonRef } from '#contracts/machine/message.ts'
import { fen, type Fen } from '#contracts/money.ts'
import { readLoan } from '#db/read/loan.ts'
import { normaliseIdNumber } from '#db/vault.ts'
import { isEntity, SCOPES } from '#policy/scopes.ts'
import { homeIsClear, mortgageStands } from '#rules/loan/mortgage-stands.ts'
import { suretyStands } from '#rules/loan/surety-stands.ts'
import { Bug } from '../bug.ts'
import type { Parts } from '../parts.ts'
import { applicationOf } from './application.ts'
import { trimRate } from './approved-terms.ts'
import { askOutside, mapKnown, type SourceReply } from './outside.ts'

/** What is asked for where none was entered: no registry has it. */
const NO_CERTIFICATE = '未登记'

type Mortgage = NonNullable<LoanFacts['mortgage']>
type Surety = NonNullable<LoanFacts['surety']>

/** A case as far as its security is concerned. */
export interface SecuredCase {
  readonly case_id: string
  readonly reporting_entity: string
}

/** The terms that the world outside is asked about: those of the contract, and of the form it was made from. */
export interface ContractTerms {
  readonly application: LoanApplication
  readonly amountFen: Fen
  readonly contractNumber: string
  /** As the contract prints it, where it does. */
  readonly contractRatePercent: string | undefined
  readonly certificateNo: string
  /** Our own name as a right holder (抵押权人). */
  readonly mortgagee: string
  readonly borrower: PersonRef
}

/** A person as counterparts are asked about them: the number in its one spelling. */
export const personRef = ({ name, idNumber }: { name: string; idNumber: string }): PersonRef => ({
  name,
  idNumber: normaliseIdNumber(idNumber),
})

/** @throws Bug for a case that has no approved terms */
export async function contractTerms({ db, vault }: Parts, kase: SecuredCase): Promise<ContractTerms> {
  const loan = await readLoan(db, kase.case_id)
  if (!loan?.approved_fen || !isEntity(kase.reporting_entity)) throw new Bug('a signed loan has its terms')
  const application = await applicationOf(db, vault, kase.case_id)
  return {
    application,
    amountFen: fen(loan.approved_fen),
    contractNumber: loan.contract_number ?? '',
    contractRatePercent: loan.contract_rate === null ? undefined : trimRate(loan.contract_rate),
    certificateNo: loan.mortgage_number ?? NO_CERTIFICATE,
    mortgagee: SCOPES[kase.reporting_entity].label,
    borrower: personRef(application.borrower),
  }
}

/** What stands for the loan, as facts for the rules and as words for the file. */
export interface SecurityRead {
  readonly facts: { readonly mortgage: Mortgage; readonly surety?: Surety; readonly contractRatePercent?: string }
  readonly replies: readonly WordedReply[]
}
export interface WordedReply extends SourceReply {
  readonly content: { readonly summary: string }
}

/**
 * Reads the security back from those who keep it: the registry's certificate, what else stands on the home, and, where the loan has one, the
 * guarantee company's commitment.
 */
export async function readSecurityBack(parts: Parts, kase: SecuredCase, today: PlainDate): Promise<SecurityRead> {
  const terms = await contractTerms(parts, kase)
  const { home, guarantee } = terms.application
  const outside = askOutside(parts.ports, { businessDate: today, authorisationRef: kase.case_id })
  const { certificateNo, amountFen, mortgagee, contractRatePercent } = terms
  const [told, burdens, surety] = await Promise.all([
    outside.certificate({ certificateNo, homeNo: home.homeNumber, amountFen, mortgagee }),
    outside.encumbrances(home.homeNumber),
    guarantee.institutionId ? readSurety(outside, terms, guarantee.institutionId) : undefined,
  ])
  const mortgage: Mortgage = mapKnown(told, (answer) =>
    answer.state === 'NOT_FOUND'
      ? null
      : {
          effective: answer.certificate.state === 'EFFECTIVE',
          homeMatches: answer.certificate.homeNo === home.homeNumber,
          holderMatches: answer.certificate.mortgagee === mortgagee,
          amountFen: answer.certificate.amountFen,
        },
  )
  const word = (source: string, fact: External<unknown>, against: readonly { text: string }[], fine: string) =>
    wordOf(kase.case_id, source, fact, against, fine)
  return {
    facts: { mortgage, ...(surety ? { surety } : {}), ...(contractRatePercent ? { contractRatePercent } : {}) },
    replies: [
      word('REGISTRY_MORTGAGE', mortgage, mortgageStands(mortgage, amountFen), '抵押登记有效，不动产、抵押权人和金额一致'),
      word('REGISTRY_SEIZURE', burdens, burdensOn(burdens, mortgagee), '无查封，没有他人的抵押'),
      ...(surety ? [word('GUARANTEE', surety, suretyStands(surety, today), '担保公司已出具保证承诺，在有效期内')] : []),
    ],
  }
}

/** Whether the company stands for the contract. Asking again is safe: it keeps its word about a contract. */
async function readSurety(outside: ReturnType<typeof askOutside>, terms: ContractTerms, institutionId: string): Promise<Surety> {
  const { contractNumber: contractNo, borrower, amountFen } = terms
  const told = await outside.commitment({ institutionId, contractNo, borrower, amountFen })
  return mapKnown(told, (answer) =>
    answer.state === 'COMMITTED' ? { committed: true, validUntil: answer.validUntil } : { committed: false, validUntil: null },
  )
}

type Burdens = Awaited<ReturnType<ReturnType<typeof askOutside>['encumbrances']>>

/** Mortgages on a home that are not ours. */
export const othersMortgages = (mortgages: readonly { readonly mortgagee: string }[], ours: string): number =>
  mortgages.filter(({ mortgagee }) => mortgagee !== ours).length

function burdensOn(burdens: Burdens, ours: string): { text: string }[] {
  if (burdens.state === 'UNAVAILABLE') return []
  const { seizures, mortgages } = burdens.value
  return [
    ...(seizures.length > 0 ? [{ text: `所购住房存在查封${seizures.length}宗` }] : []),
    ...homeIsClear({ otherMortgages: othersMortgages(mortgages, ours) }),
  ]
}

/** One answer as it stands on the file: silent, against the contract, or in order. */
export function wordOf(
  authorisation: string,
  source: string,
  fact: External<unknown>,
  against: readonly { text: string }[],
  fine: string,
): WordedReply {
  const base = { source, authorisation }
  if (fact.state === 'UNAVAILABLE')
    return { ...base, outcome: 'UNAVAILABLE', content: { summary: `${fact.source}：${fact.cause}，须人工核验` } }
  if (against.length > 0) return { ...base, outcome: 'MISMATCHED', content: { summary: against.map(({ text }) => text).join('；') } }
  return { ...base, outcome: 'MATCHED', content: { summary: fine } }
}

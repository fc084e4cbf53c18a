import { randomUUID } from 'node:crypto'
import type { PlainDate } from '#contracts/dates.ts'
import type { External } from '#contracts/loan-facts.ts'
import type { Head, PersonRef } from '#contracts/machine/message.ts'
import type { Fen } from '#contracts/money.ts'
import { marriageOf, childrenOf, deathOf, identityMatch } from '../ports/civil.ts'
import { nationwideLoans } from '../ports/cities.ts'
import { creditReport } from '../ports/credit.ts'
import { PortFault } from '../ports/fault.ts'
import { allottedHomesOfFamily } from '../ports/housing.ts'
import type { Ports } from '../ports/ports.ts'
import { signingCheck } from '../ports/bank.ts'
import { confirmGuarantee } from '../ports/guarantor.ts'
import { certificateOf, encumbrancesOfHome, filedContract, homesOfFamily, queryMortgage, submitMortgage } from '../ports/registry.ts'

/** What one source said, kept with the case: who, when, on whose authority. Counts and states only, no names and no numbers. */
export interface SourceReply {
  readonly source: string
  readonly outcome: 'MATCHED' | 'MISMATCHED' | 'UNAVAILABLE'
  readonly authorisation: string
  readonly content: Readonly<Record<string, unknown>>
}

/** A mortgage certificate as we hold it on paper. */
export interface CertificateTerms {
  readonly certificateNo: string
  readonly homeNo: string
  readonly amountFen: Fen
  readonly mortgagee: string
}

/** What the guarantee company is asked to stand for. */
export type CommitmentTerms = Omit<Parameters<typeof confirmGuarantee>[1], keyof Head>
/** What the entrusted bank checks of a signed contract. */
export type SigningTerms = Omit<Parameters<typeof signingCheck>[1], keyof Head>
/** A mortgage as we ask for its registration. */
export type MortgageTerms = Omit<Parameters<typeof submitMortgage>[1], keyof Head>

const CAUSES = {
  unreachable: '对方系统无法连接',
  timeout: '对方系统超时未答复',
  garbled: '答复内容无法识别',
  refused: '对方拒绝受理查询',
  mismatch: '答复与所查对象不符',
} as const

/** Questions to the world outside, on one authority and one day. An answer is a value; a silence is a value too, never an empty list. */
export function askOutside(ports: Ports, about: { businessDate: PlainDate; authorisationRef: string }) {
  const head = () => ({ requestId: randomUUID(), ...about })
  return {
    identity: (person: PersonRef) => known('公安人口库', identityMatch(ports.civil, { ...head(), person })),
    death: (person: PersonRef) => known('民政死亡登记', deathOf(ports.civil, { ...head(), person })),
    marriage: (person: PersonRef) => known('民政婚姻登记', marriageOf(ports.civil, { ...head(), person })),
    children: (person: PersonRef) => known('出生与收养登记', childrenOf(ports.civil, { ...head(), person })),
    credit: (person: PersonRef) => known('人民银行征信', creditReport(ports.credit, { ...head(), person })),
    fundLoans: (person: PersonRef) => known('全国公积金贷款共享平台', nationwideLoans(ports.cities, { ...head(), person })),
    homes: (place: string, persons: PersonRef[]) => known('不动产登记', homesOfFamily(ports.registry, { ...head(), place, persons })),
    allottedHomes: (place: string, persons: PersonRef[]) =>
      known('住房保障部门', allottedHomesOfFamily(ports.housing, { ...head(), place, persons })),
    filing: (filingNo: string) => known('网签备案', filedContract(ports.registry, { ...head(), filingNo })),
    encumbrances: (homeNo: string) => known('不动产登记', encumbrancesOfHome(ports.registry, { ...head(), homeNo })),
    commitment: (terms: CommitmentTerms) => known('担保公司', confirmGuarantee(ports.guarantor, { ...head(), ...terms })),
    signing: (terms: SigningTerms) => known('受委托银行', signingCheck(ports.bank, { ...head(), ...terms })),
    fileMortgage: (terms: MortgageTerms) => known('不动产登记', submitMortgage(ports.registry, { ...head(), ...terms })),
    mortgageFiled: ({ applicationNo, homeNo, amountFen }: Pick<MortgageTerms, 'applicationNo' | 'homeNo' | 'amountFen'>) =>
      known('不动产登记', queryMortgage(ports.registry, { ...head(), applicationNo, homeNo, amountFen })),
    certificate: (terms: CertificateTerms) => known('不动产登记', certificateOf(ports.registry, { ...head(), ...terms })),
  }
}

/** Turns an answer into a known fact and a fault into an unavailable one. What is not a fault of the world is a bug, and thrown. */
async function known<T>(source: string, asking: Promise<{ readonly result: T }>): Promise<External<T>> {
  try {
    const { result } = await asking
    return { state: 'KNOWN', source, value: result }
  } catch (error) {
    if (error instanceof PortFault) return { state: 'UNAVAILABLE', source, cause: CAUSES[error.kind] }
    throw error
  }
}

/** The known value turned into another; a silence stays what it is. */
export function mapKnown<T, U>(fact: External<T>, change: (value: T) => U): External<U> {
  return fact.state === 'KNOWN' ? { ...fact, value: change(fact.value) } : fact
}

/** All known, or the first silence among them. */
export function allKnown<T>(facts: readonly External<T>[], source: string): External<readonly T[]> {
  const silent = facts.find((fact) => fact.state === 'UNAVAILABLE')
  if (silent) return silent as External<readonly T[]>
  return { state: 'KNOWN', source, value: facts.flatMap((fact) => (fact.state === 'KNOWN' ? [fact.value] : [])) }
}

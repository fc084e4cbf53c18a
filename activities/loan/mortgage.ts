import type { CaseState } from '#contracts/cases.ts'
import type { PlainDate } from '#contracts/dates.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import { fen } from '#contracts/money.ts'
import { readLoan } from '#db/read/loan.ts'
import { businessTime } from '#db/read/time.ts'
import { caseState } from '#db/write/cases.ts'
import { keepSource } from '#db/write/loan.ts'
import { isEntity, SCOPES } from '#policy/scopes.ts'
import { mortgageStands } from '#rules/loan/mortgage-stands.ts'
import type { LoanStage } from '#rules/loan/stages.ts'
import { Bug } from '../bug.ts'
import { moveCase } from '../case/move.ts'
import type { Parts } from '../parts.ts'
import { applicationOf } from './application.ts'
import { byMachine, inStage } from './in-stage.ts'
import { askOutside, mapKnown, type SourceReply } from './outside.ts'

/** What is asked for where none was entered: no registry has it. */
const NO_CERTIFICATE = '未登记'

type Mortgage = NonNullable<LoanFacts['mortgage']>

/**
 * 抵押登记核验: reads the certificate back from the registry and holds it against the contract. What the registry denies, and what it does not
 * answer, goes to a person; neither passes.
 */
export async function checkMortgage(parts: Parts, caseId: string): Promise<CaseState> {
  const kase = await parts.db.selectFrom('case_file').selectAll().where('case_id', '=', caseId).executeTakeFirstOrThrow()
  if (kase.stage !== 'MORTGAGE_CHECK') return caseState(kase)
  const { today } = await businessTime(parts.db)
  const { mortgage, reply } = await readMortgageBack(parts, kase, today)

  return inStage(parts, 'check-mortgage', caseId, ['MORTGAGE_CHECK'], async (tx, locked, time) => {
    if (locked.stage_version !== kase.stage_version) return locked
    await keepSource(tx, locked, reply)
    const next: LoanStage = reply.outcome === 'MATCHED' ? 'SECURED' : 'MORTGAGE_DOUBTED'
    const words = mortgage.state === 'KNOWN' && reply.outcome === 'MATCHED' ? '登记机构答复与登记证明、合同一致' : reply.content.summary
    return (await moveCase(tx, locked, byMachine('check-mortgage', next, words), time)).kase
  })
}

interface MortgageReply extends SourceReply {
  readonly content: { readonly summary: string }
}

/** What the registry has under the certificate that our collateral officer entered: as a fact for the rules, and as a word for the file. */
export async function readMortgageBack(
  parts: Parts,
  kase: { case_id: string; reporting_entity: string },
  today: PlainDate,
): Promise<{ mortgage: Mortgage; reply: MortgageReply }> {
  const loan = await readLoan(parts.db, kase.case_id)
  if (!loan?.approved_fen || !isEntity(kase.reporting_entity)) throw new Bug('a secured loan has its terms')
  const { home } = await applicationOf(parts.db, parts.vault, kase.case_id)
  const [approvedFen, mortgagee] = [fen(loan.approved_fen), SCOPES[kase.reporting_entity].label]
  const terms = { certificateNo: loan.mortgage_number ?? NO_CERTIFICATE, homeNo: home.homeNumber, amountFen: approvedFen, mortgagee }
  const told = await askOutside(parts.ports, { businessDate: today, authorisationRef: kase.case_id }).certificate(terms)
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
  return { mortgage, reply: replyOf(mortgage, mortgageStands(mortgage, approvedFen), kase.case_id) }
}

function replyOf(mortgage: Mortgage, against: readonly { text: string }[], authorisation: string): MortgageReply {
  const base = { source: 'REGISTRY_MORTGAGE', authorisation }
  if (mortgage.state === 'UNAVAILABLE')
    return { ...base, outcome: 'UNAVAILABLE', content: { summary: `${mortgage.source}：${mortgage.cause}，须人工核验` } }
  if (against.length > 0) return { ...base, outcome: 'MISMATCHED', content: { summary: against.map(({ text }) => text).join('；') } }
  return { ...base, outcome: 'MATCHED', content: { summary: '抵押登记有效，不动产、抵押权人和金额一致' } }
}

import type { CaseState } from '#contracts/cases.ts'
import type { PlainDate } from '#contracts/dates.ts'
import type { MortgageState } from '#contracts/machine/registry.ts'
import type { Tx } from '#db/connect.ts'
import { readLoan } from '#db/read/loan.ts'
import { readCase } from '#db/read/open-cases.ts'
import { businessTime } from '#db/read/time.ts'
import { caseState } from '#db/write/cases.ts'
import { keepSource } from '#db/write/loan.ts'
import type { LoanStage } from '#rules/loan/stages.ts'
import { moveCase } from '../case/move.ts'
import type { Parts } from '../parts.ts'
import { byMachine, inStage } from './in-stage.ts'
import { askOutside } from './outside.ts'
import { contractTerms, personRef, readSecurityBack } from './security.ts'

/**
 * 抵押登记核验: reads certificate, burdens of the home and the company's commitment back and holds them against the contract. What is denied,
 * and what is not answered, goes to a person; neither passes.
 */
export async function checkMortgage(parts: Parts, caseId: string): Promise<CaseState> {
  const kase = await readCase(parts.db, caseId)
  if (kase.stage !== 'MORTGAGE_CHECK') return caseState(kase)
  const { today } = await businessTime(parts.db)
  const { replies } = await readSecurityBack(parts, kase, today)

  return inStage(parts, 'check-mortgage', caseId, ['MORTGAGE_CHECK'], async (tx, locked, time) => {
    if (locked.stage_version !== kase.stage_version) return locked
    for (const reply of replies) await keepSource(tx, locked, reply)
    const doubts = replies.filter(({ outcome }) => outcome !== 'MATCHED')
    const next: LoanStage = doubts.length > 0 ? 'MORTGAGE_DOUBTED' : 'SECURED'
    const words = doubts.length > 0 ? doubts.map(({ content }) => content.summary).join('；') : '登记机构答复与登记证明、合同一致'
    return (await moveCase(tx, locked, byMachine('check-mortgage', next, words), time)).kase
  })
}

/**
 * 网上申请抵押登记: applies, and asks once where the application stands. Registered, the certificate's number is the registry's own word and goes
 * on to be read back like one on paper; whatever else it says goes back to the collateral officer, who may ask again later.
 */
export async function fileMortgage(parts: Parts, caseId: string): Promise<CaseState> {
  const kase = await readCase(parts.db, caseId)
  if (kase.stage !== 'MORTGAGE_FILING') return caseState(kase)
  const { today } = await businessTime(parts.db)
  const filed = (await readLoan(parts.db, caseId))?.mortgage_filed_as
  // One number for one application, however often this is tried; a returned one is applied for anew under another.
  const applicationNo = filed ?? `DJ-${caseId.slice(0, 8).toUpperCase()}-${kase.stage_version}`
  const told = await applyFor(parts, kase, applicationNo, today)

  return inStage(parts, 'file-mortgage', caseId, ['MORTGAGE_FILING'], async (tx, locked, time) => {
    if (locked.stage_version !== kase.stage_version) return locked
    if (told.state === 'UNAVAILABLE') {
      // It may have arrived all the same: asked again, it is asked for under the same number.
      await keepFiling(tx, caseId, { mortgage_filed_as: applicationNo })
      return (
        await moveCase(
          tx,
          locked,
          byMachine('file-mortgage', 'SECURITY_PENDING', `登记机构未能答复（${told.cause}），请稍后再次申请`),
          time,
        )
      ).kase
    }
    const { to, words, keep } = consequenceOf(told.value, applicationNo)
    await keepFiling(tx, caseId, keep)
    return (await moveCase(tx, locked, byMachine('file-mortgage', to, words), time)).kase
  })
}

type Asked = { readonly case_id: string; readonly reporting_entity: string }

async function applyFor(parts: Parts, kase: Asked, applicationNo: string, today: PlainDate) {
  const { application, amountFen, contractNumber, mortgagee } = await contractTerms(parts, kase)
  const { borrower, spouse, home } = application
  const outside = askOutside(parts.ports, { businessDate: today, authorisationRef: kase.case_id })
  const submitted = await outside.fileMortgage({
    applicationNo,
    homeNo: home.homeNumber,
    amountFen,
    contractNo: contractNumber,
    mortgagee,
    // A pre-sold home has no title yet: its mortgage is noted in advance (预告登记).
    kind: home.kind === 'NEW' ? 'PRE_NOTICE' : 'MORTGAGE',
    owners: [borrower, ...(spouse ? [spouse] : [])].map(personRef),
  })
  if (submitted.state === 'UNAVAILABLE' || submitted.value.state !== 'RECEIVED') return submitted
  return outside.mortgageFiled({ applicationNo, homeNo: home.homeNumber, amountFen })
}

const RETURNED_FOR: Readonly<Record<Extract<MortgageState, { state: 'RETURNED' }>['reason'], string>> = {
  HOME_SEIZED: '不动产已被查封',
  HOME_UNKNOWN: '查无该不动产单元',
  OWNER_MISMATCH: '权利人与申请不符',
  PAPERS_INCOMPLETE: '登记材料不全',
}

type Kept = Partial<Record<'mortgage_number' | 'mortgage_filed_as', string | null>> & { readonly mortgage_on?: PlainDate }

/** Where the case goes on, what is said of it, and what is kept. */
function consequenceOf(told: MortgageState, applicationNo: string): { to: LoanStage; words: string; keep: Kept } {
  switch (told.state) {
    case 'REGISTERED':
      return {
        to: 'MORTGAGE_CHECK',
        words: `登记机构已登记，登记证明号 ${told.certificateNo}，登记日期 ${told.registeredOn}`,
        keep: { mortgage_number: told.certificateNo, mortgage_on: told.registeredOn, mortgage_filed_as: null },
      }
    case 'RECEIVED':
      return {
        to: 'SECURITY_PENDING',
        words: `登记机构已收件（${applicationNo}），尚未登记，请稍后再次申请查询`,
        keep: { mortgage_filed_as: applicationNo },
      }
    case 'RETURNED':
      return { to: 'SECURITY_PENDING', words: `登记机构退件：${RETURNED_FOR[told.reason]}`, keep: { mortgage_filed_as: null } }
    case 'NOT_FOUND':
      return { to: 'SECURITY_PENDING', words: '登记机构查无该申请，请再次申请', keep: { mortgage_filed_as: null } }
  }
}

async function keepFiling(tx: Tx, caseId: string, kept: Kept): Promise<void> {
  await tx.updateTable('loan').set(kept).where('case_id', '=', caseId).execute()
}

import type { PlainDate } from '#contracts/dates.ts'
import type { CaseState } from '#contracts/cases.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { Tx } from '#db/connect.ts'
import { readApplication, readLoan, readPayingAccount } from '#db/read/loan.ts'
import { readCreditAuthorisation } from '#db/read/materials.ts'
import { readReleaseQueue } from '#db/read/release-queue.ts'
import { readCase } from '#db/read/open-cases.ts'
import { businessTime } from '#db/read/time.ts'
import { caseState, enqueue, lockCase, type LockedCase } from '#db/write/cases.ts'
import { turnClock } from '#db/write/clock.ts'
import { freeBalance } from '#db/write/ledger.ts'
import { keepSource } from '#db/write/loan.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { assessLoan } from '#rules/loan/assess.ts'
import { recheckRelease } from '#rules/loan/recheck.ts'
import { roomToRelease } from '#rules/loan/room-to-release.ts'
import type { LoanStage } from '#rules/loan/stages.ts'
import { Bug } from '../bug.ts'
import { armDecisionDeadlines, dueOnOf } from '../case/clock.ts'
import { moveCase } from '../case/move.ts'
import type { Parts } from '../parts.ts'
import { keepSnapshot, readPolicy, readRulingPolicy } from '../policy.ts'
import { openApplication } from './application.ts'
import { approvedTerms } from './approved-terms.ts'
import { gatherFacts } from './gather.ts'
import { withKeptAnswers } from './hand-answers.ts'
import { byMachine, inStage } from './in-stage.ts'
import { issuePaper } from './papers.ts'
import { readSecurityBack } from './security.ts'
import { keepAssessment, keepReleaseCheck } from './verdicts.ts'

/** 受理: the policy of the day binds, the statutory clock starts, the receipt is issued. */
export const openFile = (parts: Parts, caseId: string): Promise<CaseState> =>
  inStage(parts, 'open-file', caseId, ['ACCEPTED'], async (tx, kase, time) => {
    const policy = await readPolicy(tx, kase.reporting_entity, time.today)
    const { decisionDaysMax, decisionDaysUnit } = policy.values
    await turnClock(tx, kase, time.today, { state: 'RUNNING', reason: '受理' })
    await tx
      .updateTable('case_file')
      .set({
        accepted_on: time.today,
        snapshot_id: await keepSnapshot(tx, policy),
        clock_days_allowed: decisionDaysMax.value,
        clock_unit: decisionDaysUnit.value,
        clock_rule: decisionDaysMax.article,
      })
      .where('case_id', '=', caseId)
      .execute()
    const opened = await lockCase(tx, caseId)
    if (!opened) throw new Bug('a case that was locked is gone')
    const dueOn = await dueOnOf(tx, opened)
    if (dueOn) await armDecisionDeadlines(tx, caseId, dueOn)
    await issuePaper(tx, parts, { ...opened, due_on: dueOn }, 'ACCEPTANCE_RECEIPT', time)
    await enqueue(tx, { kind: 'MESSAGE', caseId, payload: { template: 'LOAN_ACCEPTED' } })
    return (await moveCase(tx, { ...opened, due_on: dueOn }, byMachine('open-file', 'DATA_CHECK', '受理登记，时限起算'), time)).kase
  })

/** 联网核验: asks every source, judges by the policy of acceptance, and keeps both. The outside is asked before the transaction, not in it. */
export async function checkData(parts: Parts, caseId: string): Promise<CaseState> {
  const kase = await readCase(parts.db, caseId)
  if (kase.stage !== 'DATA_CHECK') return caseState(kase)
  const { today } = await businessTime(parts.db)
  const policy = await readRulingPolicy(parts.db, kase, today)
  const { facts: gathered, replies, application } = await gather(parts, kase, today, policy)
  const facts = await withKeptAnswers(parts, caseId, { facts: gathered, application, policy })
  const result = assessLoan(facts, policy)

  return inStage(parts, 'check-data', caseId, ['DATA_CHECK'], async (tx, locked, time) => {
    if (locked.stage_version !== kase.stage_version) return locked
    for (const reply of replies) await keepSource(tx, locked, reply)
    await keepAssessment(tx, locked, { facts, policy }, result)
    await tx.updateTable('case_file').set({ resume_stage: null }).where('case_id', '=', caseId).execute()
    const next: LoanStage = result.outcome === 'manual' ? 'MANUAL_CHECK' : ((locked.resume_stage ?? 'PRELIM_REVIEW') as LoanStage)
    return (await moveCase(tx, locked, byMachine('check-data', next, OUTCOME_WORDS[result.outcome]), time)).kase
  })
}

const OUTCOME_WORDS = { approved: '规则结论：可以准予', refused: '规则结论：不符合条件，请审核', manual: '有数据须人工核验' } as const

async function gather(parts: Parts, kase: { case_id: string; reporting_entity: string }, today: PlainDate, policy: PolicySnapshot) {
  const newest = await readApplication(parts.db, kase.case_id)
  if (!newest) throw new Bug('a loan case has an application')
  const application = openApplication(parts.vault, newest.content_enc)
  const gathered = await gatherFacts({
    ...parts,
    application,
    // What was withdrawn after this day the form cannot know.
    appliedOn: newest.entered_on,
    entity: kase.reporting_entity,
    policy,
    today,
    authorisationRef: kase.case_id,
    creditAuthorisation: await readCreditAuthorisation(parts.db, kase.case_id),
    ownCaseId: kase.case_id,
  })
  return { ...gathered, application }
}

/** 放款前复核: the same rules on what is true today. Whatever has changed stops the money and goes to the approver; nothing ends by itself. */
export async function checkRelease(parts: Parts, caseId: string): Promise<CaseState> {
  const kase = await readCase(parts.db, caseId)
  if (kase.stage !== 'RELEASE_CHECK') return caseState(kase)
  const { today } = await businessTime(parts.db)
  const [ruling, release] = [await readRulingPolicy(parts.db, kase, today), await readPolicy(parts.db, kase.reporting_entity, today)]
  const [{ facts: gathered, replies }, security] = await Promise.all([
    gather(parts, kase, today, ruling),
    readSecurityBack(parts, kase, today),
  ])
  const facts: LoanFacts = { ...gathered, ...security.facts }
  const approved = await approvedTerms(parts.db, caseId)
  const recheck = recheckRelease(approved, facts, { ruling, release })

  return inStage(parts, 'check-release', caseId, ['RELEASE_CHECK'], async (tx, locked, time) => {
    if (locked.stage_version !== kase.stage_version) return locked
    const reasons = recheck.differences.map(({ reason }) => reason)
    for (const reply of [...replies, ...security.replies]) await keepSource(tx, locked, reply)
    await keepReleaseCheck(tx, locked, { facts, policy: release }, approved, recheck)
    if (!recheck.release) return (await moveCase(tx, locked, byMachine('check-release', 'RELEASE_HELD', wordsOf(reasons)), time)).kase
    const wait = await queueBefore(tx, locked, release)
    const decision = wait
      ? byMachine('check-release', 'QUEUED', `复核无碍；${wait}`)
      : byMachine('check-release', 'RELEASE_REQUESTED', `复核无碍，放款日利率${recheck.ratePercent}%`)
    return (await moveCase(tx, locked, decision, time)).kase
  })
}

const wordsOf = (reasons: readonly { text: string }[]): string => reasons.map(({ text }) => text).join('；')

/** Why the case must wait for money (轮候), if it must. The account's row is locked first, so that two cases never count on the same money. */
async function queueBefore(tx: Tx, kase: LockedCase, policy: PolicySnapshot): Promise<string | undefined> {
  const loan = await readLoan(tx, kase.case_id)
  const account = loan?.bank_org_id && (await readPayingAccount(tx, kase.reporting_entity, loan.bank_org_id))
  // Without an account there is nothing to wait for: the cashier is told so.
  if (!account) return undefined
  await freeBalance(tx, account.ledger_code, account.bank_account_id)
  const standing = await readReleaseQueue(tx, kase.case_id)
  const against = standing ? roomToRelease(standing, policy) : []
  return against.length > 0 ? wordsOf(against) : undefined
}

import { handKey, keyOf } from '#contracts/hand-answers.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { Tx } from '#db/connect.ts'
import type { VerdictKind } from '#db/write/loan.ts'
import { obstacle, type Obstacle } from '#rules/cases/obstacle.ts'
import { approverFor } from '#rules/loan/approver.ts'
import { assessLoan } from '#rules/loan/assess.ts'
import { handQuestions, openQuestions, questionInWords, withAnswers } from '#rules/loan/by-hand.ts'
import { recheckRelease } from '#rules/loan/recheck.ts'
import { Bug } from '../bug.ts'
import type { Judged } from '../case/kinds.ts'
import type { Parts } from '../parts.ts'
import { readPolicy, readRulingPolicy } from '../policy.ts'
import { applicationOf } from './application.ts'
import { approvedTerms } from './approved-terms.ts'
import { keepAnswers } from './hand-answers.ts'
import { keepAssessment, keepReleaseCheck, readVerdictBefore, type VerdictBefore } from './verdicts.ts'

/** The decisions that carry what an officer has read on paper (人工核验). */
const asksFor = ({ kase, action }: Judged): VerdictKind | undefined => {
  if (kase.stage === 'MANUAL_CHECK' && action === 'confirm') return 'ASSESSMENT'
  return action === 'confirm-release' ? 'RELEASE_CHECK' : undefined
}

/**
 * Every open question is answered and nothing else is; and before money moves, the rules have nothing against what the papers say. At the
 * manual check they may well have: then they refuse, and the case goes on as a refused one.
 */
export async function answersObstacles(tx: Tx, judged: Judged, parts: Parts): Promise<Obstacle[]> {
  const { answers } = judged.body
  const kind = asksFor(judged)
  if (!kind) return answers.length === 0 ? [] : [obstacle('RULES_REFUSE', '本环节不登记核验结果')]
  const before = await readVerdictBefore(tx, judged.kase.case_id, kind)
  if (!before) return [obstacle('RULES_REFUSE', '尚无规则结论')]
  const asked = new Set(handQuestions(before.facts, before.reasons).map(handKey))
  const stray = answers.map(keyOf).filter((one) => !asked.has(handKey(one)))
  const facts = await answeredFacts(tx, judged, parts, before)
  const open = openQuestions(facts, before.reasons)
  const against = [
    ...(stray.length > 0 ? [obstacle('RULES_REFUSE', `不是本案须核验的数据：${stray.map(questionInWords).join('、')}`)] : []),
    ...(open.length > 0 ? [obstacle('RULES_REFUSE', `尚未登记核验结果：${open.map(({ what }) => what).join('、')}`)] : []),
  ]
  return kind === 'RELEASE_CHECK' && against.length === 0 ? releaseObstacles(tx, judged, facts) : against
}

/** What the papers say must let the money go, and whoever says so must be trusted with the amount. */
async function releaseObstacles(tx: Tx, { kase, post, time }: Judged, facts: LoanFacts): Promise<Obstacle[]> {
  const { approved, recheck, ruling } = await recheckOf(tx, kase, facts, time.today)
  const needed = approverFor({ amountFen: approved.amountFen, assessment: { reasons: [], notes: [] }, specially: false }, ruling)
  return [
    ...(recheck.release
      ? []
      : [obstacle('RULES_REFUSE', `按核验结果仍不能放款：${recheck.differences.map(({ reason }) => reason.text).join('；')}`)]),
    ...(needed === post || post === 'DEPUTY_DIRECTOR' ? [] : [obstacle('OVER_LIMIT', '超出本岗审批权限，请报分管领导核实')]),
  ]
}

const answeredFacts = async (tx: Tx, { kase, body }: Judged, { vault }: Parts, { facts, reasons }: VerdictBefore): Promise<LoanFacts> =>
  withAnswers(facts, reasons, body.answers, (await applicationOf(tx, vault, kase.case_id)).maritalStatus)

async function recheckOf(tx: Tx, kase: Judged['kase'], facts: LoanFacts, today: Judged['time']['today']) {
  const [ruling, release] = await Promise.all([readRulingPolicy(tx, kase, today), readPolicy(tx, kase.reporting_entity, today)])
  const approved = await approvedTerms(tx, kase.case_id)
  return { approved, ruling, release, recheck: recheckRelease(approved, facts, { ruling, release }) }
}

/** 人工核验: the answers are kept, and the rules judge again on them. What they find is the verdict that everybody after works with. */
export async function assessByHand(tx: Tx, judged: Judged, parts: Parts): Promise<void> {
  const { kase, time } = judged
  const facts = await factsByHand(tx, judged, parts, 'ASSESSMENT')
  const policy = await readRulingPolicy(tx, kase, time.today)
  await keepAnswers(tx, judged, parts)
  await keepAssessment(tx, kase, { facts, policy }, assessLoan(facts, policy))
}

/** The same before money moves: the release is checked again on what the papers say. */
export async function recheckByHand(tx: Tx, judged: Judged, parts: Parts): Promise<void> {
  const { kase, time } = judged
  const facts = await factsByHand(tx, judged, parts, 'RELEASE_CHECK')
  const { approved, release, recheck } = await recheckOf(tx, kase, facts, time.today)
  await keepAnswers(tx, judged, parts)
  await keepReleaseCheck(tx, kase, { facts, policy: release }, approved, recheck)
}

/** What the verdict before was reached with, and what the papers say beside it. It has been judged that there is one. */
async function factsByHand(tx: Tx, judged: Judged, parts: Parts, kind: VerdictKind): Promise<LoanFacts> {
  const before = await readVerdictBefore(tx, judged.kase.case_id, kind)
  if (!before) throw new Bug('judged a moment ago')
  return answeredFacts(tx, judged, parts, before)
}

import { addDays, type PlainDate } from '#contracts/dates.ts'
import { isNotice } from '#contracts/cases.ts'
import { recordedFacts, verdictContent } from '#contracts/recorded-verdict.ts'
import type { Tx } from '#db/connect.ts'
import { readLoan, readVerdict } from '#db/read/loan.ts'
import { armDeadline, cancelDeadlines } from '#db/write/cases.ts'
import { closeIncidents } from '#db/write/incidents.ts'
import { addWants, satisfyWants } from '#db/write/wants.ts'
import { obstacle, type Obstacle } from '#rules/cases/obstacle.ts'
import { approverFor } from '#rules/loan/approver.ts'
import { dayMayBeRegistered } from '#rules/loan/days-in-order.ts'
import { loanRate } from '#rules/loan/rate.ts'
import { groundsMayRefuse } from '#rules/loan/refusal-grounds.ts'
import type { LoanStage } from '#rules/loan/stages.ts'
import { withinTerms } from '#rules/loan/within-terms.ts'
import { Bug } from '../bug.ts'
import type { Judged, KindOfCase } from '../case/kinds.ts'
import type { Parts } from '../parts.ts'
import { readPolicy, readRulingPolicy } from '../policy.ts'
import { readLoanAgainst } from './against.ts'
import { trimRate } from './approved-terms.ts'
import { dateField } from './brought.ts'
import { answersObstacles, assessByHand, recheckByHand } from './by-hand.ts'
import { confirmPaid, confirmReturned, denyFinding, findingObstacles } from './findings.ts'
import { answerReceived, deliveryObstacles, keepDelivery, sendNotice } from './notice.ts'
import { issuePaper } from './papers.ts'
import { openPayment, paymentObstacles } from './payment.ts'
import { renewalObstacles, renewFromCorrection } from './renewal.ts'
import { tell } from './tell.ts'

/** What ends, or would end, in a letter that gives grounds. */
const REFUSING: readonly string[] = ['not-accept', 'propose-refusal', 'refuse']

/** What a loan adds to the common way of deciding. */
export const loanKind: KindOfCase = {
  async obstacles(tx, judged, parts) {
    const { kase, action, body, persons } = judged
    const [record, ...others] = await Promise.all([
      readLoanAgainst(tx, kase, judged.time.today),
      termsObstacles(tx, judged),
      action === 'pay' ? paymentObstacles(tx, judged) : [],
      action === 'deliver' ? deliveryObstacles(tx, judged) : [],
      action === 'sign' ? contractObstacles(tx, judged) : [],
      action === 'secure' ? mortgageObstacles(tx, judged) : [],
      findingObstacles(tx, judged),
      answersObstacles(tx, judged, parts),
      renewalObstacles(tx, judged, parts),
    ])
    return [
      ...record.against(action, { persons, to: body.to, wants: body.wants.length }),
      ...(isNotice(action) && record.noticesSent > 0 && !body.secondNoticeReason
        ? [obstacle('RULES_REFUSE', '已发出过一次性告知；再次告知须说明理由，并计入统计')]
        : []),
      ...(REFUSING.includes(action) ? groundsMayRefuse([...(body.reasonCode ? [body.reasonCode] : []), ...body.furtherReasonCodes]) : []),
      ...others.flat(),
    ]
  },

  async effects(tx, judged, parts) {
    await addWants(tx, judged.kase, judged.body.wants, { staffId: judged.actorId, at: judged.time.now })
    await renewFromCorrection(tx, judged, parts)
    await EFFECTS[judged.action]?.(tx, judged, parts)
  },
}

/** Terms stay within the ceilings, whoever sets them, and an approval within the limit of the post that gives it. */
async function termsObstacles(tx: Tx, { kase, action, body, post, time }: Judged): Promise<Obstacle[]> {
  const { terms } = body
  if (!terms) return []
  const [verdict, policy] = await Promise.all([readVerdict(tx, kase.case_id, 'ASSESSMENT'), readRulingPolicy(tx, kase, time.today)])
  if (!verdict) return []
  const content = verdictContent(verdict.content)
  const over = withinTerms(terms, recordedFacts(content), policy)
  if (action !== 'approve') return over
  const needed = approverFor({ amountFen: terms.amountFen, assessment: content.result, specially: false }, policy)
  return needed === post || post === 'DEPUTY_DIRECTOR' ? over : [...over, obstacle('OVER_LIMIT', '超出本岗审批权限，请报分管领导审批')]
}

/** A contract's number is typed by hand and stands for one contract; where else it is in use is nobody's business here. */
async function contractObstacles(tx: Tx, { kase, body, time }: Judged): Promise<Obstacle[]> {
  const number = body.fields['contractNumber'] ?? ''
  const taken = await tx
    .selectFrom('loan')
    .select('case_id')
    .where('contract_number', '=', number)
    .where('case_id', '<>', kase.case_id)
    .executeTakeFirst()
  const loan = await readLoan(tx, kase.case_id)
  const approval = { what: '准予之日', on: loan?.approved_on ?? null }
  return [
    ...(taken ? [obstacle('RULES_REFUSE', '合同编号不可用，请与合同核对')] : []),
    ...printedRate(body.fields['contractRatePercent'], loan?.approved_rate ?? ''),
    ...dayMayBeRegistered('签订日期', dateField(body.fields['signedOn']), approval, time.today),
  ]
}

/** Where a contract prints a rate, it is the one that was granted; another one at release needs another contract (6.13). */
function printedRate(printed: string | undefined, granted: string): Obstacle[] {
  if (!printed || (/^\d{1,2}(\.\d{1,4})?$/.test(printed) && Number(printed) === Number(granted))) return []
  return [obstacle('RULES_REFUSE', `合同写明的年利率须为批准的${trimRate(granted)}%，请与合同核对`)]
}

async function mortgageObstacles(tx: Tx, { kase, body, time }: Judged): Promise<Obstacle[]> {
  const loan = await readLoan(tx, kase.case_id)
  const contract = { what: '合同签订之日', on: loan?.signed_on ?? null }
  return dayMayBeRegistered('登记日期', dateField(body.fields['mortgageOn']), contract, time.today)
}

type Effect = (tx: Tx, judged: Judged, parts: Parts) => Promise<void>

const EFFECTS: Readonly<Record<string, Effect>> = {
  'not-accept': async (tx, { kase, time, body }, parts) => {
    await issuePaper(tx, parts, kase, 'NON_ACCEPTANCE', time, body)
    await tell(tx, kase, 'LOAN_NOT_ACCEPTED')
  },
  'request-correction': (tx, judged, parts) => sendNotice(tx, judged, parts),
  resubmit: async (tx, { kase, time }) => {
    if (kase.stage !== 'CORRECTION_REQUESTED') return
    // What was wanted then was in the notice. What reviewers have wanted since no notice has named yet, and nobody was asked for it.
    await satisfyWants(tx, kase.case_id, time.now)
    await closeIncidents(tx, 'NOTICE_UNDELIVERED', kase.case_id)
  },
  'withdraw-application': (tx, { kase }) => closeIncidents(tx, 'NOTICE_UNDELIVERED', kase.case_id),
  supplement: (tx, judged, parts) => sendNotice(tx, judged, parts),
  deliver: (tx, judged) => keepDelivery(tx, judged),
  receive: (tx, judged) => answerReceived(tx, judged),
  confirm: async (tx, judged, parts) => {
    if (judged.kase.stage === 'MANUAL_CHECK') await assessByHand(tx, judged, parts)
  },
  'confirm-release': (tx, judged, parts) => recheckByHand(tx, judged, parts),
  reapprove: async (tx, { kase }) => {
    const back = { resume_stage: 'APPROVAL' satisfies LoanStage }
    await tx.updateTable('case_file').set(back).where('case_id', '=', kase.case_id).execute()
  },
  approve: (tx, judged, parts) => keepApproval(tx, judged, parts),
  'approve-specially': (tx, judged, parts) => keepApproval(tx, judged, parts),
  refuse: async (tx, { kase, time, body }, parts) => {
    await issuePaper(tx, parts, kase, 'REFUSAL', time, body)
    await tell(tx, kase, 'LOAN_REFUSED')
  },
  sign: (tx, judged) => keepContract(tx, judged),
  // The contract is not yet one: the approval's time runs on from where it was.
  object: async (tx, { kase }) => {
    const loan = await readLoan(tx, kase.case_id)
    if (loan?.approval_valid_to) await armExpiry(tx, kase.case_id, loan.approval_valid_to)
  },
  secure: async (tx, { kase, body }) => {
    await tx
      .updateTable('loan')
      .set({ mortgage_number: body.fields['mortgageNumber'] ?? null, mortgage_on: dateField(body.fields['mortgageOn']) })
      .where('case_id', '=', kase.case_id)
      .execute()
  },
  pay: (tx, judged, parts) => openPayment(tx, judged, parts),
  'confirm-paid': (tx, judged) => confirmPaid(tx, judged),
  'confirm-returned': (tx, judged) => confirmReturned(tx, judged),
  'deny-paid': async (tx, judged) => void (await denyFinding(tx, judged)),
  'deny-returned': async (tx, judged) => void (await denyFinding(tx, judged)),
}

/** What was granted, until when it may be taken up, and the letter that says so. */
async function keepApproval(tx: Tx, { kase, body, time }: Judged, parts: Parts): Promise<void> {
  const { terms } = body
  if (!terms) throw new Bug('an approval has terms')
  const [policy, ruling, verdict] = await Promise.all([
    readPolicy(tx, kase.reporting_entity, time.today),
    readRulingPolicy(tx, kase, time.today),
    readVerdict(tx, kase.case_id, 'ASSESSMENT'),
  ])
  const homeOrder = verdict && verdictContent(verdict.content).result.homeOrder
  if (!homeOrder) throw new Bug('without it there were no ceilings, and nothing to grant')
  // Of the term that is granted: a shorter one than the verdict's may have another rate.
  const ratePercent = loanRate(ruling, homeOrder, terms.months).value
  const validTo = addDays(time.today, policy.values.approvalValidDays.value)
  await tx
    .updateTable('loan')
    .set({
      approved_fen: terms.amountFen,
      approved_months: terms.months,
      approved_rate: ratePercent,
      approved_on: time.today,
      approval_valid_to: validTo,
    })
    .where('case_id', '=', kase.case_id)
    .execute()
  await tx.updateTable('case_file').set({ amount_fen: terms.amountFen }).where('case_id', '=', kase.case_id).execute()
  await armExpiry(tx, kase.case_id, validTo)
  await issuePaper(tx, parts, { ...kase, amount_fen: terms.amountFen }, 'APPROVAL', time, body)
  await tell(tx, kase, 'LOAN_APPROVED')
}

/** Announced on the first day on which the approval no longer holds. */
const armExpiry = (tx: Tx, caseId: string, validTo: PlainDate): Promise<void> =>
  armDeadline(tx, caseId, { code: 'APPROVAL_EXPIRED', stage: null, dueOn: addDays(validTo, 1) })

async function keepContract(tx: Tx, { kase, body, time }: Judged): Promise<void> {
  await tx
    .updateTable('loan')
    .set({
      contract_number: body.fields['contractNumber'] ?? null,
      signed_on: dateField(body.fields['signedOn']),
      contract_rate: body.fields['contractRatePercent'] || null,
    })
    .where('case_id', '=', kase.case_id)
    .execute()
  await cancelDeadlines(tx, kase.case_id, { codes: ['APPROVAL_EXPIRED'] }, time.now)
}

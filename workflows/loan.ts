import { proxyActivities } from '@temporalio/workflow'
import type { LoanActivities } from '#activities/loan.ts'
import type { CaseInput } from '#contracts/cases.ts'
import type { LoanStage } from '#rules/loan/stages.ts'
import { openCase, type Step } from './parts/case.ts'

/** A worker that is killed is missed after this; another takes its work over, finds what is done and agrees. */
const HEARTBEAT_TIMEOUT = '5 seconds'

/**
 * These ask the outside world, each source once: one that does not answer is unavailable, which is an answer too, and a person finds out.
 * What is retried is our own database, and without end: a case waits for it, nobody else can do the work.
 */
const { openFile, checkData, checkSigning, fileMortgage, checkMortgage, checkRelease } = proxyActivities<LoanActivities>({
  startToCloseTimeout: '90 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
})

/**
 * Money: one serial, ever. The database is retried without end; the bank is asked again for the result, and told again only when it answers
 * that it has never heard of the serial (decision 0009).
 */
const { sendPayment, queryPayment, closePayment } = proxyActivities<LoanActivities>({
  startToCloseTimeout: '60 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
})

/** Pauses between queries while the bank has accepted and not settled; after the last the result counts as unknown and a cashier is called. */
const QUERY_PAUSES_MILLISECONDS = [1_000, 2_000, 4_000, 8_000, 15_000]
const UNKNOWN_PAUSE_MILLISECONDS = 60_000

/** A housing loan (住房公积金个人住房贷款), from submission to money paid out. */
export async function loan(input: CaseInput): Promise<void> {
  const kase = openCase(input)

  const pay: Step = async () => {
    let payment = await sendPayment(kase.id)
    for (const pause of QUERY_PAUSES_MILLISECONDS) {
      if (payment.settled) break
      await kase.nudged(pause)
      payment = await queryPayment(kase.id)
    }
    return closePayment(kase.id)
  }

  // Nothing leads out of this stage but a query, a notice of the bank or its day file. Nothing is ever sent under another serial.
  const findOut: Step = async () => {
    await kase.nudged(UNKNOWN_PAUSE_MILLISECONDS)
    await queryPayment(kase.id)
    return closePayment(kase.id)
  }

  await kase.run({
    SUBMITTED: kase.decision,
    CORRECTION_REQUESTED: kase.decision,
    // Accepted: the policy of the day binds, the statutory clock starts, the receipt is printed.
    ACCEPTED: () => openFile(kase.id),
    // Registry, credit bureau, civil affairs, other cities. What cannot be reached goes to a person.
    DATA_CHECK: () => checkData(kase.id),
    MANUAL_CHECK: kase.decision,
    RETURNED: kase.decision,
    PRELIM_REVIEW: kase.decision,
    REVIEW: kase.decision,
    SUPPLEMENT_PENDING: kase.decision,
    APPROVAL: kase.decision,
    SENIOR_APPROVAL: kase.decision,
    SPECIAL_APPROVAL: kase.decision,
    APPROVED: kase.decision,
    // The entrusted bank looks at card and accounts; those who countersign see what it found.
    SIGNING_CHECK: () => checkSigning(kase.id),
    SIGNED: kase.decision,
    SECURITY_PENDING: kase.decision,
    // Applied for at the registry. What it has registered is read back like a certificate on paper.
    MORTGAGE_FILING: () => fileMortgage(kase.id),
    // The registry is asked for what the certificate says. What it denies or does not answer goes to a person.
    MORTGAGE_CHECK: () => checkMortgage(kase.id),
    MORTGAGE_DOUBTED: kase.decision,
    SECURED: kase.decision,
    QUEUED: kase.decision,
    // The world has gone on since the approval; whatever changed stops the money.
    RELEASE_CHECK: () => checkRelease(kase.id),
    RELEASE_HELD: kase.decision,
    SENIOR_RELEASE: kase.decision,
    RELEASE_REQUESTED: kase.decision,
    PAYING: pay,
    PAY_UNKNOWN: findOut,
    PAY_FAILED: kase.decision,
    // The bank was right after all, somebody has found: a second person confirms it.
    PAY_DISPUTED: kase.decision,
    VOID_REQUESTED: kase.decision,
    VOID_SENIOR: kase.decision,
    VOID_SPECIAL: kase.decision,
  } satisfies Partial<Record<LoanStage, Step>>)
}

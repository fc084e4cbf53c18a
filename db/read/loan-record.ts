import { addDays, type PlainDate } from '#contracts/dates.ts'
import type { LoanRecord } from '#contracts/loan-record.ts'
import { fen } from '#contracts/money.ts'
import { forSql, type Db, type Reader, type Tx } from '../connect.ts'

interface StoredResult {
  readonly result: { readonly amountFen: string; readonly months: number; readonly reasons: readonly { readonly code: string }[] }
}

/** Reasons that say only that somebody did not answer. */
const SILENCE = ['SOURCE_UNAVAILABLE', 'HOUSING_DEPARTMENT_NOT_ASKED']

/** Reads what opens and closes the actions of a loan. The same reading serves the deciding transaction and the screen's buttons. */
export async function readLoanRecord(from: Db | Tx | Reader, caseId: string, today: PlainDate): Promise<LoanRecord> {
  const db = forSql(from)
  const wants = await db.selectFrom('want').select(['notice_no', 'satisfied_at']).where('case_id', '=', caseId).execute()
  const loan = await db.selectFrom('loan').select('approval_valid_to').where('case_id', '=', caseId).executeTakeFirst()
  const verdict = await db
    .selectFrom('verdict')
    .select(['outcome', 'content', 'round'])
    .where('case_id', '=', caseId)
    .where('kind', '=', 'ASSESSMENT')
    .orderBy('round', 'desc')
    .executeTakeFirst()
  const paused = await db.selectFrom('clock_span').select('state').where('case_id', '=', caseId).where('to_on', 'is', null).executeTakeFirst()
  const answer = await db
    .selectFrom('deadline')
    .select('due_on')
    .where('case_id', '=', caseId)
    .where('code', '=', 'ANSWER_DUE')
    .where('state', '<>', 'CANCELLED')
    .orderBy('due_on', 'desc')
    .executeTakeFirst()
  const confirmed = await db
    .selectFrom('decision')
    .select('decision_id')
    .where('case_id', '=', caseId)
    .where('stage', '=', 'MANUAL_CHECK')
    .where('action', '=', 'confirm')
    .executeTakeFirst()
  const release = await db
    .selectFrom('verdict')
    .select('content')
    .where('case_id', '=', caseId)
    .where('kind', '=', 'RELEASE_CHECK')
    .orderBy('round', 'desc')
    .executeTakeFirst()
  const certificate = await db
    .selectFrom('source_reply')
    .select('outcome')
    .where('case_id', '=', caseId)
    .where('source', '=', 'REGISTRY_MORTGAGE')
    .orderBy('round', 'desc')
    .limit(1)
    .executeTakeFirst()
  const held = release ? (JSON.parse(release.content) as { result: { reasons: readonly { code: string }[] } }).result.reasons : []
  const stored = verdict ? (JSON.parse(verdict.content) as StoredResult).result : undefined
  return {
    today,
    openWants: wants.filter((want) => want.satisfied_at === null).length,
    noticesSent: new Set(wants.map((want) => want.notice_no).filter((no) => no !== null)).size,
    noticeDelivered: paused?.state === 'PAUSED',
    manuallyConfirmed: confirmed !== undefined,
    mortgageUnanswered: certificate?.outcome === 'UNAVAILABLE',
    heldForSilenceOnly: held.length > 0 && held.every(({ code }) => SILENCE.includes(code)),
    // The deadline fires on the day after the last one.
    ...(answer ? { answerDueOn: addDays(answer.due_on, -1) } : {}),
    ...(loan?.approval_valid_to ? { approvalValidTo: loan.approval_valid_to } : {}),
    ...(verdict && stored
      ? {
          verdict: {
            outcome: verdict.outcome as 'approved' | 'refused' | 'manual',
            reasonCodes: stored.reasons.map(({ code }) => code),
          },
          amountFenMax: fen(BigInt(stored.amountFen)),
          monthsMax: stored.months,
        }
      : {}),
  }
}

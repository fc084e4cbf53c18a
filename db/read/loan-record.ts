import { sql } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import { OPEN_QUESTIONS, type LoanRecord } from '#contracts/loan-record.ts'
import { forSql, type Db, type Reader, type Tx } from '../connect.ts'
import { readGrant } from './loan-grant.ts'
import { readNotice } from './notice.ts'

interface StoredResult {
  readonly result: {
    readonly amountFen: string
    readonly months: number
    readonly reasons: readonly Found[]
    readonly notes: readonly Found[]
  }
}

interface Found {
  readonly code: string
  readonly text: string
  readonly figures: Readonly<Record<string, unknown>>
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
  const notice = await readNotice(from, caseId)
  const filed = await db.selectFrom('document').select(['material', 'check_state as checkState']).where('case_id', '=', caseId).execute()
  const release = await db
    .selectFrom('verdict')
    .select(['content', sql<PlainDate>`(made_at at time zone 'Asia/Shanghai')::date`.as('made_on')])
    .where('case_id', '=', caseId)
    .where('kind', '=', 'RELEASE_CHECK')
    .orderBy('round', 'desc')
    .executeTakeFirst()
  const security = await readSecurityReplies(db, caseId)
  const bankDoubt = await readBankDoubt(from, caseId)
  const held = release ? (JSON.parse(release.content) as { result: { reasons: readonly { code: string }[] } }).result.reasons : []
  const stored = verdict ? (JSON.parse(verdict.content) as StoredResult).result : undefined
  return {
    today,
    ...(await readGrant(from, caseId)),
    openWants: wants.filter((want) => want.satisfied_at === null).length,
    noticesSent: new Set(wants.map((want) => want.notice_no).filter((no) => no !== null)).size,
    noticeDelivered: typeof notice?.deliveredOn === 'string',
    filed,
    mortgageUnanswered: security.includes('UNAVAILABLE') && !security.includes('MISMATCHED'),
    heldForSilenceOnly: held.length > 0 && held.every(({ code }) => SILENCE.includes(code)),
    ...(notice?.answerOn ? { answerDueOn: notice.answerOn } : {}),
    ...(release ? { releaseCheckedOn: release.made_on } : {}),
    ...(bankDoubt ? { bankDoubt } : {}),
    ...(loan?.approval_valid_to ? { approvalValidTo: loan.approval_valid_to } : {}),
    ...(verdict && stored
      ? {
          verdict: {
            outcome: verdict.outcome as 'approved' | 'refused' | 'manual',
            reasonCodes: stored.reasons.map(({ code }) => code),
            open: stored.reasons.filter(({ code }) => OPEN_QUESTIONS.includes(code)).map(nameOf),
            byHand: stored.notes.filter(({ code }) => code === 'VERIFIED_BY_HAND').map(nameOf),
          },
        }
      : {}),
  }
}

/** What a question is about, in a word or two. */
const nameOf = ({ text, figures }: Found): string => (typeof figures['what'] === 'string' ? figures['what'] : text)

/** What registry and guarantor last said of the security, each by its last word. */
async function readSecurityReplies(from: Db | Tx | Reader, caseId: string): Promise<readonly string[]> {
  const rows = await forSql(from)
    .selectFrom('source_reply')
    .distinctOn('source')
    .select('outcome')
    .where('case_id', '=', caseId)
    .where('source', 'in', ['REGISTRY_MORTGAGE', 'REGISTRY_SEIZURE', 'GUARANTEE'])
    .orderBy('source')
    .orderBy('round', 'desc')
    .execute()
  return rows.map(({ outcome }) => outcome)
}

/** In one statement: a notice that is judged meanwhile is seen as one or the other. */
async function readBankDoubt(from: Db | Tx | Reader, caseId: string): Promise<LoanRecord['bankDoubt'] | null> {
  const { rows } = await sql<{ doubt: LoanRecord['bankDoubt'] | null }>`
    select case
      when exists (select 1 from incident where case_id = ${caseId} and kind = 'PAYMENT_CONTRADICTED' and state <> 'CLOSED') then 'CONTRADICTED'
      when exists (select 1 from payment p join machine_message m on m.reference = p.payment_id::text
        where p.case_id = ${caseId} and m.state = 'RECEIVED') then 'UNJUDGED'
    end as doubt`.execute(forSql(from))
  return rows[0]?.doubt ?? null
}

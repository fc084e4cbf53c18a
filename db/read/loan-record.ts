import { sql, type RawBuilder } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import { OPEN_QUESTIONS, type LoanRecord } from '#contracts/loan-record.ts'
import type { Post } from '#contracts/posts.ts'
import type { RecordedReason, RecordedResult } from '#contracts/recorded-verdict.ts'
import { forSql, type Db, type Reader, type Tx } from '../connect.ts'
import { KEPT } from '../kept-plans.ts'
import { readAwaitedFinding, readClaims } from './findings.ts'
import { noticeOf, type StandingNotice } from './notice.ts'

/** What the record holds, as one row. */
interface Stored {
  readonly wants: { readonly open: number; readonly notices: number }
  readonly approvalValidTo: PlainDate | null
  readonly assessed: {
    readonly outcome: 'approved' | 'refused' | 'manual'
    readonly result: RecordedResult
  } | null
  readonly notice: StandingNotice | null
  readonly filed: LoanRecord['filed']
  readonly release: { readonly result: RecordedResult; readonly madeOn: PlainDate } | null
  readonly security: readonly string[]
  readonly bankDoubt: 'CONTRADICTED' | 'UNJUDGED' | null
  /** Whether one is awaited; it is read only then, by the few cases that have one. */
  readonly finding: boolean
  readonly grantedBy: Post | null
  readonly voidAsked: { readonly actor: string | null; readonly principal: string | null; readonly stage: string } | null
  readonly signing: {
    readonly outcome: 'MATCHED' | 'MISMATCHED' | 'UNAVAILABLE'
    readonly content: { readonly summary?: string } | null
  } | null
}

/** Reasons that say only that somebody did not answer. */
const SILENCE = ['SOURCE_UNAVAILABLE', 'HOUSING_DEPARTMENT_NOT_ASKED']

/**
 * Reads what opens and closes the actions of a loan, nearly all of it in one statement: an officer waits for every one. The same reading serves
 * the deciding transaction and the screen's buttons.
 */
export async function readLoanRecord(from: Db | Tx | Reader, caseId: string, today: PlainDate): Promise<LoanRecord> {
  const stored = await readStored(from, caseId)
  const finding = stored.finding ? await readFinding(from, caseId) : undefined
  const { assessed, notice, release, security, voidAsked, signing } = stored
  const held = release?.result.reasons ?? []
  return {
    today,
    ...(stored.grantedBy ? { grantedBy: stored.grantedBy } : {}),
    ...(voidAsked
      ? { voidAsked: { by: [voidAsked.actor, voidAsked.principal].filter((one) => one !== null), from: voidAsked.stage } }
      : {}),
    ...(signing ? { signing: { outcome: signing.outcome, summary: signing.content?.summary ?? '' } } : {}),
    openWants: stored.wants.open,
    noticesSent: stored.wants.notices,
    noticeDelivered: typeof notice?.deliveredOn === 'string',
    filed: stored.filed,
    mortgageUnanswered: security.includes('UNAVAILABLE') && !security.includes('MISMATCHED'),
    heldForSilenceOnly: held.length > 0 && held.every(({ code }) => SILENCE.includes(code)),
    ...(notice?.answerOn ? { answerDueOn: notice.answerOn } : {}),
    ...(release ? { releaseCheckedOn: release.madeOn } : {}),
    ...(stored.bankDoubt ? { bankDoubt: stored.bankDoubt } : {}),
    ...(finding ? { finding } : {}),
    ...(stored.approvalValidTo ? { approvalValidTo: stored.approvalValidTo } : {}),
    ...(assessed
      ? {
          verdict: {
            outcome: assessed.outcome,
            reasonCodes: assessed.result.reasons.map(({ code }) => code),
            open: assessed.result.reasons.filter(({ code }) => OPEN_QUESTIONS.includes(code)).map(nameOf),
            byHand: assessed.result.notes.filter(({ code }) => code === 'VERIFIED_BY_HAND').map(nameOf),
          },
        }
      : {}),
  }
}

/** What a question is about, in a word or two. */
const nameOf = ({ text, figures }: RecordedReason): string => (typeof figures['what'] === 'string' ? figures['what'] : text)

async function readStored(from: Db | Tx | Reader, caseId: string): Promise<Stored> {
  const { rows } = await sql<Stored>`
    ${KEPT} select
      (select json_build_object('open', count(*) filter (where satisfied_at is null), 'notices', count(distinct notice_no))
        from want where case_id = ${caseId}) as wants,
      (select approval_valid_to from loan where case_id = ${caseId}) as "approvalValidTo",
      (select json_build_object('outcome', outcome, 'result', content::json -> 'result') from ${newestVerdict(caseId, 'ASSESSMENT')}) as assessed,
      (select row_to_json(n) from (${noticeOf(caseId)}) n) as notice,
      (select coalesce(json_agg(json_build_object('material', material, 'checkState', check_state)), '[]')
        from document where case_id = ${caseId}) as filed,
      (select json_build_object('result', content::json -> 'result', 'madeOn', (made_at at time zone 'Asia/Shanghai')::date)
        from ${newestVerdict(caseId, 'RELEASE_CHECK')}) as release,
      array(select distinct on (source) outcome from source_reply
        where case_id = ${caseId} and source in ('REGISTRY_MORTGAGE', 'REGISTRY_SEIZURE', 'GUARANTEE') order by source, round desc) as security,
      (select post from ${newestDecision(caseId, ['approve', 'approve-specially'])}) as "grantedBy",
      (select json_build_object('actor', actor_id, 'principal', on_behalf_of, 'stage', stage)
        from ${newestDecision(caseId, ['propose-void'])}) as "voidAsked",
      (select json_build_object('outcome', outcome, 'content', content) from source_reply
        where case_id = ${caseId} and source = 'BANK_SIGNING' order by round desc limit 1) as signing,
      exists (select from payment_finding where case_id = ${caseId} and state = 'FOUND') as finding,
      ${bankDoubt(caseId)} as "bankDoubt"`.execute(forSql(from))
  const [row] = rows
  if (!row) throw new Error('a select without a table has one row')
  return row
}

const newestVerdict = (caseId: string, kind: 'ASSESSMENT' | 'RELEASE_CHECK'): RawBuilder<unknown> =>
  sql`(select outcome, content, made_at from verdict where case_id = ${caseId} and kind = ${kind} order by round desc limit 1) v`

const newestDecision = (
  caseId: string,
  actions: string[],
): RawBuilder<unknown> => sql`(select post, actor_id, on_behalf_of, stage from decision
  where case_id = ${caseId} and recalled_by is null and action = any(${actions}) order by seq desc limit 1) d`

/** With the payment as it stands now: what was found may have been overtaken since. */
async function readFinding(from: Db | Tx | Reader, caseId: string): Promise<LoanRecord['finding']> {
  const found = await readAwaitedFinding(from, caseId)
  const [claim] = found ? await readClaims(from, [found.incident_id]) : []
  if (!found || !claim) return undefined
  return { foundBy: [found.found_by, ...(found.found_for ? [found.found_for] : [])], payment: claim.payment }
}

/** In the same statement as the rest: a notice that is judged meanwhile is seen as one or the other. */
const bankDoubt = (caseId: string): RawBuilder<unknown> => sql`case
  when exists (select 1 from incident where case_id = ${caseId} and kind = 'PAYMENT_CONTRADICTED' and state <> 'CLOSED') then 'CONTRADICTED'
  when exists (select 1 from payment p join machine_message m on m.reference = p.payment_id::text
    where p.case_id = ${caseId} and m.state = 'RECEIVED') then 'UNJUDGED' end`

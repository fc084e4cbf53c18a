import { sql } from 'kysely'
import { sha256Hex } from '../canonical.ts'
import type { Db, Tx } from '../connect.ts'
import { collect, type Violation } from './violation.ts'

/** A verdict as it was written down, with everything that is needed to reach it again. */
export interface RecordedVerdict {
  readonly caseNumber: string
  readonly kind: string
  readonly round: number
  readonly ruleVersion: string
  readonly outcome: string
  readonly snapshotId: string
  readonly content: string
  readonly hash: string
  readonly snapshotContent: string
  /** For a check before release: the last assessment before it, and the terms of the last approval before it. */
  readonly assessment?: { readonly content: string; readonly snapshotContent: string }
  readonly approved?: { readonly amountFen: string; readonly months: number }
}

/** Runs the recorded rule on the recorded facts; the text it returns should be the record's content. Throws when it cannot. */
export type Replay = (verdict: RecordedVerdict) => string

export type Replayed = { readonly same: true } | { readonly same: false; readonly why: string }

/** Reaches one verdict again. What a rule throws is an answer too: the record cannot be repeated. */
export function replayOne(verdict: RecordedVerdict, replay: Replay): Replayed {
  try {
    return replay(verdict) === verdict.content ? { same: true } : { same: false, why: '重新审核的结论与记录不同' }
  } catch (error) {
    return { same: false, why: `不能重新审核：${error instanceof Error ? error.message : String(error)}` }
  }
}

const BATCH = 500

/** Recorded verdicts of one case or of all, in a fixed order. Each snapshot is fetched once, however many verdicts it ruled. */
export async function* recordedVerdicts(db: Db | Tx, caseNumber?: string): AsyncGenerator<RecordedVerdict> {
  const snapshots = new Map<string, string>()
  const contentOf = async (id: string): Promise<string> => {
    const known = snapshots.get(id)
    if (known !== undefined) return known
    const row = await db.selectFrom('policy_snapshot').select('content').where('snapshot_id', '=', id).executeTakeFirst()
    snapshots.set(id, row?.content ?? 'null')
    return row?.content ?? 'null'
  }
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await sql<VerdictRow>`
      select v.verdict_id, c.case_number, v.kind, v.round, v.rule_version, v.outcome, v.snapshot_id, v.content, v.hash,
        a.content as assessment_content, a.snapshot_id as assessment_snapshot_id, t.terms as approved
      from verdict v join case_file c using (case_id)
      left join lateral (select content, snapshot_id from verdict e where v.kind = 'RELEASE_CHECK' and e.case_id = v.case_id
        and e.kind = 'ASSESSMENT' and e.round < v.round order by e.round desc limit 1) a on true
      left join lateral (select terms from decision d where v.kind = 'RELEASE_CHECK' and d.case_id = v.case_id
        and d.action in ('approve', 'approve-specially') and d.stage_version < v.round order by d.seq desc limit 1) t on true
      where v.verdict_id > ${after} and c.case_number = coalesce(${caseNumber ?? null}, c.case_number)
      order by v.verdict_id limit ${BATCH}`.execute(db)
    for (const row of rows) yield verdictOf(row, contentOf)
    const last = rows.at(-1)
    if (!last || rows.length < BATCH) return
    after = last.verdict_id
  }
}

interface VerdictRow {
  readonly verdict_id: string
  readonly case_number: string
  readonly kind: string
  readonly round: number
  readonly rule_version: string
  readonly outcome: string
  readonly snapshot_id: string
  readonly content: string
  readonly hash: string
  readonly assessment_content: string | null
  readonly assessment_snapshot_id: string | null
  readonly approved: { readonly amountFen: string; readonly months: number } | null
}

async function verdictOf(row: VerdictRow, contentOf: (snapshotId: string) => Promise<string>): Promise<RecordedVerdict> {
  const { assessment_content: before, assessment_snapshot_id: beforeId } = row
  return {
    caseNumber: row.case_number,
    kind: row.kind,
    round: row.round,
    ruleVersion: row.rule_version,
    outcome: row.outcome,
    snapshotId: row.snapshot_id,
    content: row.content,
    hash: row.hash,
    snapshotContent: await contentOf(row.snapshot_id),
    ...(before !== null && beforeId !== null ? { assessment: { content: before, snapshotContent: await contentOf(beforeId) } } : {}),
    ...(row.approved ? { approved: row.approved } : {}),
  }
}

/** I12: each verdict agrees with its own hash and columns, and is reached again byte for byte. */
export async function verdictViolations(db: Db | Tx, replay: Replay | undefined): Promise<Violation[]> {
  const altered = collect('I12', '审核结论与其散列或其所记的版本、政策、结果不一致')
  const unlike = collect('I12', '按记录的规则、事实和政策重新审核，得不到同样的字节')
  for await (const verdict of recordedVerdicts(db)) {
    const { caseNumber, kind, round } = verdict
    if (!agreesWithItself(verdict)) altered.add({ caseNumber, kind, round })
    const replayed = replay ? replayOne(verdict, replay) : { same: true as const }
    if (!replayed.same) unlike.add({ caseNumber, kind, round, why: replayed.why })
  }
  return [...altered.violations(), ...unlike.violations()]
}

function agreesWithItself({ content, hash, ruleVersion, snapshotId, outcome }: RecordedVerdict): boolean {
  if (sha256Hex(content) !== hash) return false
  const recorded = parsed(content)
  return recorded?.rule === ruleVersion && recorded.snapshot === snapshotId && recorded.result?.outcome === outcome
}

interface Recorded {
  readonly rule?: unknown
  readonly snapshot?: unknown
  readonly result?: { readonly outcome?: unknown }
}

/** Undefined for what is no JSON: a record that was altered may be anything. */
function parsed(content: string): Recorded | undefined {
  try {
    return JSON.parse(content) as Recorded
  } catch {
    return undefined
  }
}

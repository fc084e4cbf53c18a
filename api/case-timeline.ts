import type { CaseView } from '#contracts/api/cases.ts'
import type { CaseKind } from '#contracts/cases.ts'
import type { Post } from '#contracts/posts.ts'
import type { readDecisions, readFiredDeadlines, readNotes } from '#db/read/case-page.ts'
import { stageOf } from '#rules/cases/stage-tables.ts'

type Entry = CaseView['timeline'][number]
type Rows<F extends (...args: never[]) => Promise<unknown[]>> = Awaited<ReturnType<F>>

const DEADLINE_WORDS: Record<string, string> = {
  STAGE_OVERDUE: '超过本环节办理时限，已提醒并升级',
  DECISION_SOON: '距法定审批期限届满不足三日',
  DECISION_OVERDUE: '超过法定审批期限，已升级',
  ANSWER_DUE: '申请人补正期限届满',
  APPROVAL_EXPIRED: '审批有效期届满',
}

/** The facts of a case in the order they happened: decisions of people and of the machine, remarks, deadlines that fired. */
export function presentTimeline(
  kind: CaseKind,
  decisions: Rows<typeof readDecisions>,
  notes: Rows<typeof readNotes>,
  deadlines: Rows<typeof readFiredDeadlines>,
): Entry[] {
  const decided = decisions.map((row): Entry => {
    const stage = stageOf(kind, row.stage)
    const action = stage.actions[row.action]
    return {
      seq: row.seq,
      kind: row.actor_id === null ? 'MACHINE' : 'DECISION',
      at: row.decided_at,
      stage: row.stage,
      stageLabel: stage.label,
      actionLabel: action?.label ?? (row.action === 'recall' ? '撤回' : null),
      toStageLabel: stageOf(kind, row.to_stage).label,
      tone: action?.tone ?? (row.action === 'recall' ? 'back' : null),
      person: row.person_name,
      onBehalfOf: row.principal_name,
      post: row.post as Post | null,
      opinion: row.opinion,
      reasonCode: row.reason_code,
      terms: row.terms,
      arrivedAt: row.stage_entered_at,
      recalled: row.recalled_by !== null,
    }
  })
  const said = notes.map((note): Entry => ({ ...EMPTY, kind: note.kind, at: note.at, person: note.name, opinion: note.text }))
  const fired = deadlines.map((row): Entry => ({
    ...EMPTY,
    kind: 'DEADLINE',
    at: row.settled_at ?? '',
    stageLabel: row.stage ? stageOf(kind, row.stage).label : null,
    opinion: DEADLINE_WORDS[row.code] ?? row.code,
  }))
  return [...decided, ...said, ...fired].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.seq - b.seq))
}

const EMPTY = {
  seq: 0,
  stage: null,
  stageLabel: null,
  actionLabel: null,
  toStageLabel: null,
  tone: null,
  person: null,
  onBehalfOf: null,
  post: null,
  reasonCode: null,
  terms: null,
  arrivedAt: null,
  recalled: false,
} as const

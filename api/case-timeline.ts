import type { CaseView } from '#contracts/api/cases.ts'
import type { CaseKind } from '#contracts/cases.ts'
import type { Post } from '#contracts/posts.ts'
import type { readClaims, readCopies, readDecisions, readFiredDeadlines, readNotes } from '#db/read/case-page.ts'
import { stageOf } from '#rules/cases/stage-tables.ts'
import { isReasonCode, REASON_CODES } from '#rules/reason-codes.ts'
import type { UsedOn } from './case-clock.ts'

type Entry = CaseView['timeline'][number]
type Rows<F extends (...args: never[]) => Promise<unknown[]>> = Awaited<ReturnType<F>>

const DEADLINE_WORDS: Record<string, string> = {
  STAGE_OVERDUE: '超过本环节办理时限，已提醒并升级',
  DECISION_SOON: '距法定审批期限届满不足三日',
  DECISION_OVERDUE: '超过法定审批期限，已升级',
  ANSWER_DUE: '申请人补正期限届满',
  APPROVAL_EXPIRED: '审批有效期届满',
}

/** What has happened to a case, by the tables it stands in. */
interface Facts {
  readonly decisions: Rows<typeof readDecisions>
  readonly notes: Rows<typeof readNotes>
  readonly fired: Rows<typeof readFiredDeadlines>
  readonly claims: Rows<typeof readClaims>
  readonly copies: Rows<typeof readCopies>
}

/** The officers' own time where the applicant is awaited is that until the notice is delivered. */
const isDelivery = (kind: CaseKind, { code, stage }: { code: string; stage: string | null }): boolean =>
  code === 'STAGE_OVERDUE' && stage !== null && stageOf(kind, stage).clock === 'APPLICANT'

/**
 * The facts of a case in the order they happened: decisions of people and of the machine, remarks, deadlines that fired, and work that
 * went from one hand to another or was shown to somebody. Who merely takes a task or puts it back is no fact of the case.
 */
export function presentTimeline(kind: CaseKind, { decisions, notes, fired: deadlines, claims, copies }: Facts, usedOn: UsedOn): Entry[] {
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
      reasons: reasonsOf(row),
      secondNoticeReason: row.fields['secondNoticeReason'] ?? null,
      terms: row.terms,
      arrivedAt: row.stage_entered_at,
      daysUsed: usedOn(row.decided_on),
      recalled: row.recalled_by !== null,
      takesBack: takenBackBy(row.decision_id, kind, decisions),
    }
  })
  const said = notes.map((note): Entry => ({ ...EMPTY, kind: note.kind, at: note.at, person: note.name, opinion: note.text }))
  const fired = deadlines.map((row): Entry => ({
    ...EMPTY,
    kind: 'DEADLINE',
    at: row.settled_at ?? '',
    stageLabel: row.stage ? stageOf(kind, row.stage).label : null,
    opinion: isDelivery(kind, row) ? '告知书逾时未登记送达，已提醒并升级' : (DEADLINE_WORDS[row.code] ?? row.code),
  }))
  const passedOn = claims.flatMap(({ act, stage, post, reason, at, name, before }): Entry[] =>
    act === 'TAKE_OVER' || act === 'HAND_OVER'
      ? [
          {
            ...EMPTY,
            kind: 'CLAIM',
            at,
            stage,
            stageLabel: stageOf(kind, stage).label,
            person: name,
            post: post as Post,
            opinion: `${act === 'TAKE_OVER' ? '接手自' : '移交自'}${before ?? '他人'}：${reason ?? ''}`,
          },
        ]
      : [],
  )
  return [...decided, ...said, ...fired, ...passedOn, ...copiesTo(copies)].sort((a, b) =>
    a.at < b.at ? -1 : a.at > b.at ? 1 : a.seq - b.seq,
  )
}

/** Everything a decision was taken for, by the catalogue of the house. A code that is not in it any more is all that is left of its reason. */
const reasonsOf = ({ reason_code: first, fields }: Rows<typeof readDecisions>[number]): Entry['reasons'] =>
  [...(first ? [first] : []), ...(fields['furtherReasonCodes']?.split(',') ?? [])].map((code) => ({
    code,
    label: isReasonCode(code) ? REASON_CODES[code].label : code,
  }))

/** The action that a decision took back (撤回), in its own words. */
function takenBackBy(decisionId: string, kind: CaseKind, decisions: Rows<typeof readDecisions>): string | null {
  const taken = decisions.find((one) => one.recalled_by === decisionId)
  return taken ? (stageOf(kind, taken.stage).actions[taken.action]?.label ?? null) : null
}

/** One entry for all whom the same hand copied the case to at the same moment. */
function copiesTo(copies: Rows<typeof readCopies>): Entry[] {
  const sent = Map.groupBy(copies, ({ at, sender_name: sender, remark }) => JSON.stringify([at, sender, remark]))
  return [...sent.values()].flatMap(([first, ...others]): Entry[] => {
    if (!first) return []
    const names = [first, ...others].map(({ name }) => name).join('、')
    const opinion = first.remark ? `抄送${names}：${first.remark}` : `抄送${names}`
    return [{ ...EMPTY, kind: 'COPY', at: first.at, person: first.sender_name, opinion }]
  })
}

const EMPTY: Omit<Entry, 'kind' | 'at' | 'opinion'> = {
  seq: 0,
  stage: null,
  stageLabel: null,
  actionLabel: null,
  toStageLabel: null,
  tone: null,
  person: null,
  onBehalfOf: null,
  post: null,
  reasons: [],
  secondNoticeReason: null,
  terms: null,
  arrivedAt: null,
  daysUsed: null,
  recalled: false,
  takesBack: null,
}

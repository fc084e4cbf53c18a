import type { Insertable } from 'kysely'
import { plainDate, type PlainDate } from '#contracts/dates.ts'
import type { Post } from '#contracts/posts.ts'
import type { StaffChangeStage } from '#rules/staff-change/stages.ts'
import type * as tables from '../tables.ts'
import { auditChain, decisionFact } from './audit-chain.ts'
import { CENTRES } from './orgs.ts'
import type { Random } from './random.ts'
import type { Officer } from './staff.ts'

/** The tables of a change of rights, in the order in which their rows may refer to each other. */
export const STAFF_CHANGE_TABLES = [
  'case_file',
  'case_actor',
  'decision',
  'task',
  'case_copy',
  'staff_change',
  'outbox',
  'audit_stream',
  'audit_row',
] as const satisfies (keyof tables.Database)[]

export type StaffChangeRows = { readonly [T in (typeof STAFF_CHANGE_TABLES)[number]]: Insertable<tables.Database[T]>[] }

interface Change {
  readonly of: Post
  readonly change: 'GRANT_POST' | 'LOCK' | 'UNLOCK'
  readonly post: Post | null
  readonly reason: string
  readonly on: PlainDate
  /** How the security administrator decided; null while it is waited for. */
  readonly decided: {
    readonly action: 'confirm' | 'reject'
    readonly to: StaffChangeStage
    readonly opinion: string
    readonly on: PlainDate
  } | null
}

/** Locked by mistake and unlocked, so that everybody has today what they had before; one refused; one that waits. */
const CHANGES: readonly Change[] = [
  {
    of: 'STATISTICS',
    change: 'LOCK',
    post: null,
    reason: '账号口令疑似外泄，先行锁定',
    on: plainDate('2025-10-13'),
    decided: { action: 'confirm', to: 'IN_FORCE', opinion: '情况属实，同意锁定', on: plainDate('2025-10-13') },
  },
  {
    of: 'STATISTICS',
    change: 'UNLOCK',
    post: null,
    reason: '经核实为误报，口令已重置，申请解除锁定',
    on: plainDate('2025-10-14'),
    decided: { action: 'confirm', to: 'IN_FORCE', opinion: '同意解除', on: plainDate('2025-10-14') },
  },
  {
    of: 'DISBURSEMENT',
    change: 'GRANT_POST',
    post: 'TREASURY',
    reason: '资金管理岗休假，拟由放款岗兼任',
    on: plainDate('2025-10-22'),
    decided: { action: 'reject', to: 'REJECTED', opinion: '放款与资金安排应当相互牵制，不宜由一人兼任', on: plainDate('2025-10-23') },
  },
  {
    of: 'RISK',
    change: 'GRANT_POST',
    post: 'STATISTICS',
    reason: '年末报表集中，增授统计岗',
    on: plainDate('2025-10-31'),
    decided: null,
  },
]

/** Changes of rights under two people (人员权限变更) at the city's centre, and where their numbers stand. */
export function staffChanges(officers: readonly Officer[], random: Random) {
  const holder = (post: Post): Officer => {
    const found = officers.find((one) => one.orgId === CENTRES.xinxiang && one.posts.includes(post))
    if (!found) throw new Error(`the centre has no ${post}`)
    return found
  }
  const rows = CHANGES.map((change, index) => rowsOf(change, index + 1, holder, random))
  return { rows, sequence: ['case/xinxiang/staff-change', 2025, CHANGES.length] as const }
}

function rowsOf(change: Change, number: number, holder: (post: Post) => Officer, random: Random): StaffChangeRows {
  const [proposer, confirmer, about] = [holder('SYS_ADMIN'), holder('SEC_ADMIN'), holder(change.of)]
  const caseId = random.uuid()
  const owned = { case_id: caseId, org_id: CENTRES.xinxiang, access_group_id: 'OPEN' }
  const { decided } = change
  const [createdAt, decidedAt] = [`${change.on}T01:12:30Z`, decided && `${decided.on}T03:40:10Z`]
  const caseNumber = `新公积金权〔2025〕${String(number).padStart(6, '0')}号`
  const [told, toldAt] = [[holder('LOG_ADMIN').staffId, holder('INTERNAL_AUDIT').staffId], `${change.on}T01:20:00Z`]
  const decision = decided && decisionRow(owned, decided, { decisionId: random.uuid(), confirmer, createdAt, decidedAt: decidedAt ?? '' })
  const opened = {
    at: createdAt,
    actor: `staff/${proposer.staffId}`,
    act: 'open/staff-change',
    body: {
      number: caseNumber,
      staff: about.staffId,
      change: change.change,
      post: change.post,
      org: change.post && CENTRES.xinxiang,
      on: change.on,
    },
  }
  const copied = { at: toldAt, actor: `staff/${proposer.staffId}`, act: 'copy', body: { to: told } }
  return {
    case_file: [fileRow(owned, change, { caseNumber, proposer, createdAt, decidedAt })],
    case_actor: [
      { case_id: caseId, staff_id: proposer.staffId, step_group: 'PROPOSE', since: createdAt },
      ...(decidedAt ? [{ case_id: caseId, staff_id: confirmer.staffId, step_group: 'CONFIRM', since: decidedAt }] : []),
    ],
    decision: decision ? [decision] : [],
    task: [taskRow(owned, change, random.uuid(), { createdAt, decidedAt, decision })],
    case_copy: told.map((staffId) => ({
      ...owned,
      staff_id: staffId,
      copied_by: proposer.staffId,
      remark: '人员权限变更，报备',
      at: toldAt,
      read_at: null,
    })),
    staff_change: [
      {
        ...owned,
        staff_id: about.staffId,
        change: change.change,
        post: change.post,
        post_org_id: change.post && CENTRES.xinxiang,
        reason: change.reason,
      },
    ],
    outbox: [{ kind: 'START_CASE', case_id: caseId, payload: '{}', state: 'SENT', last_error: null, sent_at: createdAt }],
    ...auditChain(caseId, CENTRES.xinxiang, [opened, copied, ...(decision ? [decisionFact(decision)] : [])]),
  }
}

interface Owned {
  readonly case_id: string
  readonly org_id: string
  readonly access_group_id: string
}

function fileRow(
  owned: Owned,
  { on, decided }: Change,
  of: { caseNumber: string; proposer: Officer; createdAt: string; decidedAt: string | null },
): Insertable<tables.CaseFileTable> {
  return {
    ...owned,
    kind: 'staff-change',
    case_number: of.caseNumber,
    reporting_entity: 'xinxiang',
    stage: decided?.to ?? 'PROPOSED',
    stage_version: decided ? 2 : 1,
    engine_version: decided ? 2 : -1,
    open: !decided,
    applicant_masked: null,
    amount_fen: null,
    snapshot_id: null,
    created_by: of.proposer.staffId,
    created_at: of.createdAt,
    created_on: on,
    accepted_on: null,
    stage_entered_at: of.decidedAt ?? of.createdAt,
    closed_on: decided?.on ?? null,
    clock_days_allowed: null,
    clock_unit: null,
    clock_rule: null,
    clock_state: 'NOT_STARTED',
    due_on: null,
    resume_stage: null,
  }
}

function taskRow(
  owned: Owned,
  { reason }: Change,
  taskId: string,
  { createdAt, decidedAt, decision }: { createdAt: string; decidedAt: string | null; decision: Insertable<tables.DecisionTable> | null },
): Insertable<tables.TaskTable> {
  return {
    ...owned,
    task_id: taskId,
    stage: 'PROPOSED',
    stage_version: 1,
    post: 'SEC_ADMIN',
    state: decision ? 'DONE' : 'OPEN',
    arrived_at: createdAt,
    due_on: null,
    previous_opinion: reason,
    claimed_by: null,
    claimed_at: null,
    assigned_to: null,
    decision_id: decision?.decision_id ?? null,
    closed_at: decidedAt,
  }
}

function decisionRow(
  owned: Owned,
  { action, to, opinion, on }: NonNullable<Change['decided']>,
  by: { decisionId: string; confirmer: Officer; createdAt: string; decidedAt: string },
): Insertable<tables.DecisionTable> {
  return {
    ...owned,
    decision_id: by.decisionId,
    seq: 1,
    command_id: null,
    stage: 'PROPOSED',
    stage_version: 1,
    stage_entered_at: by.createdAt,
    action,
    to_stage: to,
    actor_id: by.confirmer.staffId,
    on_behalf_of: null,
    post: 'SEC_ADMIN',
    step_group: 'CONFIRM',
    opinion,
    reason_code: null,
    terms: null,
    fields: '{}',
    decided_at: by.decidedAt,
    decided_on: on,
    recalled_by: null,
  }
}

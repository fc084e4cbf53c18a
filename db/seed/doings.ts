import type { Insertable } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import type { Post } from '#contracts/posts.ts'
import type { StepGroup } from '#contracts/stages.ts'
import { stepGroupOf } from '#rules/cases/may-act.ts'
import { loanStages, type LoanStage } from '#rules/loan/stages.ts'
import type { CaseCopyTable, CaseNoteTable, Instant, TaskClaimTable } from '../tables.ts'
import type { Fact } from './audit-chain.ts'
import type { Random } from './random.ts'
import { orgOfPost, type Setting } from './roster.ts'
import { common, type SeededCase } from './seeded-case.ts'
import type { Officer } from './staff.ts'

/** What colleagues did around a case without deciding anything: who has taken it, who asked for it, who was told of it. */
export interface Doings {
  /** Task id → who holds it. */
  readonly claimed: ReadonlyMap<string, { readonly claimed_by: string; readonly claimed_at: Instant }>
  readonly task_claim: Insertable<TaskClaimTable>[]
  readonly case_note: Insertable<CaseNoteTable>[]
  readonly case_copy: Insertable<CaseCopyTable>[]
  readonly facts: Fact[]
}

export const NOTHING_DONE: Doings = { claimed: new Map(), task_claim: [], case_note: [], case_copy: [], facts: [] }

interface Office {
  readonly officers: readonly Officer[]
  /** The last working day, after everything that was decided on it. */
  readonly on: PlainDate
  readonly random: Random
}

interface Ground extends Office {
  /** Stages in which a case has gone from one desk to another. */
  readonly passedOn: Set<LoanStage>
}

/** What was done on the last afternoon around the open cases. The first case of each stage is left as it came. */
export function doingsOf(cases: readonly SeededCase[], office: Office): ReadonlyMap<string, Doings> {
  const ground = { ...office, passedOn: new Set<LoanStage>() }
  const turns = new Map<LoanStage, number>()
  return new Map(
    cases.map((kase) => {
      const { stage } = kase.walked
      const turn = turns.get(stage) ?? 0
      turns.set(stage, turn + 1)
      const notes = notesOf(kase, turn, ground)
      const copies = copiesOf(kase, turn, ground)
      return [kase.caseId, { ...claimOf(kase, turn, ground), ...notes, ...copies, facts: [...notes.facts, ...copies.facts] }]
    }),
  )
}

/** Half past three in Shanghai and so many minutes: nobody has decided later on that day. */
const afternoon = ({ on }: Ground, minutes: number): Instant =>
  `${on}T${String(7 + Math.floor((30 + minutes) / 60)).padStart(2, '0')}:${String((30 + minutes) % 60).padStart(2, '0')}:00Z`

type Claim = readonly [act: 'CLAIM' | 'HAND_OVER' | 'TAKE_OVER', nth: number, reason: string | null]

/** In which turns of a stage somebody has it on their desk. */
const CLAIMED: Readonly<Partial<Record<LoanStage, readonly number[]>>> = {
  PRELIM_REVIEW: [1, 5, 6],
  REVIEW: [1, 4],
  APPROVAL: [1, 2],
  SECURITY_PENDING: [1],
  RELEASE_REQUESTED: [1],
}

/** How a case went from one desk to the next, in the first one of the stage that two may do. */
const PASSED_ON: Readonly<Partial<Record<LoanStage, Claim>>> = {
  PRELIM_REVIEW: ['HAND_OVER', 1, '参加业务培训一周，移交同岗办理'],
  REVIEW: ['TAKE_OVER', 1, '原办理人请假，急件先行办理'],
}

function claimOf(kase: SeededCase, turn: number, ground: Ground): Pick<Doings, 'claimed' | 'task_claim'> {
  const { stage } = kase.walked
  const task = kase.walked.tasks.find(({ state }) => state === 'OPEN')
  const able = task ? ableTo(kase, task.post as Post, ground.officers) : []
  const passedOn = turn > 0 && able.length > 1 && !ground.passedOn.has(stage) ? PASSED_ON[stage] : undefined
  if (passedOn) ground.passedOn.add(stage)
  if (!task || !(passedOn || CLAIMED[stage]?.includes(turn))) return NOTHING_DONE
  const acts: readonly Claim[] = [['CLAIM', 0, null], ...(passedOn ? [passedOn] : [])]
  const rows = acts.flatMap(([act, nth, reason], index) => {
    const officer = able[nth]
    return officer
      ? [{ task_id: task.task_id, seq: index + 1, staff_id: officer.staffId, act, reason, at: afternoon(ground, index * 20) }]
      : []
  })
  const last = rows.at(-1)
  return { claimed: last ? new Map([[task.task_id, { claimed_by: last.staff_id, claimed_at: last.at }]]) : new Map(), task_claim: rows }
}

/** Who may act as the post in this case: of the right organisation, related to nobody, in no other step group. */
function ableTo(kase: SeededCase, post: Post, officers: readonly Officer[]): Officer[] {
  const orgId = orgOfPost(post, settingOf(kase))
  const group: StepGroup = stepGroupOf(loanStages[kase.walked.stage], post)
  const held = new Map(kase.walked.actors.map((one) => [one.staff_id, one.step_group]))
  return officers.filter(
    (one) =>
      one.orgId === orgId && one.posts.includes(post) && !kase.barred.has(one.idNumber) && (held.get(one.staffId) ?? group) === group,
  )
}

const settingOf = ({ family }: SeededCase): Pick<Setting, 'branch' | 'bankOrgId' | 'guarantorOrgId'> => family

type Noted = readonly [kind: 'NOTE' | 'URGE' | 'RISK', by: Post, text: string]

const NOTES: Readonly<Partial<Record<LoanStage, Readonly<Record<number, readonly Noted[]>>>>> = {
  REVIEW: {
    1: [
      ['URGE', 'INTAKE', '申请人来电催问，卖方约定的付款期临近，本案已超过办理时限，请尽快复审'],
      ['NOTE', 'REVIEWER', '首付款由借款人父母代付，已请初审补充代付说明'],
    ],
    3: [['NOTE', 'PRELIMINARY_REVIEWER', '已电话联系单位人事，任职和收入情况属实']],
  },
  PRELIM_REVIEW: { 3: [['URGE', 'INTAKE', '申请人到窗口询问进度，请安排办理']] },
  APPROVAL: { 1: [['URGE', 'REVIEWER', '法定期限临近，请优先审批']] },
  APPROVED: { 1: [['NOTE', 'CONTRACTING', '两次电话联系申请人，称开发企业尚未备齐签约资料']] },
  RELEASE_HELD: { 0: [['RISK', 'RISK', '放款前复核发现借款人新增失信记录，建议暂停放款并约谈借款人']] },
  PAY_UNKNOWN: { 0: [['NOTE', 'CASHIER', '已致电银行营业部，答复系统升级，明日可查']] },
  SUPPLEMENT_PENDING: { 0: [['NOTE', 'INTAKE', '申请人称单位出具证明需要一周']] },
}

function notesOf(kase: SeededCase, turn: number, ground: Ground): Pick<Doings, 'case_note' | 'facts'> {
  const said = NOTES[kase.walked.stage]?.[turn] ?? []
  const rows = said.flatMap(([kind, post, text], index) => {
    const by = holderOf(kase, post, ground.officers)
    const note = { ...common(kase), note_id: ground.random.uuid(), kind, text, at: afternoon(ground, index * 9 + 3) }
    return by ? [{ ...note, staff_id: by.staffId }] : []
  })
  return {
    case_note: rows,
    facts: rows.map(({ kind, note_id, staff_id, at }) => ({
      at,
      actor: `staff/${staff_id}`,
      act: `note/${kind}`,
      body: { note: note_id },
    })),
  }
}

/** Whoever of the post has been in the case already, or else the first who holds it there. */
function holderOf(kase: SeededCase, post: Post, officers: readonly Officer[]): Officer | undefined {
  const orgId = orgOfPost(post, settingOf(kase))
  const there = officers.filter((one) => one.orgId === orgId && one.posts.includes(post) && !kase.barred.has(one.idNumber))
  return there.find((one) => kase.walked.actors.some(({ staff_id }) => staff_id === one.staffId)) ?? there[0]
}

type Told = readonly [by: Post, to: readonly Post[], remark: string]

/** Whom an officer tells (抄送): those whose work it touches, though nothing waits for them. */
const COPIES: Readonly<Partial<Record<LoanStage, Told>>> = {
  SPECIAL_APPROVAL: ['APPROVER', ['DEPUTY_DIRECTOR', 'RISK', 'INTERNAL_AUDIT', 'POLICY_ADMIN'], '连续缴存差一个月提请特审，抄送知悉'],
  SENIOR_APPROVAL: ['APPROVER', ['RISK', 'POLICY_ADMIN', 'POLICY_APPROVER'], '多子女家庭额度上浮，口径请留存'],
  RELEASE_HELD: [
    'DISBURSEMENT',
    ['RISK', 'INTERNAL_AUDIT', 'JUDICIAL_OFFICER', 'JUDICIAL_REVIEWER', 'POST_LOAN'],
    '放款前复核未通过，请协助核实执行信息',
  ],
  PAY_UNKNOWN: ['CASHIER', ['ACCOUNTANT', 'ACCOUNTING_REVIEWER', 'TREASURY', 'INTERNAL_AUDIT'], '划款结果不明，核定前请勿入账'],
  PAY_FAILED: ['CASHIER', ['ACCOUNTANT', 'TREASURY', 'POST_LOAN'], '银行退回，预留资金已释放'],
  QUEUED: ['DISBURSEMENT', ['DIRECTOR', 'DEPUTY_DIRECTOR'], '本月资金计划已满，转入轮候'],
  APPROVAL: ['REVIEWER', ['DEPUTY_DIRECTOR', 'DIRECTOR', 'CONTRIBUTION'], '拟按规则结论准予，抄送知悉'],
  SIGNED: ['CONTRACTING', ['BANK_MAKER', 'GUARANTOR_MAKER'], '合同已签，请准备放款资料'],
  RELEASE_REQUESTED: ['DISBURSEMENT', ['ACCOUNTANT'], '本日拟放款，请备记账'],
  SECURITY_PENDING: ['CONTRACTING', ['POST_LOAN'], '抵押登记办理中，请登记贷后台账'],
}

function copiesOf(kase: SeededCase, turn: number, ground: Ground): Pick<Doings, 'case_copy' | 'facts'> {
  const told = COPIES[kase.walked.stage]
  const by = told && holderOf(kase, told[0], ground.officers)
  if (!told || !by) return { case_copy: [], facts: [] }
  const [, posts, remark] = told
  const people = new Set(posts.flatMap((post) => holderOf(kase, post, ground.officers)?.staffId ?? []).filter((one) => one !== by.staffId))
  const at = afternoon(ground, 40 + turn)
  return {
    case_copy: [...people].map((staffId) => ({
      ...common(kase),
      staff_id: staffId,
      copied_by: by.staffId,
      remark,
      at,
      read_at: null,
    })),
    facts: people.size > 0 ? [{ at, actor: `staff/${by.staffId}`, act: 'copy', body: { to: [...people] } }] : [],
  }
}

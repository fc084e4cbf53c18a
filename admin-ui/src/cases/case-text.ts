import { CASE_KINDS, type CaseKind } from '#contracts/cases.ts'
import type { StageTable } from '#contracts/stages.ts'
import { loanStages } from '#rules/loan/stages.ts'
import { staffChangeStages } from '#rules/staff-change/stages.ts'
import type { Answer } from '../api/client.ts'
import type { Tone } from '../common/Tag.tsx'

export type CaseView = Answer<'readCase'>
export type CaseRow = Answer<'listCases'>['rows'][number]
export type Verdict = CaseView['verdicts'][number]
export type ActionView = CaseView['actions'][number]

export const STAGE_TABLES: Readonly<Record<CaseKind, StageTable>> = { loan: loanStages, 'staff-change': staffChangeStages }

export const kindLabel = (kind: CaseKind): string => CASE_KINDS[kind]

/** Who applied. A change of rights has no applicant. */
export const applicantText = ({ applicant }: Pick<CaseRow, 'applicant'>): string => applicant ?? '—'

/** Stages a filter may name, in the order of the map; without a kind, those of all kinds. */
export function stageChoices(kind: CaseKind | undefined): { stage: string; label: string }[] {
  const kinds = kind ? [kind] : (Object.keys(CASE_KINDS) as CaseKind[])
  return kinds.flatMap((one) =>
    Object.entries(STAGE_TABLES[one])
      .sort(([, a], [, b]) => a.order - b.order)
      .map(([stage, { label }]) => ({ stage, label })),
  )
}

/** Days before the end from which a case is shown as 临期. */
const NEAR_DAYS = 2

/** Whose day the deadline of a row is: not all of them are the officer's own. */
export const DUE_NAMES: Readonly<Record<NonNullable<CaseRow['dueWhose']>, string>> = {
  DECISION: '审批期限',
  POST: '环节时限',
  APPLICANT: '申请人期限',
}

/** The deadline of a row in words and colour. Days and unit are the server's; nothing is counted here. */
export function deadlineOf(
  row: Pick<CaseRow, 'open' | 'paused' | 'daysLeft' | 'daysUnit' | 'dueWhose'>,
): { text: string; tone: Tone } | undefined {
  if (!row.open) return undefined
  const unit = row.daysUnit === 'WORKING' ? '个工作日' : '天'
  if (row.daysLeft === null) return row.paused ? { text: '计时暂停', tone: 'info' } : undefined
  if (row.dueWhose === 'APPLICANT') return applicantsDay(row.daysLeft, unit)
  if (row.daysLeft < 0) return { text: `超期 ${-row.daysLeft}${unit}`, tone: 'bad' }
  if (row.daysLeft === 0) return { text: '今日到期', tone: 'warn' }
  return { text: `余 ${row.daysLeft}${unit}`, tone: row.daysLeft <= NEAR_DAYS ? 'warn' : 'neutral' }
}

/** Nobody here is late while the applicant has time; once it is over, somebody must look. */
function applicantsDay(daysLeft: number, unit: string): { text: string; tone: Tone } {
  if (daysLeft < 0) return { text: `申请人逾期 ${-daysLeft}${unit}`, tone: 'bad' }
  return { text: daysLeft === 0 ? '申请人期限今日届满' : `申请人期限 余 ${daysLeft}${unit}`, tone: 'info' }
}

export const OUTCOMES: Readonly<Record<Verdict['outcome'], { label: string; tone: Tone }>> = {
  approved: { label: '符合规则', tone: 'good' },
  refused: { label: '不符合规则', tone: 'bad' },
  manual: { label: '需人工核验', tone: 'warn' },
}

export const PAYMENT_STATES: Readonly<Record<CaseView['payments'][number]['state'], { label: string; tone: Tone }>> = {
  CREATED: { label: '已生成', tone: 'neutral' },
  SENT: { label: '已发送', tone: 'info' },
  ACCEPTED: { label: '银行已受理', tone: 'info' },
  SUCCEEDED: { label: '划款成功', tone: 'good' },
  FAILED: { label: '划款失败', tone: 'bad' },
  UNKNOWN: { label: '结果不明', tone: 'warn' },
}

export const TONE_OF_ACTION = { forward: 'good', back: 'warn', end: 'bad', side: 'info' } as const satisfies Record<string, Tone>

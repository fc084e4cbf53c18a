import { CASE_KINDS, type CaseKind } from '#contracts/cases.ts'
import type { FailureCode } from '#contracts/machine/bank.ts'
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

/** The deadline of a row in words and colour. Days and unit are the server's; nothing is counted here. */
export function deadlineOf(row: Pick<CaseRow, 'open' | 'paused' | 'daysLeft' | 'daysUnit'>): { text: string; tone: Tone } | undefined {
  if (!row.open) return undefined
  const unit = row.daysUnit === 'WORKING' ? '个工作日' : '天'
  // The clock stands while the applicant is awaited: the days are the applicant's.
  if (row.paused && row.daysLeft === null) return { text: '计时暂停', tone: 'info' }
  if (row.paused && (row.daysLeft ?? 0) >= 0) return { text: `补正 · 余 ${row.daysLeft}${unit}`, tone: 'info' }
  if (row.paused) return { text: `补正逾期 ${-(row.daysLeft ?? 0)}${unit}`, tone: 'bad' }
  if (row.daysLeft === null) return undefined
  if (row.daysLeft < 0) return { text: `超期 ${-row.daysLeft}${unit}`, tone: 'bad' }
  if (row.daysLeft === 0) return { text: '今日到期', tone: 'warn' }
  return { text: `余 ${row.daysLeft}${unit}`, tone: row.daysLeft <= NEAR_DAYS ? 'warn' : 'neutral' }
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

const FAILURES: Readonly<Record<FailureCode, string>> = {
  ACCOUNT_NOT_FOUND: '收款账号不存在',
  ACCOUNT_CLOSED: '收款账户已销户',
  ACCOUNT_FROZEN: '收款账户被冻结',
  NAME_MISMATCH: '户名与账号不符',
  INSUFFICIENT_FUNDS: '付款专户余额不足',
  REJECTED_BY_PAYEE_BANK: '收款银行拒收',
}

/** What the bank gave as its reason; a code it does not share with us is shown as it came. */
export const failureText = (failure: string): string => Object.entries(FAILURES).find(([code]) => failure.startsWith(code))?.[1] ?? failure

export const TONE_OF_ACTION = { forward: 'good', back: 'warn', end: 'bad', side: 'info' } as const satisfies Record<string, Tone>

import { expect, test } from 'vitest'
import type { LoanStage } from '#rules/loan/stages.ts'
import { STAGE_TABLES, type CaseView } from '../case-text.ts'
import { returnsOf } from './returns-of.ts'

const stage = (name: LoanStage): CaseView['stages'][number] => {
  const { label, order } = STAGE_TABLES.loan[name] ?? { label: '', order: 0 }
  return { stage: name, label, order, posts: [], state: 'DONE', visits: 1, terminal: false }
}

const decision = (from: LoanStage, action: string, to: LoanStage) =>
  ({
    kind: 'DECISION',
    stage: from,
    stageLabel: stage(from).label,
    actionLabel: STAGE_TABLES.loan[from]?.actions[action]?.label,
    tone: STAGE_TABLES.loan[from]?.actions[action]?.tone,
    toStageLabel: stage(to).label,
    recalled: false,
  }) as CaseView['timeline'][number]

const ROWS = [
  [stage('RETURNED')],
  [stage('PRELIM_REVIEW')],
  [stage('REVIEW'), stage('SUPPLEMENT_PENDING')],
  [stage('PAY_DISPUTED')],
  [stage('PAY_FAILED')],
  [stage('DISBURSED')],
]
const drawn = (...timeline: CaseView['timeline']) => returnsOf(timeline, ROWS).map(({ from, to, times }) => [from, to, times])

test('a way back that was taken twice is one arc with its number', () =>
  expect(drawn(decision('REVIEW', 'return', 'RETURNED'), decision('REVIEW', 'return', 'RETURNED'))).toEqual([[2, 0, 2]]))

test('what leads on to a later stage is no way back, whatever its tone', () => {
  const denial = decision('PAY_DISPUTED', 'deny-returned', 'DISBURSED')
  expect(denial.tone).toBe('back')
  expect(drawn(denial)).toEqual([])
})

test('between lines of one order there is an arc, on one line there is none', () =>
  expect(drawn(decision('PAY_DISPUTED', 'deny-paid', 'PAY_FAILED'), decision('REVIEW', 'supplement', 'SUPPLEMENT_PENDING'))).toEqual([
    [3, 4, 1],
  ]))

test('what was taken back has not been a way', () =>
  expect(drawn({ ...decision('REVIEW', 'return', 'PRELIM_REVIEW'), recalled: true })).toEqual([]))

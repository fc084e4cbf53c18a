import { describe, expect, test } from 'vitest'
import type { Stage } from '#contracts/stages.ts'
import { loanStages } from '../loan/stages.ts'
import type { Actor, AwaitedPost } from './may-act.ts'
import { mayCheckDocument, mayNote, mayUpload } from './may-file.ts'

const officer = (post: Actor['posts'][number]['post'], more: Partial<Actor> = {}): Actor => ({
  staffId: 'me',
  active: true,
  posts: [{ post, orgId: 'branch' }],
  principals: new Map(),
  ...more,
})
const awaiting = (post: AwaitedPost['post'], more: Partial<AwaitedPost> = {}): AwaitedPost[] => [{ post, orgId: 'branch', ...more }]
const codes = (against: readonly { code: string }[]): string[] => against.map(({ code }) => code)
const { SUBMITTED, PRELIM_REVIEW, APPROVED, DISBURSED } = loanStages

describe('a document is added', () => {
  test.each<[string, Stage, Actor, AwaitedPost[], string[]]>([
    ['by the clerk at the counter', SUBMITTED, officer('INTAKE'), awaiting('INTAKE'), []],
    ['by who signs the contract, in their stage', APPROVED, officer('CONTRACTING'), awaiting('CONTRACTING'), []],
    ['not by a post that another stage waits for', SUBMITTED, officer('CASHIER'), awaiting('INTAKE'), ['FORBIDDEN']],
    ['not by who only looks on', PRELIM_REVIEW, officer('INTERNAL_AUDIT'), awaiting('PRELIMINARY_REVIEWER'), ['FORBIDDEN']],
    ['not by a relative of the applicant', SUBMITTED, officer('INTAKE', { relation: '配偶' }), awaiting('INTAKE'), ['RECUSAL']],
    [
      'not by who has acted in another step',
      PRELIM_REVIEW,
      officer('PRELIMINARY_REVIEWER', { groupHeld: 'DESK' }),
      awaiting('PRELIMINARY_REVIEWER'),
      ['FOUR_EYES'],
    ],
    [
      'not while a colleague is at it',
      SUBMITTED,
      officer('INTAKE'),
      awaiting('INTAKE', { claimedBy: { staffId: 'other', name: '李明' } }),
      ['CONFLICT'],
    ],
    ['not after the end', DISBURSED, officer('INTAKE'), [], ['CONFLICT']],
  ])('%s', (_, stage, actor, awaited, expected) => {
    expect(codes(mayUpload(stage, actor, awaited))).toEqual(expected)
  })
})

describe('a document is compared with its original', () => {
  test('by the clerk who copied it, and by nobody else of their own', () => {
    expect(codes(mayCheckDocument(SUBMITTED, officer('INTAKE'), awaiting('INTAKE'), 'me'))).toEqual([])
    const reviewer = officer('PRELIMINARY_REVIEWER')
    expect(codes(mayCheckDocument(PRELIM_REVIEW, reviewer, awaiting('PRELIMINARY_REVIEWER'), 'other'))).toEqual([])
    expect(codes(mayCheckDocument(PRELIM_REVIEW, reviewer, awaiting('PRELIMINARY_REVIEWER'), 'me'))).toEqual(['FOUR_EYES'])
  })

  test('in the stages of those who compare', () => {
    expect(codes(mayCheckDocument(APPROVED, officer('CONTRACTING'), awaiting('CONTRACTING'), 'other'))).toEqual(['CONFLICT'])
    expect(codes(mayCheckDocument(PRELIM_REVIEW, officer('INTAKE'), awaiting('PRELIMINARY_REVIEWER'), 'other'))).toEqual(['FORBIDDEN'])
  })
})

describe('a note is left', () => {
  const stages = Object.values<Stage>(loanStages)

  test('by whoever works on such cases at some stage, whether it is their turn or not', () => {
    for (const post of ['INTAKE', 'CASHIER', 'DIRECTOR', 'BANK_CHECKER'] as const)
      expect(codes(mayNote(stages, officer(post))), post).toEqual([])
  })

  test('not by those who only look on, and not by who must stay away', () => {
    for (const post of ['INTERNAL_AUDIT', 'SYS_ADMIN', 'STATISTICS'] as const)
      expect(codes(mayNote(stages, officer(post))), post).toEqual(['FORBIDDEN'])
    expect(codes(mayNote(stages, officer('APPROVER', { relation: '同一工作单位' })))).toEqual(['RECUSAL'])
  })
})

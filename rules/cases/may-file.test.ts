import { describe, expect, test } from 'vitest'
import type { Stage } from '#contracts/stages.ts'
import { loanStages } from '../loan/stages.ts'
import type { Actor, AwaitedPost } from './may-act.ts'
import { mayCheckDocument, mayClaim, mayCopy, mayNote, mayUpload } from './may-file.ts'

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

describe('a task is claimed', () => {
  const PRELIMINARY = awaiting('PRELIMINARY_REVIEWER')
  test.each<[string, Actor, AwaitedPost[], string[]]>([
    ['by whoever could decide it', officer('PRELIMINARY_REVIEWER'), PRELIMINARY, []],
    ['not by who has acted in another step', officer('PRELIMINARY_REVIEWER', { groupHeld: 'DESK' }), PRELIMINARY, ['FOUR_EYES']],
    ['again by who has acted in this one', officer('PRELIMINARY_REVIEWER', { groupHeld: 'PRELIMINARY' }), PRELIMINARY, []],
    ['not by a relative of the applicant', officer('PRELIMINARY_REVIEWER', { relation: '配偶' }), PRELIMINARY, ['RECUSAL']],
    [
      'from a colleague who has it, as far as this goes',
      officer('PRELIMINARY_REVIEWER'),
      awaiting('PRELIMINARY_REVIEWER', { claimedBy: { staffId: 'other', name: '李明' } }),
      [],
    ],
  ])('%s', (_, actor, awaited, expected) => {
    expect(codes(mayClaim(PRELIM_REVIEW, actor, awaited))).toEqual(expected)
  })

  test('not by a delegate of who has acted in another step', () => {
    const posts = [{ post: 'PRELIMINARY_REVIEWER', orgId: 'branch', delegatedBy: 'boss' }] as const
    const delegate = officer('INTAKE', { posts, principals: new Map([['boss', { groupHeld: 'DESK' }]]) })
    expect(codes(mayClaim(PRELIM_REVIEW, delegate, PRELIMINARY))).toEqual(['FOUR_EYES'])
  })
})

test('a copy is sent by whoever sees the case, and by nobody who must stay away from it', () => {
  const stages = Object.values<Stage>(loanStages)
  expect(codes(mayCopy(stages, officer('INTERNAL_AUDIT')))).toEqual([])
  expect(codes(mayCopy(stages, officer('REVIEWER')))).toEqual([])
  expect(codes(mayCopy(stages, officer('REVIEWER', { relation: '配偶' })))).toEqual(['RECUSAL'])
  expect(codes(mayCopy(stages, officer('INTERNAL_AUDIT', { relation: '配偶' })))).toEqual(['RECUSAL'])
})

import { describe, expect, test } from 'vitest'
import type { Post } from '#contracts/posts.ts'
import { mayReturnTo, mayVoid } from './may-void.ts'

const asked = { by: ['asker', 'whom-they-stood-in-for'], from: 'QUEUED' }

describe('a granted loan is ended', () => {
  test.each<[string, string, Post, readonly string[], string[]]>([
    ['by the level that granted it', 'VOID_REQUESTED', 'APPROVER', ['other'], []],
    ['by a higher one', 'VOID_SPECIAL', 'APPROVER', ['other'], []],
    ['not by a lower one', 'VOID_REQUESTED', 'DEPUTY_DIRECTOR', ['other'], ['OVER_LIMIT']],
    ['not by the deputy where the director has granted specially', 'VOID_SENIOR', 'DIRECTOR', ['other'], ['OVER_LIMIT']],
    ['not by whoever asked for it', 'VOID_REQUESTED', 'APPROVER', ['asker'], ['FOUR_EYES']],
    ['not by a delegate of whoever asked', 'VOID_REQUESTED', 'APPROVER', ['delegate', 'asker'], ['FOUR_EYES']],
    ['not by the one in whose name it was asked for', 'VOID_REQUESTED', 'APPROVER', ['whom-they-stood-in-for'], ['FOUR_EYES']],
  ])('%s', (_how, stage, grantedBy, persons, codes) =>
    expect(mayVoid(stage, { grantedBy, voidAsked: asked }, persons).map(({ code }) => code)).toEqual(codes),
  )
})

test('what is not ended goes back to where it was asked for', () => {
  expect(mayReturnTo('VOID_SENIOR', 'QUEUED', { voidAsked: asked })).toEqual([])
  expect(mayReturnTo('VOID_SENIOR', 'SECURED', { voidAsked: asked })).toMatchObject([{ code: 'RULES_REFUSE' }])
  expect(mayReturnTo('APPROVAL', 'REVIEW', { voidAsked: asked })).toEqual([])
})

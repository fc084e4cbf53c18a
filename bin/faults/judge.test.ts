import { expect, test } from 'vitest'
import { deedsAmong } from './judge.ts'

const person = (stage: string, to: string) => ({ stage, to_stage: to, actor_id: 'somebody' })
const machine = (stage: string, to: string) => ({ stage, to_stage: to, actor_id: null })

test('a story counts what people decided and what came of it, once', () => {
  const asked = person('SECURED', 'RELEASE_CHECK')
  const decisions = [
    person('SUBMITTED', 'ACCEPTED'),
    machine('ACCEPTED', 'VERIFYING'),
    // The source was silent: asked for in vain, and once more.
    asked,
    machine('RELEASE_CHECK', 'SECURED'),
    asked,
    machine('RELEASE_CHECK', 'RELEASE_HELD'),
    person('RELEASE_HELD', 'RELEASE_REQUESTED'),
    person('RELEASE_REQUESTED', 'PAYING'),
  ]
  expect(deedsAmong(decisions).map(({ stage }) => stage)).toEqual(['SUBMITTED', 'SECURED', 'RELEASE_REQUESTED'])
})

test('the same decided twice is told twice: only what the machine has undone is not', () => {
  const twice = [person('REVIEW', 'APPROVAL'), person('APPROVAL', 'REVIEW'), person('REVIEW', 'APPROVAL')]
  expect(deedsAmong(twice)).toHaveLength(3)
})

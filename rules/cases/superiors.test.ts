import { expect, test } from 'vitest'
import type { Post } from '#contracts/posts.ts'
import type { Stage } from '#contracts/stages.ts'
import { POST_LEVEL } from './post-level.ts'
import { stageTables } from './stage-tables.ts'
import { SUPERIORS, superiorsOf } from './superiors.ts'

test('a step that takes too long is told one level up, and where several must sign each level above once', () => {
  expect(superiorsOf(['PRELIMINARY_REVIEWER'])).toEqual(['REVIEWER'])
  expect(superiorsOf(['SEC_ADMIN'])).toEqual(['DEPUTY_DIRECTOR'])
  expect(superiorsOf(['BANK_CHECKER', 'GUARANTOR_CHECKER'])).toEqual(['REVIEWER'])
})

test('going up from any post ends at the director, and never leaves the house', () => {
  for (const post of Object.keys(SUPERIORS) as Post[]) {
    const way: Post[] = [post]
    for (let [above] = SUPERIORS[post]; !way.includes(above); [above] = SUPERIORS[above]) way.push(above)
    expect(way.at(-1), way.join(' → ')).toBe('DIRECTOR')
    expect(way.slice(1).filter((one) => !['BRANCH', 'CENTRE'].includes(POST_LEVEL[one]))).toEqual([])
  }
})

test('whoever has a step with a time for it has somebody above, of whatever kind of case', () => {
  const timed = Object.values(stageTables).flatMap((table) =>
    Object.values<Stage>(table).filter(({ daysAllowed }) => daysAllowed !== undefined),
  )
  expect(timed.length).toBeGreaterThan(20)
  expect(timed.filter(({ posts }) => superiorsOf(posts).length === 0).map(({ label }) => label)).toEqual([])
})

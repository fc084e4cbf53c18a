import type { LoanRecord } from '#contracts/loan-record.ts'
import { POSTS, type Post } from '#contracts/posts.ts'
import { obstacle, type Obstacle } from '../cases/obstacle.ts'

/** Levels of approval, the lowest first. */
const LEVELS: readonly Post[] = ['APPROVER', 'DEPUTY_DIRECTOR', 'DIRECTOR']
const VOID_LEVEL: Readonly<Record<string, Post>> = { VOID_REQUESTED: 'APPROVER', VOID_SENIOR: 'DEPUTY_DIRECTOR', VOID_SPECIAL: 'DIRECTOR' }

/** Whether this is one of the stages in which the end of a granted loan is decided. */
export const decidesVoid = (stage: string): boolean => Object.hasOwn(VOID_LEVEL, stage)

/**
 * 作废. What a level has granted is undone by that level or a higher one (domain: 作废须同级), by somebody else than who asked for it.
 * @param persons who would decide, and whom they act for; nobody where nobody in particular asks
 */
export function mayVoid(stage: string, loan: Pick<LoanRecord, 'grantedBy' | 'voidAsked'>, persons: readonly string[] = []): Obstacle[] {
  const [here, granted] = [VOID_LEVEL[stage], loan.grantedBy]
  return [
    ...(here && granted && LEVELS.indexOf(here) < LEVELS.indexOf(granted)
      ? [obstacle('OVER_LIMIT', `本案由${POSTS[granted]}准予，作废须同级核准，请报上级`)]
      : []),
    ...(loan.voidAsked?.by.some((one) => persons.includes(one)) ? [obstacle('FOUR_EYES', '作废由您或被代理人提请，须由他人核准')] : []),
  ]
}

/** A loan that is not ended goes back to whoever asked, and nowhere else. */
export const mayReturnTo = (stage: string, to: string | undefined, loan: Pick<LoanRecord, 'voidAsked'>): Obstacle[] =>
  decidesVoid(stage) && to !== undefined && loan.voidAsked && to !== loan.voidAsked.from
    ? [obstacle('RULES_REFUSE', '只能退回提请作废的环节')]
    : []

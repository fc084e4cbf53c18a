import type { ProblemCode } from '#contracts/problem.ts'

/** Why an action is not open to a person now: a stable code, and the words for the disabled button. */
export interface Obstacle {
  readonly code: ProblemCode
  readonly text: string
}

export const obstacle = (code: ProblemCode, text: string): Obstacle => ({ code, text })

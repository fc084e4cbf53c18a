import type { ProblemCode, Refusal } from '#contracts/problem.ts'

/** Why an action is not open to a person now: a stable code, and the words for the disabled button. */
export interface Obstacle {
  readonly code: ProblemCode
  readonly text: string
}

/** One thing that stands against an act. @param text for the officer, complete in itself: several are joined */
export const obstacle = (code: ProblemCode, text: string): Obstacle => ({ code, text })

/** The same where a rule refuses on a condition; nothing where it does not hold. */
export const against = (condition: boolean, text: string): Obstacle[] => (condition ? [obstacle('RULES_REFUSE', text)] : [])

/** One refusal of several obstacles: the first one's code, everyone's words. */
export const refusalOf = (obstacles: readonly Obstacle[]): Refusal => ({
  code: obstacles[0]?.code ?? 'CONFLICT',
  detail: obstacles.map((one) => one.text).join('；'),
})
